# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every text comes from the catalogues: a made-up language shows whatever does not."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from nets import heavy
from sitebuild import distribution
from sitebuild.layout import Layout
from sitebuild.serve import Server

from .conftest import Unseen
from .enginespage import EnginesPage
from .madesite import MadeSite
from .workbench import Workbench

# Names, which no language translates, and what is drawn for the eye: numbers, units, keys. "and" is the browser's own.
NAMES = re.compile(
    r"Offcut|coffee|letter|\.(png|jpg|onnx)|JPEG|PNG|EN|Ctrl (Shift Z|[SCVZ])|Alt|Space|Enter|Esc|[FCBR]|MB|kB|bytes?"
    r"|B|s|sec|and"
    r"|(IS-Net|U²-Net|BiRefNet|RMBG-1\.4|Silueta|MODNet)[^⟦]*|AGPL\S*|Apache-2\.0|MIT|bria-rmbg-1\.4"
    r"|github\.com|huggingface\.co"
)

VISIBLE = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const parent = node.parentElement;
    if (parent.closest("script, style, noscript, td, th, code, [lang=en]")) continue;
    found.push(node.textContent);
  }
  for (const element of document.querySelectorAll("[aria-label], [title], [alt], [aria-valuetext]"))
    for (const name of ["aria-label", "title", "alt", "aria-valuetext"])
      if (element.hasAttribute(name)) found.push(element.getAttribute(name));
  return found;
}"""


@pytest.fixture(scope="module")
def pseudo(layout: Layout, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with the made-up language under qps/: every message stands in ⟦brackets⟧."""
    built = tmp_path_factory.mktemp("pseudo") / "dist"
    distribution.build(layout, built, pseudo=True)
    return built


@pytest.fixture
def pseudo_server(pseudo: Path) -> Iterator[Server]:
    """A server over it; asked for before `page`, so that it outlives the page."""
    with Server(pseudo) as running:
        yield running


def untranslated(page: Page) -> list[str]:
    """Words on the page that stand outside the brackets."""
    texts: list[str] = page.evaluate(VISIBLE)
    left = []
    for text in texts:
        rest = re.sub(r"⟦[^⟦⟧]*⟧", "", re.sub(r"⟦[^⟦⟧]*⟧", "", text))
        if re.search(r"[A-Za-z]{2,}", NAMES.sub("", rest)):
            left.append(text.strip())
    return left


def test_the_workbench_says_nothing_that_is_not_in_a_catalogue(
    pseudo_server: Server, page: Page, unseen: Unseen, tmp_path: Path
) -> None:
    letter = tmp_path / "letter.jpg"
    letter.write_bytes(b"Dear Sir")
    workbench = Workbench(page, pseudo_server.url + "qps/").open()
    found = {"empty": untranslated(page)}
    workbench.choose(unseen("coffee"), letter)
    page.locator(".film-item").first.click()
    page.locator(".working-stage").wait_for()
    found["working"] = untranslated(page)
    workbench.wait("done")
    page.locator(".timings summary").click()
    found["done"] = untranslated(page)
    page.locator(".film-item").nth(1).click()
    workbench.wait("failed")
    found["failed"] = untranslated(page)
    assert {state: texts for state, texts in found.items() if texts} == {}


@pytest.mark.parametrize("address", ["licences/", "style/", "engines/"])
def test_no_page_says_anything_that_is_not_in_a_catalogue(pseudo_server: Server, page: Page, address: str) -> None:
    page.goto(f"{pseudo_server.url}qps/{address}")
    expect(page.locator("offcut-privacy button")).to_be_visible()
    assert untranslated(page) == []


def test_the_engines_page_says_nothing_that_is_not_in_a_catalogue(pseudo: Path, page: Page, tmp_path: Path) -> None:
    made = MadeSite(pseudo, tmp_path / "dist")
    made.model("main", heavy(), (64,), plan="quick")
    made.model("strict", heavy(seed=1), (64,), commercial=False)
    made.other("elsewhere", heavy(seed=2))
    unknown, letter = tmp_path / "unknown.onnx", tmp_path / "letter.onnx"
    unknown.write_bytes(heavy(seed=3))
    letter.write_bytes(b"Dear Sir")
    found: dict[str, list[str]] = {}
    with Server(made.write("quick", advice="⟦Advice.⟧")) as server:
        engines = EnginesPage(page, server.url + "qps/").open()
        found["empty"] = untranslated(page)
        engines.row("main").get_by_role("button").first.click()
        engines.wait("main", "stored").row("main").get_by_role("button").first.click()
        expect(engines.row("main").locator(".engine-state")).to_have_text(re.compile("whát ít šhóúld bé"))
        found["checked"] = untranslated(page)
        engines.give(unknown).wait_import("asking")
        found["question"] = untranslated(page)
        page.locator(".import-form button[type=button]").click()
        engines.give(letter).wait_import("failed")
        found["refused"] = untranslated(page)
        engines.receipt.get_by_role("button").first.click()
        engines.receipt.locator(".receipt-text").wait_for()
        found["receipt"] = untranslated(page)
    found["receipt"] = [text for text in found["receipt"] if "SHA-256" not in text]
    assert {state: texts for state, texts in found.items() if texts} == {}

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The offline receipt: every byte re-read, what is missing or wrong named and fetched anew, nothing claimed before."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from nets import heavy
from sitebuild.serve import Server

from .conftest import Unseen
from .enginespage import EnginesPage
from .madesite import PART, MadeSite
from .workbench import Workbench


@pytest.fixture(scope="module")
def small(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with one small model."""
    made = MadeSite(site, tmp_path_factory.mktemp("made") / "dist")
    made.model("main", heavy(2 * PART), (64,), plan="quick")
    return made.write("quick")


@pytest.fixture
def small_server(small: Path) -> Iterator[Server]:
    """A server over it."""
    with Server(small) as running:
        yield running


def check(engines: EnginesPage, *, again: bool = False) -> EnginesPage:
    """Press the button that checks everything, and wait for what it finds."""
    engines.receipt.get_by_role("button", name="Check again" if again else "Check everything").click()
    expect(engines.receipt.locator(".receipt-text")).to_be_visible(timeout=60_000)
    return engines


def test_what_is_missing_is_named_and_fetched_and_then_it_works_without_a_network(
    small: Path, page: Page, unseen: Unseen, allow_console: list[str]
) -> None:
    listed = json.loads((small / "release.json").read_text("utf-8"))
    with Server(small) as server:
        engines = EnginesPage(page, server.url).open()
        assert "Everything is here" not in page.locator("main").inner_text()
        expect(page.locator("offcut-privacy button")).to_contain_text("bytes sent")
        check(engines)
        expect(engines.receipt).to_contain_text("Not everything is here.")
        expect(engines.receipt).to_contain_text("Missing: vendor/")
        expect(engines.receipt).to_contain_text("3 parts of engines are missing or wrong.")
        engines.receipt.get_by_role("button", name="Fetch what is missing").click()
        expect(engines.receipt).to_contain_text("Everything is here.", timeout=60_000)
        with page.expect_download() as waiting:
            engines.receipt.get_by_role("link", name="Save as text").click()
        text = waiting.value.path().read_text("utf-8")
        assert waiting.value.suggested_filename.startswith("offcut-receipt-20")
        count = len(listed["files"])
        assert f"Release: {listed['release']}" in text
        assert f"Files: {count} of {count} as they should be" in text
        assert "Engine: Net main" in text
        assert "Parts: 3 of 3 as they should be" in text
        assert text.strip() == engines.receipt.locator(".receipt-text").inner_text().strip()
    allow_console.append("ERR_CONNECTION_REFUSED")
    page.goto(server.url)
    Workbench(page, server.url).choose(unseen("coffee")).wait("done")


def test_a_wrong_byte_anywhere_is_found_and_mended(small_server: Server, page: Page) -> None:
    engines = EnginesPage(page, small_server.url).open()
    expect(page.locator("offcut-privacy button")).to_contain_text("bytes sent")
    check(engines).receipt.get_by_role("button", name="Fetch what is missing").click()
    expect(engines.receipt).to_contain_text("Everything is here.", timeout=60_000)
    spoilt = page.evaluate(
        """async () => {
          const spoil = async (name, wanted) => {
            const cache = await caches.open(name);
            const request = (await cache.keys()).find(({url}) => url.includes(wanted));
            const answer = await cache.match(request);
            const bytes = new Uint8Array(await answer.arrayBuffer());
            bytes[20] ^= 1;
            await cache.put(request, new Response(bytes, {headers: answer.headers}));
          };
          const light = (await caches.keys()).find((name) => name.startsWith("offcut-release-"));
          await spoil(light, "manifest.webmanifest");
          await spoil("offcut-heavy", "python_stdlib.zip");
          await spoil("offcut-weights", ".bin");
          return light;
        }"""
    )
    assert spoilt
    check(engines, again=True)
    expect(engines.receipt).to_contain_text("2 files are missing or wrong. 1 part of an engine is missing or wrong.")
    expect(engines.receipt).to_contain_text("Wrong: manifest.webmanifest")
    expect(engines.receipt).to_contain_text("python_stdlib.zip")
    engines.wait("main", "partial")
    engines.receipt.get_by_role("button", name="Fetch what is missing").click()
    expect(engines.receipt).to_contain_text("Everything is here.", timeout=60_000)
    engines.wait("main", "stored")


def test_where_no_service_worker_runs_it_says_that_nothing_is_kept(small_server: Server, page: Page) -> None:
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'serviceWorker', {get: () => undefined})")
    engines = EnginesPage(page, small_server.url).open()
    engines.receipt.get_by_role("button", name="Check everything").click()
    expect(engines.receipt).to_contain_text("This page keeps no files for offline use.")

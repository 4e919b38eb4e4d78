# SPDX-License-Identifier: AGPL-3.0-or-later
"""WCAG 2.2 A and AA as far as axe-core can tell, in every state, at two widths, light and dark; and no layout shift."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from nets import heavy
from sitebuild.layout import Layout
from sitebuild.serve import Server

from .conftest import Unseen
from .enginespage import EnginesPage
from .handwork import Handwork
from .held import Held
from .inspector import Fold
from .madesite import PART, MadeSite
from .workbench import PATIENCE_MS, Workbench

Check = Callable[[Page], list[str]]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS: list[tuple[int, int, Literal["light", "dark"]]] = [(1440, 900, "light"), (360, 740, "dark")]
TOOLS = ["change-background/", "product-photo/", "id-photo/", "passport-photo/", "transparent-png/"]
PAGES = ["", "manual/", *TOOLS, "engines/", "licences/", "style/", "404.html"]


@pytest.fixture(scope="session")
def violations(layout: Layout) -> Check:
    """Runs axe-core on a page; gives a line for each violation."""
    source = (layout.modules / "axe-core" / "axe.min.js").read_text("utf-8")

    def check(page: Page) -> list[str]:
        page.evaluate(source + "; undefined")
        result: dict[str, Any] = page.evaluate(
            "(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
        )
        return [
            f"{one['id']} ({one['help']}): {node['target']} {node['html'][:160]}"
            for one in result["violations"]
            for node in one["nodes"]
        ]

    return check


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]} px {look[2]}")
def looked_at(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of this width and colour scheme."""
    width, height, scheme = request.param
    with browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme) as context:
        yield context.new_page()


@pytest.mark.parametrize("address", PAGES)
def test_no_page_breaks_a_rule_or_scrolls_sideways(
    looked_at: Page, site: Path, violations: Check, address: str
) -> None:
    with Server(site) as server:
        looked_at.goto(server.url + address)
        expect(looked_at.locator("offcut-privacy button")).to_be_visible()
        assert violations(looked_at) == []
        assert looked_at.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("address", PAGES)
def test_no_page_scrolls_sideways_on_a_tablet(page: Page, server: Server, address: str) -> None:
    page.set_viewport_size({"width": 768, "height": 1024})
    page.goto(server.url + address)
    expect(page.locator("offcut-privacy button")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_no_state_of_the_workbench_breaks_a_rule(
    looked_at: Page, site: Path, violations: Check, unseen: Unseen, tmp_path: Path
) -> None:
    page = looked_at
    broken = tmp_path / "a name so long that it cannot fit on any line of the panel whatever its width may be.jpg"
    broken.write_bytes(b"nothing of the kind")
    found: dict[str, list[str]] = {}

    def look(state: str) -> None:
        page.wait_for_timeout(500)  # a reveal under way is between two colours
        found[state] = violations(page)
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found[state].append("it scrolls sideways")

    with Server(site) as server:
        workbench = Workbench(page, server.url).open()
        workbench.wait_engine()
        look("ready")
        page.locator("offcut-privacy button").click()
        look("privacy note")
        page.keyboard.press("Escape")
        workbench.choose(unseen("astronaut"), broken).page.locator(".film-item").first.click()
        workbench.wait_stage("Finding the subject")
        look("working")
        workbench.wait("done")
        look("done")
        page.get_by_role("button", name="Compare").click()
        look("compared")
        page.locator("offcut-edges summary").click()
        page.get_by_role("slider", name="Feather").press("ArrowRight")
        look("edges")
        page.locator("offcut-edges summary").click()
        scene = Fold(workbench, "scene")
        look("scene")
        scene.tick("Shadow behind").tick("Shadow on the ground").tick("Outline").choose("Gradient")
        look("gradient, shadows and an outline")
        scene.choose("Colour")
        scene.all.get_by_role("textbox", name="Colour", exact=True).first.fill("red")
        page.keyboard.press("Enter")
        look("a colour that is none")
        scene.press("Pick from the picture")
        look("picking a colour")
        page.keyboard.press("Escape")
        scene.radio("Colour").press("ArrowRight")
        scene.radio("Gradient").press("ArrowRight")
        expect(scene.radio("Picture")).to_be_checked()
        look("a picture to be chosen")
        scene.press("Reset the backdrop").close()
        frame = Fold(workbench, "frame")
        look("frame")
        frame.choose("Head").field("Canvas").select_option("A size of your own")
        frame.file()
        look("a size of one's own and the lines of the head")
        frame.press("Reset the frame").close()
        output = Fold(workbench, "output")
        look("output")
        output.choose("JPEG").tick("At most so large").field("Print sheet").select_option("a4")
        workbench.wait_settled()
        look("a small file on a sheet")
        output.press("Reset the file").close()
        page.locator("offcut-purpose summary").click()
        look("for anything")
        page.get_by_label("What it is for").select_option("documents germany")
        expect(page.locator(".checks li").first).to_be_visible(timeout=PATIENCE_MS)
        look("for a document")
        page.get_by_label("What it is for").select_option("")
        page.locator("offcut-purpose summary").click()
        expect(page.get_by_role("link", name="Download PNG")).to_be_visible(timeout=PATIENCE_MS)
        work = Handwork(workbench)
        for tool in ("erase", "fill", "lasso", "keep"):
            look(f"by hand, {tool}")
            work.take(tool)
        work.take("erase").draw((100, 100), (200, 100)).touches(1)
        page.get_by_role("button", name="Undo", exact=True).click()
        look("by hand, undone")
        page.locator("offcut-hand summary").click()
        expect(page.get_by_role("link", name="Download PNG")).to_be_visible(timeout=PATIENCE_MS)
        page.locator(".film-item").nth(1).click()
        workbench.wait("failed")
        look("failed")
        page.locator(".stage").focus()
        page.keyboard.press("?")
        look("shortcuts")
        page.keyboard.press("Escape")
        page.locator(".film-item").first.click()
        page.locator(".stage").focus()
        workbench.choose(unseen("coffee")).wait_stage("Finding the subject")
        workbench.press("Cancel").wait("cancelled")
        look("cancelled")
    assert {state: lines for state, lines in found.items() if lines} == {}


def test_no_state_of_the_engines_page_breaks_a_rule(
    looked_at: Page, site: Path, violations: Check, tmp_path: Path
) -> None:
    page = looked_at
    made = MadeSite(site, tmp_path / "dist")
    made.model("main", heavy(PART), (64,), plan="quick")
    made.model("coming", heavy(4 * PART, seed=1), (64,))
    made.model("part", heavy(4 * PART, seed=2), (64,), commercial=False)
    made.model("absent", heavy(seed=3), (64,))
    made.other("elsewhere", heavy(seed=4), commercial=False)
    unknown, letter, strict = (tmp_path / name for name in ("unknown.onnx", "letter.onnx", "strict.onnx"))
    unknown.write_bytes(heavy(seed=5))
    letter.write_bytes(b"Dear Sir")
    strict.write_bytes(heavy(seed=4))
    found: dict[str, list[str]] = {}

    def look(state: str) -> None:
        found[state] = violations(page)
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found[state].append("it scrolls sideways")

    with Server(made.write("quick")) as server:
        log = server.log = Held()
        engines = EnginesPage(page, server.url).open()
        log.let(2)
        engines.press("main", "Get").wait("main", "stored")
        engines.press("part", "Get")
        log.let(2)
        engines.wait("part", "fetching").says("part", "524 kB of").press("part", "Pause").wait("part", "partial")
        log.let(3)  # what the pause left unanswered, lest it take up the browser's connections
        engines.press("coming", "Get").wait("coming", "fetching")
        page.locator(".engine-hash summary").first.click()
        look("rows")
        engines.give(unknown).wait_import("asking")
        look("question")
        page.locator(".import").get_by_role("button", name="Cancel").click()
        engines.give(strict).wait_import("warning")
        look("warning")
        page.locator(".import").get_by_role("button", name="Cancel").click()
        engines.give(letter).wait_import("failed")
        look("refused")
        log.release()
        engines.receipt.get_by_role("button", name="Check everything").click()
        expect(engines.receipt.locator(".receipt-text")).to_be_visible(timeout=60_000)
        look("receipt")
        page.emulate_media(media="print")
        expect(page.locator(".receipt-text")).to_be_visible()
        expect(page.locator(".bar")).to_be_hidden()
        expect(page.locator("offcut-engine-row").first).to_be_hidden()
    assert {state: lines for state, lines in found.items() if lines} == {}


def test_nothing_jumps_while_the_page_loads_and_a_picture_is_cut(looked_at: Page, site: Path, unseen: Unseen) -> None:
    looked_at.add_init_script(
        """globalThis.shift = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shift += entry.value;
        }).observe({type: "layout-shift", buffered: true});"""
    )
    with Server(site) as server:
        workbench = Workbench(looked_at, server.url).open()
        workbench.wait_engine()
        loading = looked_at.evaluate("globalThis.shift")
        # A person's click is input, and what follows within half a second is no shift; the driver's is not.
        workbench.choose(unseen("coffee"))
        looked_at.wait_for_timeout(400)
        looked_at.evaluate("globalThis.shift = 0")
        workbench.wait("done")
        looked_at.wait_for_timeout(600)
        working = looked_at.evaluate("globalThis.shift")
    assert loading <= 0.02
    assert working <= 0.02


def test_reduced_motion_reveals_without_a_wipe(browser: Browser, site: Path, unseen: Unseen) -> None:
    with Server(site) as server, browser.new_context(reduced_motion="reduce") as context:
        page = context.new_page()
        workbench = Workbench(page, server.url).open()
        workbench.choose(unseen("coffee")).wait("done")
        expect(page.locator(".after")).to_be_visible()
        assert page.evaluate("document.getAnimations().filter(({effect}) => effect.getTiming().duration > 0)") == []

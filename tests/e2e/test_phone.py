# SPDX-License-Identifier: AGPL-3.0-or-later
"""On a phone the panel is a sheet below the picture: it makes room for the picture, or takes it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Locator, Page, expect

from sitebuild.serve import Server

from .workbench import PATIENCE_MS, Workbench


@pytest.fixture(scope="module")
def manual(browser: Browser, site: Path, photos: dict[str, Path]) -> Iterator[Page]:
    """A phone with the cat before it, to be cut out by hand."""
    with Server(site) as server, browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True) as context:
        page = context.new_page()
        Workbench(page, f"{server.url}manual/").open()
        expect(page.locator(".drop offcut-engine-status")).to_contain_text("The tools are ready", timeout=PATIENCE_MS)
        Workbench(page, page.url).choose(photos["chelsea"]).wait("done")
        expect(grip(page)).to_be_visible()
        yield page


@pytest.fixture
def phone(manual: Page) -> Page:
    """The same, its sheet as high as it is at first."""
    grip(manual).press("Home")
    grip(manual).press("Enter")
    return manual


def grip(page: Page) -> Locator:
    """What the sheet is pulled by."""
    return page.get_by_role("separator", name="Height of the panel")


def height(page: Page) -> float:
    """The stage's, in CSS pixels."""
    box = page.locator(".stage").bounding_box()
    assert box
    return box["height"]


def pull(page: Page, by: float) -> None:
    """Drag the sheet by so many pixels, upwards below 0, with a finger."""
    touch: CDPSession = page.context.new_cdp_session(page)
    box = grip(page).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 6):
        point = {"x": x, "y": y + by * step / 5}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_finger_pulls_the_sheet_and_the_picture_takes_the_room(phone: Page) -> None:
    before = height(phone)
    pull(phone, 150)
    assert height(phone) == pytest.approx(before + 150, abs=2)
    frame = phone.locator(".frame").bounding_box()
    assert frame and frame["width"] > 300
    pull(phone, 600)
    lowest = height(phone)
    assert before + 150 < lowest < 740 - 100
    expect(phone.get_by_role("link", name="Download PNG")).to_be_in_viewport(ratio=1)


def test_a_tap_folds_the_sheet_and_brings_it_back(phone: Page) -> None:
    before = height(phone)
    grip(phone).tap()
    folded = height(phone)
    assert folded > before + 100
    grip(phone).tap()
    assert height(phone) == pytest.approx(before, abs=2)


def test_keys_move_the_sheet_within_its_bounds(phone: Page) -> None:
    before = height(phone)
    grip(phone).focus()
    phone.keyboard.press("ArrowDown")
    assert height(phone) > before
    phone.keyboard.press("End")
    least = height(phone)
    assert 0 < least < before
    phone.keyboard.press("ArrowUp")
    assert height(phone) == pytest.approx(least, abs=1)
    phone.keyboard.press("Enter")
    folded = height(phone)
    phone.keyboard.press("Home")
    assert height(phone) == pytest.approx(folded, abs=1)


def test_the_sheet_is_as_high_as_it_was_left(phone: Page, photos: dict[str, Path]) -> None:
    pull(phone, 120)
    left = height(phone)
    phone.on("dialog", lambda dialog: dialog.accept())
    Workbench(phone, phone.url).open()
    Workbench(phone, phone.url).choose(photos["chelsea"]).wait("done")
    expect(grip(phone)).to_be_visible()
    assert height(phone) == pytest.approx(left, abs=2)


def test_what_is_opened_comes_to_the_top_of_the_sheet(phone: Page) -> None:
    summary = phone.locator("offcut-hand summary")
    if phone.locator("offcut-hand details[open]").count():
        summary.click()
    summary.click()
    expect(phone.locator(".tools-grid")).to_be_in_viewport(ratio=0.5)
    panel, top = phone.locator(".bench-panel").bounding_box(), summary.bounding_box()
    assert panel and top
    assert top["y"] == pytest.approx(panel["y"], abs=4)
    expect(phone.locator(".stage")).to_be_in_viewport(ratio=1)
    expect(phone.get_by_role("slider", name="Size")).to_be_in_viewport(ratio=1)


def test_what_went_wrong_is_in_sight_however_far_the_sheet_was_scrolled(phone: Page, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture at all")
    phone.locator(".bench-panel").evaluate("(panel) => { panel.scrollTop = panel.scrollHeight; }")
    Workbench(phone, phone.url).choose(broken).wait("failed")
    expect(phone.locator(".trouble-title")).to_be_in_viewport(ratio=1)
    Workbench(phone, phone.url).press("Remove from the list")

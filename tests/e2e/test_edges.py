# SPDX-License-Identifier: AGPL-3.0-or-later
"""The edge as somebody wants it: sliders that answer at once, and a file that is what they say."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Locator, expect

from offcut.edges import Edges

from .conftest import Native, Unseen, pixels
from .workbench import PATIENCE_MS, Workbench

MEAN_DIFFERENCE = 1.0

TOPMOST = """() => {
  const has = document.activeElement, box = has.getBoundingClientRect();
  const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return has.contains(there) || there.contains(has);
}"""


def opened(workbench: Workbench) -> Workbench:
    """The edges' panel, open."""
    if not workbench.page.locator("offcut-edges details[open]").count():
        workbench.page.locator("offcut-edges summary").click()
    return workbench


def slider(workbench: Workbench, name: str) -> Locator:
    return workbench.page.get_by_role("slider", name=name, exact=True)


def finished(workbench: Workbench) -> NDArray[np.uint8]:
    """The file, as soon as it is what the panel says."""
    expect(workbench.page.get_by_role("link", name="Download PNG")).to_be_visible(timeout=PATIENCE_MS)
    return pixels(workbench.download())


def test_a_slider_shows_a_sketch_and_then_the_file_is_what_it_says(
    workbench: Workbench, photos: dict[str, Path], native: Native
) -> None:
    workbench.choose(photos["chelsea"]).wait("done")
    before = finished(workbench)
    shift = slider(opened(workbench), "Shift")
    shift.focus()
    for _ in range(12):
        workbench.page.keyboard.press("ArrowLeft")
    expect(workbench.page.locator(".after canvas")).to_be_visible(timeout=PATIENCE_MS)
    expect(workbench.page.locator("offcut-edges output").nth(1)).to_have_text("-6 px")
    expect(workbench.page.locator(".after canvas")).to_have_count(0, timeout=PATIENCE_MS)
    found = finished(workbench)
    expected = native(photos["chelsea"], Edges(shift=-6))
    assert np.abs(found[..., 3].astype(float) - expected[..., 3]).mean() <= MEAN_DIFFERENCE
    assert (found[..., 3] > 127).sum() < (before[..., 3] > 127).sum()


def test_a_sketch_is_of_what_the_sliders_say(workbench: Workbench, photos: dict[str, Path], native: Native) -> None:
    page = workbench.page
    workbench.choose(photos["chelsea"]).wait("done")
    finished(workbench)
    feather = slider(opened(workbench), "Feather")
    # "input" without "change": the person still holds the slider, and nothing is made in full.
    feather.evaluate("(one) => { one.value = '10'; one.dispatchEvent(new Event('input', {bubbles: true})); }")
    canvas = page.locator(".after canvas")
    expect(canvas).to_be_visible(timeout=PATIENCE_MS)
    drawn = canvas.evaluate(
        "(one) => [one.height, one.width, [...one.getContext('2d').getImageData(0, 0, one.width, one.height).data]]"
    )
    sketch = np.array(drawn[2], np.uint8).reshape(drawn[0], drawn[1], 4)
    expected = native(photos["chelsea"], Edges(feather=10))
    assert sketch.shape == expected.shape  # a small picture is sketched in its own size
    assert np.abs(sketch[..., 3].astype(float) - expected[..., 3]).mean() <= MEAN_DIFFERENCE
    expect(page.get_by_role("link", name="Download PNG")).to_have_count(0)
    feather.dispatch_event("change")
    assert np.abs(finished(workbench)[..., 3].astype(float) - expected[..., 3]).mean() <= MEAN_DIFFERENCE


def test_a_key_opens_the_edges_and_reset_brings_the_first_file_back(
    workbench: Workbench, photos: dict[str, Path]
) -> None:
    page = workbench.page
    workbench.choose(photos["astronaut"]).wait("done")
    before = finished(workbench)
    page.locator(".stage").focus()
    if page.locator("offcut-edges details[open]").count():
        page.keyboard.press("e")
        expect(page.locator("offcut-edges details[open]")).to_have_count(0)
    page.keyboard.press("e")
    expect(slider(workbench, "Smooth")).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator("offcut-edges .fold-note")).to_be_visible()
    assert not np.array_equal(finished(workbench), before)
    workbench.press("Reset the edges")
    expect(page.locator("offcut-edges .fold-note")).to_have_count(0)
    assert np.array_equal(finished(workbench), before)


def test_a_wish_that_is_cancelled_is_taken_back(workbench: Workbench, twelve_megapixels: Path) -> None:
    page = workbench.page
    workbench.choose(twelve_megapixels).wait("done")
    finished(workbench)
    contrast = slider(opened(workbench), "Contrast")
    contrast.focus()
    page.keyboard.press("End")
    expect(page.locator("offcut-edges output").nth(2)).to_have_text("100%")
    page.get_by_role("button", name="Cancel", exact=True).click(timeout=PATIENCE_MS)
    expect(page.locator("offcut-edges output").nth(2)).to_have_text("off")
    expect(page.get_by_role("link", name="Download PNG")).to_be_visible()
    expect(page.locator(".after canvas")).to_have_count(0)


def test_each_picture_keeps_its_own_edges_and_another_is_made_in_full_when_it_is_left(
    workbench: Workbench, photos: dict[str, Path], unseen: Unseen
) -> None:
    page = workbench.page
    workbench.choose(photos["chelsea"], unseen("coffee"))
    expect(page.locator(".film-item[data-state=done]")).to_have_count(2, timeout=PATIENCE_MS)
    workbench.film()[0].click()
    before = finished(workbench)
    slider(opened(workbench), "Shift").focus()
    page.keyboard.press("Home")
    workbench.film()[1].click()
    expect(page.locator("offcut-edges output").nth(1)).to_have_text("off")
    workbench.film()[0].click()
    expect(page.locator("offcut-edges output").nth(1)).to_have_text("-20 px")
    after = finished(workbench)
    assert (after[..., 3] > 127).sum() < (before[..., 3] > 127).sum()


def test_on_a_phone_the_picture_stays_in_sight_while_its_edges_are_worked_on(
    workbench: Workbench, photos: dict[str, Path]
) -> None:
    page = workbench.page
    size = page.viewport_size
    assert size
    try:
        page.set_viewport_size({"width": 360, "height": 760})
        workbench.choose(photos["chelsea"]).wait("done")
        slider(opened(workbench), "Clear old colour").scroll_into_view_if_needed()
        expect(page.locator(".stage")).to_be_in_viewport(ratio=0.9)
        expect(slider(workbench, "Clear old colour")).to_be_in_viewport()
        for backwards in ("", "Shift+"):  # what has the keyboard is never below the picture (WCAG 2.4.11)
            (page.get_by_role("checkbox").last if backwards else slider(workbench, "Smooth")).focus()
            for _ in range(6):
                assert page.evaluate(TOPMOST), page.evaluate("document.activeElement.outerHTML")
                page.keyboard.press(f"{backwards}Tab")
    finally:
        page.set_viewport_size(size)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""A first-time visitor: a picture in, a correct cutout out."""

import base64
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from offcut.foreground import FAINT

from .conftest import Native, pixels
from .workbench import Workbench

MEAN_DIFFERENCE = 1.0


@pytest.mark.parametrize("name", ["astronaut", "chelsea", "coffee"])
def test_a_dropped_photograph_becomes_a_png_whose_matte_is_that_of_the_native_pipeline(
    workbench: Workbench, photos: dict[str, Path], native: Native, name: str
) -> None:
    workbench.choose(photos[name]).wait("done")
    found = pixels(workbench.download())
    truth = native(photos[name])
    with Image.open(photos[name]) as original:
        assert found.shape == (original.height, original.width, 4)
    difference = np.abs(found[..., 3].astype(float) - truth[..., 3]).mean()
    assert difference <= MEAN_DIFFERENCE, f"mattes differ by {difference:.3f} of 255 on average"
    assert 0.02 < (found[..., 3] > 127).mean() < 0.98


def test_colours_are_the_originals_where_opaque_and_gone_where_removed(
    workbench: Workbench, photos: dict[str, Path]
) -> None:
    workbench.choose(photos["astronaut"]).wait("done")
    found = pixels(workbench.download())
    original = np.asarray(Image.open(photos["astronaut"]).convert("RGB")).astype(int)
    opaque = found[..., 3] == 255
    assert opaque.any()
    assert np.abs(found[..., :3][opaque] - original[opaque]).mean() < 1
    assert not found[..., :3][found[..., 3] == 0].any()


def test_low_alphas_keep_straight_colours(workbench: Workbench, photos: dict[str, Path]) -> None:
    workbench.choose(photos["chelsea"]).wait("done")
    found = pixels(workbench.download())
    original = np.asarray(Image.open(photos["chelsea"]).convert("RGB")).astype(int)
    # Under fainter alphas than this the picture's own colours stay; under others stand the subject's.
    faint = (found[..., 3] > 0) & (found[..., 3] <= FAINT)
    assert faint.sum() > 100
    # Premultiplied storage would be off by up to 255/(2*alpha): far more than a JPEG decoder's rounding.
    assert np.abs(found[..., :3][faint] - original[faint]).max() <= 4


def test_soft_edges_show_the_subjects_colours_as_the_pipeline_finds_them_natively(
    workbench: Workbench, photos: dict[str, Path], native: Native
) -> None:
    workbench.choose(photos["chelsea"]).wait("done")
    found, expected = pixels(workbench.download()), native(photos["chelsea"])
    original = np.asarray(Image.open(photos["chelsea"]).convert("RGB")).astype(int)
    soft = (expected[..., 3] > 64) & (expected[..., 3] < 192)
    assert soft.sum() > 100
    change = np.abs(expected[..., :3][soft] - original[soft]).mean()
    assert change > 4
    assert np.abs(found[..., :3][soft] - expected[..., :3][soft].astype(int)).mean() < change / 4


def test_a_twelve_megapixel_photograph_keeps_every_pixel(workbench: Workbench, twelve_megapixels: Path) -> None:
    workbench.choose(twelve_megapixels).wait("done")
    assert pixels(workbench.download()).shape == (3000, 4000, 4)
    assert workbench.download_name() == "12mp-cutout.png"


def test_a_sample_picture_can_be_tried(workbench: Workbench) -> None:
    workbench.page.get_by_role("button", name="Cat").click()
    workbench.wait("done")
    assert pixels(workbench.download()).shape == (300, 451, 4)


def test_a_picture_dropped_anywhere_is_taken(workbench: Workbench, photos: dict[str, Path]) -> None:
    workbench.page.evaluate(
        """async (base64) => {
          const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
          const carried = new DataTransfer();
          carried.items.add(new File([bytes], "dropped.png", {type: "image/png"}));
          for (const type of ["dragenter", "dragover", "drop"])
            document.querySelector("footer").dispatchEvent(
              new DragEvent(type, {dataTransfer: carried, bubbles: true, cancelable: true}));
        }""",
        base64.b64encode(photos["coffee"].read_bytes()).decode(),
    )
    workbench.wait("done")
    assert workbench.download_name() == "dropped-cutout.png"


def test_a_picture_can_be_copied_and_pasted_back(workbench: Workbench, photos: dict[str, Path]) -> None:
    workbench.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    workbench.choose(photos["coffee"]).wait("done")
    workbench.press("Copy")
    expect(workbench.page.get_by_role("button", name="Copied")).to_be_visible()
    workbench.page.locator(".stage").focus()
    workbench.page.keyboard.press("Control+v")
    expect(workbench.page.locator(".film-item")).to_have_count(2)
    expect(workbench.page.locator(".film-item[data-state=done]")).to_have_count(2, timeout=60_000)


SHEET = """(answer) => {
  window.shared = [];
  navigator.canShare = ({files}) => files.every(({type}) => type === "image/png");
  navigator.share = async ({files}) => {
    if (answer) throw new DOMException("", answer);
    for (const file of files) window.shared.push([file.name, file.type, file.size]);
  };
}"""
"""A system's share sheet that takes PNG alone, and its answer: the name of an error, or none. Chromium without a screen
has no such sheet."""

NO_SHEET = "() => { delete navigator.canShare; delete navigator.share; }"


def test_a_result_goes_to_the_share_sheet_where_the_system_has_one(
    workbench: Workbench, photos: dict[str, Path]
) -> None:
    page = workbench.page
    share = page.get_by_role("button", name="Share", exact=True)
    refused = page.get_by_text("Your system did not take the file. Download it instead.")
    try:
        workbench.choose(photos["coffee"]).wait("done")
        expect(page.get_by_role("link", name="Download PNG")).to_be_visible()
        expect(share).to_have_count(0)
        workbench.clear()
        for answer in ("", "AbortError", "NotAllowedError"):
            page.evaluate(SHEET, answer)
            workbench.choose(photos["coffee"]).wait("done")
            share.click()
            if answer == "NotAllowedError":
                expect(refused).to_be_visible()
            else:
                size = page.evaluate("document.querySelector('offcut-workbench').selected.result.blob.size")
                sent = [] if answer else [["coffee-cutout.png", "image/png", size]]
                page.wait_for_function(f"() => window.shared.length === {len(sent)}")
                assert page.evaluate("window.shared") == sent
                expect(refused).to_have_count(0)
            workbench.clear()
    finally:
        page.evaluate(NO_SHEET)


def test_files_queue_and_a_broken_one_blocks_nobody(
    workbench: Workbench, photos: dict[str, Path], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"this is a letter, not a picture")
    workbench.choose(photos["astronaut"], broken, photos["coffee"])
    expect(workbench.page.locator(".film-item")).to_have_count(3)
    expect(workbench.page.locator(".film-item[data-state=done]")).to_have_count(2, timeout=90_000)
    assert workbench.film_states() == ["done", "failed", "done"]
    workbench.film()[1].click()
    assert "not a picture" in workbench.trouble
    workbench.film()[2].click()
    assert pixels(workbench.download()).shape == (400, 600, 4)


def test_the_original_and_the_cutout_can_be_compared(workbench: Workbench, photos: dict[str, Path]) -> None:
    page = workbench.page
    workbench.choose(photos["astronaut"]).wait("done")
    expect(page.locator(".after")).to_be_visible()
    page.get_by_role("button", name="Compare").click()
    slider = page.get_by_role("slider", name="Before and after")
    expect(slider).to_have_attribute("aria-valuenow", "50")
    slider.focus()
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuenow", "0")
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuenow", "2")
    box = page.locator(".stage").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + 20)
    expect(slider).to_have_attribute("aria-valuenow", "75")


def test_zoom_follows_the_buttons_the_wheel_and_the_keys(workbench: Workbench, photos: dict[str, Path]) -> None:
    page = workbench.page
    workbench.choose(photos["astronaut"]).wait("done")
    expect(page.locator(".after")).to_be_visible()

    def width() -> float:
        box = page.locator(".frame").bounding_box()
        assert box
        return box["width"]

    fitted = width()
    page.get_by_role("button", name="Zoom in").click()
    assert width() == pytest.approx(fitted * 1.25, rel=0.01)
    page.locator(".stage").focus()
    page.keyboard.press("f")
    assert width() == pytest.approx(fitted, rel=0.01)
    page.keyboard.press("1")
    assert width() == pytest.approx(512, abs=1)
    page.locator(".stage").hover()
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    assert width() > 700


def test_what_lies_behind_the_cutout_changes_the_view_and_not_the_file(
    workbench: Workbench, photos: dict[str, Path]
) -> None:
    page = workbench.page
    workbench.choose(photos["astronaut"]).wait("done")
    before = workbench.download()
    for name, colour in [("White", "rgb(255, 255, 255)"), ("Black", "rgb(0, 0, 0)")]:
        page.get_by_role("radio", name=name).check(force=True)
        expect(page.locator(".after")).to_have_css("background-color", colour)
    assert workbench.download() == before

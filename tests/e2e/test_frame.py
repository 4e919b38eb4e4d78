# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of the picture is seen, and on which canvas: the file has the size, the place and the turn that were asked."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from offcut.frame import Canvas, Frame, Ratio
from offcut.recipe import Recipe

from .conftest import NativeFile
from .inspector import Fold, Framed, box, close, rgba_of, undo
from .workbench import PATIENCE_MS, Workbench

CORNERS = """() => {
  const {width, height, original, matrix} = document.querySelector("offcut-workbench").selected.result;
  const frame = document.querySelector(".frame").getBoundingClientRect();
  const found = document.querySelector("img.before").getBoundingClientRect();
  return {width, height, original, matrix, scale: frame.width / width, box: [
    found.left - frame.left, found.top - frame.top, found.right - frame.left, found.bottom - frame.top]};
}"""


@pytest.fixture
def frame(workbench: Workbench, photos: dict[str, Path]) -> Fold:
    """The fold of the frame, open, of the cat, 451 x 300."""
    workbench.choose(photos["chelsea"]).wait("done")
    return Fold(workbench, "frame")


def test_the_subject_fills_as_much_of_a_square_as_asked(
    frame: Fold, photos: dict[str, Path], native_file: NativeFile
) -> None:
    frame.choose("Subject").field("Canvas").select_option("Square, 1:1")
    frame.slide("Margin", 0.1)
    found = frame.file().rgba
    height, width = found.shape[:2]
    left, top, right, bottom = box(found)
    assert width == height
    assert abs(max(right - left, bottom - top) - 0.8 * width) <= 1
    assert abs(left - (width - right)) <= 2 and abs(top - (height - bottom)) <= 2
    wanted = native_file(photos["chelsea"], Recipe(frame=Frame("subject", Ratio(1, 1), margin=0.1)))
    assert abs(wanted.width - width) <= 1
    if wanted.width == width:
        close(found, rgba_of(wanted.data))
    expect(frame.page.locator(".facts").first).to_contain_text(f"{width} × {height} pixels")


def test_a_size_in_millimetres_is_that_many_pixels_and_the_file_says_how_dense(
    frame: Fold, photos: dict[str, Path], native_file: NativeFile
) -> None:
    frame.field("Canvas").select_option("A size of your own")
    expect(frame.field("Width")).to_have_value("451")
    frame.field("Unit").select_option("millimetres")
    expect(frame.field("Width")).to_have_value("38.18")
    frame.type("Width", "35").type("Height", "45").type("Resolution", "600")
    file = frame.file()
    assert file.image.size == (round(35 / 25.4 * 600), round(45 / 25.4 * 600)) == (827, 1063)
    assert file.image.info["dpi"] == pytest.approx((600, 600), abs=0.1)
    wanted = native_file(photos["chelsea"], Recipe(frame=Frame(canvas=Canvas(35, 45, "mm", 600))))
    close(file.rgba, rgba_of(wanted.data))
    frame.choose("Fill")
    wanted = native_file(photos["chelsea"], Recipe(frame=Frame("cover", Canvas(35, 45, "mm", 600))))
    close(frame.file().rgba, rgba_of(wanted.data))


def test_sizes_that_cannot_be_are_refused(frame: Fold) -> None:
    frame.field("Canvas").select_option("A size of your own")
    before, recipe = frame.file().data, frame.recipe
    for impossible in ("0", "1000000", "-5", "20.5", ""):
        frame.type("Width", impossible)
        if impossible:
            assert frame.refused("Width")
        assert frame.recipe == recipe
        assert frame.file().data == before
    frame.type("Width", "600")
    assert not frame.refused("Width")
    assert frame.file().image.size == (600, 300)


@pytest.mark.parametrize(
    ("width", "height", "unit", "dpi"), [("20000", "20000", "pixels", "300"), ("1000", "1000", "millimetres", "300")]
)
def test_of_a_canvas_with_too_many_pixels_it_is_said_what_to_do(
    frame: Fold, width: str, height: str, unit: str, dpi: str
) -> None:
    frame.field("Canvas").select_option("A size of your own")
    frame.file()
    frame.field("Unit").select_option(unit)
    frame.type("Resolution", dpi).type("Width", width).type("Height", height)
    frame.workbench.wait("failed")
    assert "This canvas would be too large" in frame.workbench.trouble
    frame.type("Width", "30").type("Height", "30")
    frame.file()


@pytest.mark.parametrize(("button", "times"), [("Right", -1), ("Left", 1)])
def test_it_is_turned_by_right_angles_and_mirrored_pixel_for_pixel(frame: Fold, button: str, times: int) -> None:
    plain = frame.file().rgba
    turned = frame.press(button).file().rgba
    assert np.array_equal(turned, np.rot90(plain, times))
    mirrored = frame.tick("Mirrored").file().rgba
    assert np.array_equal(mirrored, np.rot90(plain[:, ::-1], times))
    frame.press(button)
    assert np.array_equal(frame.file().rgba, plain[::-1])
    frame.press("Reset the frame")
    assert np.array_equal(frame.file().rgba, plain)


def test_undo_brings_the_frame_before_back(frame: Fold) -> None:
    plain = frame.file().data
    frame.press("Right").file()
    undo(frame.workbench)
    assert frame.file().data == plain
    frame.page.keyboard.press("Control+y")
    assert frame.file().image.size == (300, 451)


@pytest.mark.parametrize("compares", [False, True], ids=["looking", "comparing"])
def test_the_subject_is_dragged_on_the_canvas(frame: Fold, compares: bool) -> None:
    page = frame.page
    frame.choose("Subject").slide("Margin", 0.3)
    before = box(frame.file().rgba)
    place = page.locator(".frame").bounding_box()
    assert place
    scale = place["width"] / frame.result("width")
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    if compares:  # then the pointer drags the line between before and after, and nothing else
        page.get_by_role("button", name="Compare", exact=True).click()
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y - 40, steps=6)
    page.mouse.up()
    if compares:
        page.get_by_role("button", name="Compare", exact=True).click()
    after = box(frame.file().rgba)
    moved = (0, 0) if compares else (60 / scale, -40 / scale)
    for side in range(4):
        assert after[side] - before[side] == pytest.approx(moved[side % 2], abs=1)
    frame.press("Reset the frame")
    frame.file()


def test_the_corner_makes_the_subject_larger_and_smaller(frame: Fold) -> None:
    page = frame.page
    frame.choose("Subject").slide("Margin", 0.3)
    left, top, right, bottom = box(frame.file().rgba)
    place, handle = page.locator(".frame").bounding_box(), page.locator(".scale-handle").bounding_box()
    assert place and handle
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    across, down = x - place["x"] - place["width"] / 2, y - place["y"] - place["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 0.2 * across, y - 0.2 * down, steps=3)
    page.mouse.move(x - 0.4 * across, y - 0.4 * down, steps=3)
    page.mouse.up()
    assert frame.recipe.frame.zoom == pytest.approx(0.6, abs=0.01)
    smaller = box(frame.file().rgba)
    assert smaller[2] - smaller[0] == pytest.approx(0.6 * (right - left), abs=2)
    assert smaller[0] + smaller[2] == pytest.approx(left + right, abs=3)  # about the middle
    undo(frame.workbench)  # in one step
    assert box(frame.file().rgba) == (left, top, right, bottom)
    frame.close()
    expect(page.locator(".scale-handle")).to_have_count(0)


def test_a_click_moves_nothing_and_the_space_bar_drags_the_view(frame: Fold) -> None:
    page = frame.page
    frame.choose("Subject").slide("Margin", 0.3).file()
    before = frame.recipe
    place = page.locator(".frame").bounding_box()
    assert place
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2

    def drag(across: float) -> None:
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + across, y, steps=3)
        page.mouse.up()

    drag(3)
    assert frame.recipe == before
    for _ in range(4):
        page.get_by_role("button", name="Zoom in").click()
    looked = page.locator(".frame").bounding_box()
    page.locator(".stage").focus()
    page.keyboard.down(" ")
    drag(-60)
    page.keyboard.up(" ")
    moved = page.locator(".frame").bounding_box()
    assert looked and moved and moved["x"] == pytest.approx(looked["x"] - 60, abs=2)
    page.get_by_role("button", name="Compare", exact=True).click()
    drag(-40)
    page.get_by_role("button", name="Compare", exact=True).click()
    assert frame.recipe == before
    page.get_by_role("button", name="Fit to the window (F)").click()


def test_what_was_dragged_far_away_can_still_be_made(frame: Fold) -> None:
    page = frame.page
    frame.field("Canvas").select_option("Story, 9:16")
    frame.file()
    for _ in range(4):
        place = page.locator(".frame").bounding_box()
        assert place
        page.mouse.move(place["x"] + place["width"] - 5, place["y"] + place["height"] / 2)
        page.mouse.down()
        page.mouse.move(place["x"] + 5, place["y"] + place["height"] / 2, steps=4)
        page.mouse.up()
    assert frame.file().rgba[..., 3].max() == 0


def test_in_comparison_the_original_lies_where_the_frame_has_it(frame: Fold) -> None:
    page = frame.page
    frame.choose("Subject").slide("Margin", 0.2)
    for turn, size in ((None, 1), ("Right", 1), ("Right", 0.5)):
        if turn:
            frame.press(turn)
        frame.slide("Size", size).file()
        page.get_by_role("button", name="Compare", exact=True).click()
        expect(page.locator("img.before")).to_be_visible()
        told = page.evaluate(CORNERS)
        a, b, c, d, e, f = told["matrix"]
        wide, tall = told["original"]
        points = [(a * x + b * y + c, d * x + e * y + f) for x in (0, wide) for y in (0, tall)]
        xs, ys = zip(*points, strict=True)
        wanted = [value * told["scale"] for value in (min(xs), min(ys), max(xs), max(ys))]
        assert told["box"] == pytest.approx(wanted, abs=1)
        page.get_by_role("button", name="Compare", exact=True).click()


def test_by_hand_the_bare_picture_is_worked_on_and_the_frame_shows_it_at_its_place(
    frame: Fold, photos: dict[str, Path], native_file: NativeFile
) -> None:
    page = frame.page
    frame.choose("Subject").field("Canvas").select_option("Portrait, 4:5")
    frame.slide("Margin", 0.1).press("Right").file()
    work = Framed(frame.workbench)
    shown = page.locator(".after img")
    expect(shown).to_have_js_property("naturalWidth", 451, timeout=PATIENCE_MS)
    expect(shown).to_have_js_property("naturalHeight", 300)
    place = page.locator(".frame").bounding_box()
    assert place and place["width"] / place["height"] == pytest.approx(451 / 300, abs=0.01)
    work.take("erase").slide("Size", 40).slide("Hardness", 1).draw((220, 150), (260, 150)).touches(1)
    found = frame.file()
    a, b, c, d, e, f = frame.result("matrix")
    x, y = round(a * 240 + b * 150 + c), round(d * 240 + e * 150 + f)
    assert (found.rgba[y - 3 : y + 4, x - 3 : x + 4, 3] == 0).all()
    wanted = native_file(photos["chelsea"], work.recipe)
    close(found.rgba, rgba_of(wanted.data))
    page.locator("offcut-hand summary").click()
    expect(shown).to_have_js_property("naturalWidth", wanted.width)

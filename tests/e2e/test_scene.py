# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands behind the subject: every kind of backdrop is chosen as a person does, and is in the file."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import expect

from offcut.backdrop import Backdrop, Gradient, Original, Still
from offcut.colour import WHITE, Colour
from offcut.recipe import Recipe
from offcut.rim import Rim
from offcut.scene import Scene
from offcut.shadow import Contact, Drop
from offcut.tone import Tone

from .conftest import NativeFile, Unseen
from .inspector import Fold, Pixels, close, rgba_of, undo
from .workbench import PATIENCE_MS, Workbench


@pytest.fixture
def scene(workbench: Workbench, photos: dict[str, Path]) -> Fold:
    """The fold of the backdrop, open, of the portrait; no colours were used before."""
    workbench.page.evaluate("localStorage.removeItem('offcut.colours')")
    workbench.choose(photos["astronaut"]).wait("done")
    return Fold(workbench, "scene")


@pytest.fixture
def truth(native_file: NativeFile, photos: dict[str, Path]) -> "Truth":
    """What CPython makes of the portrait."""
    return Truth(native_file, photos["astronaut"])


class Truth:
    """The portrait's file by a scene, on CPython."""

    def __init__(self, run: NativeFile, picture: Path) -> None:
        self.run, self.picture = run, picture

    def __call__(self, scene: Scene, *stills: Path) -> Pixels:
        return rgba_of(self.run(self.picture, Recipe(scene=scene), stills).data)


def still(path: Path) -> Still:
    return Still(hashlib.sha256(path.read_bytes()).hexdigest())


def test_white_from_the_palette_is_behind_the_subject(scene: Fold, truth: Truth) -> None:
    scene.choose("Colour").press("Black")
    black = scene.file().rgba
    assert black[..., 3].min() == 255
    close(black, truth(Scene(Colour(0, 0, 0))))
    scene.press("White")
    white = scene.file().rgba
    assert white[..., 3].min() == 255
    assert (white[5, 5] == 255).all()
    close(white, truth(Scene(WHITE)))
    expect(scene.all.get_by_role("button", name="White")).to_have_attribute("aria-pressed", "true")
    expect(scene.all.get_by_role("button", name="Black")).to_have_attribute("aria-pressed", "false")
    expect(scene.all.locator(".fold-note")).to_have_text("changed")


def test_a_new_backdrop_needs_no_net(workbench: Workbench, unseen: Unseen) -> None:
    workbench.choose(unseen("coffee")).wait("done")
    scene = Fold(workbench, "scene")
    assert "infer" in scene.result("timings")
    scene.choose("Colour").file()
    assert {"pack", "infer"}.isdisjoint(scene.result("timings"))
    scene.page.get_by_text("Where the time went").click()
    expect(scene.page.locator(".timings")).to_contain_text("Writing the file")
    expect(scene.page.locator(".timings")).not_to_contain_text("Finding the subject")


def test_a_colour_is_typed_and_what_is_none_is_refused(scene: Fold, truth: Truth) -> None:
    scene.choose("Colour").file()
    field = scene.all.get_by_role("textbox", name="Colour", exact=True)
    field.fill("3A7")
    field.press("Enter")
    found = scene.file().rgba
    close(found, truth(Scene(Colour(0x33, 0xAA, 0x77))))
    expect(field).to_have_value("#33aa77")
    for wrong in ("red", "#12345", ""):
        recipe = scene.recipe
        field.fill(wrong)
        field.press("Enter")
        assert field.evaluate("(field) => field.validationMessage") == "Write a colour as #rrggbb."
        assert scene.recipe == recipe
        assert np.array_equal(scene.file().rgba, found)
    field.fill("#d74532")
    field.press("Enter")
    assert field.evaluate("(field) => field.validity.valid")
    assert list(scene.file().rgba[5, 5]) == [0xD7, 0x45, 0x32, 255]


PICK = "Pick a colour from the picture. Arrow keys move, Enter picks, Escape leaves."


def around(picture: Pixels, x: float, y: float) -> NDArray[np.float64]:
    """The mean colour of the 3 x 3 pixels around a place, in shares of the picture."""
    height, width = picture.shape[:2]
    left, top = int(x * width) - 1, int(y * height) - 1
    mean: NDArray[np.float64] = picture[top : top + 3, left : left + 3, :3].mean(axis=(0, 1))
    return mean


def test_a_colour_is_picked_from_the_original_where_it_was_removed(scene: Fold, photos: dict[str, Path]) -> None:
    page = scene.page
    scene.choose("Colour").press("Pick from the picture")
    dropper = page.get_by_role("application", name=PICK)
    expect(dropper).to_be_focused()
    expect(page.locator(".after")).not_to_be_visible()
    expect(page.locator("img.before")).to_be_visible()
    place = dropper.bounding_box()
    assert place
    page.mouse.click(place["x"] + 0.05 * place["width"], place["y"] + 0.3 * place["height"])
    expect(dropper).to_have_count(0)
    expect(scene.all.get_by_role("button", name="Pick from the picture")).to_be_focused()
    found = scene.file().rgba
    wanted = around(rgba_of(photos["astronaut"]), 0.05, 0.3)
    assert np.abs(found[5, 5, :3] - wanted).max() <= 12  # a click is exact to a pixel of the screen
    assert scene.recipe.scene.backdrop == Colour(*found[5, 5, :3].tolist())
    # It is offered again, and on another day too.
    colour = str(scene.recipe.scene.backdrop)
    assert json.loads(page.evaluate("localStorage.getItem('offcut.colours')")) == [colour]
    expect(scene.all.get_by_role("group", name="Used last").get_by_role("button", name=colour)).to_have_count(1)


def test_a_colour_is_picked_with_the_keyboard_and_escape_leaves_all_as_it_was(
    scene: Fold, photos: dict[str, Path]
) -> None:
    page = scene.page
    scene.choose("Colour").file()
    before = scene.recipe
    scene.press("Pick from the picture")
    page.keyboard.press("Escape")
    expect(page.get_by_role("application", name=PICK)).to_have_count(0)
    assert scene.recipe == before
    scene.press("Pick from the picture").press("Pick from the picture")  # once more leaves, too
    expect(page.get_by_role("application", name=PICK)).to_have_count(0)
    scene.press("Pick from the picture")
    place = page.get_by_role("application", name=PICK).bounding_box()
    assert place
    for _ in range(3):
        page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("ArrowUp")
    told = page.locator("offcut-dropper output").inner_text()
    page.keyboard.press("Enter")
    assert str(scene.recipe.scene.backdrop) == told
    wanted = around(rgba_of(photos["astronaut"]), 0.5 - 60 / place["width"], 0.5 - 2 / place["height"])
    assert np.abs(np.array(Colour.parse(told).rgb) - wanted).max() <= 12


def test_on_a_framed_canvas_the_dropper_points_where_the_original_lies(scene: Fold, photos: dict[str, Path]) -> None:
    page = scene.page
    scene.choose("Colour")
    frame = Fold(scene.workbench, "frame")
    frame.choose("Subject").slide("Margin", 0.2).press("Right").file()
    a, b, c, d, e, f = frame.result("matrix")
    width, height = frame.result("width"), frame.result("height")
    scene.press("Pick from the picture")
    place = page.get_by_role("application", name=PICK).bounding_box()
    assert place
    x, y = 60.0, 200.0  # of the original, 512 x 512
    across, down = (a * x + b * y + c) / width, (d * x + e * y + f) / height
    page.mouse.click(place["x"] + across * place["width"], place["y"] + down * place["height"])
    found = scene.recipe.scene.backdrop
    assert isinstance(found, Colour)
    assert np.abs(np.array(found.rgb) - around(rgba_of(photos["astronaut"]), x / 512, y / 512)).max() <= 12
    frame.press("Reset the frame").close()


def test_the_subjects_own_colours_are_offered(scene: Fold, native_file: NativeFile, photos: dict[str, Path]) -> None:
    scene.choose("Colour")
    wanted = [str(colour) for colour in native_file(photos["astronaut"], Recipe()).palette]
    offered = scene.all.get_by_role("group", name="Of the subject").get_by_role("button")
    expect(offered).not_to_have_count(0)
    names = [str(one.get_attribute("aria-label")) for one in offered.all()]
    assert len(names) >= 3
    rgb = [np.array(Colour.parse(one).rgb) for one in wanted]
    for one in names:  # in whichever order: two that cover as much as each other are told apart by a pixel
        assert min(np.abs(each - Colour.parse(one).rgb).max() for each in rgb) <= 16, (one, wanted)
    offered.last.click()
    assert list(scene.file().rgba[5, 5, :3]) == list(Colour.parse(names[-1]).rgb)


def test_from_one_colour_to_another(scene: Fold, truth: Truth) -> None:
    scene.choose("Gradient")
    start, end = Colour.parse("#f4efe8"), Colour.parse("#b9c6d3")
    close(scene.file().rgba, truth(Scene(Gradient("linear", start, end, 180))))
    scene.slide("Direction", 90)
    close(scene.file().rgba, truth(Scene(Gradient("linear", start, end, 90))))
    scene.choose("Round").all.get_by_role("textbox", name="From", exact=True).fill("#ff0000")
    scene.page.keyboard.press("Enter")
    found = scene.file().rgba
    close(found, truth(Scene(Gradient("radial", Colour(255, 0, 0), end, 90))))
    assert np.abs(found[0, 0, :3].astype(int) - end.rgb).max() <= 2  # the corners have the other colour


def test_another_picture_lies_behind_the_subject(scene: Fold, truth: Truth, photos: dict[str, Path]) -> None:
    coffee, cat = photos["coffee"], photos["chelsea"]
    with scene.page.expect_file_chooser() as asked:
        scene.choose("Picture")
    asked.value.set_files(coffee)
    expect(scene.radio("Fill")).to_be_checked(timeout=PATIENCE_MS)
    found = scene.file().rgba
    close(found, truth(Scene(still(coffee)), coffee))
    assert found[..., 3].min() == 255
    scene.choose("Show all")
    shown = scene.file().rgba
    close(shown, truth(Scene(Still(still(coffee).image, "contain")), coffee))
    assert shown[2, 256, 3] == 0  # a wide picture leaves something free above it
    scene.choose("Place").slide("Its size", 0.5).slide("Across", 0.25)
    close(scene.file().rgba, truth(Scene(Still(still(coffee).image, "place", 0.5, 0.25)), coffee))
    scene.all.locator("input[type=file]").set_input_files(cat)
    close(scene.file().rgba, truth(Scene(still(cat)), cat))


def test_a_picture_behind_is_placed_by_dragging_it(scene: Fold, truth: Truth, photos: dict[str, Path]) -> None:
    page = scene.page
    with page.expect_file_chooser() as asked:
        scene.choose("Picture")
    asked.value.set_files(photos["coffee"])
    scene.choose("Place").slide("Its size", 0.6).file()
    place = page.locator(".frame").bounding_box()
    assert place
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2

    def drag(across: float, down: float) -> None:
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + across, y + down, steps=4)
        page.mouse.up()

    drag(0.2 * place["width"], -0.1 * place["height"])
    found = scene.file().rgba
    backdrop = scene.recipe.scene.backdrop
    assert isinstance(backdrop, Still)
    assert (backdrop.x, backdrop.y) == pytest.approx((0.2, -0.1), abs=0.005)
    close(found, truth(Scene(backdrop), photos["coffee"]))
    undo(scene.workbench)  # one drag is one step
    assert scene.recipe.scene.backdrop == replace(backdrop, x=0.0, y=0.0)
    # While the frame is worked on, the subject is what is dragged.
    frame = Fold(scene.workbench, "frame")
    expect(scene.all).to_contain_text("Fold Frame, and it can be dragged in the picture.")
    drag(0.1 * place["width"], 0)
    assert scene.recipe.scene.backdrop == replace(backdrop, x=0.0, y=0.0)
    assert scene.recipe.frame.x == pytest.approx(0.1, abs=0.005)
    frame.press("Reset the frame").close()
    # "Fill" leaves no choice of the place, and the picture nothing to drag.
    scene.choose("Fill").file()
    drag(50, 50)
    assert scene.recipe.scene.backdrop == replace(backdrop, x=0.0, y=0.0, fit="cover")


def test_the_backdrop_of_one_picture_never_lands_behind_another(
    scene: Fold, photos: dict[str, Path], twelve_megapixels: Path
) -> None:
    page = scene.page
    scene.workbench.choose(photos["chelsea"]).wait("done")
    page.locator(".film-item").first.click()
    with page.expect_file_chooser() as asked:
        scene.choose("Picture")
    asked.value.set_files(twelve_megapixels)  # takes its time
    page.locator(".film-item").nth(1).click()
    expect(page.locator(".panel-title")).to_have_text("chelsea.jpg")
    page.wait_for_timeout(3000)
    assert scene.recipe.scene.backdrop is None
    # And of two wishes the newer one wins, however long the other takes.
    with page.expect_file_chooser() as asked:
        scene.choose("Picture")
    asked.value.set_files(photos["coffee"])
    scene.choose("Colour")
    page.wait_for_timeout(1500)
    assert scene.recipe.scene.backdrop == WHITE


def test_with_the_keyboard_one_goes_past_the_picture_and_no_window_opens(scene: Fold) -> None:
    page = scene.page
    asked: list[object] = []

    def noted(chooser: object) -> None:
        asked.append(chooser)

    page.on("filechooser", noted)
    scene.radio("None").focus()
    for name in ("Colour", "Gradient", "Picture", "Original"):
        page.keyboard.press("ArrowRight")
        expect(scene.radio(name)).to_be_checked()
    page.keyboard.press("ArrowLeft")
    expect(scene.radio("Picture")).to_be_checked()
    expect(scene.all.get_by_text("Choose a picture")).to_be_visible()
    page.remove_listener("filechooser", noted)
    assert asked == []


def test_what_changes_nothing_is_no_step(scene: Fold) -> None:
    scene.choose("Colour").file()
    before = scene.recipe
    scene.press("White")
    scene.all.get_by_role("slider", name="Brightness").dblclick()
    undo(scene.workbench)
    assert scene.recipe != before and scene.recipe.scene.backdrop is None


def test_what_is_no_picture_does_not_become_a_backdrop(scene: Fold, tmp_path: Path, photos: dict[str, Path]) -> None:
    before = scene.file().data
    recipe = scene.recipe
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"This was never a picture.")
    with scene.page.expect_file_chooser() as asked:
        scene.choose("Picture")
    asked.value.set_files(broken)
    expect(scene.all.get_by_role("alert")).to_contain_text(
        "This is not a picture Offcut can read.", timeout=PATIENCE_MS
    )
    assert scene.recipe == recipe
    assert scene.file().data == before
    broken.write_bytes(photos["chelsea"].read_bytes()[:9000])
    expect(scene.radio("None")).to_be_checked()
    with scene.page.expect_file_chooser() as asked:
        scene.choose("Picture")
    asked.value.set_files(broken)
    expect(scene.all.get_by_role("alert")).to_contain_text("This picture is cut short.", timeout=PATIENCE_MS)
    assert scene.file().data == before
    scene.choose("Colour")
    expect(scene.all.get_by_role("alert")).to_have_count(0)


def test_whoever_chooses_no_picture_after_all_can_be_asked_again(scene: Fold) -> None:
    with scene.page.expect_file_chooser():
        scene.choose("Picture")
    expect(scene.radio("None")).to_be_checked()  # as it is, and not as it might have been
    with scene.page.expect_file_chooser():
        scene.choose("Picture")
    expect(scene.radio("None")).to_be_checked()


def test_the_pictures_own_background_is_blurred_greyed_or_left(
    scene: Fold, truth: Truth, photos: dict[str, Path]
) -> None:
    scene.choose("Original")
    close(scene.file().rgba, truth(Scene(Original(0.4))))
    scene.slide("Without colour", 1)
    grey = scene.file().rgba
    close(grey, truth(Scene(Original(0.4, 1))))
    corner = grey[:40, :40, :3].astype(int)
    assert (corner.max(axis=2) - corner.min(axis=2)).max() <= 1
    scene.slide("Blur", 0).slide("Without colour", 0)
    assert np.abs(scene.file().rgba.astype(int) - rgba_of(photos["astronaut"])).max() <= 2


LINES: list[tuple[tuple[str, ...], Backdrop | None, Scene]] = [
    (("Shadow behind", "Outline"), None, Scene(drop=Drop(), rim=Rim())),
    (("Shadow on the ground",), WHITE, Scene(WHITE, contact=Contact())),
]


@pytest.mark.parametrize(("boxes", "backdrop", "wanted"), LINES, ids=["behind-and-outline", "on-the-ground"])
def test_shadows_and_an_outline(
    scene: Fold, truth: Truth, boxes: tuple[str, ...], backdrop: Backdrop | None, wanted: Scene
) -> None:
    if backdrop:
        scene.choose("Colour")
    plain = scene.file().rgba
    for one in boxes:
        scene.tick(one)
    found = scene.file().rgba
    close(found, truth(wanted))
    assert not np.array_equal(found, plain)
    for one in boxes:
        scene.tick(one)
    assert np.array_equal(scene.file().rgba, plain)


def test_a_shadow_and_an_outline_are_as_wide_and_dark_as_asked(scene: Fold, truth: Truth) -> None:
    scene.tick("Shadow behind").slide("Darkness", 0.8).slide("Softness", 0.01).slide("Across", -0.05)
    scene.tick("Outline").slide("Width", 0.03)
    scene.all.get_by_role("textbox", name="Colour", exact=True).fill("#00ff00")
    scene.page.keyboard.press("Enter")
    drop = Drop(x=-0.05, blur=0.01, opacity=0.8)
    close(scene.file().rgba, truth(Scene(drop=drop, rim=Rim(0.03, Colour(0, 255, 0)))))


def test_the_subject_itself_is_toned(scene: Fold, truth: Truth) -> None:
    scene.slide("Brightness", 0.2).slide("Contrast", 0.3).slide("Colour", -1)
    found = scene.file().rgba
    close(found, truth(Scene(tone=Tone(brightness=0.2, contrast=0.3, saturation=-1))))
    subject = found[found[..., 3] == 255][:, :3].astype(int)
    assert (subject.max(axis=1) - subject.min(axis=1)).max() <= 1


def test_undo_takes_a_backdrop_away_and_redo_brings_it_back(scene: Fold) -> None:
    bare = scene.file().data
    white = scene.choose("Colour").file().data
    assert white != bare
    scene.tick("Shadow on the ground").file()
    undo(scene.workbench)
    assert scene.file().data == white
    undo(scene.workbench)
    assert scene.file().data == bare
    expect(scene.radio("None")).to_be_checked()
    scene.page.keyboard.press("Control+Shift+z")
    assert scene.file().data == white
    expect(scene.radio("Colour")).to_be_checked()
    scene.press("Reset the backdrop")
    assert scene.file().data == bare
    expect(scene.radio("None")).to_be_checked()


def test_a_sketch_shows_the_backdrop_while_a_slider_is_held(scene: Fold, truth: Truth) -> None:
    scene.choose("Original").file()
    slider = scene.all.get_by_role("slider", name="Blur", exact=True)
    # "input" without "change": the person still holds the slider, and nothing is made in full.
    slider.evaluate("(one) => { one.value = '1'; one.dispatchEvent(new Event('input', {bubbles: true})); }")
    canvas = scene.page.locator(".after canvas")
    expect(canvas).to_be_visible(timeout=PATIENCE_MS)
    drawn = canvas.evaluate(
        "(one) => [one.height, one.width, [...one.getContext('2d').getImageData(0, 0, one.width, one.height).data]]"
    )
    close(np.array(drawn[2], np.uint8).reshape(drawn[0], drawn[1], 4), truth(Scene(Original(1.0))))
    slider.dispatch_event("change")
    close(scene.file().rgba, truth(Scene(Original(1.0))))


def test_a_key_opens_the_backdrop(scene: Fold) -> None:
    scene.close().page.locator(".stage").focus()
    scene.page.keyboard.press("s")
    expect(scene.radio("None")).to_be_focused()
    scene.page.keyboard.press("s")
    expect(scene.all.locator("details[open]")).to_have_count(0)


def test_whoever_comes_back_at_once_sees_what_there_was(scene: Fold) -> None:
    before = scene.choose("Colour").file().rgba
    page = scene.page
    corner = """() => {
      const drawn = document.querySelector("canvas.sketch")?.getContext("2d").getImageData(2, 2, 1, 1).data;
      return drawn ? [...drawn] : null;
    }"""
    scene.press("Black")
    page.wait_for_function(f"() => String(({corner})()) === '0,0,0,255'", timeout=PATIENCE_MS)
    # Nothing is made in full meanwhile: what is seen is the sketch, and that of the newest wish.
    page.evaluate("() => { document.querySelector('offcut-workbench').queue.want = () => {}; }")
    try:
        scene.press("White")
        page.wait_for_function(f"() => String(({corner})()) === '255,255,255,255'", timeout=PATIENCE_MS)
    finally:
        page.evaluate("() => { delete document.querySelector('offcut-workbench').queue.want; }")
    scene.press("Black").press("White")
    assert np.array_equal(scene.file().rgba, before)

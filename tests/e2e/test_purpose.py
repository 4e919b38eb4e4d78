# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a result is for: rules to begin with, checks at the end, and a page for each tool."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from conftest import Complaints
from offcut import project
from offcut.output import Output
from offcut.recipe import Recipe, preset

from .conftest import NativeFile, ready_page, watched
from .inspector import Fold, downloaded, rgba_of
from .workbench import PATIENCE_MS, Workbench


@pytest.fixture(scope="module")
def id_page(browser: Browser, site: Path) -> Iterator[Page]:
    """A page of its own: what is chosen here is no other test's."""
    with ready_page(browser, site) as page:
        yield page


@pytest.fixture
def bench(id_page: Page, complaints: Complaints) -> Iterator[Workbench]:
    """The workbench of that page, cleared."""
    with watched(id_page, complaints) as workbench:
        yield workbench


def file(workbench: Workbench) -> tuple[str, bytes]:
    """The file that Download gives, once it is what the panel says."""
    found = downloaded(workbench, None)
    return found.name, found.data


def made_for(workbench: Workbench, what: str) -> Workbench:
    Fold(workbench, "purpose")
    workbench.page.get_by_label("What it is for").select_option(what)
    expect(workbench.page.locator(".checks li").first).to_be_visible(timeout=PATIENCE_MS)
    expect(workbench.page.locator("a[download]")).to_be_visible(timeout=PATIENCE_MS)
    return workbench


def test_a_marketplaces_rules_are_what_the_file_begins_with_and_is_checked_against(
    bench: Workbench, photos: dict[str, Path]
) -> None:
    bench.choose(photos["coffee"]).wait("done")
    made_for(bench, "marketplaces taobao")
    name, data = file(bench)
    image = Image.open(io.BytesIO(data))
    assert name == "coffee-taobao.jpg"
    assert (image.format, image.size) == ("JPEG", (800, 800))
    assert 38_912 <= len(data) <= 300_000
    rgb = np.asarray(image.convert("RGB"))
    assert (rgb[:20] == 255).all() and (rgb[:, :20] == 255).all()
    failed = bench.page.locator(".checks [data-state=fail]").all_inner_texts()
    assert not any("pixels." in line or "white" in line or "kB" in line for line in failed), failed
    made_for(bench, "marketplaces amazon")
    enlarged = bench.page.locator(".checks [data-state=fail]").filter(has_text="enlarged")
    expect(enlarged).to_be_visible(timeout=PATIENCE_MS)
    bench.page.get_by_label("What it is for").select_option("")
    expect(bench.page.locator(".checks")).to_have_count(0)


def test_for_who_refuses_altered_photos_the_picture_is_cropped_and_nothing_else(
    bench: Workbench, photos: dict[str, Path]
) -> None:
    bench.choose(photos["astronaut"]).wait("done")
    made_for(bench, "documents us-visa")
    expect(bench.page.locator("offcut-purpose")).to_contain_text("refuses altered photos")
    expect(bench.page.locator(".checks")).to_contain_text("not altered")
    found = bench.page.evaluate(
        """(({width, height, matrix}) => [width, height, matrix])(
          document.querySelector('offcut-workbench').selected.result)"""
    )
    width, height, (scale, _, x, _, _, y) = found
    assert width == height
    image = np.asarray(Image.open(io.BytesIO(file(bench)[1])).convert("RGB")).astype(float)
    # The same crop, by Pillow alone.
    original = Image.open(photos["astronaut"]).convert("RGB")
    back = (1 / scale, 0, -x / scale, 0, 1 / scale, -y / scale)
    truth = np.asarray(original.transform((width, height), Image.Transform.AFFINE, back, 2)).astype(float)
    inside = np.zeros((height, width), bool)
    top, left = max(0, int(y) + 4), max(0, int(x) + 4)
    inside[top : int(y + 512 * scale) - 4, left : int(x + 512 * scale) - 4] = True
    assert inside.mean() > 0.5
    assert np.abs(image - truth)[inside].mean() < 4
    # Another background is an explicit choice, and the check says what it means.
    bench.page.get_by_role("button", name="white", exact=True).click()
    failed = bench.page.locator(".checks [data-state=fail]").filter(has_text="refuses altered photos")
    expect(failed).to_be_visible(timeout=PATIENCE_MS)


def test_the_lines_at_crown_and_chin_frame_the_photo_anew(bench: Workbench, photos: dict[str, Path]) -> None:
    bench.choose(photos["astronaut"]).wait("done")
    made_for(bench, "documents schengen")
    fold = Fold(bench, "purpose")
    before = fold.result("head")
    step = 10 * fold.result("height") / 400 / before["scale"]
    chin = bench.page.get_by_role("slider", name="Chin")
    chin.focus()
    for _ in range(6):  # faster than anything can be drawn: none of them is lost
        bench.page.keyboard.press("PageUp")
    # As the photo is framed anew meanwhile, a step may have become a little smaller.
    asked = fold.recipe.frame.head.chin
    assert asked == pytest.approx(before["chin"] - 6 * step, abs=0.4 * step)
    file(bench)
    # The head, from crown to the chin that was told, has the height that the rules ask for.
    head, height = fold.result("head"), fold.result("height")
    assert head["chin"] == asked
    assert (head["bottom"] - head["top"]) / height == pytest.approx(34 / 45, abs=0.005)
    assert (head["chin"] - head["crown"]) * head["scale"] == pytest.approx(head["bottom"] - head["top"], abs=0.5)


def test_a_line_is_dragged_to_where_it_belongs_also_of_a_picture_that_lies_on_its_side(
    bench: Workbench, photos: dict[str, Path], tmp_path: Path
) -> None:
    page = bench.page
    lying = tmp_path / "lying.png"
    with Image.open(photos["astronaut"]) as picture:
        picture.transpose(Image.Transpose.ROTATE_90).save(lying)
    bench.choose(lying).wait("done")
    frame = Fold(bench, "frame")
    frame.press("Right").choose("Head").file()
    head, height = frame.result("head"), frame.result("height")
    assert 0 < head["top"] < head["bottom"] < height
    line = page.get_by_role("slider", name="Top of the head")
    place, canvas = line.bounding_box(), page.locator(".frame").bounding_box()
    assert place and canvas
    x, y = place["x"] + place["width"] / 3, place["y"] + place["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 30, steps=3)
    page.mouse.up()
    moved = 30 / canvas["height"] * height / head["scale"]
    assert frame.recipe.frame.head.crown == pytest.approx(head["crown"] + moved, abs=0.5)
    frame.file()
    after = frame.result("head")  # smaller than it was taken to be, and the canvas with it
    assert after["top"] / frame.result("height") == pytest.approx(head["top"] / height, abs=0.01)
    assert after["bottom"] - after["top"] == pytest.approx(head["bottom"] - head["top"] - moved * head["scale"], abs=1)
    frame.press("Reset the frame").close()


def test_other_rules_leave_the_picture_turned_and_the_head_where_it_was_put(
    bench: Workbench, photos: dict[str, Path]
) -> None:
    bench.choose(photos["astronaut"]).wait("done")
    scene = Fold(bench, "scene")
    scene.choose("Gradient").file()
    chosen = scene.recipe.scene
    made_for(bench, "documents schengen")
    bench.page.get_by_role("slider", name="Chin").press("PageDown")
    frame = Fold(bench, "frame").slide("Turn", 3)
    chin = frame.recipe.frame.head.chin
    assert chin is not None
    made_for(bench, "documents japan")
    assert (frame.recipe.frame.turn, frame.recipe.frame.head.chin) == (3, chin)
    # Whoever wants no rules after all has what was there before.
    bench.page.get_by_label("What it is for").select_option("")
    assert frame.recipe.scene == chosen
    assert frame.recipe.frame.fit == "picture"
    frame.press("Reset the frame").close()


def test_checks_of_other_rules_are_never_shown(bench: Workbench, photos: dict[str, Path]) -> None:
    page = bench.page
    bench.choose(photos["coffee"]).wait("done")
    made_for(bench, "marketplaces amazon")
    seen = page.evaluate(
        """async () => {
          const select = document.querySelector("offcut-purpose select");
          select.value = "documents germany";
          select.dispatchEvent(new Event("change"));
          const purpose = document.querySelector("offcut-purpose");
          await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
          return [purpose.querySelectorAll(".checks li").length, purpose.textContent];
        }"""
    )
    assert seen[0] == 0 and "Being checked" in seen[1]
    expect(page.locator(".checks")).to_contain_text("head", timeout=PATIENCE_MS)
    page.get_by_label("What it is for").select_option("")


def test_a_print_sheet_is_a_pdf_of_the_papers_size(bench: Workbench, photos: dict[str, Path]) -> None:
    bench.choose(photos["astronaut"]).wait("done")
    made_for(bench, "documents schengen")
    Fold(bench, "output")
    bench.page.get_by_label("Print sheet").select_option("a4")
    expect(bench.page.locator("offcut-output")).to_contain_text("prints on the sheet", timeout=PATIENCE_MS)
    shown = bench.page.get_by_role("img", name="The print sheet").locator("image")
    expect(shown.first).to_be_visible()
    counted = shown.count()
    bench.page.get_by_role("radio", name="PDF").check()
    expect(bench.page.get_by_role("link", name="Download PDF")).to_be_visible(timeout=PATIENCE_MS)
    name, data = file(bench)
    assert name.endswith(".pdf")
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", data)
    assert box
    sides = sorted(float(side) / 72 * 25.4 for side in box.groups())
    assert sides == pytest.approx([210, 297], abs=0.1)
    prints = re.findall(rb"([\d.]+) 0 0 ([\d.]+) [\d.]+ [\d.]+ cm /Photo Do", data)
    assert len(prints) == counted > 10
    for wide, tall in prints:
        assert [float(wide) / 72 * 25.4, float(tall) / 72 * 25.4] == pytest.approx([35, 45], abs=0.1)
    bench.press("Reset the file")


def test_a_project_opens_to_the_same_pixels_on_a_page_that_never_saw_the_picture(
    bench: Workbench, browser: Browser, site: Path, photos: dict[str, Path], tmp_path: Path
) -> None:
    page = bench.page
    bench.choose(photos["chelsea"]).wait("done")
    scene = Fold(bench, "scene")
    with page.expect_file_chooser() as asked:
        scene.choose("Picture")
    asked.value.set_files(photos["coffee"])
    before = scene.file().rgba
    Fold(bench, "output")
    with page.expect_download() as waiting:
        bench.press("Save the project")
    assert waiting.value.suggested_filename == "chelsea.offcut"
    saved = tmp_path / "chelsea.offcut"
    waiting.value.save_as(saved)
    with ready_page(browser, site) as other:
        there = Workbench(other, other.url).choose(saved).wait("done")
        expect(other.locator(".panel-title")).to_have_text("chelsea.jpg")
        found = downloaded(there)
        assert found.name == "chelsea-cutout.png"
        assert np.array_equal(found.rgba, before)
        assert "infer" not in Fold(there, "scene").result("timings")  # what the net said is in the project


def test_a_tampered_project_is_refused_and_is_no_picture_either(
    bench: Workbench, photos: dict[str, Path], tmp_path: Path
) -> None:
    saved, changed = tmp_path / "chelsea.offcut", tmp_path / "changed.offcut"
    saved.write_bytes(
        project.packed(project.Project(photos["chelsea"].read_bytes(), "chelsea.jpg", Recipe(), {}, None))
    )
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(changed, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry, data[:-1] + b"x" if entry.filename == "original" else data)
    bench.choose(changed).wait("failed")
    assert "not what was saved" in bench.trouble
    bench.page.locator(".stage").focus()
    bench.page.keyboard.press("r")
    bench.wait("failed")
    assert "not what was saved" in bench.trouble


def test_what_cannot_be_made_at_first_can_be_mended(bench: Workbench, photos: dict[str, Path], tmp_path: Path) -> None:
    recipe = Recipe(output=Output("jpeg", most=1000))  # a photograph in one kilobyte
    saved = tmp_path / "small.offcut"
    saved.write_bytes(project.packed(project.Project(photos["chelsea"].read_bytes(), "chelsea.jpg", recipe, {}, None)))
    bench.choose(saved).wait("failed")
    assert "Allow more under File" in bench.trouble
    output = Fold(bench, "output").tick("At most so large")
    bench.wait("done")
    assert len(output.file("JPEG").data) > 1000
    # What fails later can be taken back.
    output.tick("At most so large").type("At most", "1")
    bench.wait("failed")
    bench.press("Undo").wait("done")
    assert len(output.file("JPEG").data) > 1000


def test_a_smaller_file_than_an_authoritys_floor_has_no_floor_any_more(
    bench: Workbench, photos: dict[str, Path]
) -> None:
    bench.choose(photos["astronaut"]).wait("done")
    made_for(bench, "documents uk")
    output = Fold(bench, "output").type("At most", "40")
    found = output.file("JPEG")
    assert len(found.data) <= 40_000
    assert (output.recipe.output.most, output.recipe.output.least) == (40_000, None)
    bench.page.get_by_label("What it is for").select_option("")


@pytest.mark.parametrize(
    ("address", "format", "check"),
    [
        ("change-background/", "PNG", lambda rgba: (rgba[..., 3] == 255).all()),
        ("product-photo/", "JPEG", lambda rgba: rgba.shape[0] == rgba.shape[1] and (rgba[:8, :8] >= 254).all()),
        ("id-photo/", "JPEG", lambda rgba: rgba.shape[:2] == (531, 413)),
        ("passport-photo/", "JPEG", lambda rgba: rgba.shape[:2] == (531, 413)),
        ("transparent-png/", "PNG", lambda rgba: 0.1 < (rgba[..., 3] == 0).mean() < 0.9),
    ],
)
def test_each_tools_page_begins_with_its_preset(
    id_page: Page, photos: dict[str, Path], native_file: NativeFile, address: str, format: str, check: object
) -> None:
    root = id_page.url
    try:
        workbench = Workbench(id_page, root + address).open()
        workbench.choose(photos["astronaut"]).wait("done")
        _, data = file(workbench)
        image = Image.open(io.BytesIO(data))
        assert image.format == format
        found = np.asarray(image.convert("RGBA"))
        assert callable(check) and check(found)
        wanted = rgba_of(native_file(photos["astronaut"], preset(address.rstrip("/"))).data)
        assert np.abs(found.astype(int) - wanted).mean() < 4  # a head is found to a pixel or so
        expect(id_page.locator("offcut-inspector details[open]")).to_have_count(1)
        workbench.clear()
    finally:
        Workbench(id_page, root).open().wait_engine()

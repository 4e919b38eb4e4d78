# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the file is written: its format, size, name, and what it says beside its pixels."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from offcut.output import Output
from offcut.recipe import Recipe, preset
from sitebuild.serve import Server

from .conftest import NativeFile, ready_page
from .inspector import Fold, close, rgba_of, undo
from .workbench import PATIENCE_MS, Workbench

FORGET = "localStorage.removeItem('offcut.output')"


@pytest.fixture
def output(workbench: Workbench, photos: dict[str, Path]) -> Iterator[Fold]:
    """The fold of the file, open, of the cat, 451 x 300; other tests find PNG again."""
    workbench.choose(photos["chelsea"]).wait("done")
    yield Fold(workbench, "output")
    workbench.page.evaluate(FORGET)


@pytest.fixture
def told(workbench: Workbench, photos: dict[str, Path], tmp_path: Path) -> Iterator[Fold]:
    """The same of a JPEG that lies on its side, and tells of its camera, date and place."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Camera Works", "CW 1", 6
    exif[0x8769] = {0x9003: "2024:05:06 07:08:09"}
    exif[0x8825] = {1: "N", 2: (52.0, 30.0, 0.0), 3: "E", 4: (13.0, 24.0, 0.0)}
    path = tmp_path / "told.jpg"
    with Image.open(photos["chelsea"]) as picture:
        picture.rotate(90, expand=True).save(path, quality=92, exif=exif)
    workbench.choose(path).wait("done")
    yield Fold(workbench, "output")
    workbench.page.evaluate(FORGET)


def mime(fold: Fold) -> str:
    found: str = fold.result("blob.type")
    return found


def test_whatever_the_file_is_a_png_is_copied(output: Fold) -> None:
    page = output.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for format in ("JPEG", "WebP", "Mask"):
        output.choose(format).file(format)
        output.workbench.press("Copy")
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        size = page.evaluate("""async () => {
          const [item] = await navigator.clipboard.read();
          const {width, height} = await createImageBitmap(await item.getType("image/png"));
          return [width, height];
        }""")
        assert size == [451, 300]
    # Another result was not copied yet.
    output.choose("PNG").file("PNG")
    expect(page.get_by_role("button", name="Copy", exact=True)).to_be_visible()


def test_the_size_of_the_file_is_seen_while_the_quality_is_still_held(output: Fold) -> None:
    page = output.page
    output.choose("JPEG").file("JPEG")
    note = output.all.locator(".fold-note")
    before = note.inner_text()
    steps = page.evaluate(
        "document.querySelector('offcut-workbench').drafts.history("
        "document.querySelector('offcut-workbench').selected).past.length"
    )
    slider = output.all.get_by_role("slider", name="Quality", exact=True)
    slider.evaluate("(one) => { one.value = 20; one.dispatchEvent(new Event('input', {bubbles: true})); }")
    expect(note).not_to_have_text(before, timeout=PATIENCE_MS)
    assert output.result("blob.size") < 20_000
    slider.evaluate("(one) => one.dispatchEvent(new Event('change', {bubbles: true}))")
    # What was held and let go is one step.
    assert (
        page.evaluate(
            "document.querySelector('offcut-workbench').drafts.history("
            "document.querySelector('offcut-workbench').selected).past.length"
        )
        == steps + 1
    )
    undo(output.workbench)
    assert output.recipe.output.quality == 90


def test_what_is_remembered_is_how_files_are_written_and_nothing_else(
    browser: Browser, site: Path, photos: dict[str, Path]
) -> None:
    with ready_page(browser, site) as page:
        root = page.url
        workbench = Workbench(page, root).choose(photos["chelsea"]).wait("done")
        output = Fold(workbench, "output")
        output.choose("JPEG").slide("Quality", 60).tick("Keep camera, date and place in the file")
        output.type("Name", "{name} on white").file("JPEG")

        def again(address: str) -> Fold:
            Workbench(page, root + address).open().choose(photos["chelsea"]).wait("done")
            return Fold(workbench, "output")

        written = again("").recipe.output
        assert (written.format, written.quality, written.name) == ("jpeg", 60, "{name} on white")
        assert written.metadata == "strip"
        # A page with files of its own kind keeps to them, whatever is done there.
        transparent = again("transparent-png/").recipe.output
        assert transparent == preset("transparent-png").output
        photo = again("id-photo/")
        photo.field("Print sheet").select_option("10x15")
        photo.file("JPEG")
        assert again("").recipe.output == written
        # Reset brings back what a first visit has, and it stays.
        output.press("Reset the file").file("PNG")
        assert again("").recipe.output == Output()


def test_a_jpeg_is_on_white_and_as_good_as_asked(
    output: Fold, photos: dict[str, Path], native_file: NativeFile
) -> None:
    good = output.choose("JPEG").file("JPEG")
    assert (good.name, good.image.format, mime(output)) == ("chelsea-cutout.jpg", "JPEG", "image/jpeg")
    assert good.image.mode == "RGB" and good.image.size == (451, 300)
    close(good.rgba, rgba_of(native_file(photos["chelsea"], Recipe(output=Output("jpeg"))).data))
    assert good.rgba[2, 2].min() >= 253
    poor = output.slide("Quality", 20).file("JPEG")
    assert len(poor.data) < len(good.data) / 2
    close(poor.rgba, rgba_of(native_file(photos["chelsea"], Recipe(output=Output("jpeg", quality=20))).data))


def test_a_webp_is_transparent(output: Fold, photos: dict[str, Path], native_file: NativeFile) -> None:
    plain = output.file().rgba
    lossy = output.choose("WebP").file("WebP")
    assert (lossy.name, lossy.image.format, mime(output)) == ("chelsea-cutout.webp", "WEBP", "image/webp")
    close(lossy.rgba, rgba_of(native_file(photos["chelsea"], Recipe(output=Output("webp"))).data))
    exact = output.tick("Lossless").file("WebP")
    assert np.array_equal(exact.rgba[..., 3], plain[..., 3])
    seen = plain[..., 3] > 0
    assert np.array_equal(exact.rgba[seen], plain[seen])


def test_a_mask_is_the_alpha(output: Fold) -> None:
    plain = output.file().rgba
    mask = output.choose("Mask").file("Mask")
    assert (mask.name, mask.image.format, mask.image.mode) == ("chelsea-cutout.png", "PNG", "L")
    assert mime(output) == "image/png"
    assert np.array_equal(np.asarray(mask.image), plain[..., 3])
    expect(output.page.locator(".after img")).to_have_js_property("naturalWidth", 451)


def test_layers_are_a_zip_that_says_what_it_is(output: Fold) -> None:
    plain = output.file().rgba
    Fold(output.workbench, "scene").choose("Colour").close()
    white = output.file().rgba
    file = output.choose("Layers").file("Layers")
    assert (file.name, mime(output)) == ("chelsea-cutout.ora", "image/openraster")
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.read("mimetype") == b"image/openraster"
        assert np.array_equal(rgba_of(archive.read("mergedimage.png")), white)
        stack = archive.read("stack.xml").decode()
        assert 'w="451" h="300"' in stack
        assert [name for name in ("mask", "subject", "backdrop") if f'name="{name}"' in stack] == [
            "mask",
            "subject",
            "backdrop",
        ]
        left, top, right, bottom = Image.fromarray(plain[..., 3]).getbbox() or (0, 0, 0, 0)
        subject = rgba_of(archive.read("data/layer1.png"))
        assert np.array_equal(subject, plain[top:bottom, left:right])
    expect(output.page.locator(".after img")).to_have_js_property("naturalWidth", 451)


@pytest.mark.parametrize("label", ["JPEG", "WebP"])
def test_a_file_is_at_most_so_large(output: Fold, label: str) -> None:
    free = output.choose(label).slide("Quality", 100).file(label)
    assert len(free.data) > 15_000
    assert output.tick("At most so large").file(label).data == free.data
    small = output.type("At most", "9").file(label)
    assert 5_000 < len(small.data) <= 9_000
    assert small.image.size == (451, 300)


def test_of_what_cannot_be_so_small_it_is_said_and_more_can_be_allowed(output: Fold) -> None:
    output.choose("JPEG").tick("At most so large").file("JPEG")
    output.type("At most", "1")
    output.workbench.wait("failed")
    assert "The file cannot be made as small as" in output.workbench.trouble
    assert "Allow more under File" in output.workbench.trouble
    output.type("At most", "0")
    assert output.refused("At most")
    output.type("At most", "12")
    output.workbench.wait("done")
    assert len(output.file("JPEG").data) <= 12_000


def test_a_file_is_named_after_its_picture_as_the_person_likes(output: Fold) -> None:
    assert output.file().name == "chelsea-cutout.png"
    assert output.type("Name", "shop-{name}-white").file().name == "shop-chelsea-white.png"
    assert output.type("Name", "plain: cat?").choose("JPEG").file("JPEG").name == "plain cat.jpg"
    output.type("Name", "  ")
    expect(output.field("Name")).to_have_value("{name}-cutout")
    assert output.file("JPEG").name == "chelsea-cutout.jpg"


@pytest.mark.parametrize("label", ["PNG", "JPEG", "WebP"])
def test_what_a_photograph_tells_is_left_out_unless_it_is_wanted(told: Fold, label: str) -> None:
    expect(told.all.locator(".soft").nth(1)).to_contain_text("where it was taken")
    expect(told.all.locator(".soft").nth(1)).to_contain_text("when it was taken")
    expect(told.all.locator(".soft").nth(1)).to_contain_text("the camera")
    expect(told.all.locator(".soft").nth(1)).to_contain_text("None of it is in the result.")
    if label != "PNG":
        told.choose(label)
    bare = told.file(label)
    assert not dict(bare.image.getexif())
    assert b"Camera Works" not in bare.data
    told.tick("Keep camera, date and place in the file")
    expect(told.all.locator(".soft").nth(1)).to_contain_text("What describes the photograph is kept.")
    kept = told.file(label)
    exif = kept.image.getexif()
    assert (exif[0x010F], exif[0x0110]) == ("Camera Works", "CW 1")
    assert exif.get_ifd(0x8769)[0x9003] == "2024:05:06 07:08:09"
    assert exif.get_ifd(0x8825)[2] == (52.0, 30.0, 0.0)
    assert exif.get(0x0112, 1) == 1  # the pixels are upright already
    assert kept.image.size == (451, 300)
    assert np.array_equal(kept.rgba, bare.rgba)


def test_undo_brings_the_format_before_back(output: Fold) -> None:
    plain = output.file().data
    output.choose("JPEG").file("JPEG")
    undo(output.workbench)
    assert output.file().data == plain
    expect(output.radio("PNG")).to_be_checked()


def test_reset_writes_the_file_as_at_first(output: Fold) -> None:
    plain = output.file()
    output.choose("WebP").tick("Lossless").type("Name", "x").file("WebP")
    assert output.press("Reset the file").file() == plain


def test_the_next_pictures_are_written_as_the_last(server: Server, page: Page, photos: dict[str, Path]) -> None:
    workbench = Workbench(page, f"{server.url}manual/").open()
    workbench.choose(photos["chelsea"]).wait("done")
    Fold(workbench, "output").choose("JPEG").slide("Quality", 70).type("Name", "{name}-small").file("JPEG")
    page.reload()
    workbench.choose(photos["chelsea"]).wait("done")
    output = Fold(workbench, "output")
    expect(output.radio("JPEG")).to_be_checked(timeout=PATIENCE_MS)
    expect(output.all.get_by_role("slider", name="Quality", exact=True)).to_have_value("70")
    file = output.file("JPEG")
    assert (file.name, file.image.format) == ("chelsea-small.jpg", "JPEG")

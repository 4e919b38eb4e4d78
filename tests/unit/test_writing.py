# SPDX-License-Identifier: AGPL-3.0-or-later
import io
import re
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from blocks import made
from helpers import catalogue, noise, opened, run, saved
from PIL import Image

from offcut import encode, job, writing
from offcut.compose import Composition, Layer
from offcut.engine import NoEngine
from offcut.errors import OutputImpossible, SheetTooSmall
from offcut.exif import PREFIX
from offcut.header import MAX_PIXELS
from offcut.inch import INCH, LEAST_DPI
from offcut.method import Method
from offcut.output import Output
from offcut.recipe import Recipe
from offcut.sheet import PAPERS, Sheet, drawn, laid

WIDTH, HEIGHT = 70, 90
SUBJECT = noise(WIDTH, HEIGHT, 4)
BEHIND = np.dstack([noise(WIDTH, HEIGHT, seed=1), np.full((HEIGHT, WIDTH), 255, np.uint8)])


def composition(*layers):
    return Composition(WIDTH, HEIGHT, layers or (Layer("subject", SUBJECT),), SUBJECT[..., 3])


class Watched(encode.Pillow):
    """Pillow, and what it was asked to encode."""

    def __init__(self):
        self.asked = []

    async def encode(self, rgba, mime, quality):
        self.asked.append((rgba, mime, quality))
        return await super().encode(rgba, mime, quality)


async def pause():
    pass


def written(output, dpi=(300, 300), of=None, codec=None, **options):
    """The file of a composition, its preview and its layout."""
    of = of or composition()
    return run(writing.written(of, of.merged(), output, dpi, None, codec or Watched(), pause, **options))


def on_white(rgba=SUBJECT):
    return encode.on_white(rgba)[..., :3]


@pytest.mark.parametrize("format", ["png", "jpeg", "webp", "mask"])
def test_a_picture_shows_itself_and_is_encoded_once(format):
    codec = Watched()
    file, seen, layout = written(Output(format), codec=codec, seen=True)
    assert opened(file).format == {"mask": "PNG"}.get(format, format.upper())
    assert seen is None and layout is None and len(codec.asked) == (0 if format == "mask" else 1)


OTHERS = [Output("ora"), Output("pdf"), Output("pdf", sheet=Sheet()), Output(sheet=Sheet())]


@pytest.mark.parametrize("output", OTHERS)
def test_what_no_browser_shows_is_shown_by_a_png_where_somebody_asks(output):
    codec = Watched()
    file, seen, _ = written(output, codec=codec)
    asked = len(codec.asked)
    again, shown, _ = written(output, codec=codec, seen=True)
    assert seen is None and file == again and len(codec.asked) == 2 * asked + 1
    assert opened(shown).format == "PNG" and opened(shown).size == (WIDTH, HEIGHT)
    wanted = SUBJECT if output.format == "ora" else encode.on_white(SUBJECT)
    assert np.array_equal(np.asarray(opened(shown).convert("RGBA")), wanted)


def test_a_mask_is_the_subject_and_not_what_lies_around_it():
    file, _, _ = written(Output("mask"), of=composition(Layer("backdrop", BEHIND), Layer("subject", SUBJECT)))
    assert opened(file).mode == "L" and np.array_equal(np.asarray(opened(file)), SUBJECT[..., 3])


def test_layers_lie_as_they_are_composed_and_the_mask_is_on_top_and_hidden():
    file, _, _ = written(Output("ora"), of=composition(Layer("backdrop", BEHIND), Layer("subject", SUBJECT)))
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        stack = archive.read("stack.xml").decode()
        top = opened(archive.read("data/layer0.png")).convert("L")
    assert re.findall(r'<layer name="(\w+)".*visibility="(\w+)"', stack) == [
        ("mask", "hidden"),
        ("subject", "visible"),
        ("backdrop", "visible"),
    ]
    assert np.array_equal(np.asarray(top), SUBJECT[..., 3])


def lengths(output):
    """The length of the file by quality."""
    return {quality: len(written(replace(output, quality=quality))[0]) for quality in range(1, 101)}


def test_a_pdf_is_as_long_as_it_may_be_and_its_frame_counts():
    known = lengths(Output("pdf"))
    assert known[1] - len(written(Output("jpeg", 1))[0]) > 500
    for most in (known[1], known[30] + 1, known[60] - 1, known[95]):
        file, _, _ = written(Output("pdf", 95, most=most))
        best = max(quality for quality in range(1, 96) if known[quality] <= most)
        assert file == written(Output("pdf", best))[0]


def test_a_pdf_that_cannot_be_so_small_says_how_small_it_can_be():
    least = len(written(Output("pdf", 1))[0])
    with pytest.raises(OutputImpossible) as caught:
        written(Output("pdf", 95, most=least - 1))
    assert caught.value.details == {"wanted": least - 1, "reached": least}


@pytest.mark.parametrize("format", ["png", "jpeg", "webp", "pdf"])
def test_bounds_of_an_upload_do_not_count_for_what_is_printed(format):
    sheet = Output(format, 60, sheet=Sheet(count=2))
    free = written(sheet)[0]
    assert written(replace(sheet, most=10))[0] == free
    assert written(replace(sheet, least=10_000_000))[0] == free


def test_a_sheet_has_the_photo_on_white_at_the_places_of_its_layout():
    file, _, layout = written(Output(sheet=Sheet("4x6", 1)))
    wanted = laid((WIDTH / 300 * INCH, HEIGHT / 300 * INCH), Sheet("4x6", 1))
    assert layout == wanted
    assert np.array_equal(np.asarray(opened(file).convert("RGB")), drawn(on_white(), wanted, 300))
    assert [round(value) for value in opened(file).info["dpi"]] == [300, 300]


@pytest.mark.parametrize("dpi", [(601, 601), (1200, 1200), (9600, 9600), (300, 30_000)])
def test_a_sheet_is_drawn_no_finer_than_is_printed_and_in_its_size_all_the_same(dpi):
    sheet = Sheet("10x15", count=1)
    file, _, layout = written(Output(sheet=sheet), dpi)
    assert layout.photo == pytest.approx((WIDTH / dpi[0] * INCH, HEIGHT / dpi[1] * INCH))
    image = opened(file)
    assert image.size == tuple(round(side / INCH * writing.SHEET_DPI) for side in layout.paper)
    assert [round(value) for value in image.info["dpi"]] == [600, 600]


def test_no_paper_has_more_pixels_than_the_largest_picture():
    for width, height in PAPERS.values():
        assert width * height * (writing.SHEET_DPI / INCH) ** 2 < MAX_PIXELS


@pytest.mark.parametrize("dpi", [(150, 300), (300, 150), (LEAST_DPI * 10, 300)])
@pytest.mark.parametrize("format", ["png", "jpeg"])
def test_on_a_sheet_a_photo_of_unequal_resolution_is_printed_in_its_shape(format, dpi):
    black = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    black[..., 3] = 255
    sheet = Sheet("10x15", count=1, marks=False)
    file, _, layout = written(Output(format, sheet=sheet), dpi, composition(Layer("subject", black)))
    across, down = (round(value) for value in opened(file).info["dpi"])
    assert across == down
    dark = np.asarray(opened(file).convert("L")) < 128
    size = np.array([np.flatnonzero(dark.any(axis=axis)).size for axis in (0, 1)]) / across * INCH
    assert size == pytest.approx((WIDTH / dpi[0] * INCH, HEIGHT / dpi[1] * INCH), abs=0.1)
    assert np.array(opened(file).size) / across * INCH == pytest.approx(layout.paper, abs=0.1)


def test_where_no_resolution_is_known_300_are_printed_on_an_inch():
    assert written(Output(sheet=Sheet()), None)[2] == written(Output(sheet=Sheet()), (300, 300))[2]
    assert written(Output("pdf"), None)[0].count(b"/MediaBox [0 0 16.8 21.6]") == 1


@pytest.mark.parametrize("format", ["png", "pdf"])
def test_a_print_that_the_paper_does_not_hold_is_told_with_its_size(format):
    with pytest.raises(SheetTooSmall) as caught:
        written(Output(format, sheet=Sheet("10x15")), (10, 10))
    assert caught.value.details == {"width": 177.8, "height": 228.6}


def finished(output, data):
    recipe = Recipe(method=Method("hand"), output=output)
    return run(job.run(data, "cat.jpg", recipe, catalogue=catalogue(), engine=NoEngine())).data


def test_what_is_kept_lies_in_each_format_where_that_has_it():
    """Pillow alone reads it wherever it lies: what other programs see is told from the bytes."""
    data = saved(Image.fromarray(noise(40, 30)), "JPEG", exif=made())
    jpeg = finished(Output("jpeg", metadata="keep"), data)
    assert jpeg[20:22] == b"\xff\xe1" and jpeg[24:34] == PREFIX + b"II*\0"
    png = finished(Output("png", metadata="keep"), data)
    at = png.index(b"eXIf")
    assert at < png.index(b"IDAT") and png[at + 4 : at + 8] == b"II*\0"
    webp = finished(Output("webp", metadata="keep"), data)
    at = webp.index(b"EXIF")
    assert webp[12:16] == b"VP8X" and webp[20] & 8 and webp[at + 8 : at + 12] == b"II*\0"
    length = int.from_bytes(webp[at + 4 : at + 8], "little")
    block = webp[at + 8 : at + 8 + length]
    assert png.count(block) == jpeg.count(PREFIX + block) == 1
    assert {opened(file).getexif()[0x013B] for file in (jpeg, png, webp)} == {"Ada Example"}


def test_what_a_file_shows_is_the_mask_white_or_what_is_transparent():
    rgba = np.zeros((2, 3, 4), np.uint8)
    rgba[:, :2] = (10, 20, 30, 255)
    rgba[0, 0, 3] = 128
    composition = Composition(3, 2, (Layer("subject", rgba),), rgba[..., 3])
    mask = writing.shown(composition, Output("mask"))
    assert mask.shape == rgba.shape and (mask[..., 3] == 255).all()
    assert np.array_equal(mask[..., 0], rgba[..., 3]) and np.array_equal(mask[..., 2], rgba[..., 3])
    for flat in (Output("jpeg"), Output("pdf"), Output("png", sheet=Sheet())):
        shown = writing.shown(composition, flat)
        assert (shown[..., 3] == 255).all() and (shown[:, 2, :3] == 255).all()
    assert np.array_equal(writing.shown(composition, Output("webp")), rgba)
    assert np.array_equal(writing.shown(composition, Output("ora")), rgba)

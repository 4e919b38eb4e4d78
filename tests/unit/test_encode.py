# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import replace

import numpy as np
import pytest
from helpers import noise, opened, plain, run
from PIL import Image

from offcut import encode, preview
from offcut.errors import OutputImpossible
from offcut.exif import LARGEST_BLOCK, PREFIX
from offcut.output import Output

MAKE = 0x010F


def block_of(text="Camera"):
    exif = Image.Exif()
    exif[MAKE] = text
    return exif.tobytes().removeprefix(PREFIX)


EXIF = block_of()


def written(rgba, output, dpi=None, exif=None, codec=None, pause=None, wrapped=None):
    return run(encode.written(rgba, output, dpi, exif, codec, pause, wrapped))


def opaque(width, height, seed=0):
    rgba = noise(width, height, 4, seed)
    rgba[..., 3] = 255
    return rgba


def test_a_png_holds_every_bit_and_the_resolution_and_nothing_else():
    rgba = noise(33, 21, 4)
    image = opened(written(rgba, Output(), (300, 72)))
    assert image.format == "PNG" and image.mode == "RGBA"
    assert np.array_equal(np.asarray(image), rgba)
    assert [round(value) for value in image.info["dpi"]] == [300, 72]
    assert set(image.info) == {"dpi"}


@pytest.mark.parametrize("output", [Output(), Output("webp"), Output("webp", lossless=True)])
def test_an_unknown_resolution_is_not_invented(output):
    image = opened(written(noise(3, 2, 4), output))
    image.load()
    assert not {"dpi", "exif"} & set(image.info)


def test_the_resolution_chunk_is_a_whole_chunk():
    chunk = encode.phys_chunk((72, 72))
    assert len(chunk) == 21 and chunk[:8] == b"\x00\x00\x00\x09pHYs"
    assert int.from_bytes(chunk[8:12], "big") == 2835


@pytest.mark.parametrize(
    "output", [Output(), Output("jpeg"), Output("webp"), Output("webp", lossless=True), Output("jpeg", least=9000)]
)
@pytest.mark.parametrize("alpha", [None, 255, 128])
@pytest.mark.parametrize("text", ["Camera", "Cameras"])
@pytest.mark.parametrize("dpi", [None, (300, 300)])
def test_exif_and_resolution_can_be_read_in_every_format_and_the_picture_is_the_same(output, alpha, text, dpi):
    rgba = noise(33, 21, 4)
    if alpha is not None:
        rgba[..., 3] = alpha
    image = opened(written(rgba, output, dpi, block_of(text)))
    assert image.getexif()[MAKE] == text
    bare = opened(written(rgba, output))
    assert image.size == bare.size == (33, 21) and image.mode == bare.mode
    if output.least is None:
        assert np.array_equal(np.asarray(image), np.asarray(bare))
    if dpi and output.format != "webp":  # which has no place for it
        assert [round(value) for value in image.info["dpi"]] == [300, 300]
    if not dpi and output.format == "jpeg":
        assert image.info["jfif_unit"] == 0


def test_an_exif_block_that_no_jpeg_takes_is_left_out():
    file = written(noise(9, 9, 4), Output("jpeg"), exif=bytes(LARGEST_BLOCK))
    assert file[20:30] == b"\xff\xe1\xff\xffExif\0\0" and opened(file).info["exif"] == PREFIX + bytes(LARGEST_BLOCK)
    image = opened(written(noise(9, 9, 4), Output("jpeg"), exif=bytes(LARGEST_BLOCK + 1)))
    image.load()
    assert "exif" not in image.info


@pytest.mark.parametrize("quality", [50, 89, 90, 100])
def test_what_is_transparent_is_white_in_a_jpeg(quality):
    rgba = np.zeros((32, 48, 4), np.uint8)
    rgba[:, 16:32] = (200, 40, 0, 128)
    rgba[:, 32:] = (20, 40, 160, 255)
    image = opened(written(rgba, Output("jpeg", quality)))
    assert image.format == "JPEG" and image.mode == "RGB"
    seen = np.asarray(image).astype(int)
    for columns, colour in (
        (slice(2, 14), (255, 255, 255)),
        (slice(18, 30), (227, 147, 127)),
        (slice(34, 46), (20, 40, 160)),
    ):
        assert np.abs(seen[:, columns].mean(axis=(0, 1)) - colour).max() <= 4


@pytest.mark.parametrize("alpha", [True, False])
def test_a_lossless_webp_holds_every_bit_that_is_seen(alpha):
    rgba = noise(33, 21, 4) if alpha else opaque(33, 21)
    image = opened(written(rgba, Output("webp", 1, lossless=True)))
    assert image.format == "WEBP"
    seen = np.asarray(image.convert("RGBA"))
    assert np.array_equal(seen[..., 3], rgba[..., 3])
    assert np.array_equal(seen[rgba[..., 3] > 0], rgba[rgba[..., 3] > 0])


@pytest.mark.parametrize("format", ["jpeg", "webp"])
def test_a_lower_quality_makes_a_smaller_file(format):
    sizes = [len(written(opaque(64, 64), Output(format, quality))) for quality in (10, 50, 80, 100)]
    assert sizes == sorted(set(sizes))


SMALL = opaque(40, 30)


def sizes(format, **more):
    """The length of the file by quality."""
    return {quality: len(written(SMALL, Output(format, quality), **more)) for quality in range(1, 101)}


BESIDE = [{}, {"dpi": (300, 300), "exif": EXIF}]


@pytest.mark.parametrize("beside", BESIDE)
def test_the_highest_quality_is_taken_that_leaves_a_jpeg_small_enough(beside):
    known = sizes("jpeg", **beside)
    for most in (known[1], known[7], known[40] - 1, known[60] + 1, known[85], known[95]):
        file = written(SMALL, Output("jpeg", 95, most=most), **beside)
        best = max(quality for quality in range(1, 96) if known[quality] <= most)
        assert len(file) <= most
        assert file == written(SMALL, Output("jpeg", best), **beside)


@pytest.mark.parametrize("beside", BESIDE)
def test_a_quality_is_taken_that_leaves_a_webp_small_enough_and_the_next_would_not(beside):
    """A higher quality makes a WebP smaller now and then: there may be a still higher one that would do."""
    known = sizes("webp", **beside)
    for most in (known[2], known[7], known[40] - 1, known[60] + 1, known[85], known[94]):
        file = written(SMALL, Output("webp", 95, most=most), **beside)
        ends = [quality for quality in range(1, 95) if known[quality] <= most < known[quality + 1]]
        assert file in [written(SMALL, Output("webp", quality), **beside) for quality in ends]


@pytest.mark.parametrize("beside", BESIDE)
def test_the_lowest_quality_is_taken_that_makes_a_jpeg_large_enough(beside):
    known = sizes("jpeg", **beside)
    for least in (known[20] - 5, known[20] + 1, known[50], known[77] + 1, known[100]):
        file = written(SMALL, Output("jpeg", 20, least=least), **beside)
        first = min(quality for quality in range(20, 101) if known[quality] >= least)
        assert file == written(SMALL, Output("jpeg", first), **beside)


@pytest.mark.parametrize("more", [1, 2, 3, 4, 5, 1000, 65536, 65537, 65538, 65541, 200_000])
@pytest.mark.parametrize("beside", BESIDE)
def test_a_jpeg_that_no_quality_makes_large_enough_is_filled_up_to_the_byte(more, beside):
    best = written(SMALL, Output("jpeg", 100), **beside)
    file = written(SMALL, Output("jpeg", least=len(best) + more), **beside)
    assert len(file) == len(best) + more
    assert np.array_equal(np.asarray(opened(file)), np.asarray(opened(best)))
    assert opened(file).getexif().get(MAKE) == ("Camera" if beside else None)


@pytest.mark.parametrize("width", [0, 1, 5, 300])
@pytest.mark.parametrize("quality", [1, 30, 80, 100])
def test_a_jpeg_between_two_sizes_is_both_large_and_small_enough(width, quality):
    known = sizes("jpeg")
    for least in (known[3], known[30] + 1, known[70] - 2, known[90] + 3, known[100] + 500):
        file = written(SMALL, Output("jpeg", quality, least=least, most=least + width))
        assert least <= len(file) <= least + width
        assert opened(file).size == (40, 30)
        opened(file).load()


@pytest.mark.parametrize("output", [Output("jpeg", 80), Output("jpeg", 1), Output("webp", 80)])
@pytest.mark.parametrize("beside", BESIDE)
def test_a_file_that_cannot_be_so_small_says_how_small_it_can_be(output, beside):
    least = len(written(SMALL, Output(output.format, 1), **beside))
    asked = Output(output.format, output.quality, most=least - 1)
    with pytest.raises(OutputImpossible) as caught:
        written(SMALL, asked, **beside)
    assert caught.value.details == {"wanted": least - 1, "reached": least}
    fits = Output(output.format, output.quality, most=least)
    assert len(written(SMALL, fits, **beside)) == least


@pytest.mark.parametrize("output", [Output(), Output("webp", lossless=True)])
def test_what_loses_nothing_is_as_large_as_it_is(output):
    assert written(SMALL, replace(output, most=10)) == written(SMALL, output)
    assert written(SMALL, replace(output, least=100_000)) == written(SMALL, output)


def test_only_a_jpeg_is_made_larger():
    assert written(SMALL, Output("webp", 50, least=100_000)) == written(SMALL, Output("webp", 50))


def test_of_a_file_that_is_wrapped_the_whole_length_counts():
    async def wrapped(file):
        return b"<" * 100 + file

    known = sizes("jpeg")
    file = written(SMALL, Output("jpeg", 95, most=known[60] + 100), wrapped=wrapped)
    assert file == b"<" * 100 + written(SMALL, Output("jpeg", 60))
    with pytest.raises(OutputImpossible) as caught:
        written(SMALL, Output("jpeg", 95, most=known[1] + 99), wrapped=wrapped)
    assert caught.value.details == {"wanted": known[1] + 99, "reached": known[1] + 100}


class Other(encode.Pillow):
    """Another codec than Pillow: its blobs are tuples of their bytes and how they came about."""

    def __init__(self, data=b""):
        self.data = data
        self.asked = []

    async def encode(self, rgba, mime, quality):
        self.asked.append((rgba.shape, mime, quality))
        return ("blob", self.data)

    async def head(self, blob, length):
        return blob[1][:length]

    def spliced(self, blob, start, end, data):
        return ("spliced", blob[1][:start] + data + blob[1][end:])

    def size(self, blob):
        return len(blob[1])


def test_the_browsers_encoder_is_used_where_there_is_one():
    codec = Other(bytes(40))
    made = written(noise(3, 2, 4), Output(), (72, 72), codec=codec)
    assert codec.asked == [((2, 3, 4), "image/png", None)]
    assert made == ("spliced", bytes(33) + encode.phys_chunk((72, 72)) + bytes(7))
    assert written(noise(3, 2, 4), Output("webp", 33), codec=codec) == ("blob", bytes(40))
    assert codec.asked[1:] == [((2, 3, 4), "image/webp", 33)]


def test_a_jpeg_that_does_not_begin_as_they_do_is_left_as_it_is_and_yet_filled_up():
    data = b"\xff\xd8\xff\xe1\x00\x08Exif\0\0" + b"\xff\xdb and so on"
    assert written(noise(3, 2, 4), Output("jpeg"), (72, 72), EXIF, Other(data)) == ("blob", data)
    filled = written(noise(3, 2, 4), Output("jpeg", least=len(data) + 6), codec=Other(data))[1]
    assert filled == data[:2] + b"\xff\xfe\x00\x04\0\0" + data[2:]


def test_the_event_loop_gets_a_turn_between_two_tries():
    turns = []

    async def pause():
        turns.append(len(codec.asked))

    codec = Other(bytes(40))
    with pytest.raises(OutputImpossible):
        written(noise(3, 2, 4), Output("webp", 64, most=39), codec=codec, pause=pause)
    assert len(codec.asked) == 7
    assert turns[-6:] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("dpi", [None, (300, 72)])
def test_a_mask_is_the_matte_in_grey(dpi):
    alpha = noise(33, 21, 1)
    image = opened(encode.mask(alpha, dpi))
    assert image.format == "PNG" and image.mode == "L" and np.array_equal(np.asarray(image), alpha)
    assert [round(value) for value in image.info.get("dpi", ())] == list(dpi or ())


def test_a_preview_fits_its_square_and_keeps_its_shape():
    picture = plain(noise(200, 100), noise(200, 100, 1))
    image = opened(preview.png(picture, 50))
    assert image.size == (50, 25) and image.mode == "RGBA"


def test_a_preview_never_grows_a_picture():
    assert opened(preview.png(plain(noise(20, 10)), 50)).size == (20, 10)

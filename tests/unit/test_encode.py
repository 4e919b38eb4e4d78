# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
from helpers import noise, opened, plain, run

from offcut import encode, preview


def test_a_png_holds_every_bit_and_the_resolution_and_nothing_else():
    rgba = noise(33, 21, 4)
    image = opened(run(encode.png(rgba, (300, 72))))
    assert image.format == "PNG" and image.mode == "RGBA"
    assert np.array_equal(np.asarray(image), rgba)
    assert [round(value) for value in image.info["dpi"]] == [300, 72]
    assert set(image.info) == {"dpi"}


def test_an_unknown_resolution_is_not_invented():
    image = opened(run(encode.png(noise(3, 2, 4), None)))
    image.load()
    assert image.info == {}


def test_the_resolution_chunk_is_a_whole_chunk():
    chunk = encode.phys_chunk((72, 72))
    assert len(chunk) == 21 and chunk[:8] == b"\x00\x00\x00\x09pHYs"
    assert int.from_bytes(chunk[8:12], "big") == 2835


def test_the_browsers_encoder_is_used_where_there_is_one():
    async def browser(rgba, dpi):
        return rgba.shape, dpi

    assert run(encode.png(noise(3, 2, 4), (72, 72), browser)) == ((2, 3, 4), (72, 72))


def test_a_preview_fits_its_square_and_keeps_its_shape():
    picture = plain(noise(200, 100), noise(200, 100, 1))
    image = opened(preview.png(picture, 50))
    assert image.size == (50, 25) and image.mode == "RGBA"


def test_a_preview_never_grows_a_picture():
    assert opened(preview.png(plain(noise(20, 10)), 50)).size == (20, 10)

# SPDX-License-Identifier: AGPL-3.0-or-later
from contextlib import suppress

import numpy as np
import pytest
from helpers import chunk, look, noise, png_of, saved
from PIL import Image, ImageOps

from offcut import errors
from offcut.picture import MAX_PIXELS, probe

PIXELS = noise(5, 3)


def exif(orientation: int) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags


def test_a_plain_picture_comes_back_pixel_for_pixel():
    picture = look(saved(Image.fromarray(PIXELS), "PNG"))
    assert np.array_equal(picture.rgb, PIXELS)
    assert picture.rgba.flags.c_contiguous and picture.rgba.dtype == np.uint8
    assert picture.alpha is None and picture.notes == () and picture.dpi is None and picture.name == "test"


@pytest.mark.parametrize("format", ["PNG", "BMP", "TIFF", "ICO", "GIF", "WEBP"])
def test_every_lossless_format_gives_the_same_pixels(format):
    grey = np.repeat(noise(16, 16, 1)[..., None], 3, axis=2)
    options = {"lossless": True} if format == "WEBP" else {"sizes": [(16, 16)]} if format == "ICO" else {}
    data = saved(Image.fromarray(grey).convert("L" if format == "GIF" else "RGB"), format, **options)
    assert np.array_equal(look(data).rgb, grey)


@pytest.mark.parametrize("format", ["PNG", "WEBP", "TIFF", "JPEG"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied(format, orientation):
    blocks = np.array([[[250, 10, 10], [10, 250, 10], [10, 10, 250]], [[240, 240, 10], [10, 10, 10], [240, 240, 240]]])
    stored = Image.fromarray(blocks.astype(np.uint8).repeat(16, 0).repeat(16, 1))
    options = {"WEBP": {"lossless": True}, "JPEG": {"quality": 100, "subsampling": 0}}.get(format, {})
    data = saved(stored, format, exif=exif(orientation), **options)
    tagged = stored.copy()
    tagged.getexif()[0x0112] = orientation
    upright = np.asarray(ImageOps.exif_transpose(tagged)).astype(int)
    picture = look(data)
    assert probe(data).orientation == orientation
    assert probe(data).upright == (upright.shape[1], upright.shape[0])
    assert picture.rgb.shape == upright.shape
    assert np.abs(picture.rgb.astype(int) - upright).max() <= (8 if format == "JPEG" else 0)


@pytest.mark.parametrize("orientation", [0, 9, 200])
def test_an_invalid_orientation_means_upright(orientation):
    data = saved(Image.fromarray(PIXELS), "PNG", exif=exif(orientation))
    assert probe(data).orientation == 1
    assert np.array_equal(look(data).rgb, PIXELS)


def test_an_orientation_in_xmp_alone_is_left_alone():
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf tiff:Orientation="6"/></x:xmpmeta>'
    assert probe(saved(Image.fromarray(noise(8, 4)), "WEBP", xmp=xmp)).orientation == 1


def test_alpha_turns_with_the_picture():
    rgba = noise(5, 3, 4)
    picture = look(saved(Image.fromarray(rgba), "PNG", exif=exif(6)))
    assert np.array_equal(picture.alpha, np.rot90(rgba[..., 3], -1))
    assert np.array_equal(picture.rgb, np.rot90(rgba[..., :3], -1))


def test_rgba_keeps_its_exact_colours_and_alpha():
    rgba = noise(9, 7, 4)
    picture = look(saved(Image.fromarray(rgba), "PNG"))
    assert np.array_equal(np.dstack([picture.rgb, picture.alpha]), rgba)
    assert picture.notes == ("already-transparent",)


def test_an_alpha_channel_that_is_opaque_everywhere_is_dropped():
    picture = look(saved(Image.fromarray(PIXELS).convert("RGBA"), "PNG"))
    assert picture.alpha is None and picture.notes == ()


def test_a_palette_with_transparency_becomes_colour_and_alpha():
    image = Image.fromarray(np.array([[0, 1], [2, 1]], np.uint8)).convert("P")
    image.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255])
    picture = look(saved(image, "PNG", transparency=bytes([255, 100, 0])))
    assert picture.rgb.tolist() == [[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [0, 255, 0]]]
    assert picture.alpha.tolist() == [[255, 100], [0, 100]]


def test_a_palette_without_transparency_is_opaque():
    image = Image.fromarray(PIXELS).quantize(8)
    assert np.array_equal(look(saved(image, "PNG")).rgb, np.asarray(image.convert("RGB")))


def test_grey_becomes_rgb():
    grey = noise(5, 3, 1)
    picture = look(saved(Image.fromarray(grey), "PNG"))
    assert np.array_equal(picture.rgb, np.dstack([grey] * 3))


def test_grey_with_alpha_keeps_both():
    grey, alpha = noise(5, 3, 1), noise(5, 3, 1, seed=1)
    picture = look(saved(Image.merge("LA", [Image.fromarray(grey), Image.fromarray(alpha)]), "PNG"))
    assert np.array_equal(picture.rgb[..., 1], grey) and np.array_equal(picture.alpha, alpha)


def test_one_bit_becomes_black_and_white():
    bits = noise(9, 3, 1) > 127
    picture = look(saved(Image.fromarray(bits), "PNG"))
    assert np.array_equal(picture.rgb[..., 0], bits * np.uint8(255))


@pytest.mark.parametrize(("depth", "sample", "key"), [(1, 0x80, 1), (2, 0x80, 2), (4, 0x70, 7), (8, 0x09, 9)])
def test_a_transparent_grey_is_found_at_every_depth(depth, sample, key):
    trns = chunk(b"tRNS", key.to_bytes(2, "big"))
    data = png_of(1, 2, depth, 0, bytes([0, sample, 0, 0]), trns)
    assert look(data).alpha.tolist() == [[0], [255]]


def test_a_transparent_colour_is_found():
    trns = chunk(b"tRNS", bytes([0, 0, 0, 0, 0, 0]))
    picture = look(png_of(2, 1, 8, 2, bytes([0, 0, 0, 0, 0, 0, 1]), trns))
    assert picture.alpha.tolist() == [[0, 255]]


def test_sixteen_bit_grey_keeps_its_high_byte():
    samples = np.array([[0, 255, 256, 65535]], np.uint16)
    picture = look(saved(Image.fromarray(samples), "PNG"))
    assert picture.rgb[0, :, 0].tolist() == [0, 0, 1, 255]
    assert picture.notes == ("sixteen-bit",)


def test_sixteen_bit_grey_with_a_key_is_transparent_only_there():
    rows = b"\x00" + np.array([0x1234, 0x1235], ">u2").tobytes()
    picture = look(png_of(2, 1, 16, 0, rows, chunk(b"tRNS", b"\x12\x34")))
    assert picture.alpha.tolist() == [[0, 255]]


def test_sixteen_bit_rgb_keeps_its_high_byte():
    rows = b"\x00" + np.array([0x01FF, 0x8000, 0xFFFF], ">u2").tobytes()
    picture = look(png_of(1, 1, 16, 2, rows))
    assert picture.rgb.tolist() == [[[0x01, 0x80, 0xFF]]]
    assert picture.notes == ("sixteen-bit",)


def test_sixteen_bit_rgb_with_a_key_is_transparent_there():
    rows = b"\x00" + np.array([0x0102, 0x0304, 0x0506, 0xFF00, 0, 0], ">u2").tobytes()
    key = chunk(b"tRNS", np.array([0x0102, 0x0304, 0x0506], ">u2").tobytes())
    assert look(png_of(2, 1, 16, 2, rows, key)).alpha.tolist() == [[0, 255]]


@pytest.mark.parametrize("format", ["JPEG", "TIFF"])
def test_cmyk_becomes_the_colours_a_person_expects(format):
    inks = np.zeros((16, 64, 4), np.uint8)
    inks[:, :16, 0] = inks[:, 16:32, 1] = inks[:, 32:48, 3] = 255  # cyan, magenta, black, paper
    picture = look(saved(Image.frombytes("CMYK", (64, 16), inks.tobytes()), format))
    seen = picture.rgb[8, [8, 24, 40, 56]].astype(int)
    assert np.abs(seen - [[0, 255, 255], [255, 0, 255], [0, 0, 0], [255, 255, 255]]).max() <= 6


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP"])
def test_of_an_animation_the_first_frame_is_taken(format):
    frames = [Image.new("RGB", (6, 4), colour) for colour in ((255, 0, 0), (0, 255, 0), (0, 0, 255))]
    options = {"lossless": True} if format == "WEBP" else {}
    picture = look(saved(frames[0], format, save_all=True, append_images=frames[1:], duration=50, **options))
    assert picture.rgb.shape == (4, 6, 3)
    assert (picture.rgb == (255, 0, 0)).all()
    assert picture.notes == ("animated",)


def test_of_several_tiff_pages_the_first_is_taken():
    pages = [Image.new("RGB", (6, 4), colour) for colour in ((255, 0, 0), (0, 255, 0))]
    picture = look(saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    assert (picture.rgb == (255, 0, 0)).all() and picture.notes == ("several-pages",)


def test_the_two_views_of_an_mpo_are_no_animation():
    views = [Image.new("RGB", (16, 16), colour) for colour in ((255, 0, 0), (0, 255, 0))]
    picture = look(saved(views[0], "MPO", save_all=True, append_images=views[1:]))
    assert picture.rgb[8, 8, 0] > 250 and picture.notes == ()


def test_resolution_is_read_and_turns_with_the_picture():
    data = saved(Image.fromarray(noise(32, 16)), "JPEG", dpi=(300, 150), exif=exif(6))
    assert look(data).dpi == (150, 300)


@pytest.mark.parametrize(("dpi", "told"), [((72, 72), True), ((10, 10), True), ((9, 300), False), ((300, 1), False)])
def test_a_resolution_at_which_nothing_is_printed_is_none(dpi, told):
    data = saved(Image.fromarray(noise(32, 16)), "JPEG", dpi=dpi)
    assert look(data).dpi == (dpi if told else None)


def test_one_pixel_is_a_picture():
    assert look(saved(Image.new("RGB", (1, 1), (1, 2, 3)), "PNG")).rgb.tolist() == [[[1, 2, 3]]]


def test_no_bytes_are_an_empty_picture():
    with pytest.raises(errors.PictureEmpty):
        look(b"")


@pytest.mark.parametrize("data", [b"Dear diary, this is no picture.", b"\x00", b"BM and so on", b"\xff\xd8\xff\xd9"])
def test_bytes_that_are_no_picture_are_unreadable_or_cut_off(data):
    with pytest.raises((errors.PictureUnreadable, errors.PictureTruncated)):
        look(data)


@pytest.mark.parametrize(
    ("format", "options"),
    [("JPEG", {}), ("JPEG", {"progressive": True}), ("PNG", {}), ("WEBP", {}), ("BMP", {})],
)
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9])
def test_a_truncated_file_says_so(format, options, share):
    data = saved(Image.fromarray(noise(64, 64)), format, **options)
    with pytest.raises(errors.PictureTruncated):
        look(data[: int(len(data) * share)])


def test_every_cut_of_a_small_file_is_a_picture_error_or_a_picture():
    for format in ("PNG", "GIF", "WEBP", "BMP", "TIFF", "ICO", "JPEG"):
        data = saved(Image.fromarray(noise(6, 5)), format)
        for end in range(0, len(data), 7):
            with suppress(errors.PictureError):
                look(data[:end])


def test_every_damaged_byte_is_a_picture_error_or_a_picture():
    for format in ("PNG", "GIF", "WEBP", "TIFF", "ICO"):
        data = saved(Image.fromarray(noise(6, 5)), format)
        for at in range(0, len(data), 5):
            with suppress(errors.PictureError):
                look(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])


def test_a_corrupt_checksum_is_unreadable():
    data = bytearray(saved(Image.fromarray(PIXELS), "PNG"))
    data[data.index(b"IDAT") + 8] ^= 0x55
    with pytest.raises(errors.PictureUnreadable):
        look(bytes(data))


@pytest.mark.parametrize(("width", "height"), [(20000, 20000), (2**31 - 1, 2**31 - 1), (MAX_PIXELS + 1, 1)])
def test_a_bomb_is_refused_from_its_header_alone(width, height):
    with pytest.raises(errors.PictureTooLarge) as caught:
        look(png_of(width, height, 8, 2, b""))
    assert caught.value.details == {"width": width, "height": height, "limit_megapixels": 100}


def test_a_gif_bomb_is_refused():
    with pytest.raises(errors.PictureTooLarge):
        look(b"GIF89a\xff\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\xff\xff\xff\xff\x00\x08\x00;")


def test_a_webp_bomb_is_refused_before_a_canvas_is_made():
    body = b"VP8X\x0a\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff"
    with pytest.raises(errors.PictureTooLarge):
        look(b"RIFF" + len(b"WEBP" + body).to_bytes(4, "little") + b"WEBP" + body)


def test_a_picture_just_within_the_limit_is_not_refused_by_its_header():
    assert probe(png_of(10000, 10000, 8, 2, b"")).width == 10000


def test_the_limits_of_pillow_are_left_as_they_were(recwarn):
    before = Image.MAX_IMAGE_PIXELS
    probe(png_of(10000, 9999, 8, 2, b""))
    assert before == Image.MAX_IMAGE_PIXELS and not recwarn


@pytest.mark.parametrize(("width", "height"), [(0, 5), (5, 0)])
def test_a_picture_without_area_is_unreadable(width, height):
    with pytest.raises(errors.PictureUnreadable):
        look(png_of(width, height, 8, 2, b""))


@pytest.mark.parametrize("mode", ["I", "F"])
def test_samples_of_32_bits_are_refused(mode):
    with pytest.raises(errors.PictureDepthUnsupported):
        look(saved(Image.new(mode, (4, 4)), "TIFF"))


def test_a_twelve_bit_jpeg_is_refused():
    data = bytearray(saved(Image.fromarray(noise(8, 8)), "JPEG"))
    data[data.index(b"\xff\xc0") + 4] = 12
    with pytest.raises(errors.PictureDepthUnsupported):
        look(bytes(data))


@pytest.mark.parametrize(
    ("data", "format"),
    [
        (b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "EPS"),
        (b"%PDF-1.7\n", "PDF"),
        (b"qoif" + bytes(20), "QOI"),
        (b"8BPS\x00\x01" + bytes(20), "PSD"),
        (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL"),
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG 2000"),
        (b"II*\x00\x10\x00\x00\x00CR\x02\x00", "camera raw"),
        (b"\x00\x00\x00\x18ftypisom" + bytes(40), "video"),
        (saved(Image.new("RGB", (2, 2)), "TGA"), "TGA"),
        (saved(Image.new("RGB", (2, 2)), "PPM"), "PNM"),
    ],
)
def test_known_formats_that_are_not_read_are_named(data, format):
    with pytest.raises(errors.PictureFormatUnsupported) as caught:
        look(data)
    assert caught.value.details == {"format": format}


def test_a_raw_negative_is_not_mistaken_for_its_thumbnail():
    tags = Image.Exif()
    tags[50706] = b"\x01\x04\x00\x00"  # DNGVersion
    with pytest.raises(errors.PictureFormatUnsupported):
        look(saved(Image.fromarray(PIXELS), "TIFF", exif=tags))

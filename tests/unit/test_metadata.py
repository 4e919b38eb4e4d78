# SPDX-License-Identifier: AGPL-3.0-or-later
import struct

import pytest
from blocks import ALL, BASE, GPS, IFD, LONG, RATIONAL, UNDEFINED, block, file, holding, made, text
from helpers import chunk, noise, opened, png_of, saved
from PIL import Image, PngImagePlugin

from offcut.metadata import LONGEST, Metadata, found, kept, kept_of, told_of

NOTHING = Metadata("", "", None, "", "", ())


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("endian", ["<", ">"])
def test_what_a_file_tells_is_found_in_every_format(format, endian):
    if format == "TIFF":  # there the tables are those of the file, whose order is the writer's
        exif = Image.Exif()
        exif.load(made(endian=endian))
        assert found(opened(file(format, exif))) == ALL
    else:
        assert found(opened(file(format, made(endian=endian)))) == ALL


@pytest.mark.parametrize("compression", [None, "tiff_lzw"])
def test_a_tiff_can_still_be_decoded_after_it_was_asked(compression):
    page = Image.fromarray(noise(40, 30))
    words = {BASE.Artist: "Ada"}
    data = saved(page, "TIFF", compression=compression, tiffinfo=words, save_all=True, append_images=[page.rotate(180)])
    image = opened(data)
    assert found(image).author == "Ada" and kept(image, (3, 3)) is not None
    assert image.tobytes() == page.tobytes()
    image.seek(1)
    assert image.tobytes() == page.rotate(180).tobytes()


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP"])
def test_a_file_that_says_nothing_tells_nothing(format):
    assert found(opened(saved(Image.fromarray(noise(40, 30)), format))) == NOTHING
    assert kept(opened(saved(Image.fromarray(noise(40, 30)), format)), (40, 30)) is None


def test_words_in_a_png_are_found():
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "Ada")
    words.add_itxt("Software", "Dünkelkammer")
    words.add_text("Creation Time", "yesterday")
    words.add_text("Description", "A picture")
    told = found(opened(saved(Image.new("L", (2, 2)), "PNG", pnginfo=words)))
    assert told == Metadata("", "yesterday", None, "Ada", "Dünkelkammer", ("author", "comment", "software", "taken"))


@pytest.mark.parametrize("format", ["JPEG", "GIF"])
def test_a_comment_is_found(format):
    assert found(opened(saved(Image.new("L", (9, 9)), format, comment=b"hello"))).kinds == ("comment",)
    assert found(opened(saved(Image.new("L", (9, 9)), format, comment=b" \n\0"))).kinds == ()


@pytest.mark.parametrize(("charset", "words", "there"), [(b"ASCII\0\0\0", b"hi", True), (b"\0" * 8, b" \0 \0", False)])
def test_a_comment_that_is_only_padding_is_none(charset, words, there):
    rows = [(BASE.UserComment, UNDEFINED, 8 + len(words), charset + words)]
    assert ("comment" in found(holding(block([], rows))).kinds) == there


def test_exif_as_imagemagick_writes_it_into_a_png_is_found():
    hex_lines = made().hex()
    raw = b"Raw profile type exif\0\nexif\n  " + str(len(made())).encode() + b"\n" + hex_lines.encode() + b"\n"
    assert found(opened(png_of(1, 1, 8, 0, b"\0\0", chunk(b"tEXt", raw)))) == ALL


def test_xmp_and_iptc_are_named():
    packet = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"
    assert found(opened(saved(Image.new("RGB", (9, 9)), "JPEG", xmp=packet))).kinds == ("xmp",)
    assert found(opened(saved(Image.new("RGB", (9, 9)), "WEBP", xmp=packet))).kinds == ("xmp",)
    words = PngImagePlugin.PngInfo()
    words.add_itxt("XML:com.adobe.xmp", packet.decode())
    assert found(opened(saved(Image.new("RGB", (9, 9)), "PNG", pnginfo=words))).kinds == ("xmp",)
    assert found(opened(saved(Image.new("RGB", (9, 9)), "TIFF", tiffinfo={700: packet}))).kinds == ("xmp",)
    resource = b"8BIM" + struct.pack(">HHI", 0x0404, 0, 6) + b"\x1c\x02\x50\0\1A"
    segment = b"Photoshop 3.0\0" + resource
    data = saved(Image.new("RGB", (9, 9)), "JPEG")
    spliced = data[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + data[2:]
    assert found(opened(spliced)).kinds == ("iptc",)


def test_a_thumbnail_is_named_and_a_second_page_is_none():
    small = [(0x0201, LONG, 1, struct.pack("<I", 0)), (0x0202, LONG, 1, struct.pack("<I", 9))]
    assert found(holding(block([text(BASE.Make, b"A\0")], small=small))).kinds == ("camera", "exif", "thumbnail")
    page = Image.new("L", (9, 9))
    assert found(opened(saved(page, "TIFF", save_all=True, append_images=[page]))).kinds == ()


@pytest.mark.parametrize(
    ("make", "model", "camera"),
    [
        (b"NIKON CORPORATION\0", b"NIKON D90\0", "NIKON D90"),
        (b"Canon\0", b"Canon EOS R5\0", "Canon EOS R5"),
        (b"Apple\0", b"iPhone 15\0", "Apple iPhone 15"),
        (b"Apple\0", b"\0", "Apple"),
        (b"\0", b"X100\0", "X100"),
        (b"  \0", b" \0", ""),
    ],
)
def test_a_camera_is_called_as_people_call_it(make, model, camera):
    told = found(holding(block([text(BASE.Make, make), text(BASE.Model, model)])))
    assert told.camera == camera and ("camera" in told.kinds) == bool(camera)


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ("Łukasz 图\0".encode(), "Łukasz 图"),
        (b"Ren\xe9\0", "René"),
        (b"a\x1b[31mb\x00c\r\n\td\x7f\0", "a [31mb c d"),
        ("a\u202eb\u2066c\u200bd\0".encode(), "a b c d"),
        (b"x" * 500 + b"\0", "x" * LONGEST),
        (b"   \0", ""),
    ],
)
def test_words_are_made_safe_to_show(data, shown):
    assert found(holding(block([text(BASE.Artist, data)]))).author == shown


def test_words_of_windows_are_read():
    name = "Ada 图\0".encode("utf-16-le")
    told = found(holding(block([(BASE.XPAuthor, 1, len(name), name)])))
    assert told.author == "Ada 图" and told.kinds == ("author", "exif")


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (b"2024:05:01 12:34:56\0", "2024-05-01 12:34:56"),
        (b"0000:00:00 00:00:00\0", ""),
        (b"    :  :     :  :  \0", ""),
        (b"May 1st\0", "May 1st"),
    ],
)
def test_the_moment_is_shown_where_it_was_set(moment, shown):
    told = found(holding(block([], [text(BASE.DateTimeOriginal, moment)])))
    assert told.taken == shown and ("taken" in told.kinds) == bool(shown)


def test_the_moment_at_which_a_file_was_changed_is_not_when_it_was_taken():
    assert found(holding(block([text(BASE.DateTime, b"2024:05:01 12:34:56\0")]))).taken == ""


@pytest.mark.parametrize(
    ("gps", "place"),
    [
        ({GPS.GPSLatitudeRef: "N"}, (33.856806, 151.21)),
        ({GPS.GPSLongitudeRef: "W", GPS.GPSLongitude: (180.0, 0.0, 0.0)}, (-33.856806, -180)),
        ({GPS.GPSLatitude: (45.5,)}, (-45.5, 151.21)),
        ({GPS.GPSLatitude: (90.0, 0.0, 1.0)}, None),
        ({GPS.GPSLongitude: (181.0, 0.0, 0.0)}, None),
        ({GPS.GPSLatitudeRef: "X"}, None),
        ({GPS.GPSLatitudeRef: ""}, None),
    ],
)
def test_a_place_is_on_the_earth_or_none_and_is_named_either_way(gps, place):
    told = found(holding(made(gps=gps)))
    assert told.gps == (None if place is None else pytest.approx(place, abs=1e-5))
    assert "gps" in told.kinds


@pytest.mark.parametrize(
    ("latitude", "place"),
    [
        ((2, RATIONAL, 3, struct.pack("<6I", 10, 2, 30, 1, 0, 1)), (5.5, 5.5)),
        ((2, 10, 3, struct.pack("<6i", 10, 2, 30, 1, 0, 1)), (5.5, 5.5)),
        ((2, 10, 3, struct.pack("<6i", -10, 2, 30, 1, 0, 1)), None),
        ((2, RATIONAL, 3, struct.pack("<6I", 0, 0, 0, 0, 0, 0)), None),
        ((2, RATIONAL, 0, b""), None),
        ((2, LONG, 1, struct.pack("<I", 5)), None),
        (text(2, b"33\0"), None),
    ],
)
def test_a_camera_that_has_no_fix_or_writes_nonsense_tells_no_place(latitude, place):
    longitude = (4, RATIONAL, 1, struct.pack("<2I", 11, 2))
    told = found(holding(block([], gps=[text(1, b"N\0"), latitude, text(3, b"E\0"), longitude])))
    assert told.gps == place and "gps" in told.kinds


def test_the_version_of_a_place_is_no_place():
    assert found(holding(block([], gps=[(0, 1, 4, b"\2\3\0\0")]))).kinds == ("exif",)


def test_what_is_whole_in_a_damaged_block_is_still_told():
    told = found(holding(block([text(BASE.Make, b"A\0"), (IFD.Exif, LONG, 1, b"\xff\xff\xff\0")])))
    assert told.camera == "A" and told.kinds == ("camera", "exif")


def behind(*chunks, **options):
    """A PNG with chunks behind its pixels."""
    data = saved(Image.fromarray(noise(40, 30)), "PNG", **options)
    return data[:-12] + b"".join(chunks) + data[-12:]


AUTHOR = chunk(b"tEXt", b"Author\0Ada Example")
EXIF = chunk(b"eXIf", made().removeprefix(b"Exif\0\0"))


def test_what_stands_behind_the_pixels_of_a_png_is_told():
    assert told_of(behind(EXIF)) == ALL
    assert told_of(behind(AUTHOR)).author == "Ada Example"
    assert kept_of(behind(EXIF), (8, 6)) == kept(holding(made()), (8, 6))
    palette = saved(Image.fromarray(noise(40, 30)).quantize(9), "PNG")
    assert told_of(palette[:-12] + AUTHOR + palette[-12:]).author == "Ada Example"


def test_what_stands_before_the_pixels_of_a_png_is_told_though_something_behind_them_is_damaged():
    broken = chunk(b"zTXt", b"Comment\0\0" + b"no zlib")[:-1] + b"!"
    assert told_of(behind(broken, exif=made())) == ALL
    assert told_of(behind(exif=made())[:-40] + AUTHOR) == ALL

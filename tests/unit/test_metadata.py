# SPDX-License-Identifier: AGPL-3.0-or-later
import random
import struct

import pytest
from helpers import chunk, noise, opened, png_of, saved
from PIL import ExifTags, Image, PngImagePlugin
from PIL.TiffImagePlugin import IFDRational

from offcut.metadata import LARGEST_BLOCK, LONGEST, Metadata, found, kept

BASE, IFD, GPS = ExifTags.Base, ExifTags.IFD, ExifTags.GPS
NOTHING = Metadata("", "", None, "", "", ())
ASCII, SHORT, LONG, RATIONAL, UNDEFINED = 2, 3, 4, 5, 7


def made(**changes):
    """An EXIF block with a camera, a place, a date and a name, by Pillow."""
    exif = Image.Exif()
    exif.endian = changes.get("endian", "<")
    exif[BASE.Make] = "ACME Optics"
    exif[BASE.Model] = "Roadrunner 5"
    exif[BASE.Software] = "Darkroom 2.1"
    exif[BASE.Artist] = "Ada Example"
    exif[BASE.Orientation] = 6
    exif[BASE.ImageDescription] = "A canyon"
    exif[IFD.Exif] = {
        BASE.DateTimeOriginal: "2024:05:01 12:34:56",
        BASE.BodySerialNumber: "SN-0042",
        BASE.ExifImageWidth: 4000,
        BASE.ExifImageHeight: 3000,
        BASE.ColorSpace: 65535,
        BASE.MakerNote: b"secret" * 9,
        BASE.ExposureTime: IFDRational(1, 250),
    }
    exif[IFD.GPSInfo] = {
        GPS.GPSVersionID: b"\2\3\0\0",
        GPS.GPSLatitudeRef: "S",
        GPS.GPSLatitude: (33.0, 51.0, 24.5),
        GPS.GPSLongitudeRef: "E",
        GPS.GPSLongitude: (151.0, 12.0, 36.0),
    } | changes.get("gps", {})
    return exif.tobytes()


def block(first, exif=(), gps=(), small=(), order="<"):
    """An EXIF block by hand: rows of (tag, type, number of values, bytes), one table behind the other."""
    tables = [list(first), list(exif), list(gps), list(small)]
    places, at = [], 8
    for index, rows in enumerate(tables):
        if index == 0:
            at += 12 * sum(1 for table in tables[1:3] if table)
        places.append(at if index else 8)
        at += 6 + 12 * len(rows) + sum(len(row[3]) for row in rows if len(row[3]) > 4)
    for index, tag in ((1, IFD.Exif), (2, IFD.GPSInfo)):
        if tables[index]:
            tables[0].append((tag, LONG, 1, struct.pack(order + "I", places[index])))
    body = b""
    for index, rows in enumerate(tables):
        start, values = 8 + len(body), b""
        text = struct.pack(order + "H", len(rows))
        for tag, kind, number, data in rows:
            where = struct.pack(order + "I", start + 6 + 12 * len(rows) + len(values))
            text += struct.pack(order + "HHI", tag, kind, number) + (where if len(data) > 4 else data.ljust(4, b"\0"))
            values += data if len(data) > 4 else b""
        body += text + struct.pack(order + "I", places[3] if index == 0 and small else 0) + values
    return b"Exif\0\0" + (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8) + body


def text(tag, data):
    return (tag, ASCII, len(data), data)


def holding(exif):
    """An image that says that it was opened from a file with this block."""
    image = Image.new("RGB", (4, 3))
    image.info["exif"] = exif
    return image


def file(format, exif, **options):
    return saved(Image.fromarray(noise(40, 30)), format, exif=exif, **options)


ALL = Metadata(
    "ACME Optics Roadrunner 5",
    "2024-05-01 12:34:56",
    (pytest.approx(-33.856806, abs=1e-6), pytest.approx(151.21)),
    "Ada Example",
    "Darkroom 2.1",
    ("author", "camera", "comment", "exif", "gps", "serial", "software", "taken"),
)


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


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("endian", ["<", ">"])
def test_what_is_kept_is_read_back_from_the_result(format, endian):
    carried = kept(opened(file("JPEG", made(endian=endian))), (800, 600))
    image = opened(file(format, carried))
    assert found(image) == ALL
    exif = image.getexif()
    inner, place = exif.get_ifd(IFD.Exif), exif.get_ifd(IFD.GPSInfo)
    assert exif[BASE.Orientation] == 1 and exif[BASE.Artist] == "Ada Example"
    assert (inner[BASE.ExifImageWidth], inner[BASE.ExifImageHeight], inner[BASE.ColorSpace]) == (800, 600, 1)
    assert inner[BASE.ExposureTime] == 1 / 250 and BASE.MakerNote not in inner
    assert place[GPS.GPSLatitude] == (33, 51, 24.5) and place[GPS.GPSLatitudeRef] == "S"


def test_what_is_kept_of_a_tiff_is_about_the_photograph_and_not_about_its_file():
    exif = Image.Exif()
    exif.load(made())
    carried = kept(opened(file("TIFF", exif, dpi=(300, 300))), (800, 600))
    image = opened(file("JPEG", carried))
    assert found(image) == ALL
    own = {BASE.Make, BASE.Model, BASE.Software, BASE.Artist, BASE.ImageDescription}
    assert set(image.getexif()) == own | {BASE.Orientation, IFD.Exif, IFD.GPSInfo}


@pytest.mark.parametrize("order", ["<", ">"])
def test_what_is_kept_is_kept_bit_for_bit(order):
    inner = [
        (0xA301, UNDEFINED, 1, b"\1"),
        (0x9000, UNDEFINED, 4, b"0232"),
        (0xA430, 129, 7, "Łukas\0".encode()),
        (0x829A, RATIONAL, 1, struct.pack(order + "2I", 10, 2500)),
    ]
    artist = "Łukasz\0".encode()
    carried = kept(holding(block([text(BASE.Artist, artist)], inner, order=order)), (8, 6))
    table = {
        struct.unpack(order + "HHI", carried[at : at + 8]): carried[at + 8 : at + 12] for at in rows(carried, order)
    }
    assert artist in carried and struct.pack(order + "2I", 10, 2500) in carried
    assert table[0xA301, UNDEFINED, 1] == b"\1\0\0\0" and table[0x9000, UNDEFINED, 4] == b"0232"
    assert (0xA430, 129, 7) in table and (BASE.Artist, ASCII, 8) in table


def rows(carried, order):
    """Where the rows of all tables of a block lie."""
    pending = [struct.unpack(order + "I", carried[10:14])[0]]
    while pending:
        at = pending.pop() + 6
        [count] = struct.unpack(order + "H", carried[at : at + 2])
        for start in range(at + 2, at + 2 + 12 * count, 12):
            yield start
            tag, _, _, value = struct.unpack(order + "HHII", carried[start : start + 12])
            if tag in (IFD.Exif, IFD.GPSInfo):
                pending.append(value)


def test_no_thumbnail_and_no_maker_note_is_kept():
    small = [(0x0201, LONG, 1, struct.pack("<I", 0))]
    note = [(BASE.MakerNote, UNDEFINED, 6, b"secret"), text(BASE.LensModel, b"50mm\0")]
    carried = kept(holding(block([text(BASE.Make, b"Acme Ltd\0")], note, small=small)), (8, 6))
    assert b"secret" not in carried and b"Acme Ltd" in carried and b"50mm" in carried
    assert found(holding(carried)).kinds == ("camera", "exif")


@pytest.mark.parametrize(
    "exif",
    [
        b"",
        b"Exif\0\0",
        b"Exif\0\0II*\0",
        b"Exif\0\0XX*\0\x08\0\0\0\0\0",
        b"Exif\0\0II*\0\xff\xff\xff\xff",
        made()[:100],
        made()[: len(made()) - 4],
        block([(BASE.Orientation, SHORT, 1, b"\6\0")]),
        block([(BASE.Artist, ASCII, 70000, b"x" * 70000)]),
        block([(BASE.Artist, ASCII, 40000, b"x" * 40000), (BASE.Make, ASCII, 40000, b"y" * 40000)]),
        block([text(BASE.Make, b"A\0"), (IFD.Exif, LONG, 1, b"\xff\xff\xff\0")]),
        block([text(BASE.Make, b"A\0"), (IFD.GPSInfo, SHORT, 9, b"\xff" * 18)]),
        block([(0x4746, SHORT, 1, b"\5\0")] * 1001),
        "a keyword of a PNG",
    ],
)
def test_what_is_damaged_too_large_or_empty_is_not_kept(exif):
    assert kept(holding(exif), (8, 6)) is None


def test_what_is_whole_in_a_damaged_block_is_still_told():
    told = found(holding(block([text(BASE.Make, b"A\0"), (IFD.Exif, LONG, 1, b"\xff\xff\xff\0")])))
    assert told.camera == "A" and told.kinds == ("camera", "exif")


def test_the_largest_block_that_is_kept_fits_a_jpeg():
    room = LARGEST_BLOCK - len(kept(holding(block([text(BASE.Artist, b"x" * 6)])), (8, 6))) + 6
    room -= room % 2
    for length, fits in ((room, True), (room + 2, False)):
        carried = kept(holding(block([text(BASE.Artist, b"x" * length)])), (8, 6))
        assert (carried is not None) == fits
        if carried is not None:
            assert found(opened(file("JPEG", carried))).author == "x" * LONGEST


def test_no_damage_raises_anything_and_what_is_kept_can_be_written():
    random_ = random.Random(7)
    small = [(0x0201, LONG, 1, struct.pack("<I", 0))]
    whole = [made(), made(endian=">"), block([text(BASE.Artist, b"Someone\0")], small=small)]
    carried = 0
    for _ in range(3000):
        data = bytearray(random_.choice(whole))
        for _ in range(random_.choice((1, 1, 2, 8))):
            data[random_.randrange(len(data))] ^= 1 << random_.randrange(8)
        image = holding(bytes(data[: random_.choice((len(data), random_.randrange(len(data))))]))
        told = found(image)
        for words in (told.camera, told.taken, told.author, told.software):
            assert len(words) <= LONGEST and (words.isprintable() or not words)
        assert told.gps is None or (abs(told.gps[0]) <= 90 and abs(told.gps[1]) <= 180)
        assert list(told.kinds) == sorted(set(told.kinds))
        block_ = kept(image, (8, 6))
        if block_ is not None:
            carried += 1
            assert kept(holding(block_), (8, 6)) == block_
    assert carried > 500

# SPDX-License-Identifier: AGPL-3.0-or-later
import random
import struct

import pytest
from blocks import ALL, ASCII, BASE, GPS, IFD, LONG, RATIONAL, SHORT, UNDEFINED, block, file, holding, made, text
from helpers import noise, opened, run
from PIL import Image

from offcut import encode
from offcut.exif import LARGEST_BLOCK
from offcut.metadata import LONGEST, found, kept
from offcut.output import Output


def result(format, carried):
    """A file as results are written."""
    return run(encode.written(noise(40, 30, 4), Output(format), exif=carried))


@pytest.mark.parametrize("format", ["jpeg", "png", "webp"])
@pytest.mark.parametrize("endian", ["<", ">"])
def test_what_is_kept_is_read_back_from_the_result(format, endian):
    carried = kept(opened(file("JPEG", made(endian=endian))), (800, 600))
    image = opened(result(format, carried))
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
    image = opened(result("jpeg", carried))
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
    pending = [struct.unpack(order + "I", carried[4:8])[0]]
    while pending:
        at = pending.pop()
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


def test_the_largest_block_that_is_kept_fits_a_jpeg():
    room = LARGEST_BLOCK - len(kept(holding(block([text(BASE.Artist, b"x" * 6)])), (8, 6))) + 6
    room -= room % 2
    for length, fits in ((room, True), (room + 2, False)):
        carried = kept(holding(block([text(BASE.Artist, b"x" * length)])), (8, 6))
        assert (carried is not None) == fits
        if carried is not None:
            assert len(carried) >= LARGEST_BLOCK - 1
            assert found(opened(result("jpeg", carried))).author == "x" * LONGEST


def test_a_block_begins_with_its_own_head_and_with_nothing_before_it():
    for order, head in (("<", b"II*\0"), (">", b"MM\0*")):
        assert kept(holding(block([text(BASE.Make, b"Acme\0")], order=order)), (8, 6))[:4] == head


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

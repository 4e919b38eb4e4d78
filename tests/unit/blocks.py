# SPDX-License-Identifier: AGPL-3.0-or-later
"""EXIF blocks, by Pillow and by hand, and what is to be found in them."""

import struct

import pytest
from helpers import noise, saved
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from offcut.metadata import Metadata

BASE, IFD, GPS = ExifTags.Base, ExifTags.IFD, ExifTags.GPS


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

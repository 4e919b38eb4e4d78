# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a picture file says beside its pixels."""

import io
import re
import struct
import zlib
from dataclasses import dataclass
from typing import Any

from PIL import Image

from offcut import exif
from offcut.errors import PictureError
from offcut.exif import Exif, Values
from offcut.header import inspect

LONGEST = 80
"""Texts are cut to so many characters."""

_XP_AUTHOR, _OWNER = 0x9C9D, 0xA430
_TAKEN = (0x9003, 0x9004)  # DateTimeOriginal, DateTimeDigitized
_COMMENTS = (exif.DESCRIPTION, *(tag for tag in exif.XP if tag != _XP_AUTHOR))
_USER_COMMENT = 0x9286
_SERIALS = (0xA431, 0xA435)  # BodySerialNumber, LensSerialNumber
_XMP, _IPTC = 0x02BC, 0x83BB
_RAW_EXIF = "Raw profile type exif"

_PNG = b"\x89PNG\r\n\x1a\n"
_FRAMES = (b"IDAT", b"fdAT", b"fcTL", b"acTL")
"""Chunks of pixels, and of an animation (PNG 3, 11.2.3 and 11.3.6)."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a file tells.

    `camera`, `taken`, `author` and `software` are for people to read: at most `LONGEST` printable characters, "" where
    the file does not say. `taken` is "YYYY-MM-DD HH:MM:SS" where the file has it in EXIF's notation. `gps` is
    (latitude, longitude) in degrees, north and east positive. `kinds` names what there is, sorted: "author", "camera",
    "comment", "exif", "gps", "iptc", "serial", "software", "taken", "thumbnail", "xmp". Inside of IPTC, XMP and
    makers' notes nothing is looked for.
    """

    camera: str
    taken: str
    gps: tuple[float, float] | None
    author: str
    software: str
    kinds: tuple[str, ...]


def found(image: Image.Image) -> Metadata:
    """What the file of an opened Pillow image says. Nothing is raised, whatever is in it.

    Of a TIFF it must be asked before its pixels are loaded, which is when Pillow lets go of the file; the tables of a
    BigTIFF are not read. Of a PNG, what stands behind the pixels is known only after they are loaded, or where the file
    was opened by `told_of`.
    """
    info: dict[Any, Any] = image.info
    tiff = hasattr(image, "tag_v2")
    block = _block(image)
    first, inner = block.first, block.exif

    def told(*candidates: str) -> str:
        return next(filter(None, candidates), "")

    camera = _camera(_text(first, exif.MAKE), _text(first, exif.MODEL))
    taken = told(*(_moment(_text(inner, tag)) for tag in _TAKEN), _clean(info.get("Creation Time")))
    author = told(
        *(_text(first, tag) for tag in (exif.ARTIST, _XP_AUTHOR)),
        *(_text(table, tag) for table, tag in ((inner, _OWNER), (first, exif.COPYRIGHT))),
        *(_clean(info.get(key)) for key in ("Author", "Copyright")),
    )
    software = told(_text(first, exif.SOFTWARE), _clean(info.get("Software")))
    comment = told(
        *(_text(first, tag) for tag in _COMMENTS),
        _clean(inner[_USER_COMMENT].data[8:]) if _USER_COMMENT in inner else "",
        *(_clean(info.get(key)) for key in ("comment", "Comment", "Description", "Title")),
    )
    resources = info["photoshop"] if isinstance(info.get("photoshop"), dict) else {}
    there = {
        "author": author,
        "camera": camera,
        "comment": comment,
        "exif": inner if tiff else info.get("exif") or _RAW_EXIF in info,
        "gps": block.gps.keys() - {0},  # 0 is but the version
        "iptc": _IPTC in first or 0x0404 in resources or "Raw profile type iptc" in info,
        "serial": told(*(_text(inner, tag) for tag in _SERIALS)),
        "software": software,
        "taken": taken,
        "thumbnail": (block.small and not tiff) or 0x0409 in resources or 0x040C in resources,
        "xmp": _XMP in first or any(info.get(key) for key in ("xmp", "XML:com.adobe.xmp", "Raw profile type xmp")),
    }
    return Metadata(camera, taken, _position(block), author, software, tuple(kind for kind in there if there[kind]))


def kept(image: Image.Image, size: tuple[int, int]) -> bytes | None:
    """An EXIF block for a result of `size` (width, height) made from `image`: see offcut.exif.kept. As for `found`, a
    TIFF must not be loaded yet."""
    return exif.kept(_block(image), size)


def _block(image: Image.Image) -> Exif:
    """The EXIF of an image; `exif.NOTHING` where there is none, or none that can be read."""
    if hasattr(image, "tag_v2"):
        file = getattr(image, "fp", None)
        return exif.NOTHING if file is None else exif.read(file)
    data: Any = image.info.get("exif")
    raw: Any = image.info.get(_RAW_EXIF)
    if not data and isinstance(raw, str):  # ImageMagick's: a line for its name, one for its length, and hex
        try:
            data = bytes.fromhex("".join(raw.split("\n")[3:]))
        except ValueError:
            return exif.NOTHING
    return exif.read(io.BytesIO(data.removeprefix(exif.PREFIX))) if isinstance(data, bytes) else exif.NOTHING


def _text(table: Values, tag: int) -> str:
    if tag not in table:
        return ""
    data = table[tag].data
    return _clean(data.decode("utf-16-le", "replace") if tag in exif.XP else data)


def _clean(value: object) -> str:
    """Text without what is not printable, which would reverse or hide what stands around it; "" for what is no text.
    Bytes are UTF-8, or Latin-1 where they are not that."""
    text = value if isinstance(value, str) else ""
    if isinstance(value, bytes):
        try:
            text = value.decode()
        except UnicodeDecodeError:
            text = value.decode("latin-1")
    shown = "".join(sign if sign.isprintable() else " " for sign in text[: exif.LARGEST_BLOCK])
    return " ".join(shown.split())[:LONGEST].strip()


def _camera(make: str, model: str) -> str:
    """Maker and model; the maker once."""
    brand = make.split(" ")[0].lower()
    return model if model.lower().startswith(brand) and model else f"{make} {model}".strip()[:LONGEST]


def _moment(text: str) -> str:
    """EXIF's "YYYY:MM:DD HH:MM:SS" with the usual signs; "" where it is filled with nothing."""
    if not re.search("[1-9]", text):
        return ""
    parts = re.match(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$", text)
    return f"{parts[1]}-{parts[2]}-{parts[3]} {parts[4]}" if parts else text


def _position(block: Exif) -> tuple[float, float] | None:
    latitude, longitude = _degrees(block, 1, "NS", 90), _degrees(block, 3, "EW", 180)
    return None if latitude is None or longitude is None else (latitude, longitude)


def _degrees(block: Exif, tag: int, signs: str, most: float) -> float | None:
    """Degrees, minutes and seconds behind the letter at `tag`, as one number; None where they make no sense."""
    letter = _text(block.gps, tag).upper()[:1]
    value = block.gps.get(tag + 1)
    if not letter or letter not in signs or value is None or value.type not in (exif.RATIONAL, exif.SRATIONAL):
        return None
    layout = block.order + ("2I" if value.type == exif.RATIONAL else "2i")
    parts = list(struct.iter_unpack(layout, value.data[:24]))
    if not parts or not all(under for _, under in parts):
        return None
    degrees: float = sum(over / under / 60**index for index, (over, under) in enumerate(parts))
    if not 0 <= degrees <= most:
        return None
    return degrees if letter == signs[0] else -degrees


def told_of(data: bytes) -> Metadata | None:
    """What a picture file says; None where Pillow does not know its format."""
    image = _opened(data)
    return None if image is None else found(image)


def kept_of(data: bytes, size: tuple[int, int]) -> bytes | None:
    """The EXIF of a picture file for a result of `size`; see `kept`."""
    image = _opened(data)
    return None if image is None else kept(image, size)


def _opened(data: bytes) -> Image.Image | None:
    for file in (_gathered(data), data) if data.startswith(_PNG) else (data,):
        try:
            return inspect(file)[1]
        except PictureError:  # what stands behind the pixels of a PNG may be damaged: then the rest is looked at
            continue
    return None


def _gathered(data: bytes) -> bytes:
    """A PNG without its pixels. Tools often write behind these what they add, and Pillow reads no further than to the
    pixels before it is asked for them."""
    parts = [_PNG]
    at = len(_PNG)
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        if kind == b"IEND":
            break
        if kind not in _FRAMES and end <= len(data):
            parts.append(data[at:end])
        at = end
    for kind in (b"IDAT", b"IEND"):
        parts.append(struct.pack(">I", 0) + kind + struct.pack(">I", zlib.crc32(kind)))
    return b"".join(parts)

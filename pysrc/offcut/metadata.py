# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a picture file says beside its pixels.

EXIF (CIPA DC-008) lies in a TIFF's tables, and these are read here byte by byte: Pillow would decode and encode every
value again, and lose types, letters that are not ASCII, and all values behind one that is damaged.
"""

import io
import re
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple

from PIL import Image

from offcut.errors import PictureError
from offcut.header import inspect

LONGEST = 80
"""Texts are cut to so many characters."""

LARGEST_BLOCK = 65533
"""The largest EXIF block that a JPEG takes; other formats take more, but one that is larger is hardly a description."""

MOST_ROWS = 1000
"""A table with more values than this is none: so much of a file is read at most, whatever it says."""

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1}
"""Bytes of one value of each type: TIFF 6.0's, the pointers of its supplement, and the UTF-8 of EXIF 3.0."""

_SHORT, _LONG, _RATIONAL, _SRATIONAL, _POINTER = 3, 4, 5, 10, 13
_EXIF, _GPS = 0x8769, 0x8825
_ORIENTATION, _COLOUR_SPACE, _WIDTH, _HEIGHT = 0x0112, 0xA001, 0xA002, 0xA003
_MAKE, _MODEL, _SOFTWARE, _ARTIST, _COPYRIGHT = 0x010F, 0x0110, 0x0131, 0x013B, 0x8298
_XP = range(0x9C9B, 0x9CA0)  # Windows' own, in UTF-16: title, comment, author, keywords, subject
_XP_AUTHOR, _OWNER = 0x9C9D, 0xA430
_TAKEN = (0x9003, 0x9004)  # DateTimeOriginal, DateTimeDigitized
_COMMENTS = (0x010E, *(tag for tag in _XP if tag != _XP_AUTHOR))  # ImageDescription
_USER_COMMENT = 0x9286
_SERIALS = (0xA431, 0xA435)  # BodySerialNumber, LensSerialNumber
_XMP, _IPTC = 0x02BC, 0x83BB
_PIXELS = frozenset({0x0111, 0x0201})  # StripOffsets, JPEGInterchangeFormat
_HEADS = {"<": b"II*\0", ">": b"MM\0*"}
_RAW_EXIF = "Raw profile type exif"

_CARRIED = frozenset({0x010E, _MAKE, _MODEL, _SOFTWARE, 0x0132, _ARTIST, 0x013C, 0x4746, 0x4749, _COPYRIGHT, *_XP})
"""Of the first table: what describes the photograph, not how its file holds the pixels."""

_LEFT = frozenset({0x927C, 0xA005, 0x9101, 0x9102, 0x9214, 0xA214, 0xA20E, 0xA20F, 0xA210, 0xA500})
"""Of the EXIF table: the maker note, pointers, and what describes the pixels as they were: how they were compressed,
where among them the subject is, how many of them a millimetre of the sensor has, and their gamma."""


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


class _Value(NamedTuple):
    """A value as it lies in a table; `whole` is False where `data` is but its beginning, or it lies outside."""

    type: int
    quantity: int
    data: bytes
    whole: bool = True


_Table = dict[int, _Value]


@dataclass(frozen=True, slots=True)
class _Exif:
    """The tables of a block, by tag; `order` is struct's sign for that of its bytes. `sound` is False where a table is
    damaged. `small` says whether there is a next table that leads to pixels."""

    order: str
    first: _Table
    exif: _Table
    gps: _Table
    small: bool
    sound: bool


_NOTHING = _Exif("<", {}, {}, {}, False, False)


def found(image: Image.Image) -> Metadata:
    """What the file of an opened Pillow image says. Nothing is raised, whatever is in it.

    Of a TIFF it must be asked before its pixels are loaded, which is when Pillow lets go of the file; the tables of a
    BigTIFF are not read. Of a PNG, what stands behind the pixels is known only after they are loaded.
    """
    info: dict[Any, Any] = image.info
    tiff = hasattr(image, "tag_v2")
    block = _block(image)
    first, exif = block.first, block.exif

    def told(*candidates: str) -> str:
        return next(filter(None, candidates), "")

    camera = _camera(_text(first, _MAKE), _text(first, _MODEL))
    taken = told(*(_moment(_text(exif, tag)) for tag in _TAKEN), _clean(info.get("Creation Time")))
    author = told(
        *(_text(first, tag) for tag in (_ARTIST, _XP_AUTHOR)),
        *(_text(table, tag) for table, tag in ((exif, _OWNER), (first, _COPYRIGHT))),
        *(_clean(info.get(key)) for key in ("Author", "Copyright")),
    )
    software = told(_text(first, _SOFTWARE), _clean(info.get("Software")))
    comment = told(
        *(_text(first, tag) for tag in _COMMENTS),
        _clean(exif[_USER_COMMENT].data[8:]) if _USER_COMMENT in exif else "",
        *(_clean(info.get(key)) for key in ("comment", "Comment", "Description", "Title")),
    )
    resources = info["photoshop"] if isinstance(info.get("photoshop"), dict) else {}
    there = {
        "author": author,
        "camera": camera,
        "comment": comment,
        "exif": exif if tiff else info.get("exif") or _RAW_EXIF in info,
        "gps": block.gps.keys() - {0},  # 0 is but the version
        "iptc": _IPTC in first or 0x0404 in resources or "Raw profile type iptc" in info,
        "serial": told(*(_text(exif, tag) for tag in _SERIALS)),
        "software": software,
        "taken": taken,
        "thumbnail": (block.small and not tiff) or 0x0409 in resources or 0x040C in resources,
        "xmp": _XMP in first or any(info.get(key) for key in ("xmp", "XML:com.adobe.xmp", "Raw profile type xmp")),
    }
    return Metadata(camera, taken, _position(block), author, software, tuple(kind for kind in there if there[kind]))


def kept(image: Image.Image, size: tuple[int, int]) -> bytes | None:
    """An EXIF block for a result of `size` (width, height) made from `image`, for Pillow's `exif=`, JPEG, PNG and WebP
    alike.

    All that the original's says of the photograph, bit for bit, its place included; but upright, without thumbnail and
    maker note, and without what describes the original's pixels, such as their resolution, which the result's format
    states itself. Where the original's says how many pixels there are and in which colour space, this one says `size`
    and sRGB. None where there is no EXIF, where it is damaged, or larger than `LARGEST_BLOCK`. As for `found`, a TIFF
    must not be loaded yet.
    """
    block = _block(image)
    first = {tag: value for tag, value in block.first.items() if tag in _CARRIED}
    exif = {tag: value for tag, value in block.exif.items() if tag not in _LEFT and value.type != _POINTER}
    values = [value for table in (first, exif, block.gps) for value in table.values()]
    if not block.sound or not values or not all(value.whole for value in values):
        return None
    if sum(12 + len(value.data) for value in values) > LARGEST_BLOCK:
        return None

    def number(type: int, value: int) -> _Value:
        return _Value(type, 1, struct.pack(block.order + ("H" if type == _SHORT else "I"), value))

    first[_ORIENTATION] = number(_SHORT, 1)
    if exif:
        exif |= {_WIDTH: number(_LONG, size[0]), _HEIGHT: number(_LONG, size[1])}
    if _COLOUR_SPACE in exif:
        exif[_COLOUR_SPACE] = number(_SHORT, 1)
    inner = [(tag, table) for tag, table in ((_EXIF, exif), (_GPS, block.gps)) if table]
    first |= {tag: number(_LONG, 0) for tag, _ in inner}
    at, behind = 8 + len(_packed(block.order, first, 8)), b""
    for tag, table in inner:
        first[tag] = number(_LONG, at + len(behind))
        behind += _packed(block.order, table, at + len(behind))
    head = _HEADS[block.order] + struct.pack(block.order + "I", 8)
    written = b"Exif\0\0" + head + _packed(block.order, first, 8) + behind
    return written if len(written) <= LARGEST_BLOCK else None


def _packed(order: str, table: _Table, at: int) -> bytes:
    """A table that will lie at `at`, with its values behind it; of even length, as TIFF wants it."""
    rows = struct.pack(order + "H", len(table))
    values = b""
    for tag, (type, quantity, data, _) in sorted(table.items()):
        if len(data) > 4:
            place = struct.pack(order + "I", at + 2 + 12 * len(table) + 4 + len(values))
            values += data + b"\0" * (len(data) % 2)
        else:
            place = data.ljust(4, b"\0")
        rows += struct.pack(order + "HHI", tag, type, quantity) + place
    return rows + b"\0\0\0\0" + values


def _block(image: Image.Image) -> _Exif:
    """The EXIF of an image; `_NOTHING` where there is none, or none that can be read."""
    data: Any = image.info.get("exif")
    raw: Any = image.info.get(_RAW_EXIF)
    try:
        if hasattr(image, "tag_v2"):
            file = getattr(image, "fp", None)
            return _NOTHING if file is None else _Reader(file).exif()
        if not data and isinstance(raw, str):  # ImageMagick's: a line for its name, one for its length, and hex
            data = bytes.fromhex("".join(raw.split("\n")[3:]))
        return _Reader(io.BytesIO(data.removeprefix(b"Exif\0\0"))).exif() if isinstance(data, bytes) else _NOTHING
    except (_Damaged, ValueError):
        return _NOTHING


class _Damaged(Exception):
    """A block that says what cannot be."""


class _Reader:
    """Reads a TIFF structure from `file`. All that it does raises _Damaged."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = file.seek(0, io.SEEK_END)
        head = self._bytes(0, 4)
        if head not in _HEADS.values():
            raise _Damaged
        self._order = "<" if head == _HEADS["<"] else ">"

    def exif(self) -> _Exif:
        """The first table, the next, and those inside of the first."""
        first, following = self._table(*self._numbers("I", 4))
        sound, inner = True, []
        for tag in (_EXIF, _GPS):
            try:
                inner.append(self._table(*struct.unpack(self._order + "I", first[tag].data))[0] if tag in first else {})
            except (_Damaged, struct.error):
                sound = False
                inner.append({})
        try:
            small = following != 0 and not _PIXELS.isdisjoint(self._table(following)[0])
        except _Damaged:
            small = False
        return _Exif(self._order, first, inner[0], inner[1], small, sound)

    def _bytes(self, at: int, length: int) -> bytes:
        if at + length > self._size:
            raise _Damaged
        self._file.seek(at)
        return self._file.read(length)

    def _numbers(self, format: str, at: int) -> tuple[Any, ...]:
        layout = struct.Struct(self._order + format)
        return layout.unpack(self._bytes(at, layout.size))

    def _table(self, at: int) -> tuple[_Table, int]:
        """The values of the table at `at`, and where the next table lies, 0 where there is none."""
        [rows] = self._numbers("H", at)
        if rows > MOST_ROWS:
            raise _Damaged
        layout = struct.Struct(self._order + "HHI4s")
        table: _Table = {}
        for tag, type, quantity, data in layout.iter_unpack(self._bytes(at + 2, rows * layout.size)):
            length = _SIZES.get(type, 0) * quantity
            if length > 4:
                table.setdefault(tag, self._far(type, quantity, length, *struct.unpack(self._order + "I", data)))
            elif type in _SIZES:
                table.setdefault(tag, _Value(type, quantity, data[:length]))
        try:
            [following] = self._numbers("I", at + 2 + rows * layout.size)
        except _Damaged:  # the last table of a block may end without
            following = 0
        return table, following

    def _far(self, type: int, quantity: int, length: int, at: int) -> _Value:
        """A value that lies elsewhere, at `at`."""
        if at + length > self._size:
            return _Value(type, quantity, b"", False)
        return _Value(type, quantity, self._bytes(at, min(length, LARGEST_BLOCK)), length <= LARGEST_BLOCK)


def _text(table: _Table, tag: int) -> str:
    if tag not in table:
        return ""
    data = table[tag].data
    return _clean(data.decode("utf-16-le", "replace") if tag in _XP else data)


def _clean(value: object) -> str:
    """Text without what is not printable, which would reverse or hide what stands around it; "" for what is no text.
    Bytes are UTF-8, or Latin-1 where they are not that."""
    text = value if isinstance(value, str) else ""
    if isinstance(value, bytes):
        try:
            text = value.decode()
        except UnicodeDecodeError:
            text = value.decode("latin-1")
    shown = "".join(sign if sign.isprintable() else " " for sign in text[:LARGEST_BLOCK])
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


def _position(block: _Exif) -> tuple[float, float] | None:
    latitude, longitude = _degrees(block, 1, "NS", 90), _degrees(block, 3, "EW", 180)
    return None if latitude is None or longitude is None else (latitude, longitude)


def _degrees(block: _Exif, tag: int, signs: str, most: float) -> float | None:
    """Degrees, minutes and seconds behind the letter at `tag`, as one number; None where they make no sense."""
    letter = _text(block.gps, tag).upper()[:1]
    value = block.gps.get(tag + 1)
    if not letter or letter not in signs or value is None or value.type not in (_RATIONAL, _SRATIONAL):
        return None
    layout = block.order + ("2I" if value.type == _RATIONAL else "2i")
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
    try:
        return inspect(data)[1]
    except PictureError:
        return None

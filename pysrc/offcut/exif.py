# SPDX-License-Identifier: AGPL-3.0-or-later
"""EXIF (CIPA DC-008): what cameras write into picture files.

It lies in a TIFF's tables, and these are read here byte by byte: Pillow would decode and encode every value again, and
lose types, letters that are not ASCII, and all values behind one that is damaged.
"""

import io
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple

LARGEST_BLOCK = 65527
"""The largest block that is read or kept: what a JPEG takes, whose segments hold 65,533 bytes, six of them for the
letters Exif. Other formats take more, but one that is larger is hardly a description."""

MOST_ROWS = 1000
"""A table with more values than this is none: so much of a file is read at most, whatever it says."""

PREFIX = b"Exif\0\0"
"""Stands before a block in a JPEG, and nowhere else."""

SHORT, LONG, RATIONAL, SRATIONAL, POINTER = 3, 4, 5, 10, 13
EXIF, GPS = 0x8769, 0x8825
ORIENTATION, COLOUR_SPACE, WIDTH, HEIGHT = 0x0112, 0xA001, 0xA002, 0xA003
MAKE, MODEL, SOFTWARE, ARTIST, COPYRIGHT = 0x010F, 0x0110, 0x0131, 0x013B, 0x8298
DESCRIPTION, DATE = 0x010E, 0x0132
XP = range(0x9C9B, 0x9CA0)
"""Windows' own, in UTF-16: title, comment, author, keywords, subject."""

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1}
"""Bytes of one value of each type: TIFF 6.0's, the pointers of its supplement, and the UTF-8 of EXIF 3.0."""

_PIXELS = frozenset({0x0111, 0x0201})  # StripOffsets, JPEGInterchangeFormat
_HEADS = {"<": b"II*\0", ">": b"MM\0*"}

_CARRIED = frozenset({DESCRIPTION, MAKE, MODEL, SOFTWARE, DATE, ARTIST, 0x013C, 0x4746, 0x4749, COPYRIGHT, *XP})
"""Of the first table: what describes the photograph, not how its file holds the pixels."""

_LEFT = frozenset({0x927C, 0xA005, 0x9101, 0x9102, 0x9214, 0xA214, 0xA20E, 0xA20F, 0xA210, 0xA500})
"""Of the EXIF table: the maker note, pointers, and what describes the pixels as they were: how they were compressed,
where among them the subject is, how many of them a millimetre of the sensor has, and their gamma."""


class Value(NamedTuple):
    """A value as it lies in a table; `whole` is False where `data` is but its beginning, or it lies outside."""

    type: int
    quantity: int
    data: bytes
    whole: bool = True


Values = dict[int, Value]
"""A table, by tag."""


@dataclass(frozen=True, slots=True)
class Exif:
    """The tables of a block; `order` is struct's sign for that of its bytes. `sound` is False where a table is damaged.
    `small` says whether there is a next table that leads to pixels."""

    order: str
    first: Values
    exif: Values
    gps: Values
    small: bool
    sound: bool


NOTHING = Exif("<", {}, {}, {}, False, False)


def read(file: BinaryIO) -> Exif:
    """The tables of a block, or of a TIFF file: the first, the next, and those inside of the first. `NOTHING` where it
    is none."""
    try:
        return _Reader(file).exif()
    except _Damaged:
        return NOTHING


def kept(block: Exif, size: tuple[int, int]) -> bytes | None:
    """A block for a result of `size` (width, height), as it stands in a PNG or WebP; in a JPEG `PREFIX` comes first.

    All that `block` says of the photograph, bit for bit, its place included; but upright, without thumbnail and maker
    note, and without what describes the original's pixels, such as their resolution, which the result's format states
    itself. Where it says how many pixels there are and in which colour space, this one says `size` and sRGB. None where
    there is nothing to say, and where `block` is damaged or larger than `LARGEST_BLOCK`.
    """
    first = {tag: value for tag, value in block.first.items() if tag in _CARRIED}
    exif = {tag: value for tag, value in block.exif.items() if tag not in _LEFT and value.type != POINTER}
    values = [value for table in (first, exif, block.gps) for value in table.values()]
    if not block.sound or not values or not all(value.whole for value in values):
        return None
    if sum(12 + len(value.data) for value in values) > LARGEST_BLOCK:
        return None

    def number(type: int, value: int) -> Value:
        return Value(type, 1, struct.pack(block.order + ("H" if type == SHORT else "I"), value))

    first[ORIENTATION] = number(SHORT, 1)
    if exif:
        exif |= {WIDTH: number(LONG, size[0]), HEIGHT: number(LONG, size[1])}
    if COLOUR_SPACE in exif:
        exif[COLOUR_SPACE] = number(SHORT, 1)
    inner = [(tag, table) for tag, table in ((EXIF, exif), (GPS, block.gps)) if table]
    first |= {tag: number(LONG, 0) for tag, _ in inner}
    at, behind = 8 + len(_packed(block.order, first, 8)), b""
    for tag, table in inner:
        first[tag] = number(LONG, at + len(behind))
        behind += _packed(block.order, table, at + len(behind))
    written = _HEADS[block.order] + struct.pack(block.order + "I", 8) + _packed(block.order, first, 8) + behind
    return written if len(written) <= LARGEST_BLOCK else None


def _packed(order: str, table: Values, at: int) -> bytes:
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

    def exif(self) -> Exif:
        """The first table, the next, and those inside of the first."""
        first, following = self._table(*self._numbers("I", 4))
        sound, inner = True, []
        for tag in (EXIF, GPS):
            try:
                inner.append(self._table(*struct.unpack(self._order + "I", first[tag].data))[0] if tag in first else {})
            except (_Damaged, struct.error):
                sound = False
                inner.append({})
        try:
            small = following != 0 and not _PIXELS.isdisjoint(self._table(following)[0])
        except _Damaged:
            small = False
        return Exif(self._order, first, inner[0], inner[1], small, sound)

    def _bytes(self, at: int, length: int) -> bytes:
        if at + length > self._size:
            raise _Damaged
        self._file.seek(at)
        return self._file.read(length)

    def _numbers(self, format: str, at: int) -> tuple[Any, ...]:
        layout = struct.Struct(self._order + format)
        return layout.unpack(self._bytes(at, layout.size))

    def _table(self, at: int) -> tuple[Values, int]:
        """The values of the table at `at`, and where the next table lies, 0 where there is none."""
        [rows] = self._numbers("H", at)
        if rows > MOST_ROWS:
            raise _Damaged
        layout = struct.Struct(self._order + "HHI4s")
        table: Values = {}
        for tag, type, quantity, data in layout.iter_unpack(self._bytes(at + 2, rows * layout.size)):
            length = _SIZES.get(type, 0) * quantity
            if length > 4:
                table.setdefault(tag, self._far(type, quantity, length, *struct.unpack(self._order + "I", data)))
            elif type in _SIZES:
                table.setdefault(tag, Value(type, quantity, data[:length]))
        try:
            [following] = self._numbers("I", at + 2 + rows * layout.size)
        except _Damaged:  # the last table of a block may end without
            following = 0
        return table, following

    def _far(self, type: int, quantity: int, length: int, at: int) -> Value:
        """A value that lies elsewhere, at `at`."""
        if at + length > self._size:
            return Value(type, quantity, b"", False)
        return Value(type, quantity, self._bytes(at, min(length, LARGEST_BLOCK)), length <= LARGEST_BLOCK)

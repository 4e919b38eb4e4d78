# SPDX-License-Identifier: AGPL-3.0-or-later
"""Size, depth and completeness of a file, read from its own structure.

Nothing here decodes or allocates anything, so a header that lies costs nothing: this comes before Pillow,
which for some formats (WebP, ICO) sets up its canvas as it opens.
"""

import re
from dataclasses import dataclass

from offcut.errors import PictureTruncated, PictureUnreadable


@dataclass(frozen=True, slots=True)
class Outline:
    """`width` and `height` as stored, `depth` bits per sample, `complete` False when the end is missing.

    `animated` and `transparent` (may hold alpha) are what the container says.
    """

    width: int
    height: int
    depth: int = 8
    complete: bool = True
    animated: bool = False
    transparent: bool = False


def outline(data: bytes, format: str) -> Outline | None:
    """The outline of `data`, which `sniff` called `format`; None for TIFF, whose header Pillow reads lazily.

    Raises PictureTruncated when the file ends inside its header and PictureUnreadable when that makes no
    sense.
    """
    reader = _READERS.get(format)
    return reader(data) if reader else None


def _png(data: bytes) -> Outline:
    if len(data) < 33:
        raise PictureTruncated()
    if data[12:16] != b"IHDR":
        raise PictureUnreadable()
    names: set[bytes] = set()
    at = 8
    while at + 12 <= len(data) and b"IEND" not in names:
        length = int.from_bytes(data[at : at + 4], "big")
        if at + 12 + length > len(data):
            break
        names.add(data[at + 4 : at + 8])
        at += 12 + length
    return Outline(
        width=int.from_bytes(data[16:20], "big"),
        height=int.from_bytes(data[20:24], "big"),
        depth=data[24],
        complete=b"IEND" in names,
        animated=b"acTL" in names,
        transparent=data[25] in (4, 6) or b"tRNS" in names,
    )


_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


def _jpeg(data: bytes) -> Outline:
    """Walks the segments (ITU-T T.81 annex B): thumbnails lie inside APP segments and are stepped over."""
    width = height = depth = 0
    at = 2
    scanned = complete = False
    while match := _NEXT_MARKER.search(data, at):
        marker = data[match.start() + 1]
        at = match.end()
        if marker == 0xD9:
            complete = scanned
            break
        if marker in (0x01, 0xD8):
            continue
        length = int.from_bytes(data[at : at + 2], "big")
        if marker in _FRAMES and not width and at + 7 <= len(data):
            depth = data[at + 2]
            height = int.from_bytes(data[at + 3 : at + 5], "big")
            width = int.from_bytes(data[at + 5 : at + 7], "big")
        scanned = scanned or marker == 0xDA
        at += max(length, 2)
    if not width:
        raise PictureUnreadable() if complete else PictureTruncated()
    return Outline(width, height, depth, complete)


def _gif(data: bytes) -> Outline:
    if len(data) < 13:
        raise PictureTruncated()
    return Outline(
        width=int.from_bytes(data[6:8], "little"),
        height=int.from_bytes(data[8:10], "little"),
        complete=b";" in data[-16:],
        transparent=True,
    )


def _webp(data: bytes) -> Outline:
    """https://developers.google.com/speed/webp/docs/riff_container"""
    if len(data) < 30:
        raise PictureTruncated()
    complete = int.from_bytes(data[4:8], "little") + 8 <= len(data)
    match data[12:16]:
        case b"VP8X":
            width = int.from_bytes(data[24:27], "little") + 1
            height = int.from_bytes(data[27:30], "little") + 1
            return Outline(width, height, 8, complete, bool(data[20] & 2), bool(data[20] & 16))
        case b"VP8L":
            bits = int.from_bytes(data[21:25], "little")
            width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
            return Outline(width, height, 8, complete, transparent=bool(bits >> 28 & 1))
        case b"VP8 ":
            width = int.from_bytes(data[26:28], "little") & 0x3FFF
            height = int.from_bytes(data[28:30], "little") & 0x3FFF
            return Outline(width, height, 8, complete)
        case _:
            raise PictureUnreadable()


def _bmp(data: bytes) -> Outline:
    if len(data) < 26:
        raise PictureTruncated()
    if int.from_bytes(data[14:18], "little") == 12:
        return Outline(int.from_bytes(data[18:20], "little"), int.from_bytes(data[20:22], "little"))
    width = int.from_bytes(data[18:22], "little", signed=True)
    return Outline(width, abs(int.from_bytes(data[22:26], "little", signed=True)))


def _ico(data: bytes) -> Outline:
    """The largest of the pictures inside. Each states its own size, whatever the directory says."""
    sizes = [(1, 1)]
    for index in range(int.from_bytes(data[4:6], "little")):
        entry = data[6 + 16 * index : 22 + 16 * index]
        if len(entry) < 16:
            raise PictureTruncated()
        body = data[int.from_bytes(entry[12:16], "little") :][:33]
        if body[:4] == b"\x89PNG":
            inner = _png(body)
            sizes.append((inner.width, inner.height))
        else:
            width = int.from_bytes(body[4:8], "little", signed=True)
            sizes.append((abs(width), abs(int.from_bytes(body[8:12], "little", signed=True)) // 2))
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    return Outline(width, height, transparent=True)


def _isobmff(data: bytes) -> Outline:
    """AVIF and HEIC: the largest `ispe` (ISO 23008-12, 6.5.3); thumbnails and tiles have smaller ones."""
    sizes: list[tuple[int, int]] = []
    complete = _boxes(data, 0, len(data), sizes)
    if not sizes:
        raise PictureUnreadable() if complete else PictureTruncated()
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    return Outline(width, height, complete=complete, animated=data[8:12] == b"avis", transparent=True)


_CONTAINERS = {b"meta": 4, b"iprp": 0, b"ipco": 0}


def _boxes(data: bytes, at: int, end: int, sizes: list[tuple[int, int]]) -> bool:
    """Collect the `ispe` sizes between two offsets; False when a box reaches past the end."""
    while at + 8 <= end:
        size, kind, head = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            return False
        if kind == b"ispe" and size >= head + 12:
            body = data[at + head + 4 : at + head + 12]
            sizes.append((int.from_bytes(body[:4], "big"), int.from_bytes(body[4:], "big")))
        elif kind in _CONTAINERS and not _boxes(data, at + head + _CONTAINERS[kind], at + size, sizes):
            return False
        at += size
    return True


_READERS = {
    "PNG": _png,
    "JPEG": _jpeg,
    "GIF": _gif,
    "WEBP": _webp,
    "BMP": _bmp,
    "ICO": _ico,
    "AVIF": _isobmff,
    "HEIC": _isobmff,
}

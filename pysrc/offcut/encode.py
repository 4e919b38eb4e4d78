# SPDX-License-Identifier: AGPL-3.0-or-later
"""From pixels to a file."""

import io
import zlib
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from offcut.errors import OutputImpossible
from offcut.exif import LARGEST_BLOCK, PREFIX
from offcut.inch import INCH, Dpi
from offcut.output import Output

COMPRESS_LEVEL = 3
"""zlib's level: on a noisy 12 MP cutout level 6 takes twice the time of 3 for a file 11 % smaller."""

FULL_COLOUR = 90
"""From this quality on a JPEG keeps its colours in full resolution."""

PNG_HEAD = 33
"""Where chunks may be put into a PNG: after the signature (8 bytes) and IHDR (25)."""

JFIF = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
"""What a JPEG begins with (ITU-T T.871); the rest of that segment is 9 bytes."""

JPEG_HEAD = 20
"""Where the segment of JFIF ends."""


class Codec(Protocol):
    """What writes files: Pillow, or a browser. A blob is its own kind of file: bytes here, a Blob there."""

    async def encode(self, rgba: NDArray[np.uint8], mime: str, quality: int | None) -> Any:
        """A blob of `rgba`, uint8 [h,w,4] straight alpha, without anything beside the pixels. `quality` None loses
        nothing."""

    async def head(self, blob: Any, length: int) -> bytes:
        """Its first bytes."""

    def spliced(self, blob: Any, start: int, end: int, data: bytes) -> Any:
        """The blob with `data` in the place of what lies between two offsets."""

    def size(self, blob: Any) -> int:
        """How many bytes it has."""

    def blob(self, data: bytes, mime: str) -> Any:
        """Bytes as a blob."""


class Pillow:
    """Pillow's codecs: blobs are bytes."""

    async def encode(self, rgba: NDArray[np.uint8], mime: str, quality: int | None) -> bytes:
        """See `Codec.encode`."""
        file = io.BytesIO()
        image = Image.fromarray(rgba)
        match mime:
            case "image/png":
                image.save(file, "PNG", compress_level=COMPRESS_LEVEL)
            case "image/jpeg":
                full = quality is None or quality >= FULL_COLOUR
                image.convert("RGB").save(
                    file, "JPEG", quality=quality or 100, subsampling=0 if full else 2, dpi=(1, 1)
                )
            case "image/webp" if quality is None:
                image.save(file, "WEBP", lossless=True, exact=False, quality=50, method=2)
            case "image/webp":
                image.save(file, "WEBP", quality=quality, method=2)
        return file.getvalue()

    async def head(self, blob: bytes, length: int) -> bytes:
        """See `Codec.head`."""
        return blob[:length]

    def spliced(self, blob: bytes, start: int, end: int, data: bytes) -> bytes:
        """See `Codec.spliced`."""
        return blob[:start] + data + blob[end:]

    def size(self, blob: bytes) -> int:
        """See `Codec.size`."""
        return len(blob)

    def blob(self, data: bytes, mime: str) -> bytes:
        """See `Codec.blob`."""
        return data


async def written(
    rgba: NDArray[np.uint8],
    output: Output,
    dpi: Dpi | None = None,
    exif: bytes | None = None,
    codec: Codec | None = None,
    pause: Callable[[], Awaitable[None]] | None = None,
    wrapped: Callable[[Any], Awaitable[Any]] | None = None,
) -> Any:
    """A file of `rgba`, uint8 [h,w,4] straight alpha, in the format of `output`, one of pixels ("png", "jpeg", "webp"):
    bytes by Pillow, or a blob of the `codec` that is given.

    What is transparent becomes white in a "jpeg". The resolution is written where the format has a place for it, and
    `exif`, a block without the letters Exif before it; nothing else is beside the pixels. `pause` is called between two
    tries. `wrapped` makes of such a file the one that is asked for, whose length then counts.

    Raises OutputImpossible where a quality counts and none makes so few bytes.
    """
    codec = codec or Pillow()
    if output.format == "jpeg":
        rgba = on_white(rgba)
    mime = {"jpeg": "image/jpeg", "webp": "image/webp"}.get(output.format, "image/png")

    async def made(quality: int | None) -> tuple[int, Any]:
        blob = await _told(await codec.encode(rgba, mime, quality), mime, dpi, exif, codec)
        if wrapped:
            blob = await wrapped(blob)
        return codec.size(blob), blob

    async def tried(quality: int) -> tuple[int, Any]:
        if pause:
            await pause()
        return await made(quality)

    if not output.lossy:
        return (await made(None))[1]
    size, blob = await tried(output.quality)
    if output.most is not None and size > output.most:
        size, blob = await _smaller(tried, output.most, output.quality, size)
    elif output.format == "jpeg" and output.least is not None and size < output.least:
        size, blob = await _larger(tried, output.least, output.most, output.quality, (size, blob))
    if output.format == "jpeg" and output.least is not None and size < output.least:
        at = JPEG_HEAD if await codec.head(blob, len(JFIF)) == JFIF else 2
        blob = codec.spliced(blob, at, at, _padding(output.least - size))
    return blob


Try = Callable[[int], Awaitable[tuple[int, Any]]]


async def _smaller(tried: Try, most: int, quality: int, reached: int) -> tuple[int, Any]:
    """The best below `quality`, which makes `reached` bytes, that makes at most `most`."""
    best: tuple[int, Any] | None = None
    least, beyond = 1, quality
    while least < beyond:
        middle = (least + beyond) // 2
        found = await tried(middle)
        reached = min(reached, found[0])
        if found[0] <= most:
            best, least = found, middle + 1
        else:
            beyond = middle
    if best is None:
        raise OutputImpossible(wanted=most, reached=reached)
    return best


async def _larger(tried: Try, least: int, most: int | None, quality: int, best: tuple[int, Any]) -> tuple[int, Any]:
    """The first above `quality` that has at least `least` bytes and no more than `most`, else the largest that has
    fewer."""
    low, high = quality + 1, 100
    enough: tuple[int, Any] | None = None
    while low <= high:
        middle = (low + high) // 2
        found = await tried(middle)
        if found[0] >= least:
            high = middle - 1
            if most is None or found[0] <= most:
                enough = found
        else:
            low = middle + 1
            best = max(best, found, key=lambda each: each[0])
    return enough or best


def _padding(missing: int) -> bytes:
    """JPEG comments of so many bytes (ITU-T T.81, B.2.4.5); what is too little for one are fill bytes (B.1.1.2)."""
    parts = []
    while missing >= 4:
        length = min(missing - 2, 65535)
        parts.append(b"\xff\xfe" + length.to_bytes(2, "big") + bytes(length - 2))
        missing -= length + 2
    return b"".join(parts) + b"\xff" * missing


def on_white(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """`rgba`, uint8 [h,w,4] straight alpha, laid over white: opaque, and itself where it is already."""
    if rgba[..., 3].min() == 255:
        return rgba
    image = Image.fromarray(rgba)
    canvas = Image.new("RGBA", image.size, (255, 255, 255))
    canvas.paste(image, mask=image)
    canvas.putalpha(255)
    return np.asarray(canvas)


async def _told(blob: Any, mime: str, dpi: Dpi | None, exif: bytes | None, codec: Codec) -> Any:
    """The file with what is said beside its pixels."""
    if mime == "image/png":
        chunks = (phys_chunk(dpi) if dpi else b"") + (_chunk(b"eXIf", exif) if exif else b"")
        return codec.spliced(blob, PNG_HEAD, PNG_HEAD, chunks) if chunks else blob
    if mime == "image/jpeg":
        # A file that does not begin as JFIF says all that we would put there is left as it is.
        known = await codec.head(blob, len(JFIF)) == JFIF
        return codec.spliced(blob, 0, JPEG_HEAD, _jpeg_head(dpi, exif)) if known else blob
    return _webp_told(await codec.head(blob, codec.size(blob)), exif, codec) if exif else blob


def _jpeg_head(dpi: Dpi | None, exif: bytes | None) -> bytes:
    x, y = (round(value) for value in dpi) if dpi else (1, 1)
    head = JFIF + b"\x01\x01" + bytes([1 if dpi else 0]) + x.to_bytes(2, "big") + y.to_bytes(2, "big") + b"\0\0"
    if exif and len(exif) <= LARGEST_BLOCK:
        body = PREFIX + exif
        head += b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body
    return head


def _webp_told(data: bytes, exif: bytes, codec: Codec) -> Any:
    """A WebP with EXIF: the extended form of the container
    (https://developers.google.com/speed/webp/docs/riff_container)."""
    chunks = data[12:]
    if chunks[:4] == b"VP8X":
        flags = chunks[8] | 8
        chunks = chunks[:8] + bytes([flags]) + chunks[9:]
    else:
        with Image.open(io.BytesIO(data), formats=["WEBP"]) as image:
            width, height = image.size
            transparent = chunks[:4] == b"VP8L" and image.mode == "RGBA"
        size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        chunks = b"VP8X" + (10).to_bytes(4, "little") + bytes([8 | (16 if transparent else 0), 0, 0, 0]) + size + chunks
    chunks += b"EXIF" + len(exif).to_bytes(4, "little") + exif + b"\0" * (len(exif) % 2)
    return codec.blob(b"RIFF" + (len(chunks) + 4).to_bytes(4, "little") + b"WEBP" + chunks, "image/webp")


def mask(alpha: NDArray[np.uint8], dpi: Dpi | None = None) -> bytes:
    """A grey PNG of a matte, uint8 [h,w], 255 is subject."""
    file = io.BytesIO()
    Image.fromarray(alpha).save(file, "PNG", compress_level=COMPRESS_LEVEL)
    data = file.getvalue()
    return data[:PNG_HEAD] + (phys_chunk(dpi) if dpi else b"") + data[PNG_HEAD:]


def phys_chunk(dpi: Dpi) -> bytes:
    """A PNG pHYs chunk, 21 bytes with its CRC, for `dpi` (x, y) pixels per inch; PNG counts per metre."""
    x, y = (round(value / INCH * 1000) for value in dpi)
    return _chunk(b"pHYs", x.to_bytes(4, "big") + y.to_bytes(4, "big") + b"\x01")


def _chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

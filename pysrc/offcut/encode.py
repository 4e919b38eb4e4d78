# SPDX-License-Identifier: AGPL-3.0-or-later
"""From pixels to a file."""

import io
import zlib
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Dpi = tuple[float, float]

Encode = Callable[[NDArray[np.uint8], Dpi | None], Awaitable[Any]]
"""The browser's PNG encoder: (RGBA uint8 [h,w,4], dpi) -> an opaque blob. It must keep every byte."""

COMPRESS_LEVEL = 3
"""zlib's level: on a noisy 12 MP cutout level 6 takes twice the time of 3 for a file 11 % smaller."""

PHYS_OFFSET = 33
"""Where a pHYs chunk may be spliced into a PNG: after the signature (8 bytes) and IHDR (25)."""


async def png(rgba: NDArray[np.uint8], dpi: Dpi | None, encode: Encode | None = None) -> Any:
    """A PNG of `rgba`, uint8 [h,w,4] straight alpha: bytes by Pillow, or what `encode` returns where given.

    The resolution is written where known; no other metadata is.
    """
    if encode is not None:
        return await encode(rgba, dpi)
    file = io.BytesIO()
    Image.fromarray(rgba).save(file, "PNG", compress_level=COMPRESS_LEVEL)
    data = file.getvalue()
    if dpi is None:
        return data
    return data[:PHYS_OFFSET] + phys_chunk(dpi) + data[PHYS_OFFSET:]


def phys_chunk(dpi: Dpi) -> bytes:
    """A PNG pHYs chunk, 21 bytes with its CRC, for `dpi` (x, y) pixels per inch; PNG counts per metre."""
    x, y = (round(value / 0.0254) for value in dpi)
    body = b"pHYs" + x.to_bytes(4, "big") + y.to_bytes(4, "big") + b"\x01"
    return (9).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

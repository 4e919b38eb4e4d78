# SPDX-License-Identifier: AGPL-3.0-or-later
"""What several unit tests share. Runs under CPython and Pyodide alike: no event loop, no thread, no file."""

import io
import struct
import zlib
from collections.abc import Coroutine
from typing import Any, TypeVar

import numpy as np
from PIL import Image

from offcut.catalogue import Catalogue, Model
from offcut.picture import Picture, read

SHA = "0" * 64
T = TypeVar("T")


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Drive a coroutine by hand. Our fakes never wait; asyncio.sleep(0) is a bare yield."""
    while True:
        try:
            coroutine.send(None)
        except StopIteration as stop:
            return stop.value


def saved(image: Image.Image, format: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def noise(width: int, height: int, channels: int = 3, seed: int = 0) -> np.ndarray:
    shape = (height, width, channels) if channels > 1 else (height, width)
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def look(data: bytes, **options: Any) -> Picture:
    return run(read(data, "test", **options))


def plain(rgb: np.ndarray, alpha: np.ndarray | None = None) -> Picture:
    opaque = np.full(rgb.shape[:2], 255, np.uint8)
    return Picture(np.dstack([rgb, opaque if alpha is None else alpha]), alpha is None, None, "test", ())


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(width: int, height: int, depth: int, colour_type: int, rows: bytes, *more: bytes) -> bytes:
    """A PNG by hand: `rows` are filter byte and samples of every row, `more` whole chunks before IDAT."""
    ihdr = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, 0)
    body = chunk(b"IHDR", ihdr) + b"".join(more) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


CONTRACT = {
    "input_name": "input",
    "output_name": "output",
    "side": 8,
    "sides": [8, 16],
    "multiple": 2,
    "resize": "stretch",
    "scale": "fixed",
    "mean": [128, 128, 128],
    "std": [256, 256, 256],
    "layout": "NCHW",
    "activation": "none",
}


def row(**changes: Any) -> dict[str, Any]:
    """A catalogue row of a net of 8 x 8 pixels; what belongs to its contract is changed there."""
    return {
        "id": "tiny",
        "name": "Tiny",
        "family": "test",
        "licence": "AGPL-3.0-or-later",
        "commercial": True,
        "sha256": SHA,
        "bytes": 3,
        "parts": [{"sha256": SHA, "bytes": 2}, {"sha256": SHA, "bytes": 1}],
        "backends": ["wasm"],
        "contract": CONTRACT | {key: value for key, value in changes.items() if key in CONTRACT},
    } | {key: value for key, value in changes.items() if key not in CONTRACT}


def plan(**changes: Any) -> dict[str, Any]:
    """A plan of one look with the tiny net."""
    return {"id": "once", "model": "tiny", "sides": [8], "decisive": 1} | changes


def catalogue(*plans: dict[str, Any], **changes: Any) -> Catalogue:
    return Catalogue.parse({"models": [row(**changes)], "plans": plans or [plan()], "default": "once"})


def model(**changes: Any) -> Model:
    return catalogue(**changes).model("tiny")

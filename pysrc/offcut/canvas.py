# SPDX-License-Identifier: AGPL-3.0-or-later
"""The browser's own codecs, used where they are there and have kept what they must."""

import io
from collections.abc import Awaitable, Callable

import js
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pyodide.ffi import JsException, create_proxy

from offcut.encode import Pillow
from offcut.hooks import Js
from offcut.picture import Decode

_outcomes: dict[str, bool] = {}
"""Of each self-test that was run."""


async def decoder(hooks: Js) -> Decode | None:
    """The browser's decoder, if there is one and it gave a noisy PNG back bit for bit."""
    if not hooks.usesNative.decode:
        return None

    async def decode(data: bytes, mime: str) -> NDArray[np.uint8]:
        frame = await hooks.decode(array(data), mime)
        try:
            rgba = np.empty((frame.height, frame.width, 4), np.uint8)
            for top in range(0, frame.height, frame.band):
                frame.rows(top).assign_to(rgba[top : top + frame.band].reshape(-1))
        finally:
            frame.close()
        return rgba

    async def faithful() -> bool:
        rgba = _noise(64)
        rgba[..., 3] = 255
        file = io.BytesIO()
        Image.fromarray(rgba).convert("RGB").save(file, "PNG")
        return np.array_equal(await decode(file.getvalue(), "image/png"), rgba)

    return decode if await _trusted("decode", faithful) else None


class Canvas:
    """The browser's encoders, where they are there and have kept what they must; else Pillow's."""

    def __init__(self, hooks: Js) -> None:
        self._hooks = hooks
        self._pillow = Pillow()

    async def encode(self, rgba: NDArray[np.uint8], mime: str, quality: int | None) -> Js:
        """See offcut.encode.Codec.encode."""
        if await self._trusts(mime, quality):
            try:
                return await self._blob_of(rgba, mime, quality)
            except JsException:  # past some size every canvas fails; Pillow does not
                pass
        return self.blob(await self._pillow.encode(rgba, mime, quality), mime)

    async def head(self, blob: Js, length: int) -> bytes:
        """See offcut.encode.Codec.head."""
        data: bytes = (await blob.slice(0, length).arrayBuffer()).to_bytes()
        return data

    def spliced(self, blob: Js, start: int, end: int, data: bytes) -> Js:
        """See offcut.encode.Codec.spliced."""
        parts = js.Array.of(blob.slice(0, start), array(data), blob.slice(end))
        return js.Blob.new(parts, type=blob.type)

    def size(self, blob: Js) -> int:
        """See offcut.encode.Codec.size."""
        return int(blob.size)

    def blob(self, data: bytes, mime: str) -> Js:
        """See offcut.encode.Codec.blob."""
        return blob(data, mime)

    async def _blob_of(self, rgba: NDArray[np.uint8], mime: str, quality: int | None) -> Js:
        height, width = rgba.shape[:2]
        proxy = create_proxy(rgba)
        pixels = proxy.getBuffer("u8")
        try:
            return await self._hooks.encode(pixels, width, height, mime, -1 if quality is None else quality / 100)
        finally:
            pixels.release()
            proxy.destroy()

    async def _trusts(self, mime: str, quality: int | None) -> bool:
        """Whether the browser's encoder keeps every bit under low alphas, or, where it may lose some, is near."""
        if not self._hooks.usesNative.encode or (mime == "image/webp" and quality is None):
            return False

        async def exact() -> bool:
            rgba = _noise(32)
            rgba[..., 3] //= 4
            rgba[rgba[..., 3] == 0] = 0
            return np.array_equal(await self._seen(rgba, mime, None), rgba)

        async def near() -> bool:
            slope = np.linspace(0, 255, 64, dtype=np.uint8)
            rgba = np.empty((64, 64, 4), np.uint8)
            rgba[..., 0], rgba[..., 1], rgba[..., 2], rgba[..., 3] = slope, slope[:, np.newaxis], 128, 255
            if mime == "image/webp":
                rgba[:, :32, 3] = 128
            seen = await self._seen(rgba, mime, 90)
            return seen.shape == rgba.shape and float(np.abs(seen.astype(np.int16) - rgba).mean()) < 4

        return await _trusted(f"encode {mime}", exact if quality is None else near)

    async def _seen(self, rgba: NDArray[np.uint8], mime: str, quality: int | None) -> NDArray[np.uint8]:
        blob = await self._blob_of(rgba, mime, quality)
        if blob.type != mime:
            raise RuntimeError(f"encoded {blob.type}")
        with Image.open(io.BytesIO((await blob.arrayBuffer()).to_bytes())) as image:
            if mime == "image/png" and image.mode != "RGBA":
                raise RuntimeError(f"encoded {image.mode}")
            return np.asarray(image.convert("RGBA"))


async def _trusted(codec: str, faithful: Callable[[], Awaitable[bool]]) -> bool:
    """The outcome of a self-test, run once a session. Browsers that blur canvases against tracking fail."""
    if codec not in _outcomes:
        try:
            _outcomes[codec] = await faithful()
        except Exception:  # a codec that fails on its first picture is not used again
            _outcomes[codec] = False
    return _outcomes[codec]


def _noise(side: int) -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(0, 256, (side, side, 4), dtype=np.uint8)


def blob(data: bytes, mime: str) -> Js:
    """Bytes as a Blob."""
    return js.Blob.new(js.Array.of(array(data)), type=mime)


def array(data: bytes) -> Js:
    """Bytes as a Uint8Array."""
    copy = js.Uint8Array.new(len(data))
    copy.assign(data)
    return copy

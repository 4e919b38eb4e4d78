# SPDX-License-Identifier: AGPL-3.0-or-later
"""A composition as the file that a recipe asks for."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from offcut import encode, openraster, pdf
from offcut.compose import Composition
from offcut.encode import Codec, Dpi
from offcut.errors import SheetTooSmall
from offcut.frame import INCH
from offcut.output import MIME, Output
from offcut.sheet import Layout, drawn, laid

DPI = 300.0
"""Pixels per inch of a print where nobody says."""

Pause = Callable[[], Awaitable[None]]


async def written(
    composition: Composition,
    merged: NDArray[np.uint8],
    output: Output,
    dpi: Dpi | None,
    exif: bytes | None,
    codec: Codec,
    pause: Pause,
) -> tuple[Any, Any, Layout | None]:
    """The file; a PNG of what is in it, where the file does not show it by itself, else None; and how its
    prints lie on a sheet, None without one. `exif` is what is said beside the pixels, where the format has a place for
    it.

    Raises OutputImpossible, SheetTooSmall.
    """
    if output.format == "mask":
        cover = merged[..., 3] if composition.cover is None else composition.cover
        return codec.blob(encode.mask(cover, dpi), MIME["mask"]), await _seen(merged, codec), None
    if output.format == "ora":
        data = openraster.written(_layers(composition, merged), merged, dpi)
        return codec.blob(data, MIME["ora"]), await _seen(merged, codec), None
    if output.format == "pdf":
        file, layout = await _pdf(merged, output, dpi, codec, pause)
        return file, await _seen(encode.on_white(merged), codec), None if output.sheet is None else layout
    if output.sheet is None:
        return await encode.written(merged, output, dpi, exif, codec, pause), None, None
    layout, (across, down) = _layout(merged, output, dpi)
    photo = encode.on_white(merged)
    sheet = drawn(photo[..., :3], layout, across)
    rgba = np.asarray(Image.fromarray(sheet).convert("RGBA"))
    file = await encode.written(rgba, output, (across, down), exif, codec, pause)
    return file, await _seen(photo, codec), layout


async def _seen(merged: NDArray[np.uint8], codec: Codec) -> Any:
    return await codec.encode(merged, "image/png", None)


def _layers(composition: Composition, merged: NDArray[np.uint8]) -> list[openraster.Layer]:
    layers = [openraster.Layer(layer.name, layer.drawn(merged.shape)) for layer in reversed(composition.layers)]
    if composition.cover is not None:
        grey = np.full(merged.shape, 255, np.uint8)
        grey[..., :3] = composition.cover[..., np.newaxis]
        layers.insert(0, openraster.Layer("mask", grey, visible=False))
    return layers


def _layout(merged: NDArray[np.uint8], output: Output, dpi: Dpi | None) -> tuple[Layout, Dpi]:
    across, down = dpi or (DPI, DPI)
    height, width = merged.shape[:2]
    mm = (width / across * INCH, height / down * INCH)
    if output.sheet is None:
        return Layout(mm, mm, ((0.0, 0.0),), ()), (across, down)
    try:
        return laid(mm, output.sheet), (across, down)
    except ValueError:
        raise SheetTooSmall(width=round(mm[0], 1), height=round(mm[1], 1)) from None


async def _pdf(
    merged: NDArray[np.uint8], output: Output, dpi: Dpi | None, codec: Codec, pause: Pause
) -> tuple[Any, Layout]:
    """The photo as JPEG on a page of its own size, or several times on a sheet."""
    layout, _ = _layout(merged, output, dpi)
    photo = await encode.written(merged, replace(output, format="jpeg", least=None), dpi, None, codec, pause)
    height, width = merged.shape[:2]
    data = await codec.head(photo, codec.size(photo))
    made = pdf.written(data, (width, height), layout.photo, layout.places, layout.paper, layout.marks)
    return codec.blob(made, MIME["pdf"]), layout

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
from offcut.encode import Codec
from offcut.errors import SheetTooSmall
from offcut.inch import DPI, INCH, Dpi
from offcut.output import MIME, Output
from offcut.sheet import Layout, Sheet, drawn, laid

Pause = Callable[[], Awaitable[None]]

SHEET_DPI = 600.0
"""A sheet is drawn in no more pixels per inch, though its photos have more: nothing finer is printed, and any paper
then has fewer pixels than the largest picture may have."""


async def written(
    composition: Composition,
    merged: NDArray[np.uint8],
    output: Output,
    dpi: Dpi | None,
    exif: bytes | None,
    codec: Codec,
    pause: Pause,
    seen: bool = False,
) -> tuple[Any, Any, Layout | None]:
    """The file; with `seen` a PNG of what is in it, where the file does not show it by itself, else None; and how its
    prints lie on a sheet, None without one. `exif` is what is said beside the pixels, where the format has a place for
    it. A mask needs the composition's cover.

    Raises OutputImpossible, SheetTooSmall.
    """
    if output.sheet is not None:
        output = replace(output, most=None, least=None)
    layout = None
    match output.format:
        case "mask":
            assert composition.cover is not None
            return codec.blob(encode.mask(composition.cover, dpi), MIME["mask"]), None, None
        case "ora":
            file = codec.blob(openraster.written(_layers(composition, merged), merged, dpi), MIME["ora"])
        case "pdf":
            merged = encode.on_white(merged)
            file, layout = await _pdf(merged, output, dpi, codec, pause)
        case _ if output.sheet is not None:
            merged = encode.on_white(merged)
            file, layout = await _sheet(merged, output, dpi, exif, codec, pause)
        case _:
            return await encode.written(merged, output, dpi, exif, codec, pause), None, None
    return file, await codec.encode(merged, "image/png", None) if seen else None, layout


def shown(composition: Composition, output: Output) -> NDArray[np.uint8]:
    """What a file of it shows, in the composition's size: uint8 [h,w,4]. Of layers that is all of them, and of a sheet
    one print. A mask needs the composition's cover."""
    if output.format == "mask":
        assert composition.cover is not None
        grey = np.full((*composition.cover.shape, 4), 255, np.uint8)
        grey[..., :3] = composition.cover[..., np.newaxis]
        return grey
    merged = composition.merged()
    return encode.on_white(merged) if output.opaque else merged


def said(output: Output, dpi: Dpi | None) -> Dpi | None:
    """How large a file says, or makes, a picture of which `dpi` is known: pixels per inch, None for nothing. A WebP has
    no place for it; what is printed has a size whether or not one is known."""
    if output.format == "webp":
        return None
    printed = output.format == "pdf" or (output.sheet is not None and output.opaque)
    return dpi or ((DPI, DPI) if printed else None)


def _layers(composition: Composition, merged: NDArray[np.uint8]) -> list[openraster.Layer]:
    layers = [
        openraster.Layer(layer.name, layer.drawn(merged.shape), layer.visible) for layer in reversed(composition.layers)
    ]
    if composition.cover is not None:
        grey = np.full(merged.shape, 255, np.uint8)
        grey[..., :3] = composition.cover[..., np.newaxis]
        layers.insert(0, openraster.Layer("mask", grey, visible=False))
    return layers


def _mm(merged: NDArray[np.uint8], dpi: Dpi) -> tuple[float, float]:
    """How large a photo is in print."""
    return merged.shape[1] / dpi[0] * INCH, merged.shape[0] / dpi[1] * INCH


def _layout(mm: tuple[float, float], sheet: Sheet) -> Layout:
    try:
        return laid(mm, sheet)
    except ValueError:
        raise SheetTooSmall(width=round(mm[0], 1), height=round(mm[1], 1)) from None


async def _sheet(
    photo: NDArray[np.uint8], output: Output, dpi: Dpi | None, exif: bytes | None, codec: Codec, pause: Pause
) -> tuple[Any, Layout]:
    """A picture of the whole sheet, whose pixels are squares though those of the photo are none."""
    assert output.sheet is not None
    layout = _layout(_mm(photo, dpi or (DPI, DPI)), output.sheet)
    density = min(max(dpi or (DPI, DPI)), SHEET_DPI)
    sheet = np.asarray(Image.fromarray(drawn(photo[..., :3], layout, density)).convert("RGBA"))
    return await encode.written(sheet, output, (density, density), exif, codec, pause), layout


async def _pdf(
    photo: NDArray[np.uint8], output: Output, dpi: Dpi | None, codec: Codec, pause: Pause
) -> tuple[Any, Layout | None]:
    """The photo as JPEG on a page of its own size, or several times on a sheet."""
    mm = _mm(photo, dpi or (DPI, DPI))
    layout = None if output.sheet is None else _layout(mm, output.sheet)
    page = layout or Layout(mm, mm, ((0.0, 0.0),), ())
    height, width = photo.shape[:2]

    async def wrapped(jpeg: Any) -> Any:
        data = await codec.head(jpeg, codec.size(jpeg))
        made = pdf.written(data, (width, height), page.photo, page.places, page.paper, page.marks)
        return codec.blob(made, MIME["pdf"])

    jpeg = replace(output, format="jpeg", least=None)
    return await encode.written(photo, jpeg, dpi, None, codec, pause, wrapped), layout

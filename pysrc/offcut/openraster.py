# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures in layers, as image editors exchange them: OpenRaster files.

The format is that of https://www.openraster.org/, its baseline: a zip of PNGs, and a stack.xml that lays them over each
other.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from offcut.encode import COMPRESS_LEVEL
from offcut.inch import Dpi
from offcut.package import package

MIMETYPE = "image/openraster"

VERSION = "0.0.3"
"""The version of the format that its own example of a stack names."""

THUMBNAIL = 256
"""The longest side of a thumbnail, as the format has it."""

_NO_TEXT = re.compile("[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 forbids or advises against, tabs and ends of line included."""


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One layer: `rgba` is uint8 [h,w,4], straight alpha, of the whole canvas; `visible` False hides it at first."""

    name: str
    rgba: NDArray[np.uint8]
    visible: bool = True


def written(layers: Sequence[Layer], merged: NDArray[np.uint8], dpi: Dpi | None) -> bytes:
    """An OpenRaster file of `layers`, the topmost first.

    `merged`, uint8 [h,w,4] straight alpha, is what they look like together; `dpi` is pixels per inch (x, y), which the
    format knows as whole numbers. Of each layer the box of what can be seen is kept, at its place; one without a
    visible pixel keeps a single clear one. Equal input gives equal bytes.

    Raises ValueError when a layer is not of `merged`'s size.
    """
    height, width = merged.shape[:2]
    files: list[tuple[str, bytes]] = []
    lines: list[str] = []
    for index, layer in enumerate(layers):
        if layer.rgba.shape != merged.shape:
            raise ValueError(f"a layer {layer.rgba.shape} does not fit a canvas of {merged.shape}")
        x, y, seen = _cropped(layer.rgba)
        source = f"data/layer{index}.png"
        files.append((source, _png(Image.fromarray(seen))))
        lines.append(
            f'    <layer name={quoteattr(_NO_TEXT.sub("", layer.name))} src="{source}" x="{x}" y="{y}" opacity="1.0"'
            f' visibility="{"visible" if layer.visible else "hidden"}" composite-op="svg:src-over"/>\n'
        )
    resolution = "".join(f' {axis}res="{max(1, round(value))}"' for axis, value in zip("xy", dpi or (), strict=False))
    stack = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<image version="{VERSION}" w="{width}" h="{height}"{resolution}>\n'
        f"  <stack>\n{''.join(lines)}  </stack>\n</image>\n"
    )
    image = Image.fromarray(merged)
    whole = _png(image)
    image.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.BOX)
    return package(
        MIMETYPE,
        [
            ("stack.xml", stack.encode()),
            *files,
            ("mergedimage.png", whole),
            ("Thumbnails/thumbnail.png", _png(image)),
        ],
    )


def _cropped(rgba: NDArray[np.uint8]) -> tuple[int, int, NDArray[np.uint8]]:
    """x, y and pixels of the box of all that is not clear; of a clear layer, one clear pixel at the corner."""
    alpha = rgba[..., 3]
    rows, columns = np.flatnonzero(alpha.any(axis=1)), np.flatnonzero(alpha.any(axis=0))
    if not rows.size:
        return 0, 0, np.zeros((1, 1, 4), np.uint8)
    left, top = int(columns[0]), int(rows[0])
    return left, top, np.ascontiguousarray(rgba[top : int(rows[-1]) + 1, left : int(columns[-1]) + 1])


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=COMPRESS_LEVEL)
    return file.getvalue()

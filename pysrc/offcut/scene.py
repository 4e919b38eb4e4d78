# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands behind the subject."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from offcut.cutout import BAND, Cutout


@dataclass(frozen=True, slots=True)
class Colour:
    """An opaque sRGB colour, each channel 0..255."""

    r: int
    g: int
    b: int

    @classmethod
    def parse(cls, text: str) -> "Colour":
        """A colour from "#rrggbb". Raises ValueError for anything else."""
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
            raise ValueError("not #rrggbb")
        return cls(*bytes.fromhex(text[1:]))

    def __str__(self) -> str:
        return f"#{self.r:02x}{self.g:02x}{self.b:02x}"


@dataclass(frozen=True, slots=True)
class Scene:
    """`backdrop` None leaves the background transparent."""

    backdrop: Colour | None = None


def compose(cutout: Cutout, scene: Scene) -> NDArray[np.uint8]:
    """Lay the cutout over the scene: uint8 [h,w,4], straight alpha.

    Without a backdrop this is the cutout's own array, not a copy. Over a colour every channel is
    (c * alpha + backdrop * (255 - alpha)) / 255, rounded, in 8-bit sRGB, as browsers and image editors do it,
    and the result is opaque.
    """
    if scene.backdrop is None:
        return cutout.rgba
    backdrop = (scene.backdrop.r, scene.backdrop.g, scene.backdrop.b)
    result = np.empty_like(cutout.rgba)
    for top in range(0, result.shape[0], BAND):
        band = slice(top, top + BAND)
        subject = Image.fromarray(cutout.rgba[band])
        canvas = Image.new("RGBA", subject.size, backdrop)
        canvas.paste(subject, mask=subject)
        result[band] = np.asarray(canvas)
    result[..., 3] = 255
    return result

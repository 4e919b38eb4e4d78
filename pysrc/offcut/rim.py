# SPDX-License-Identifier: AGPL-3.0-or-later
"""A line around the subject, as stickers have it."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from offcut.adjust import Alpha, shifted, steepened
from offcut.colour import WHITE, Colour
from offcut.plain import Table

WIDEST = 0.1
"""The widest rim, as a share of the canvas's shorter side."""

STEPS = 10.0
"""A wide rim is found in a size in which it is about so many pixels wide."""

ROUND = 0.35
"""What the octagon of a shifted edge is blurred with, as a share of the rim's width, to become round."""


@dataclass(frozen=True, slots=True)
class Rim:
    """`width` is 0..`WIDEST`, a share of the canvas's shorter side."""

    width: float = 0.015
    colour: Colour = WHITE

    @classmethod
    def parse(cls, table: Table) -> "Rim":
        """A rim from plain data; what is not there has its default. Raises the table's error."""
        table.only(("width", "colour"))
        width = table.within("width", 0, WIDEST) if "width" in table.data else cls().width
        return cls(width, Colour.of(table, "colour") if "colour" in table.data else WHITE)

    def to_dict(self) -> dict[str, object]:
        """Plain data with every field written out; `parse` gives the same rim back."""
        return {"width": self.width, "colour": str(self.colour)}


def widened(alpha: Alpha, rim: Rim) -> Alpha:
    """Where subject and rim together are: uint8 [h,w] for a matte, uint8 [h,w], on the canvas."""
    height, width = alpha.shape
    distance = rim.width * min(width, height)
    if distance <= 0:
        return alpha
    step = max(1, int(distance / STEPS))
    image = Image.fromarray(alpha)
    small = np.asarray(image.reduce(step) if step > 1 else image)
    reach = distance / step
    wide = Image.fromarray(shifted(small, reach)).filter(ImageFilter.GaussianBlur(reach * ROUND))
    if step > 1:
        wide = wide.resize((wide.width * step, wide.height * step), Image.Resampling.BICUBIC)
    # Blurred over `reach * ROUND * step` pixels, and crisp again across about two of them.
    crisp = steepened(np.asarray(wide)[:height, :width], max(1.0, distance * ROUND))
    return np.maximum(crisp, alpha)

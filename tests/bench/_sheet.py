# SPDX-License-Identifier: AGPL-3.0-or-later
"""Contact sheets: cutouts side by side, over a ground that hides nothing."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

CELL = 360
"""Side of the square that each cutout is made to fit."""

LINE = 18
GROUND = (230, 40, 200)
"""Magenta: hardly any picture has it."""


def write(path: Path, head: Sequence[str], rows: Sequence[tuple[str, Sequence[NDArray[np.uint8]]]]) -> None:
    """Write a PNG with a column for each word of `head` and a line for each of `rows`: its name, its cutouts.

    A cutout is uint8 [h,w,4], straight alpha.
    """
    sheet = Image.new("RGB", (CELL * len(head), LINE + (CELL + LINE) * len(rows)), "white")
    draw = ImageDraw.Draw(sheet)
    for column, word in enumerate(head):
        draw.text((column * CELL + 4, 2), word, "black")
    for line, (name, cutouts) in enumerate(rows):
        top = LINE + line * (CELL + LINE)
        draw.text((4, top + 2), name, "black")
        for column, cutout in enumerate(cutouts):
            cell = Image.new("RGBA", (cutout.shape[1], cutout.shape[0]), GROUND)
            cell.alpha_composite(Image.fromarray(np.ascontiguousarray(cutout)))
            cell.thumbnail((CELL, CELL), Image.Resampling.LANCZOS)
            sheet.paste(cell.convert("RGB"), (column * CELL, top + LINE))
    sheet.save(path)

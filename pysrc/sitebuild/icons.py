# SPDX-License-Identifier: AGPL-3.0-or-later
"""The mark, drawn once as geometry: a square sheet with one corner cut off and lifted.

All figures are on a grid of 64. The same polygons become the SVG and, supersampled, the bitmaps.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

GRID = 64
ACCENT = "#c8371b"
PAPER = "#faf8f5"
SHEET = ((4, 16), (28, 16), (48, 36), (48, 60), (4, 60))
CORNER = ((40, 4), (60, 4), (60, 24))
SHAPES = (SHEET, CORNER)
OVERSAMPLE = 8


@dataclass(frozen=True)
class Bitmap:
    """One PNG: `scale` is the share of the side that the mark's grid takes; `paper` None is transparent."""

    name: str
    side: int
    scale: float
    paper: str | None


BITMAPS = (
    Bitmap("favicon-16.png", 16, 1.0, None),
    Bitmap("favicon-32.png", 32, 1.0, None),
    Bitmap("icon-192.png", 192, 0.74, PAPER),
    Bitmap("icon-512.png", 512, 0.74, PAPER),
    Bitmap("icon-maskable-512.png", 512, 0.56, PAPER),
    Bitmap("apple-touch-180.png", 180, 0.68, PAPER),
)


def svg(colour: str = ACCENT) -> str:
    """The mark as an SVG document of one colour."""
    path = "".join("M" + "L".join(f"{x} {y}" for x, y in shape) + "Z" for shape in SHAPES)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {GRID} {GRID}">'
        f'<path fill="{colour}" d="{path}"/></svg>\n'
    )


def draw(bitmap: Bitmap) -> "Image":
    """The mark as a picture, antialiased by supersampling."""
    from PIL import Image, ImageDraw

    big = bitmap.side * OVERSAMPLE
    mask = Image.new("L", (big, big))
    pen = ImageDraw.Draw(mask)
    unit = big * bitmap.scale / GRID
    edge = (big - GRID * unit) / 2
    for shape in SHAPES:
        pen.polygon([(edge + x * unit, edge + y * unit) for x, y in shape], fill=255)
    mask = mask.resize((bitmap.side, bitmap.side), Image.Resampling.BOX)
    if bitmap.paper is None:
        picture = Image.new("RGBA", mask.size, ACCENT)
        picture.putalpha(mask)
        return picture
    picture = Image.new("RGB", mask.size, bitmap.paper)
    picture.paste(Image.new("RGB", mask.size, ACCENT), mask=mask)
    return picture


def write(folder: Path) -> None:
    """Write mark.svg and every bitmap to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mark.svg").write_text(svg(), encoding="utf-8")
    for bitmap in BITMAPS:
        draw(bitmap).save(folder / bitmap.name, optimize=True)

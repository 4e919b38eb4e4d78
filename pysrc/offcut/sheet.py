# SPDX-License-Identifier: AGPL-3.0-or-later
"""One photo many times on a sheet of paper, to be printed and cut."""

import math
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from offcut.inch import INCH, LEAST_DPI
from offcut.plain import Table

Paper = Literal["10x15", "4x6", "a4", "letter"]

Segment = tuple[float, float, float, float]
"""A line from (x, y) to (x, y), mm from the upper left corner of the paper."""

PAPERS: dict[Paper, tuple[float, float]] = {
    "10x15": (100.0, 150.0),
    "4x6": (101.6, 152.4),
    "a4": (210.0, 297.0),
    "letter": (215.9, 279.4),
}
"""Width and height in mm: A4 by ISO 216, the others by their names in cm and inches."""

MARGIN = 3.0
"""Printers leave a border of this many mm white."""

WIDEST_GAP = 20.0
"""The most mm between photos."""

MOST = 1000
"""No sheet holds more photos than this: those of a size that somebody cuts out are far fewer."""

TICK = 3.0
"""A cut mark ends at most so many mm from its photo, so that in the margin it never leaves the paper."""

CLEAR = 0.3
"""A cut mark begins this many mm from every photo: from 150 dpi on, at least one white pixel."""

HAIRLINE = 0.25 * INCH / 72
"""Width of a cut mark, mm: a quarter of a point."""

GREY = 128
"""The grey of cut marks, of 255."""

_SLACK = 1e-6
"""Sums of mm that are to be equal differ by less than this."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet is to be like.

    - `paper`: "10x15" (cm), "4x6" (inches), "a4" or "letter"
    - `gap`, 0..20 mm: between photos
    - `marks`: whether there are marks to cut along
    - `count`, 1..1000: how many photos at most; None for as many as fit
    """

    paper: Paper = "10x15"
    gap: float = 2.0
    marks: bool = True
    count: int | None = None

    @classmethod
    def parse(cls, table: Table) -> "Sheet":
        """A sheet from plain data; what is not there has its default. Raises the table's error."""
        table.only([field.name for field in fields(cls)])
        given: dict[str, Any] = {}
        if "paper" in table.data:
            given["paper"] = table.choice("paper", tuple(PAPERS))
        if "gap" in table.data:
            given["gap"] = table.within("gap", 0, WIDEST_GAP)
        if "marks" in table.data:
            given["marks"] = table.truth("marks")
        if table.data.get("count") is not None:
            given["count"] = table.whole("count", 1, MOST)
        return cls(**given)

    def to_dict(self) -> dict[str, object]:
        """Plain data with every field written out; `parse` gives the same sheet back."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything lies, in mm from the upper left corner of the paper.

    `paper` and `photo` are (width, height); `places` the upper left corners (x, y) of the photos, row by row; `marks`
    the lines to cut along.
    """

    paper: tuple[float, float]
    photo: tuple[float, float]
    places: tuple[tuple[float, float], ...]
    marks: tuple[Segment, ...]


def laid(mm: tuple[float, float], sheet: Sheet) -> Layout:
    """Lay photos of `mm` (width, height) out on the paper of `sheet`.

    They stand upright in rows, `sheet.gap` apart and `MARGIN` from the paper's edge, as many as fit but not more than
    `sheet.count` and `MOST`. The paper is turned the way that holds more of them, upright where both hold the same. All
    of them together lie in its middle; a last row that is not full begins at the left, under the others, so that cuts
    go through.

    Raises ValueError when not even one photo fits, and for sizes that are not above 0.
    """
    if not all(math.isfinite(side) and side > 0 for side in mm):
        raise ValueError(f"a photo of {mm} mm has no size")
    upright = PAPERS[sheet.paper]
    paper = max((upright, upright[::-1]), key=lambda way: math.prod(_fitting(mm, way, sheet.gap)))
    across, down = _fitting(mm, paper, sheet.gap)
    count = min(across * down, MOST if sheet.count is None else sheet.count)
    if count == 0:
        raise ValueError(f"a photo of {mm} mm does not fit {sheet.paper} paper")
    columns = min(across, count)
    rows = math.ceil(count / columns)
    left, top = (
        (whole - n * side - (n - 1) * sheet.gap) / 2 for whole, n, side in zip(paper, (columns, rows), mm, strict=True)
    )
    cells = [(index % columns, index // columns) for index in range(count)]
    places = {(i, j): (left + i * (mm[0] + sheet.gap), top + j * (mm[1] + sheet.gap)) for i, j in cells}
    return Layout(paper, mm, tuple(places.values()), _marks(places, mm) if sheet.marks else ())


def drawn(photo: NDArray[np.uint8], layout: Layout, dpi: float) -> NDArray[np.uint8]:
    """The sheet as a picture, uint8 [h,w,3], of `dpi` pixels per inch, at least `LEAST_DPI`: white paper, photos, and
    grey cut marks a hairline wide.

    `photo` is uint8 [h,w,3]; it is resampled (Lanczos) where its size is not that of `layout.photo` at `dpi`. Each
    photo's upper left corner is right to half a pixel. Where there is no gap and rounding gives two neighbours one
    pixel in common, the one to the right, or below, has it.

    Raises ValueError for fewer pixels per inch, of which the margin has less than one.
    """
    if dpi < LEAST_DPI:
        raise ValueError(f"a sheet of {dpi} dpi is too coarse")
    pixels = dpi / INCH
    width, height = (max(1, _round(side * pixels)) for side in layout.photo)
    if photo.shape[:2] != (height, width):
        photo = np.asarray(Image.fromarray(photo).resize((width, height), Image.Resampling.LANCZOS))
    whole = [max(1, _round(side * pixels)) for side in layout.paper]
    canvas = np.full((whole[1], whole[0], 3), 255, np.uint8)
    thick = max(1, _round(HAIRLINE * pixels))
    for x0, y0, x1, y1 in layout.marks:
        canvas[_along(y0, y1, pixels, thick), _along(x0, x1, pixels, thick)] = GREY
    for x, y in layout.places:
        column, row = _round(x * pixels), _round(y * pixels)
        canvas[row : row + height, column : column + width] = photo
    return canvas


def _fitting(mm: tuple[float, float], paper: tuple[float, float], gap: float) -> tuple[int, int]:
    """How many photos fit side by side, and one below the other."""
    across, down = (
        max(0, math.floor((whole - 2 * MARGIN + gap + _SLACK) / (side + gap)))
        for whole, side in zip(paper, mm, strict=True)
    )
    return across, down


def _marks(places: dict[tuple[int, int], tuple[float, float]], mm: tuple[float, float]) -> tuple[Segment, ...]:
    """Two ticks outwards from each corner, along the sides that meet there; none twice."""
    found: dict[tuple[float, ...], Segment] = {}
    for (i, j), (x, y) in places.items():
        # A tick is no longer than a photo, so only those around it can stand in its way.
        near = [places[cell] for cell in ((i + a, j + b) for a in (-1, 0, 1) for b in (-1, 0, 1)) if cell in places]
        turned = [(down, across) for across, down in near]
        for side, outwards in ((x, -1), (x + mm[0], 1)):
            for level, downwards in ((y, -1), (y + mm[1], 1)):
                segments: list[Segment] = []
                if tick := _tick(side, outwards, level, near, mm):
                    segments.append((tick[0], level, tick[1], level))
                if tick := _tick(level, downwards, side, turned, mm[::-1]):
                    segments.append((side, tick[0], side, tick[1]))
                for segment in segments:
                    found.setdefault(tuple(round(value, 3) for value in segment), segment)
    return tuple(found.values())


def _tick(
    start: float, way: int, level: float, near: list[tuple[float, float]], mm: tuple[float, float]
) -> tuple[float, float] | None:
    """From where to where a tick goes that leaves the side at `start` in the direction `way`, 1 or -1, and lies at
    `level` in the other dimension; None where photos leave it no room. `near`, the photos around, and their size `mm`
    are (along the tick, across it)."""
    reach = min(TICK, *mm)
    for along, across in near:
        first, last = sorted(((along - start) * way, (along + mm[0] - start) * way))
        beside = across - CLEAR + _SLACK < level < across + mm[1] + CLEAR - _SLACK
        if beside and last > _SLACK:
            reach = min(reach, first - CLEAR)
    if reach <= CLEAR + _SLACK:
        return None
    low, high = sorted((start + way * CLEAR, start + way * reach))
    return low, high


def _along(first: float, last: float, pixels: float, thick: int) -> slice:
    """The pixels of a line in one direction: those wholly inside of its length, or its thickness where it has none."""
    if first == last:
        begin = max(0, _round(first * pixels - thick / 2))
        return slice(begin, begin + thick)
    return slice(max(0, math.ceil(first * pixels)), max(0, math.floor(last * pixels)))


def _round(value: float) -> int:
    """Rounded half up, so that equal steps stay equal."""
    return math.floor(value + 0.5)

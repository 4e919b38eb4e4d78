# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person did to the cutout by hand, in order: settings only, in pixels of the picture.

(0, 0) is the upper left corner of the picture, and the middle of its first pixel lies at (0.5, 0.5). A touch may lie
outside of the picture, wholly or in part.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal

from offcut.colour import Colour
from offcut.plain import Table

FURTHEST = 1e6
"""No point lies further than this from the picture's corner, and no brush is larger."""

POINTS = 1 << 20
"""The most points that one touch may have."""

Points = tuple[float, ...]
"""Coordinates one behind the other: x, y, and for brushes the pressure, of each point."""


@dataclass(frozen=True, slots=True)
class Brush:
    """A stroke of a round brush through `points`: (x, y, pressure 0..1) each.

    `size` is its diameter at full pressure. It covers fully up to the share `hardness` of its radius, and less and less
    from there to its rim. "protect" keeps what it covers from everything, before and after, until "release" gives it
    up.
    """

    tool: ClassVar = "brush"
    mode: Literal["erase", "restore", "protect", "release"]
    size: float
    hardness: float
    points: Points


@dataclass(frozen=True, slots=True)
class Area:
    """A polygon, drawn with a lasso or as a rectangle: `points` are (x, y) each. What its rim goes round more often one
    way than the other is inside."""

    tool: ClassVar = "area"
    mode: Literal["erase", "restore"]
    points: Points


@dataclass(frozen=True, slots=True)
class Fill:
    """All that has the colour at `at`, (x, y), or `colour` where given; see offcut.flood.

    `tolerance`, 0..1, is by how much a channel may differ. `contiguous` takes only what hangs together with the point.
    """

    tool: ClassVar = "fill"
    mode: Literal["erase", "restore"]
    at: tuple[float, float]
    tolerance: float
    contiguous: bool
    colour: Colour | None


@dataclass(frozen=True, slots=True)
class Scribble:
    """A line of width `size` over what is to be kept, or dropped; `points` are (x, y) each. Scribbles in a row are
    solved together (see offcut.scribbles)."""

    tool: ClassVar = "scribble"
    mode: Literal["keep", "drop"]
    size: float
    points: Points


@dataclass(frozen=True, slots=True)
class Refine:
    """A line of width `size` over an edge that is to be found anew (see offcut.mend); `points` are (x, y) each."""

    tool: ClassVar = "refine"
    size: float
    points: Points


Touch = Brush | Area | Fill | Scribble | Refine


def parse(table: Table) -> Touch:
    """A touch from plain data: {"tool": …, …} with all the fields of that tool. Raises the table's error."""
    tool = table.choice("tool", tuple(_READERS))
    return _READERS[tool](table)


def to_dict(touch: Touch) -> dict[str, object]:
    """Plain data; `parse` gives the same touch back."""
    data: dict[str, object] = {"tool": touch.tool, **asdict(touch)}
    if isinstance(touch, Fill):
        data["at"] = list(touch.at)
        data["colour"] = None if touch.colour is None else str(touch.colour)
    else:
        data["points"] = list(touch.points)
    return data


def _brush(table: Table) -> Brush:
    table.only(("tool", "mode", "size", "hardness", "points"))
    mode: Any = table.choice("mode", ("erase", "restore", "protect", "release"))
    points = _points(table, 3)
    if points and not 0 <= min(points[2::3]) <= max(points[2::3]) <= 1:
        raise table.fault("points", "pressure must be 0 to 1")
    return Brush(mode, _size(table), table.within("hardness", 0, 1), points)


def _area(table: Table) -> Area:
    table.only(("tool", "mode", "points"))
    mode: Any = table.choice("mode", ("erase", "restore"))
    return Area(mode, _points(table, 2))


def _fill(table: Table) -> Fill:
    table.only(("tool", "mode", "at", "tolerance", "contiguous", "colour"))
    mode: Any = table.choice("mode", ("erase", "restore"))
    at = _numbers(table, "at")
    if len(at) != 2:
        raise table.fault("at", "must be x and y")
    colour = None if table.get("colour") is None else Colour.of(table, "colour")
    return Fill(mode, (at[0], at[1]), table.within("tolerance", 0, 1), table.truth("contiguous"), colour)


def _scribble(table: Table) -> Scribble:
    table.only(("tool", "mode", "size", "points"))
    mode: Any = table.choice("mode", ("keep", "drop"))
    return Scribble(mode, _size(table), _points(table, 2))


def _refine(table: Table) -> Refine:
    table.only(("tool", "size", "points"))
    return Refine(_size(table), _points(table, 2))


_READERS: dict[str, Callable[[Table], Touch]] = {
    "brush": _brush,
    "area": _area,
    "fill": _fill,
    "scribble": _scribble,
    "refine": _refine,
}


def _size(table: Table) -> float:
    return table.within("size", 0, FURTHEST)


def _points(table: Table, each: int) -> Points:
    points = _numbers(table, "points")
    if len(points) % each:
        raise table.fault("points", f"must be {each} numbers for each point")
    if len(points) > POINTS * each:
        raise table.fault("points", "too many")
    return points


def _numbers(table: Table, key: str) -> Points:
    numbers = table.numbers(key)
    if numbers and not -FURTHEST <= min(numbers) <= max(numbers) <= FURTHEST:
        raise table.fault(key, "out of range")
    return numbers

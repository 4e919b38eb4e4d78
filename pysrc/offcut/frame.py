# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of the picture is seen, how large, and on a canvas of which size: settings only. offcut.fitting lays them
out."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from offcut.inch import DPI, INCH, LEAST_DPI
from offcut.plain import Table

LONGEST = 20_000
"""No side of a canvas that is given in numbers has more pixels."""

MARGIN = 0.45
"""The widest margin, as a share of the canvas."""

Unit = Literal["px", "mm", "in"]


@dataclass(frozen=True, slots=True)
class Canvas:
    """A canvas of a size; where that is not in pixels, `dpi` makes pixels of it, and in any case the file says it."""

    width: float
    height: float
    unit: Unit = "px"
    dpi: float = DPI

    @property
    def pixels(self) -> tuple[int, int]:
        """(width, height) in pixels, each at least 1."""
        per = {"px": 1.0, "mm": self.dpi / INCH, "in": self.dpi}[self.unit]
        return max(1, round(self.width * per)), max(1, round(self.height * per))

    @property
    def mm(self) -> tuple[float, float]:
        """(width, height) in millimetres."""
        width, height = self.pixels
        return width / self.dpi * INCH, height / self.dpi * INCH


@dataclass(frozen=True, slots=True)
class Ratio:
    """A canvas as large as what is on it needs, and of this shape."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class HeadFit:
    """How the head lies on the canvas: `height` from crown to chin and `top` from the canvas's rim to the crown, shares
    of its height. `crown`, `chin` and `x` are pixels of the picture where the person says so; None where they are to be
    found. A picture that the frame turns is meant as it stands upright: turned by the nearest quarter and not flipped
    (see offcut.lines.upright)."""

    height: float = 0.7
    top: float = 0.1
    crown: float | None = None
    chin: float | None = None
    x: float | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """First the picture is flipped left to right (`flip`) and turned clockwise by `turn` degrees. Then what `fit` names
    is laid in the middle of the canvas, `margin` (0..`MARGIN`) of the canvas free on each side: all of the "picture",
    as much of it as fills the canvas ("cover"), the "subject" alone, or its "head" as `head` says, whatever the margin.
    In the end it is made `zoom` times as large, 0.05..20, about the middle of the canvas, and moved by `x` and `y`,
    -2..2, shares of the canvas.

    Without a `canvas` that is as large as its content needs, pixel for pixel, as long as so many can be written.
    """

    fit: Literal["picture", "cover", "subject", "head"] = "picture"
    canvas: Canvas | Ratio | None = None
    margin: float = 0.0
    turn: float = 0.0
    flip: bool = False
    zoom: float = 1.0
    x: float = 0.0
    y: float = 0.0
    head: HeadFit = HeadFit()

    @classmethod
    def parse(cls, table: Table) -> "Frame":
        """A frame from plain data; what is not there has its default. Raises the table's error."""
        table.only(("fit", "canvas", "margin", "turn", "flip", "zoom", "x", "y", "head"))
        given: dict[str, Any] = {}
        if "fit" in table.data:
            given["fit"] = table.choice("fit", ("picture", "cover", "subject", "head"))
        if table.data.get("canvas") is not None:
            given["canvas"] = _canvas(table.table("canvas"))
        if "flip" in table.data:
            given["flip"] = table.truth("flip")
        if "head" in table.data:
            given["head"] = _head(table.table("head"))
        for name, (least, most) in _RANGES.items():
            if name in table.data:
                given[name] = table.within(name, least, most)
        return cls(**given)

    def to_dict(self) -> dict[str, object]:
        """Plain data with every field written out; `parse` gives the same frame back."""
        return asdict(self)


_RANGES = {
    "margin": (0.0, MARGIN),
    "turn": (-180.0, 180.0),
    "zoom": (0.05, 20.0),
    "x": (-2.0, 2.0),
    "y": (-2.0, 2.0),
}


def _canvas(table: Table) -> Canvas | Ratio:
    if "unit" not in table.data:
        table.only(("width", "height"))
        ratio = Ratio(table.within("width", 0.01, 10_000), table.within("height", 0.01, 10_000))
        if not 1 / 20 <= ratio.width / ratio.height <= 20:
            raise table.fault("width", "must be 1/20 to 20 times the height")
        return ratio
    table.only(("width", "height", "unit", "dpi"))
    unit: Any = table.choice("unit", ("px", "mm", "in"))
    dpi = table.within("dpi", LEAST_DPI, 2400) if "dpi" in table.data else DPI
    return Canvas(table.within("width", 0.01, 1e6), table.within("height", 0.01, 1e6), unit, dpi)


def _head(table: Table) -> HeadFit:
    table.only(("height", "top", "crown", "chin", "x"))
    given: dict[str, Any] = {}
    for name, least, most in (("height", 0.05, 1.0), ("top", 0.0, 0.9)):
        if name in table.data:
            given[name] = table.within(name, least, most)
    for name in ("crown", "chin", "x"):
        if table.data.get(name) is not None:
            given[name] = table.within(name, -1e6, 1e6)
    fit = HeadFit(**given)
    if fit.crown is not None and fit.chin is not None and fit.chin <= fit.crown:
        raise table.fault("chin", "must lie below the crown")
    return fit

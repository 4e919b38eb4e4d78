# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of the picture is seen, how large, and on a canvas of which size."""

import math
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from offcut.errors import FrameTooLarge
from offcut.head import Head
from offcut.header import MAX_PIXELS
from offcut.plain import Table

LONGEST = 20_000
"""No side of a canvas has more pixels."""

MARGIN = 0.45
"""The widest margin, as a share of the canvas."""

SEEN = 32
"""From this alpha on a pixel counts as the subject's when it is measured."""

INCH = 25.4
"""Millimetres in an inch."""

Unit = Literal["px", "mm", "in"]


@dataclass(frozen=True, slots=True)
class Canvas:
    """A canvas of a size; where that is not in pixels, `dpi` makes pixels of it, and in any case the file says it."""

    width: float
    height: float
    unit: Unit = "px"
    dpi: float = 300.0

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
    of its height. `crown`, `chin` and `x` are those of the picture in pixels where the person says so; None where they
    are to be found."""

    height: float = 0.7
    top: float = 0.1
    crown: float | None = None
    chin: float | None = None
    x: float | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """First the picture is flipped left to right (`flip`) and turned clockwise by `turn` degrees. Then what `fit` names
    is laid in the middle of the canvas, `margin` (0..`MARGIN`) of the canvas free on each side: all of the "picture",
    as much of it as fills the canvas ("cover"), the "subject" alone, or its "head" as `head` says. In the end it is
    made `zoom` times as large, 0.05..20, about the middle of the canvas, and moved by `x` and `y`, -2..2, shares of the
    canvas.

    Without a `canvas` that is as large as its content needs, pixel for pixel.
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
    dpi = table.within("dpi", 10, 2400) if "dpi" in table.data else 300.0
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


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a picture lies on a canvas of `width` x `height` pixels: its point (x, y) at (a x + b y + c, d x + e y +
    f), with `matrix` (a, b, c, d, e, f). `dpi` is what the frame says of it."""

    width: int
    height: int
    matrix: tuple[float, float, float, float, float, float]
    dpi: float | None = None

    @property
    def scale(self) -> float:
        """Canvas pixels per picture pixel."""
        return math.hypot(self.matrix[0], self.matrix[3])

    def identity(self, size: tuple[int, int]) -> bool:
        """Whether a picture of that size is the canvas, pixel for pixel."""
        return (self.width, self.height) == size and self.matrix == (1, 0, 0, 0, 1, 0)

    def points(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points of the picture, [n,2], on the canvas."""
        a, b, c, d, e, f = self.matrix
        moved: NDArray[np.float64] = points @ np.array([[a, d], [b, e]]) + (c, f)
        return moved

    def within(self, side: int) -> "Placement":
        """The same on a canvas whose longer side is at most `side`."""
        share = min(1.0, side / max(self.width, self.height))
        width, height = max(1, round(self.width * share)), max(1, round(self.height * share))
        across, down = width / self.width, height / self.height
        a, b, c, d, e, f = self.matrix
        return replace(
            self, width=width, height=height, matrix=(a * across, b * across, c * across, d * down, e * down, f * down)
        )

    def of(self, across: float, down: float) -> "Placement":
        """The same for the picture in a size in which it has `across` and `down` times as many pixels."""
        a, b, c, d, e, f = self.matrix
        return replace(self, matrix=(a / across, b / down, c, d / across, e / down, f))


def outer(alpha: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The corners of the leftmost and rightmost pixel of the subject in each row: float64 [n,2]; of all of the plane
    where there is no subject. `alpha` is uint8 [h,w]."""
    seen = alpha >= SEEN
    rows = np.flatnonzero(seen.any(axis=1))
    height, width = alpha.shape
    if not len(rows):
        return np.array([[0, 0], [width, 0], [0, height], [width, height]], np.float64)
    left = seen[rows].argmax(axis=1)
    right = width - seen[rows, ::-1].argmax(axis=1)
    x, y = np.concatenate([left, right]), np.concatenate([rows, rows])
    corners: NDArray[np.float64] = np.concatenate([np.stack([x, y], 1), np.stack([x, y + 1], 1)]).astype(np.float64)
    return corners


def placed(frame: Frame, size: tuple[int, int], subject: NDArray[np.float64], head: Head | None) -> Placement:
    """Where the picture, (width, height) `size`, lies. `subject` are points that the subject lies within, float64 [n,2]
    (see `outer`); `head` is what was found of it, None where nothing was: then the upper part of the subject does.

    Raises FrameTooLarge.
    """
    turned = _turned(frame, size)
    corners = np.array([[0, 0], [size[0], 0], [0, size[1]], size], np.float64)
    region = turned.points(subject if frame.fit in ("subject", "head") else corners)
    least, most = region.min(axis=0), region.max(axis=0)
    wide, tall = most - least
    free = 1 - 2 * frame.margin
    if frame.fit == "cover":
        width, height, scale = _covered(frame, size, turned, free)
    else:
        width, height, scale = _size(frame, float(wide), float(tall), free)
    if max(width, height) > LONGEST or width * height > MAX_PIXELS:
        raise FrameTooLarge(width=width, height=height, limit_megapixels=MAX_PIXELS // 1_000_000)
    middle = (least + most) / 2
    aim = np.array([width / 2, height / 2])
    if frame.fit == "head":
        fit = frame.head
        found = lines(frame, subject, head)
        crown, chin = turned.points(np.array([[found.x, found.crown], [found.x, found.chin]]))
        scale = fit.height * height / max(float(np.hypot(*(chin - crown))), 1e-6)
        middle, aim = crown, np.array([width / 2, fit.top * height])
    centre = np.array([width / 2, height / 2])
    aim = centre + frame.zoom * (aim - centre) + np.array([frame.x * width, frame.y * height])
    scale *= frame.zoom
    shift = aim - scale * middle
    if _square(frame) and scale == 1:  # pixel for pixel, and nothing is resampled
        shift = np.rint(shift)
    a, b, c, d, e, f = turned.matrix
    matrix = (a * scale, b * scale, c * scale + shift[0], d * scale, e * scale, f * scale + shift[1])
    dpi = frame.canvas.dpi if isinstance(frame.canvas, Canvas) else None
    return Placement(width, height, tuple(map(float, matrix)), dpi)  # type: ignore[arg-type]


def lines(frame: Frame, subject: NDArray[np.float64], head: Head | None) -> Head:
    """Crown, chin and middle that count: the person's, else those found, else about where they would be."""
    if head is None:
        (left, top), (right, bottom) = subject.min(axis=0), subject.max(axis=0)
        tall = min(float(bottom - top), float(right - left))
        head = Head(float(top), float(top) + max(tall * 0.6, 1.0), float(left + right) / 2)
    fit = frame.head
    crown = head.crown if fit.crown is None else fit.crown
    chin = head.chin if fit.chin is None else fit.chin
    return Head(crown, max(chin, crown + 1), head.x if fit.x is None else fit.x)


def _square(frame: Frame) -> bool:
    return frame.turn % 90 == 0


def _turned(frame: Frame, size: tuple[int, int]) -> Placement:
    """Flipped and turned, with the corner of what that takes at (0, 0)."""
    width, height = size
    angle = math.radians(frame.turn)
    cos, sin = math.cos(angle), math.sin(angle)
    if _square(frame):
        cos, sin = float(round(cos)), float(round(sin))
    flip = -1.0 if frame.flip else 1.0
    a, b, d, e = cos * flip, -sin, sin * flip, cos
    xs = [a * x + b * y for x in (0, width) for y in (0, height)]
    ys = [d * x + e * y for x in (0, width) for y in (0, height)]
    return Placement(1, 1, (a, b, 0.0 - min(xs), d, e, 0.0 - min(ys)))


def _size(frame: Frame, wide: float, tall: float, free: float) -> tuple[int, int, float]:
    """Width and height of the canvas in pixels, and canvas pixels per picture pixel."""
    canvas = frame.canvas
    if isinstance(canvas, Canvas):
        width, height = canvas.pixels
        return width, height, free * min(width / max(wide, 1e-6), height / max(tall, 1e-6))
    needed = (max(1, math.ceil(wide / free - 1e-6)), max(1, math.ceil(tall / free - 1e-6)))
    if canvas is None:
        return *needed, 1.0
    shape = canvas.width / canvas.height
    if needed[0] > needed[1] * shape:
        return needed[0], max(1, round(needed[0] / shape)), 1.0
    return max(1, round(needed[1] * shape)), needed[1], 1.0


def _covered(frame: Frame, size: tuple[int, int], turned: Placement, free: float) -> tuple[int, int, float]:
    """The same where a picture of that size is to fill the canvas: seen from the picture, the canvas is turned and
    lies within it. Without a canvas that has the picture's shape."""
    canvas = frame.canvas
    cos, sin = abs(turned.matrix[0]), abs(turned.matrix[3])
    if isinstance(canvas, Canvas):
        width, height = canvas.pixels
        across, down = width * cos + height * sin, width * sin + height * cos
        return width, height, free * max(across / size[0], down / size[1])
    wide, tall = (canvas.width, canvas.height) if canvas else size if cos >= sin else size[::-1]
    scale = min(size[0] / (wide * cos + tall * sin), size[1] / (wide * sin + tall * cos)) / free
    return max(1, int(wide * scale + 1e-6)), max(1, int(tall * scale + 1e-6)), 1.0

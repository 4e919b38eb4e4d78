# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a picture lies on a canvas."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from offcut.inch import Dpi

Points = NDArray[np.float64]
"""float64 [n,2]: x and y, in pixels from the upper left corner."""


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

    def points(self, points: Points) -> Points:
        """Points of the picture on the canvas."""
        a, b, c, d, e, f = self.matrix
        moved: Points = points @ np.array([[a, d], [b, e]]) + (c, f)
        return moved

    def back(self, points: Points) -> Points:
        """Points of the canvas in the picture."""
        a, b, c, d, e, f = self.matrix
        moved: Points = (points - (c, f)) @ np.linalg.inv(np.array([[a, d], [b, e]]))
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

    def beginning(self, left: int, top: int) -> "Placement":
        """The same for what is left of the picture from a pixel on."""
        a, b, _, d, e, _ = self.matrix
        ((x, y),) = self.points(np.array([[left, top]], np.float64)).tolist()
        return replace(self, matrix=(a, b, x, d, e, y))

    def resolution(self, original: Dpi | None) -> Dpi | None:
        """Pixels per inch of the canvas, across and down: what the frame says; without that `original`, those of the
        picture, as long as its pixels keep their size. None where nobody knows: also where they differ across and down
        and are turned by anything but quarters."""
        if self.dpi:
            return self.dpi, self.dpi
        if original is None or not math.isclose(self.scale, 1):
            return None
        across, down = original
        a, b, _, d, e, _ = self.matrix
        if a == e == 0:
            return down, across
        return original if across == down or b == d == 0 else None


def turned(size: tuple[int, int], turn: float, flip: bool = False) -> Placement:
    """A picture of (width, height) `size`, first flipped left to right (`flip`) and then turned clockwise by `turn`
    degrees, on the smallest canvas that holds it. Quarters are exact."""
    width, height = size
    angle = math.radians(turn)
    cos, sin = math.cos(angle), math.sin(angle)
    if turn % 90 == 0:
        cos, sin = float(round(cos)), float(round(sin))
    side = -1.0 if flip else 1.0
    a, b, d, e = cos * side, -sin, sin * side, cos
    xs = [a * x + b * y for x in (0, width) for y in (0, height)]
    ys = [d * x + e * y for x in (0, width) for y in (0, height)]
    wide, tall = (max(1, math.ceil(max(along) - min(along) - 1e-6)) for along in (xs, ys))
    return Placement(wide, tall, (a, b, 0.0 - min(xs), d, e, 0.0 - min(ys)))

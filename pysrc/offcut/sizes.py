# SPDX-License-Identifier: AGPL-3.0-or-later
"""A picture in several sizes, each made once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from offcut.picture import Picture
from offcut.touches import Points


@dataclass(frozen=True, slots=True, eq=False)
class Sized:
    """`picture` in one size: `scale` times that which pixels in a recipe are meant in."""

    picture: Picture
    scale: float

    def points(self, points: Points, each: int = 2) -> NDArray[np.float64]:
        """A recipe's points in this size, [n,each]: x and y, and what else there is of each as it was."""
        scaled = np.array(points, np.float64).reshape(-1, each)
        scaled[:, :2] *= self.scale
        return scaled


class Sizes:
    """`largest` is the one that all others are made of."""

    def __init__(self, picture: Picture, scale: float = 1.0) -> None:
        self.largest = Sized(picture, scale)
        self._smaller: dict[int, Sized] = {}

    def within(self, side: int) -> Sized:
        """The picture, its longer side at most `side` pixels: the largest where that is no larger, else the means of
        its pixels."""
        whole = self.largest.picture
        if max(whole.size) <= side:
            return self.largest
        if side not in self._smaller:
            image = Image.fromarray(whole.rgba)
            image.thumbnail((side, side), Image.Resampling.BOX)
            small = Picture(np.array(image), whole.opaque, None, whole.name, whole.notes)
            self._smaller[side] = Sized(small, self.largest.scale * max(small.size) / max(whole.size))
        return self._smaller[side]

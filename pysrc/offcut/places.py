# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a face is looked for: a part of a picture, the places in it, and what the matte says about them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

GREY = 0.02
"""A picture whose channels differ by less than this has no colour."""


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """A part of a picture, at a size of its own.

    `rgb` is float32 [n,m,3], 0..1, and `cover` float32 [n,m] the matte, 1 = subject. Pixel (x, y) of the picture is at
    ((x - left) / across, (y - top) / down).
    """

    rgb: NDArray[np.float32]
    cover: NDArray[np.float32]
    left: float
    top: float
    across: float
    down: float

    @property
    def grey(self) -> bool:
        """Whether it has no colour: one pixel of many tells."""
        return float(np.ptp(self.rgb[::4, ::4], axis=2).mean()) < GREY


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where a face is looked for: every `x` [a] with every `chin` [b] and every `ratio` [c] of the head's height to the
    distance from eyes to chin. `crown` [a] is the top of the head above each x. In pixels of the window."""

    x: Array
    crown: Array
    chin: Array
    ratio: Array

    @property
    def height(self) -> Array:
        """The head's, [a,b,1]; where there would be none, 1."""
        height: Array = np.maximum(self.chin[:, np.newaxis] - self.crown[:, np.newaxis, np.newaxis], 1)
        return height

    @property
    def unit(self) -> Array:
        """From the line of the eyes to the chin, [a,b,c]."""
        return self.height / self.ratio

    @property
    def eyes(self) -> Array:
        """The row of the eyes, [a,b,c]."""
        return self.chin[:, np.newaxis] - self.unit

    @property
    def possible(self) -> NDArray[np.bool_]:
        """Which places leave room for a forehead, [a,b,c]."""
        room: NDArray[np.bool_] = self.eyes - 0.35 * self.unit > self.crown[:, np.newaxis, np.newaxis]
        return room


@dataclass(frozen=True, slots=True)
class Outline:
    """What the matte alone says, in pixels of the window: the `height` of the head as its upper half promises it, and
    the row in which it has narrowed to the `neck`; None where there is none to be seen."""

    height: float
    neck: float | None

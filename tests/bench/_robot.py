# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person who cuts a picture out with lines, simulated: it sees the truth and the result, by rule.

1. The first line, keep: through the largest piece of the subject, along the longest path of its skeleton.
2. The second, drop: a loose loop around the subject, `OUT` of the longer side away from its closed outline; where the
   subject reaches the border of the picture the loop is open.
3. Then, until the result is good enough: through the largest wrong piece, along the longest path of its skeleton.

A line is one stroke of one width: `WIDTH` of the longer side, or finer where there is less room.
"""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra
from skimage.measure import find_contours
from skimage.morphology import skeletonize

from offcut.touches import Scribble

SIDE = 480
"""The robot looks at pictures of so many pixels on the longer side."""

WIDTH, OUT = 0.0175, 0.04

LEAST, LOW = 1.5, 5
"""The finest line in pixels, and how much of a path, in per cent, may have less room than its line takes."""
EVERY = 3
"""Of a path, one pixel in so many becomes a point of the line."""

Mask = NDArray[np.bool_]
Path = list[tuple[float, float]]
NEIGHBOURS = np.ones((3, 3), np.bool_)


class Robot:
    """`truth` is the subject, bool [h,w]."""

    def __init__(self, truth: Mask) -> None:
        height, width = truth.shape
        self._scale = max(1.0, max(truth.shape) / SIDE)
        self._size = max(1, round(width / self._scale)), max(1, round(height / self._scale))
        self._truth = self._small(truth)

    def begin(self) -> tuple[Scribble, Scribble]:
        """The first two lines."""
        return self._line("keep", _longest(_largest(self._truth)[0])), self._line("drop", self._loop())

    def mend(self, found: Mask) -> Scribble:
        """One more line, for what is wrong with `found`, bool [h,w]."""
        seen = self._small(found)
        missing, left = self._truth & ~seen, seen & ~self._truth
        if _largest(missing)[1] >= _largest(left)[1]:
            return self._line("keep", _through(missing, self._truth))
        return self._line("drop", _through(left, ~self._truth))

    def _small(self, mask: Mask) -> Mask:
        image = Image.fromarray(mask.astype(np.uint8) * np.uint8(255))
        small: Mask = np.asarray(image.resize(self._size, Image.Resampling.BOX)) > 127
        return small

    def _line(self, mode: Literal["keep", "drop"], path: Path) -> Scribble:
        side = self._truth if mode == "keep" else ~self._truth
        room = ndimage.distance_transform_edt(np.pad(side, 1, mode="edge"))[1:-1, 1:-1]
        rows, columns = np.round(np.array(path)).astype(int).T
        around = room[np.clip(rows, 0, room.shape[0] - 1), np.clip(columns, 0, room.shape[1] - 1)]
        width = min(WIDTH * max(side.shape), max(LEAST, 2 * float(np.percentile(around, LOW)) - 1))
        kept = [*path[:-1:EVERY], path[-1]]
        points = tuple(float((value + 0.5) * self._scale) for y, x in kept for value in (x, y))
        return Scribble(mode, float(width * self._scale), points)

    def _loop(self) -> Path:
        truth = self._truth
        out = OUT * max(truth.shape)
        rim = int(3 * out) + 2
        away = ndimage.distance_transform_edt(~np.pad(truth, rim))
        closed = ndimage.distance_transform_edt(away < 2 * out) > out
        around = find_contours(closed[rim:-rim, rim:-rim].astype(float), 0.5)
        if not around or len(max(around, key=len)) < 8:
            return _through(~truth, ~truth)
        return [(float(y), float(x)) for y, x in max(around, key=len)]


def _largest(mask: Mask) -> tuple[Mask, int]:
    """The largest piece, and its pixels."""
    labels, count = ndimage.label(mask, NEIGHBOURS)
    if count == 0:
        return mask, 0
    areas = np.bincount(labels.ravel())
    areas[0] = 0
    piece: Mask = labels == areas.argmax()
    return piece, int(areas.max())


def _through(wrong: Mask, side: Mask) -> Path:
    """A path through the largest piece of `wrong`; small holes and hairs of it are passed over."""
    piece, _ = _largest(wrong)
    smooth = ndimage.binary_fill_holes(ndimage.binary_opening(piece, NEIGHBOURS)) & side
    return _longest(_largest(smooth)[0] if smooth.any() else piece)


def _longest(region: Mask) -> Path:
    """The longest path over the skeleton of a region."""
    skeleton, pixels = _largest(skeletonize(region))
    places = np.argwhere(skeleton)
    if pixels < 2:
        depth = ndimage.distance_transform_edt(np.pad(region, 1))[1:-1, 1:-1]
        y, x = np.unravel_index(int(depth.argmax()), depth.shape)
        return [(float(y), float(x))]
    numbers = np.full(skeleton.shape, -1)
    numbers[tuple(places.T)] = np.arange(len(places))
    padded = np.pad(numbers, 1, constant_values=-1)
    one: list[Any] = []
    other: list[Any] = []
    length: list[Any] = []
    height, width = skeleton.shape
    for down, across in ((0, 1), (1, 0), (1, 1), (1, -1)):
        beside = padded[1 + down : height + 1 + down, 1 + across : width + 1 + across]
        both = (numbers >= 0) & (beside >= 0)
        one.append(numbers[both])
        other.append(beside[both])
        length.append(np.full(int(both.sum()), np.hypot(down, across)))
    count = len(places)
    ways = coo_matrix((np.concatenate(length), (np.concatenate(one), np.concatenate(other))), (count, count)).tocsr()
    first = dijkstra(ways, False, 0).argmax()
    far, before = dijkstra(ways, False, first, return_predecessors=True)
    at, path = int(far.argmax()), []
    while at >= 0:
        path.append((float(places[at][0]), float(places[at][1])))
        at = int(before[at])
    return path

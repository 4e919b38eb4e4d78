# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a polygon covers of each pixel, exactly.

Every edge tells the pixels it passes how much lies to the right of it, and a running sum along each row makes areas of
that (R. Levien's font-rs, 2016, after FreeType's smooth rasterizer by D. Turner): no pixel is drawn as many.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from offcut.brush import Coordinates, Mark

Floats = NDArray[np.float64]

STRIP = 64
"""Rows drawn at a time."""

CHUNK = 1 << 16
"""Edges drawn at a time."""


def marks(points: Coordinates, width: int, height: int) -> Iterator[Mark]:
    """What the polygon with the corners `points`, (x, y) each, covers of `width` x `height` pixels, in strips.

    What its rim goes round more often one way than the other is inside. Fewer than three corners cover nothing.
    """
    # Closer than a millionth of a pixel two corners are one: no slope between them would be a number.
    corners = np.round(np.array(points, np.float64).reshape(-1, 2), 6)
    if corners.shape[0] < 3:
        return
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    first, last = max(0, int(np.floor(left))), min(width, int(np.ceil(right)))
    ends = np.roll(corners, -1, axis=0)
    for row in range(max(0, int(np.floor(top))) // STRIP * STRIP, min(height, int(np.ceil(bottom))), STRIP):
        size = min(STRIP, height - row), last - first
        if size[1] <= 0:
            return
        near = (np.minimum(corners, ends)[:, 1] < row + size[0]) & (np.maximum(corners, ends)[:, 1] > row)
        here = np.concatenate([corners[near], ends[near]], axis=1) - (first, row, first, row)
        right_of = np.zeros((size[0], size[1] + 2))
        for chunk in range(0, here.shape[0], CHUNK):
            _add(right_of, here[chunk : chunk + CHUNK])
        covered = np.minimum(np.abs(np.cumsum(right_of, axis=1)[:, : size[1]]), 1)
        yield Mark(row, first, np.rint(covered * 255).astype(np.uint8))


def _add(right_of: Floats, edges: Floats) -> None:
    """Add what `edges`, [n,4] x, y, x, y, say of the pixels of a strip, [h, w + 2]."""
    height, width = right_of.shape[0], right_of.shape[1] - 2
    # one piece for each row that an edge passes
    low, high = (
        np.clip(np.minimum(edges[:, 1], edges[:, 3]), 0, height),
        np.clip(np.maximum(edges[:, 1], edges[:, 3]), 0, height),
    )
    which, row = _steps(low, high)
    edge = edges[which]
    above, below = np.maximum(low[which], row), np.minimum(high[which], row + 1)
    slope = (edge[:, 2] - edge[:, 0]) / (edge[:, 3] - edge[:, 1])
    one, other = edge[:, 0] + (above - edge[:, 1]) * slope, edge[:, 0] + (below - edge[:, 1]) * slope
    tall = (below - above) * np.sign(edge[:, 3] - edge[:, 1])
    # one piece for each column; what is left of the strip counts for its first, what is right of it for none
    start, end = np.minimum(one, other), np.maximum(one, other)
    spread = np.maximum(end - start, 1e-12)
    inner_start, inner_end = np.clip(start, 0, width), np.clip(end, 0, width)
    outside = np.clip(np.minimum(end, 0) - start, 0, None) / spread
    np.add.at(right_of, (row, np.zeros_like(row)), tall * np.where(end <= 0, 1, outside))
    upright = (start == end) & (start > 0) & (start < width)
    inner_end = np.where(upright, np.nextafter(inner_end, np.inf), inner_end)
    which, column = _steps(inner_start, inner_end)
    begin, stop = np.maximum(inner_start[which], column), np.minimum(inner_end[which], column + 1)
    share = np.where(upright[which], 1, (stop - begin) / spread[which])
    part = tall[which] * share
    middle = (begin + stop) / 2 - column
    np.add.at(right_of, (row[which], column), part * (1 - middle))
    np.add.at(right_of, (row[which], column + 1), part * middle)


def _steps(low: Floats, high: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """For each whole step from `low` to `high`: of which of them, and its number."""
    first = np.floor(low).astype(np.intp)
    count = np.where(high > low, np.ceil(high).astype(np.intp) - first, 0)
    which = np.repeat(np.arange(count.size), count)
    return which, first[which] + np.arange(which.size) - np.repeat(np.cumsum(count) - count, count)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The connected regions of a mask.

Rows are cut into runs, and runs that touch are joined (He, Chao and Suzuki, "A Run-Based Two-Scan Labeling Algorithm",
IEEE Transactions on Image Processing 17, 2008). Joining is done for all runs at once, by taking the least number each
touches and jumping along the pointers so made (Shiloach and Vishkin, "An O(log n) Parallel Connectivity Algorithm",
1982), so that nothing but numpy goes over pixels.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """`labels` is int32 [h,w]: 0 outside the mask, 1.. for each region in the order of its first pixel. `areas` is
    int64 [n + 1], the pixels of each, and of the outside first."""

    labels: NDArray[np.int32]
    areas: NDArray[np.int64]

    def masses(self, plane: NDArray[np.float32]) -> NDArray[np.float64]:
        """The sum of `plane`, float [h,w], over each region: [n + 1], the outside first."""
        sums: NDArray[np.float64] = np.bincount(self.labels.ravel(), plane.ravel(), self.areas.size).astype(np.float64)
        return sums

    def at_border(self) -> NDArray[np.bool_]:
        """Which regions reach the border: bool [n + 1]."""
        touching = np.zeros(self.areas.size, np.bool_)
        for side in (self.labels[0], self.labels[-1], self.labels[:, 0], self.labels[:, -1]):
            touching[side] = True
        return touching


def regions(mask: NDArray[np.bool_], *, corners: bool = False) -> Regions:
    """The regions of `mask`, bool [h,w], not empty. Pixels that meet at a corner only are joined when `corners`."""
    height, width = mask.shape
    rows, starts, ends = _runs(mask)
    one, other = _touching(rows, starts, ends, height, width, int(corners))
    parent = _joined(rows.size, one, other)
    roots, numbers = np.unique(parent, return_inverse=True)
    lengths = ends - starts
    begins = rows * width + starts
    pixels = np.repeat(begins - np.cumsum(lengths) + lengths, lengths) + np.arange(int(lengths.sum()))
    labels = np.zeros(mask.shape, np.int32)
    labels.reshape(-1)[pixels] = np.repeat(numbers + 1, lengths)
    areas = np.bincount(numbers + 1, lengths, minlength=roots.size + 1).astype(np.int64)
    areas[0] = mask.size - int(areas.sum())
    return Regions(labels, areas)


def _runs(mask: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Row, first column and the column after the last, of each run."""
    padded = np.zeros((mask.shape[0], mask.shape[1] + 2), np.int8)
    padded[:, 1:-1] = mask
    step = np.diff(padded, axis=1)
    rows, starts = np.nonzero(step == 1)
    return rows, starts, np.nonzero(step == -1)[1]


def _touching(
    rows: NDArray[np.intp], starts: NDArray[np.intp], ends: NDArray[np.intp], height: int, width: int, reach: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs of runs in neighbouring rows that touch. Runs are in order, so those above one are a range of them."""
    stride = width + 3  # room for `reach` past either end of a row
    low = np.searchsorted(ends + rows * stride, starts - reach + (rows - 1) * stride, side="right")
    high = np.searchsorted(starts + rows * stride, ends + reach + (rows - 1) * stride, side="left")
    first = np.searchsorted(rows, np.arange(height + 1))
    low = np.maximum(low, first[np.maximum(rows - 1, 0)])
    high = np.minimum(high, first[rows])
    count = np.where(rows == 0, 0, np.maximum(high - low, 0))
    one = np.repeat(np.arange(rows.size), count)
    other = np.repeat(low - np.cumsum(count) + count, count) + np.arange(one.size)
    return one, other


def _joined(count: int, one: NDArray[np.intp], other: NDArray[np.intp]) -> NDArray[np.intp]:
    """For each of `count` runs, the least of those it hangs together with."""
    parent = np.arange(count)
    while True:
        least, greatest = np.minimum(parent[one], parent[other]), np.maximum(parent[one], parent[other])
        if np.array_equal(least, greatest):
            return parent
        np.minimum.at(parent, greatest, least)
        jumped = parent[parent]
        while not np.array_equal(jumped, parent):
            parent, jumped = jumped, jumped[jumped]

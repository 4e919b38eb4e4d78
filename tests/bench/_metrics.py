# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far a matte, or a cutout, is from the truth.

SAD, MSE, gradient and connectivity error are those of Rhemann et al. ("A Perceptually Motivated Online Benchmark for
Image Matting", CVPR 2009), with the parameters of alphamatting.com, over the whole picture. Boundary IoU is that of
Cheng et al. (CVPR 2021). The fringe error is ours: what somebody sees who lays the cutout over another ground.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from skimage import color
from skimage.measure import label

Plane = NDArray[np.float32]
Mask = NDArray[np.bool_]

SIGMA = 1.4
"""Of the Gaussian whose derivatives make the gradient."""

STEP, TOLERANCE = 0.1, 0.15
"""Of the connectivity error: the distance of its thresholds, and the difference that does not count."""

BOUNDARY = 0.02
"""Width of the bands of boundary IoU as a share of the diagonal."""

EDGE = 0.01
"""How far from the true edge a fringe counts, as a share of the diagonal."""

GROUNDS = (
    (0, 0, 0),
    (255, 255, 255),
    (128, 128, 128),
    (220, 30, 30),
    (30, 180, 40),
    (30, 60, 220),
    (245, 210, 30),
    (230, 40, 200),
)
"""The new grounds of the fringe error: black, white, grey and five that are as loud as grounds get."""


def mae(answer: Plane, truth: Plane) -> float:
    """Mean absolute difference."""
    return float(np.abs(answer - truth).mean())


def mse(answer: Plane, truth: Plane) -> float:
    """Mean squared difference."""
    return float(np.square(answer - truth).mean())


def sad(answer: Plane, truth: Plane) -> float:
    """Sum of absolute differences, in thousands."""
    return float(np.abs(answer - truth).sum(dtype=np.float64)) / 1000


def gradient(answer: Plane, truth: Plane) -> float:
    """Sum of squared differences of the magnitudes of the gradients, in thousands."""
    difference = _steepness(answer) - _steepness(truth)
    return float(np.square(difference).sum(dtype=np.float64)) / 1000


def _steepness(plane: Plane) -> NDArray[np.float64]:
    wide = plane.astype(np.float64)
    across, down = (gaussian_filter(wide, SIGMA, order=order, mode="nearest") for order in ((0, 1), (1, 0)))
    steepness: NDArray[np.float64] = np.hypot(across, down)
    return steepness


def connectivity(answer: Plane, truth: Plane) -> float:
    """Sum of the differences in how far pixels hang together with the largest region that both share, in thousands."""
    level = np.ones(truth.shape)
    lost = np.zeros(truth.shape, bool)
    steps = np.arange(0, 1 + STEP / 2, STEP)
    for before, step in pairwise(steps):
        shared = _largest((answer >= step) & (truth >= step))
        newly = ~shared & ~lost
        level[newly] = before
        lost |= newly
    one, other = (1 - np.where(plane - level >= TOLERANCE, plane - level, 0) for plane in (answer, truth))
    return float(np.abs(one - other).sum()) / 1000


def _largest(mask: Mask) -> Mask:
    regions = label(mask, connectivity=1)
    sizes = np.bincount(regions.ravel())
    sizes[0] = 0
    return np.asarray(regions == sizes.argmax()) & mask


def iou(answer: Plane, truth: Plane) -> float:
    """Intersection over union of both above one half."""
    return _overlap(answer > 0.5, truth > 0.5)


def boundary_iou(answer: Plane, truth: Plane) -> float:
    """Intersection over union of the parts of both, above one half, that lie near their own boundaries."""
    reach = max(1, round(BOUNDARY * math.hypot(*truth.shape)))
    found, there = answer > 0.5, truth > 0.5
    return _overlap(found & ~_inside(found, reach), there & ~_inside(there, reach))


def _overlap(one: Mask, other: Mask) -> float:
    union = int((one | other).sum())
    return int((one & other).sum()) / union if union else 1.0


def edge(truth: Plane) -> Mask:
    """Where fringes are looked for: soft pixels of the truth, and those near the line where it crosses one half."""
    subject = truth > 0.5
    reach = max(1, round(EDGE * math.hypot(*truth.shape)))
    near = ~_inside(subject, reach) & ~_inside(~subject, reach)
    wanted: Mask = near | ((truth > 0.02) & (truth < 0.98))
    return wanted


def _inside(mask: Mask, reach: int) -> Mask:
    """Pixels all of whose neighbours in a square of `reach` are in `mask`; beyond the border is as at it."""
    sums = np.pad(mask, reach, mode="edge").astype(np.int32)
    for axis, size in enumerate(mask.shape):
        sums = np.insert(np.cumsum(sums, axis), 0, 0, axis)
        sums = np.take(sums, range(2 * reach + 1, 2 * reach + 1 + size), axis) - np.take(sums, range(size), axis)
    return np.asarray(sums == (2 * reach + 1) ** 2)


SEEN = 1 << 14
"""Of a longer edge, so many pixels, evenly spread, are looked at: CIEDE2000 is slow."""


def fringe(answer: NDArray[np.uint8], truth: NDArray[np.uint8]) -> float:
    """Mean CIEDE2000 between two cutouts, uint8 [h,w,4] straight alpha, over `GROUNDS`, at the edge of the true one.

    0 where the truth has no edge.
    """
    where = edge(truth[..., 3].astype(np.float32) / np.float32(255))
    if not where.any():
        return 0.0
    which = np.flatnonzero(where)
    which = which[:: max(1, which.size // SEEN)]
    found, there = (np.concatenate(list(_laid(cutout.reshape(-1, 4)[which]))) for cutout in (answer, truth))
    distances = np.asarray(color.deltaE_ciede2000(found, there))
    return float(distances.mean())


def _laid(pixels: NDArray[np.uint8]) -> Iterator[NDArray[np.float64]]:
    """The pixels, uint8 [n,4], over each ground: CIELAB [n,3]."""
    share = pixels[:, 3:].astype(np.float64) / 255
    for ground in GROUNDS:
        yield np.asarray(color.rgb2lab((pixels[:, :3] * share + np.asarray(ground) * (1 - share)) / 255))


@dataclass(frozen=True)
class Errors:
    """What is measured of one cutout."""

    iou: float
    boundary: float
    mae: float
    mse: float
    sad: float
    gradient: float
    connectivity: float
    fringe: float

    @classmethod
    def of(cls, found: NDArray[np.uint8], truth: NDArray[np.uint8]) -> "Errors":
        """Of a cutout beside the true one, both uint8 [h,w,4]."""
        answer, there = (each[..., 3].astype(np.float32) / np.float32(255) for each in (found, truth))
        return cls(
            iou(answer, there),
            boundary_iou(answer, there),
            mae(answer, there),
            mse(answer, there),
            sad(answer, there),
            gradient(answer, there),
            connectivity(answer, there),
            fringe(found, truth),
        )

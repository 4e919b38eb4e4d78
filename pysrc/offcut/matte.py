# SPDX-License-Identifier: AGPL-3.0-or-later
"""The net's opinion: how much each pixel belongs to the subject."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NOTHING_SHARE = 0.0005
"""A subject, or a ground, smaller than this share of the picture is noise: 23 x 23 pixels of 1024 x 1024."""

FLAT = 0.25
"""An answer that spans less than this says the same of every pixel."""


@dataclass(frozen=True, slots=True, eq=False)
class Matte:
    """`alpha` is float32 [h,w] in 0..1, at the net's resolution; 1 is subject."""

    alpha: NDArray[np.float32]


def uncertainty(matte: Matte) -> float:
    """How undecided a matte is: the sum of min(a, 1 - a) over the subject's area in pixels; 0 is a clean cut.

    Without any reference it ranks answers by how far they can be trusted: see models/README.md for how well. A
    matte without a subject has decided nothing, whatever its pixels say: infinity.
    """
    if nothing_found(matte):
        return math.inf
    undecided = float(np.minimum(matte.alpha, 1 - matte.alpha).sum(dtype=np.float64))
    return undecided / int(np.count_nonzero(matte.alpha > 0.5))


def nothing_found(matte: Matte) -> bool:
    """True when there is nothing to cut: the matte is flat (see `FLAT`), or all but `NOTHING_SHARE` of it is on one
    side of one half."""
    alpha = matte.alpha
    above = int(np.count_nonzero(alpha > 0.5)) / alpha.size
    flat = float(alpha.max()) - float(alpha.min()) < FLAT
    return flat or not NOTHING_SHARE <= above <= 1 - NOTHING_SHARE

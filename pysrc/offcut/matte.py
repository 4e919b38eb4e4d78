# SPDX-License-Identifier: AGPL-3.0-or-later
"""The net's opinion: how much each pixel belongs to the subject."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NOTHING_SHARE = 0.0005
"""A subject smaller than this share of the picture is taken for noise: 23 x 23 pixels of 1024 x 1024."""


@dataclass(frozen=True, slots=True, eq=False)
class Matte:
    """`alpha` is float32 [h,w] in 0..1, at the net's resolution; 1 is subject."""

    alpha: NDArray[np.float32]


def nothing_found(matte: Matte) -> bool:
    """True when less than `NOTHING_SHARE` of the matte is above one half."""
    above = int(np.count_nonzero(matte.alpha > 0.5))
    return above < NOTHING_SHARE * matte.alpha.size

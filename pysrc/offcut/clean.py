# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tidying the net's matte by rule, before anything is made of it.

What the rules look at are regions that hang together: parts of the subject, and holes in it. They are chosen so that a
real part or hole stays: the gap under an arm or inside a ring is as good as sure to the net, while a shirt of the
ground's colour, or a reflection, leaves it in doubt.
"""

import numpy as np
from numpy.typing import NDArray

from offcut.matte import Matte
from offcut.regions import Regions, regions

Plane = NDArray[np.float32]

SEEN = np.float32(0.1)
"""Parts hang together where alpha is above this: hair that is barely there still joins a curl to the head."""

SPECK = 0.003
"""A part that weighs less than this share of all parts is a speck."""

DOUBTFUL = 0.25
"""A hole whose mean alpha is at least this is one that the net is not sure of."""

HOLE = 0.05
"""A doubtful hole is filled when it is smaller than this share of the subject."""


def clean(matte: Matte) -> Matte:
    """Take away specks, and fill holes that are not really there.

    A hole is a region of alpha at most one half that does not reach the border: what is open there is no hole, however
    the picture was cropped. Returns the matte itself where there is nothing to do.
    """
    alpha = _filled(_without_specks(matte.alpha))
    return matte if alpha is matte.alpha else Matte(alpha)


def largest(matte: Matte) -> Matte:
    """The heaviest part alone."""
    parts, weights = _parts(matte.alpha)
    return Matte(_kept(matte.alpha, parts, weights == weights.max()))


def _without_specks(alpha: Plane) -> Plane:
    parts, weights = _parts(alpha)
    return _kept(alpha, parts, weights >= SPECK * weights.sum())


def _parts(alpha: Plane) -> tuple[Regions, NDArray[np.float64]]:
    """The parts and what each weighs; what is outside weighs nothing."""
    parts = regions(alpha > SEEN, corners=True)
    weights = parts.masses(alpha)
    weights[0] = 0
    return parts, weights


def _kept(alpha: Plane, parts: Regions, stays: NDArray[np.bool_]) -> Plane:
    if stays[1:].all():
        return alpha
    stays[0] = True  # what is not seen disturbs nobody, and belongs to soft edges
    return np.where(stays[parts.labels], alpha, np.float32(0))


def _filled(alpha: Plane) -> Plane:
    holes = regions(alpha <= 0.5)
    doubt = holes.masses(alpha) / np.maximum(holes.areas, 1)
    fills = (doubt >= DOUBTFUL) & (holes.areas < HOLE * holes.areas[0]) & ~holes.at_border()
    fills[0] = False
    return np.where(fills[holes.labels], np.float32(1), alpha) if fills.any() else alpha

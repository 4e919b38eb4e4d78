# SPDX-License-Identifier: AGPL-3.0-or-later
"""A few lines over what to keep and what to drop, and the matte that follows from them.

What the lines mean is found in a picture of at most `SIDE` pixels (see offcut.segment), so that it is the same on a
screen and in the file; its edge is then drawn along those of the picture (see offcut.follow).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from offcut import brush
from offcut.adjust import Alpha
from offcut.cutout import divide_by_255
from offcut.follow import follow
from offcut.matte import Matte
from offcut.segment import segmented
from offcut.sizes import Sized, Sizes
from offcut.touches import Scribble
from offcut.upsample import upsample

SIDE = 640
"""Longer side of the picture that is solved."""

THINNEST = 0.75
"""Radius in its pixels of the thinnest line."""

AROUND = 3
"""So far, in its pixels, around what has changed sides the edge is drawn anew."""


class Solution(NamedTuple):
    """What lines mean, float32 [h,w] of a picture of at most `SIDE` pixels, and what was there before: None where
    nobody had looked at it."""

    found: NDArray[np.float32]
    before: NDArray[np.float32] | None


def solved(given: Sequence[Scribble], alpha: Alpha, sizes: Sizes, *, blank: bool) -> Solution | None:
    """What lines mean that are drawn over `alpha`, uint8 [h,w] of any size; None where they cover nothing.

    `blank` says that nobody has looked at the picture yet: then all of it is solved, and only what was erased before
    counts, as if it had been dropped. Of two lines that cross the later one counts.
    """
    small = sizes.within(SIDE)
    width, height = small.picture.size
    keep, drop = np.zeros((2, height, width), np.bool_)
    if blank:
        drop |= _small(alpha, small) < 128
    for scribble in given:
        covered = _covered(scribble, small)
        keep &= ~covered
        drop &= ~covered
        (keep if scribble.mode == "keep" else drop)[covered] = True
    if not (keep.any() or drop.any()):
        return None
    before = None if blank else _small(alpha, small).astype(np.float32) / np.float32(255)
    return Solution(segmented(small.picture.rgb, keep, drop, before), before)


def drawn(solution: Solution, alpha: Alpha, here: Sized, *, draft: bool = False) -> Alpha:
    """What becomes of `alpha`, uint8 [h,w], the matte of the picture in the size `here`. What is not near to what the
    lines change stays. A `draft` does not follow the picture's edges, and is there sooner.
    """
    found, before = solution
    matte = Matte(found)
    drawn = upsample(matte, *here.picture.size) if draft else follow(matte, here.picture)
    if before is None:
        return drawn
    changed = Image.fromarray(((found > 0.5) != (before > 0.5)).view(np.uint8) * np.uint8(255))
    wide = changed.filter(ImageFilter.MaxFilter(2 * AROUND + 1)).filter(ImageFilter.BoxBlur(1))
    share = np.asarray(wide.resize(here.picture.size, Image.Resampling.BILINEAR)).astype(np.uint16)
    mixed = divide_by_255(drawn * share)
    mixed += divide_by_255(alpha * (255 - share))
    return np.minimum(mixed, 255).astype(np.uint8)


def _small(alpha: Alpha, small: Sized) -> Alpha:
    return np.asarray(Image.fromarray(alpha).resize(small.picture.size, Image.Resampling.BOX))


def _covered(scribble: Scribble, small: Sized) -> NDArray[np.bool_]:
    """The pixels that a line covers at least half."""
    width, height = small.picture.size
    radius = 0.0 if scribble.size == 0 else max(THINNEST, scribble.size / 2 * small.scale)
    covered = np.zeros((height, width), np.bool_)
    for top, left, cover in brush.line(small.points(scribble.points), radius, width, height):
        covered[top : top + cover.shape[0], left : left + cover.shape[1]] |= cover >= 128
    return covered

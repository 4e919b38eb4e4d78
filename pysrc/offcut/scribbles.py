# SPDX-License-Identifier: AGPL-3.0-or-later
"""A few lines over what to keep and what to drop, and the matte that follows from them.

What the lines mean is found in a picture of at most `SIDE` pixels (see offcut.segment), so that it is the same on a
screen and in the file; its edge is then drawn along those of the picture (see offcut.follow).
"""

from collections.abc import Sequence
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from offcut import brush
from offcut.adjust import Alpha
from offcut.cutout import divide_by_255
from offcut.follow import follow
from offcut.matte import Matte
from offcut.segment import Segmenter
from offcut.sizes import Sized, Sizes
from offcut.touches import Scribble
from offcut.upsample import upsample

SIDE = 512
"""Longer side of the picture that is solved."""

THINNEST = 0.75
"""Radius in its pixels of the thinnest line."""

AROUND = 3
"""So far, in its pixels, around what has changed sides the edge is drawn anew."""


Covered = tuple[tuple[slice, slice], NDArray[np.bool_]]
"""A part of the picture, and the pixels of it that a line covers at least half."""


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
    prepare(sizes)
    return _solvers[sizes].solve(given, alpha, blank)


def prepare(sizes: Sizes) -> None:
    """Find out what does not depend on lines. Without it the first line waits for that."""
    if sizes not in _solvers:
        _solvers[sizes] = _Solver(sizes)


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


class _Solver:
    """Remembers what the picture and each line say by themselves: of one solution and the next most is the same."""

    def __init__(self, sizes: Sizes) -> None:
        self._small = sizes.within(SIDE)
        self._segmenter = Segmenter(self._small.picture.rgb)
        self._covers: dict[Scribble, list[Covered]] = {}

    def solve(self, given: Sequence[Scribble], alpha: Alpha, blank: bool) -> Solution | None:
        """See `solved`."""
        self._covers = {each: self._covers[each] if each in self._covers else self._covered(each) for each in given}
        width, height = self._small.picture.size
        small = np.asarray(Image.fromarray(alpha).resize((width, height), Image.Resampling.BOX))
        keep, drop = np.zeros((2, height, width), np.bool_)
        if blank:
            drop |= small < 128
        for scribble in given:
            for tile, covered in self._covers[scribble]:
                keep[tile] &= ~covered
                drop[tile] &= ~covered
                (keep if scribble.mode == "keep" else drop)[tile] |= covered
        if not (keep.any() or drop.any()):
            return None
        before = None if blank else small.astype(np.float32) / np.float32(255)
        return Solution(self._segmenter.solve(keep, drop, before), before)

    def _covered(self, scribble: Scribble) -> list[Covered]:
        width, height = self._small.picture.size
        radius = 0.0 if scribble.size == 0 else max(THINNEST, scribble.size / 2 * self._small.scale)
        return [
            ((slice(top, top + cover.shape[0]), slice(left, left + cover.shape[1])), cover >= 128)
            for top, left, cover in brush.line(self._small.points(scribble.points), radius, width, height)
        ]


_solvers: WeakKeyDictionary[Sizes, _Solver] = WeakKeyDictionary()

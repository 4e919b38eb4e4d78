# SPDX-License-Identifier: AGPL-3.0-or-later
"""The subject's own colours at its soft edges, without what shone through from behind.

Where alpha is neither 0 nor 1 a pixel is a mixture, I = alpha F + (1 - alpha) B. Laid over a new ground as it is, it
brings the old one along: the fringe. F and B are estimated as Germer, Uelwer, Conrad and Harmeling do ("Fast
Multi-Level Foreground Estimation", ICPR 2020): they explain the picture, are smooth where alpha changes, and are found
from the coarsest of a row of sizes to the finest, a few rounds at each.

Three things differ from the authors' own program (PyMatting). Only pixels at which something can be seen, those of soft
alpha and their neighbours, are worked on once a level is larger than `WHOLE`. Each round goes over the pixels in two
halves, like the colours of a chessboard, instead of one after the other, so that numpy can do it. And no level is
larger than `FINEST`: past it, F and B are those of that level. In the end both are changed as little as explains the
picture (least squares; Forte, "Approximate Fast Foreground Colour Estimation", ICIP 2021, has the formula without the
division), which brings hair nearer to the truth at any size.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Colours = NDArray[np.float32]
"""[n,6] samples 0..255: red, green and blue of the foreground, then those of the background."""

SMOOTHNESS = np.float32(1e-5)
"""How much a neighbour counts where alpha is the same; a difference is added to it. The authors' value."""

WHOLE = 64
"""Up to this size, in pixels of the longer side, every pixel of a level is worked on."""

SMALL, ROUNDS_SMALL, ROUNDS = 32, 10, 4
"""Levels of at most `SMALL` pixels get `ROUNDS_SMALL` rounds, the others `ROUNDS`. The authors have 2 for the last,
which leaves hair further from the truth (see tests/oracles)."""

FINEST = 1024
"""The longer side of the largest level, in pixels, unless that is too much to do."""

EFFORT = 1 << 18
"""Soft pixels of the largest level that are not too much to do: a third of its pixels."""

BATCH = 1 << 16
"""Pixels of the picture that are worked on at a time in the end: few enough for the processor's cache."""

FAINT = 5
"""Pixels whose alpha is this near to 0 or 255 are left as they are: of what is mixed in, nobody sees more than 2 %."""

SURE = 230
"""Alpha from here on is foreground, and from 255 - SURE down background, when the mean colours to start with are taken:
0.9 and 0.1, the authors' values."""

SAMPLE = 256
"""Pixels of the longer side, about, of which those means are taken."""


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """Colours at one size. `places` is int32 [height + 2, width + 2], where each pixel's row in `colours` is, -1 for
    none; its rim repeats the border."""

    places: NDArray[np.int32]
    colours: Colours

    def at(self, rows: NDArray[np.intp], columns: NDArray[np.intp], height: int, width: int) -> NDArray[np.int32]:
        """Where the pixels lie that those of a level of `height` x `width` stand on; -1 for none."""
        down, across = self.places.shape[0] - 2, self.places.shape[1] - 2
        return self.places[1 + rows * down // height, 1 + columns * across // width]


Unmixed = tuple[NDArray[np.intp], NDArray[np.uint8], NDArray[np.uint8]]
"""Places [n] in the flattened picture, and the colours of foreground and background there, uint8 [n,3] each."""


def unmixed(rgb: NDArray[np.uint8], alpha: NDArray[np.uint8], effort: int = EFFORT) -> Unmixed:
    """What the soft pixels of a picture, those of soft alpha (see `FAINT`), are a mixture of.

    `rgb` is uint8 [h,w,3] and `alpha` uint8 [h,w]. Where more than `effort` pixels of the largest level would be soft,
    that level is left out, and so on: what there is to do is bounded, however soft a picture is.
    """
    height, width = alpha.shape
    soft = np.flatnonzero(_soft(alpha))
    if soft.size == 0:
        nothing = np.empty((0, 3), np.uint8)
        return soft, nothing, nothing
    every = 1 + max(width, height) // SAMPLE
    some, opacity = rgb[::every, ::every], alpha[::every, ::every]
    means = np.concatenate([_mean(some, opacity >= SURE), _mean(some, opacity <= 255 - SURE)])
    level = _Level(np.zeros((3, 3), np.int32), means[np.newaxis])
    whole = level
    for across, down in _sizes(width, height, soft.size, effort):
        level = _solved(rgb, alpha, across, down, level, whole)
        if max(across, down) <= WHOLE:
            whole = level
    found = np.empty((soft.size, 6), np.uint8)
    for start in range(0, soft.size, BATCH):
        batch = soft[start : start + BATCH]
        rows, columns = np.divmod(batch, width)
        colours = _coarse(level, whole, rows, columns, height, width)
        _explain(colours, rgb[rows, columns], alpha[rows, columns])
        found[start : start + BATCH] = np.rint(colours, out=colours)
    return soft, found[:, :3], found[:, 3:]


def _explain(colours: Colours, shown: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> None:
    """Change the colours of foreground and background as little as makes their mixture what is shown, in place."""
    front = (alpha.astype(np.float32) / np.float32(255))[:, np.newaxis]
    back = 1 - front
    rest = shown - front * colours[:, :3] - back * colours[:, 3:]
    rest /= front * front + back * back
    colours[:, :3] += front * rest
    colours[:, 3:] += back * rest
    np.clip(colours, 0, 255, out=colours)


def _sizes(width: int, height: int, soft: int, effort: int) -> list[tuple[int, int]]:
    """(width, height) of each level: from one pixel to the finest, the longer side doubling."""
    share = min(1, FINEST / max(width, height))
    while soft * share * share > effort:
        share /= 2
    across, down = (max(1, round(side * share)) for side in (width, height))
    steps = max(1, math.ceil(math.log2(max(across, down))))
    return [(round(across ** (step / steps)), round(down ** (step / steps))) for step in range(steps + 1)]


def _mean(rgb: NDArray[np.uint8], where: NDArray[np.bool_]) -> NDArray[np.float32]:
    """The mean colour of some pixels; black where there are none."""
    count = max(1, int(np.count_nonzero(where)))
    return np.array([rgb[..., k].sum(dtype=np.int64, where=where) / count for k in range(3)], np.float32)


def _coarse(
    level: _Level, whole: _Level, rows: NDArray[np.intp], columns: NDArray[np.intp], height: int, width: int
) -> Colours:
    """What `level`, or where it has nothing `whole`, says of some pixels of a level of `height` x `width`."""
    places = level.at(rows, columns, height, width)
    colours = np.empty((places.size, 6), np.float32)
    lost = places < 0
    colours[~lost] = level.colours[places[~lost]]
    colours[lost] = whole.colours[whole.at(rows[lost], columns[lost], height, width)]
    return colours


def _solved(
    rgb: NDArray[np.uint8], alpha: NDArray[np.uint8], width: int, height: int, coarser: _Level, whole: _Level
) -> _Level:
    """The colours of a level of `width` x `height`, begun with those of the coarser one.

    `whole` is the finest level that has all its pixels, for those that the coarser one has not.
    """
    down = np.arange(height) * alpha.shape[0] // height
    across = np.arange(width) * alpha.shape[1] // width
    seen = alpha[np.ix_(down, across)]
    wanted = _changing(seen) if max(width, height) > WHOLE else np.ones(seen.shape, np.bool_)
    rim = _grown(wanted) & ~wanted
    # first the pixels to work on, then those around them, which keep what they begin with
    rows, columns = (
        np.concatenate([inner, outer]) for inner, outer in zip(np.nonzero(wanted), np.nonzero(rim), strict=True)
    )
    places = np.full((height + 2, width + 2), -1, np.int32)
    places[1 + rows, 1 + columns] = np.arange(rows.size, dtype=np.int32)
    places[[0, -1]] = places[[1, -2]]
    places[:, [0, -1]] = places[:, [1, -2]]
    colours = _coarse(coarser, whole, rows, columns, height, width)
    count = int(np.count_nonzero(wanted))
    opacity = seen[rows, columns].astype(np.float32) / np.float32(255)
    shown = rgb[down[rows], across[columns]].astype(np.float32)
    front, back = (count + np.flatnonzero(sure[count:]) for sure in (opacity > 0.5, opacity <= 0.5))
    colours[front, :3] = shown[front]
    colours[back, 3:] = shown[back]
    rows, columns, shown = rows[:count], columns[:count], shown[:count]
    rounds = ROUNDS_SMALL if max(width, height) <= SMALL else ROUNDS
    black = (rows + columns) % 2 == 1
    fields = [
        _Field(np.flatnonzero(half), rows[half], columns[half], places, opacity, shown[half])
        for half in (~black, black)
    ]
    for _ in range(rounds):
        for field in fields:
            field.update(colours)
    return _Level(places, colours)


class _Field:
    """Pixels none of which is a neighbour of another: all of them can be solved for at once."""

    def __init__(
        self,
        own: NDArray[np.intp],
        rows: NDArray[np.intp],
        columns: NDArray[np.intp],
        places: NDArray[np.int32],
        opacity: NDArray[np.float32],
        shown: NDArray[np.float32],
    ) -> None:
        self._own = own
        steps = ((1, 0), (1, 2), (0, 1), (2, 1))
        self._neighbours = [places[rows + down, columns + across] for down, across in steps]
        front = opacity[own]
        back = 1 - front
        weights = [SMOOTHNESS + np.abs(front - opacity[each]) for each in self._neighbours]
        self._weights = [each[:, np.newaxis] for each in weights]
        total = weights[0] + weights[1] + weights[2] + weights[3]
        first, mixed, last = front * front + total, front * back, back * back + total
        share = 1 / (first * last - mixed * mixed)
        self._inverse = [(share * each)[:, np.newaxis] for each in (last, -mixed, first)]
        self._shown = np.concatenate([front[:, np.newaxis] * shown, back[:, np.newaxis] * shown], axis=1)

    def update(self, colours: Colours) -> None:
        """Solve for these pixels, their neighbours as they are (equation 4 of the paper), in place."""
        right = self._shown.copy()
        for weight, each in zip(self._weights, self._neighbours, strict=True):
            right += weight * colours[each]
        first, mixed, last = self._inverse
        front, back = right[:, :3], right[:, 3:]
        solved = np.concatenate([first * front + mixed * back, mixed * front + last * back], axis=1)
        colours[self._own] = np.clip(solved, 0, 255, out=solved)


def _soft(alpha: NDArray[np.uint8]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (alpha > FAINT) & (alpha < 255 - FAINT)
    return found


def _changing(alpha: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Pixels of soft alpha, and those on both sides of a change from clear to opaque."""
    found = _soft(alpha)
    opaque = alpha > FAINT
    across, down = opaque[:, 1:] != opaque[:, :-1], opaque[1:] != opaque[:-1]
    found[:, 1:] |= across
    found[:, :-1] |= across
    found[1:] |= down
    found[:-1] |= down
    return found


def _grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """`mask` and its neighbours on four sides."""
    grown = mask.copy()
    grown[1:] |= mask[:-1]
    grown[:-1] |= mask[1:]
    grown[:, 1:] |= mask[:, :-1]
    grown[:, :-1] |= mask[:, 1:]
    return grown

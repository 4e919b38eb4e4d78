# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was done by hand, done to the matte.

Touches are done one after the other, each to what those before it left; scribbles in a row are one touch. What is
protected is kept apart, and laid over the rest in the end.

Every touch leaves behind what it changed, so the last ones are taken back without doing all others again.
"""

import zlib
from collections.abc import Callable, Iterator
from itertools import count
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from offcut import area, brush, mend, scribbles
from offcut.adjust import Alpha
from offcut.brush import Cover, Mark
from offcut.cutout import divide_by_255
from offcut.flood import filled
from offcut.sizes import Sized, Sizes
from offcut.touches import Area, Brush, Fill, Refine, Scribble, Touch

TILE = brush.TILE
"""Side of the squares that are remembered, and told of, as changed."""

KEPT = 1 << 26
"""So many bytes are remembered of what touches changed; beyond that those longest ago are forgotten."""

_turns = count(1)

Draft = Callable[[Alpha, NDArray[np.bool_]], None]
"""Is told what a matte is about to be, about, and which of its tiles that changes."""

Step = tuple[Touch, ...]
"""What is done at once: a touch, or scribbles in a row."""


class _Before(NamedTuple):
    """What a tile of a plane held, deflated."""

    shield: bool
    row: int
    column: int
    data: bytes


class Touchup:
    """A matte that is touched up.

    `touches` is what was done so far, `turn` when the last of it was, and `turns`, int32, when each of the tiles of
    `TILE` x `TILE` pixels was changed last. Turns are counted by all at once: a later one is larger.
    """

    def __init__(self, base: Alpha, sizes: Sizes, here: Sized, *, blank: bool = False) -> None:
        """`base` is the matte of the picture in the size `here`, one of `sizes`: uint8 [h,w], 255 is subject; it is not
        changed. `blank` says that nobody has looked at the picture yet: all of `base` is subject."""
        self.touches: tuple[Touch, ...] = ()
        height, width = base.shape
        self.turn = next(_turns)
        self.turns = np.empty((-(-height // TILE), -(-width // TILE)), np.int32)
        self._base, self._sizes, self._here, self._blank = base, sizes, here, blank
        self._start()

    @property
    def alpha(self) -> Alpha:
        """The matte as it is now, uint8 [h,w]: not to be changed, and good until the next `bring`."""
        return self._shielded(self._under)

    def bring(self, touches: tuple[Touch, ...], draft: Draft | None = None) -> None:
        """Do `touches` to the matte, and nothing else: what was done and is not among them is taken back.

        Where the last takes its time, `draft` is told before it is done.
        """
        if touches == self.touches:
            return
        self.turn = next(_turns)
        wanted = _steps(touches)
        same = 0
        for step, known in zip(wanted, self._steps, strict=False):
            if step != known:
                break
            same += 1
        if len(self._steps) - same > len(self._before):
            self._start()
            same = 0
        while len(self._steps) > same:
            self._undo()
        for step in wanted[same:]:
            self._do(step, draft if step is wanted[-1] else None)
        self.touches = touches

    def _shielded(self, alpha: Alpha) -> Alpha:
        return alpha if self._shield is None else np.maximum(alpha, self._shield)

    def _start(self) -> None:
        self._under = self._base.copy()
        self._shield: Cover | None = None
        self._steps: list[Step] = []
        self._before: list[list[_Before]] = []
        self._remembered = 0
        self.turns[...] = self.turn

    def _undo(self) -> None:
        self._steps.pop()
        for shield, row, column, data in reversed(self._before.pop()):
            plane = self._shield if shield else self._under
            assert plane is not None
            tile = plane[row * TILE : (row + 1) * TILE, column * TILE : (column + 1) * TILE]
            tile[...] = np.frombuffer(zlib.decompress(data), np.uint8).reshape(tile.shape)
            self.turns[row, column] = self.turn
            self._remembered -= len(data)

    def _do(self, step: Step, draft: Draft | None) -> None:
        self._steps.append(step)
        self._before.append([])
        width, height = self._here.picture.size
        match step[-1]:
            case Brush() as touch:
                points, radius = self._here.points(touch.points, 3), touch.size / 2 * self._here.scale
                for mark in brush.marks(points, radius, touch.hardness, width, height):
                    self._mark(mark, touch.mode)
            case Area() as touch:
                for mark in area.marks(self._here.points(touch.points), width, height):
                    self._mark(mark, touch.mode)
            case Fill() as touch:
                cover = filled(touch, self._sizes, self._here, self._shield)
                if cover is not None:
                    self._mark(Mark(0, 0, cover), touch.mode)
            case Scribble():
                lines = [touch for touch in step if isinstance(touch, Scribble)]
                solution = scribbles.solved(lines, self._under, self._sizes, blank=self._blank)
                if solution is not None:
                    if draft:
                        self._tell(draft, scribbles.drawn(solution, self._under, self._here, draft=True))
                    self._put(0, 0, scribbles.drawn(solution, self._under, self._here))
            case Refine() as touch:
                found = mend.mended(touch, self._under, self._here)
                if found is not None:
                    self._put(*found)
        while self._remembered > KEPT and self._before:
            self._remembered -= sum(len(before.data) for before in self._before.pop(0))

    def _tell(self, draft: Draft, under: Alpha) -> None:
        differs = under != self._under
        for axis, side in enumerate(differs.shape):
            differs = np.logical_or.reduceat(differs, np.arange(0, side, TILE), axis=axis)
        draft(self._shielded(under), differs | (self.turns == self.turn))

    def _mark(self, mark: Mark, mode: str) -> None:
        for row, column, tile, cover in self._tiles(mark.top, mark.left, mark.cover):
            if not cover.any():
                continue
            shield = mode in ("protect", "release")
            if shield and self._shield is None:
                if mode == "release":
                    return
                self._shield = np.zeros_like(self._under)
            plane = self._shield if shield else self._under
            assert plane is not None
            held = plane[tile]
            match mode:
                case "erase" | "release":
                    now = _share(held, 255 - cover)
                case "restore":
                    now = 255 - _share(255 - held, 255 - cover)
                case _:
                    now = np.maximum(held, cover)
            self._write(row, column, tile, now, shield=shield)

    def _put(self, top: int, left: int, alpha: Alpha) -> None:
        """Put `alpha` in the place of what is there."""
        for row, column, tile, new in self._tiles(top, left, alpha):
            self._write(row, column, tile, new, shield=False)

    def _tiles(
        self, top: int, left: int, plane: NDArray[np.uint8]
    ) -> Iterator[tuple[int, int, tuple[slice, slice], NDArray[np.uint8]]]:
        """The parts of `plane`, that begins at (top, left), by the tiles they lie in: row and column of each, where in
        the picture it is, and the part."""
        height, width = plane.shape
        for row in range(top // TILE, -(-(top + height) // TILE)):
            first, last = max(top, row * TILE), min(top + height, (row + 1) * TILE)
            for column in range(left // TILE, -(-(left + width) // TILE)):
                begin, end = max(left, column * TILE), min(left + width, (column + 1) * TILE)
                part = plane[first - top : last - top, begin - left : end - left]
                yield row, column, (slice(first, last), slice(begin, end)), part

    def _write(self, row: int, column: int, tile: tuple[slice, slice], now: NDArray[np.uint8], *, shield: bool) -> None:
        plane = self._shield if shield else self._under
        assert plane is not None
        if np.array_equal(plane[tile], now):
            return
        whole = plane[row * TILE : (row + 1) * TILE, column * TILE : (column + 1) * TILE]
        data = zlib.compress(whole.tobytes(), 1)
        self._before[-1].append(_Before(shield, row, column, data))
        self._remembered += len(data)
        plane[tile] = now
        self.turns[row, column] = self.turn


def _steps(touches: tuple[Touch, ...]) -> list[Step]:
    steps: list[Step] = []
    for touch in touches:
        if isinstance(touch, Scribble) and steps and isinstance(steps[-1][0], Scribble):
            steps[-1] += (touch,)
        else:
            steps.append((touch,))
    return steps


def _share(value: NDArray[np.uint8], of: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """value * of / 255, rounded."""
    return divide_by_255(value.astype(np.uint16) * of).astype(np.uint8)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The picture that a person is working at, held in the sizes that are looked at."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from offcut import head as heads
from offcut import scribbles
from offcut.adjust import Alpha
from offcut.compose import Beside, Composition, composed
from offcut.cutout import Cutout
from offcut.fitting import outer, placed
from offcut.frame import Frame
from offcut.graphic import Ground
from offcut.ground import Stills, no_stills
from offcut.head import Head
from offcut.level import Box, Key, Level, all_of, key_of
from offcut.lines import Lines, known, meant, quarters
from offcut.method import By, Found, ground_of
from offcut.picture import Picture
from offcut.placement import Placement, Points
from offcut.recipe import Recipe
from offcut.sizes import Sizes
from offcut.touchup import TILE

BLOCK = 4 * TILE
"""Side of the squares in which patches are handed out."""

HEAD_SIDE = 1024
"""A head is looked for in a picture of at most so many pixels a side."""

MARGIN = 32
"""So many pixels around a patch have a say in its colours."""

ENLARGED = math.sqrt(2)
"""A sketch shows its picture no larger than this, where it can, nor is it made of so many more pixels than are seen."""


class Patch(NamedTuple):
    """What the cutout shows from (left, top) on: uint8 [h,w,4], straight alpha."""

    left: int
    top: int
    rgba: NDArray[np.uint8]


class Patches(NamedTuple):
    """`turn` is when the last touch was done; `size` is (width, height) of the level that patches are parts of."""

    turn: int
    size: tuple[int, int]
    patches: list[Patch]


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A composition, and where the picture lies on the canvas of the file: `placement`, of the picture in full size.
    `head` is where the head is taken to be, where the frame or the purpose asks for it. Where a purpose does, `subject`
    are points of the picture that the subject lies within, None where there is none, and `cover`, uint8 [h,w], its
    alpha on the canvas; both None where nothing was cut."""

    composition: Composition
    placement: Placement
    head: Lines | None
    subject: Points | None = None
    cover: NDArray[np.uint8] | None = None


class Easel:
    """Holds one picture, and what recipes made of it."""

    def __init__(self, picture: Picture, most: int | None = None) -> None:
        """A picture of more than `most` pixels is held smaller."""
        self.size = picture.size
        scale = min(1.0, math.sqrt(most / (picture.size[0] * picture.size[1]))) if most else 1.0
        if scale < 1:
            size = [max(1, math.floor(side * scale)) for side in picture.size]
            small = np.array(Image.fromarray(picture.rgba).resize(size, Image.Resampling.BOX))
            scale = max(size) / max(picture.size)
            picture = Picture(small, picture.opaque, picture.dpi, picture.name, picture.notes)
        self.whole = scale == 1
        self._sizes = Sizes(picture, scale)
        self._levels: dict[int, Level] = {}
        self._grounds: dict[By, Ground | None] = {}
        self._settled: Recipe | None = None
        self._head: tuple[Key, Head | None] | None = None
        self._outline: tuple[Key, int, Points] | None = None
        self._near: tuple[Key, int, Cutout, Picture] | None = None

    @property
    def picture(self) -> Picture:
        """What is held: the picture itself where it is `whole`."""
        return self._sizes.largest.picture

    def ground(self, by: By) -> Ground | None:
        """The ground that the picture is to be cut from by colour, if any (see offcut.method.ground_of)."""
        if by not in self._grounds:
            self._grounds[by] = ground_of(self.picture, by)
        return self._grounds[by]

    def cutout(self, found: Found, recipe: Recipe) -> Cutout:
        """What is cut from the picture by `recipe`."""
        made = self._level(max(self.picture.size)).cutout(found, recipe)
        self.settle(found, recipe)
        return made

    def shown(self, cutout: Cutout, found: Found, recipe: Recipe, stills: Stills = no_stills) -> Shown:
        """What `recipe` makes of that cutout, in full. Raises FrameTooLarge, BackdropMissing."""
        placement, head, subject = self._placed(cutout, found, recipe)
        composition = composed(cutout, self.picture, recipe.scene, placement, stills, _beside(recipe))
        if recipe.purpose is None or cutout.alpha.min() == 255:
            return Shown(composition, placement, head)
        return Shown(composition, placement, head, subject if cutout.alpha.any() else None, composition.cover)

    def settle(self, found: Found, recipe: Recipe) -> None:
        """The person sees from now on what `recipe` makes of the picture, and patches are laid over that."""
        self._settled = recipe
        for level in self._levels.values():
            level.settle(found, recipe)

    def sketch(self, found: Found, recipe: Recipe, side: int, stills: Stills = no_stills) -> Shown:
        """The same, its longer side at most `side` pixels, as fast as a slider moves.

        What is seen from near is as sharp as in the file where nothing but scene and frame have changed since `cutout`:
        to cut more pixels than are seen anew for every move would take too long.
        """
        level, made = self._level(side), self._level(max(self.picture.size)).made(found, recipe)
        placement, head, _ = self._placed(made or level.sketched(found, recipe), found, recipe)
        small, whole = placement.within(side), recipe.frame == Frame()
        enlarged = max(self.size) * small.scale
        if made is not None and not whole and enlarged > side * ENLARGED:
            cutout, picture = self._halved(made, all_of(found, recipe), enlarged)
        else:
            cutout, picture = level.sketched(found, recipe), level.size.picture
        across, down = picture.size[0] / self.size[0], picture.size[1] / self.size[1]
        lying = None if whole else small.of(across, down)
        beside: Beside = "cover" if recipe.output.format == "mask" else None
        return Shown(composed(cutout, picture, recipe.scene, lying, stills, beside), placement, head)

    def _placed(self, cutout: Cutout, found: Found, recipe: Recipe) -> tuple[Placement, Lines | None, Points]:
        """Where the picture lies in full size, and where head and subject are, as far as that is asked: told from a
        cutout in any size."""
        frame, purpose = recipe.frame, recipe.purpose
        if frame.fit in ("picture", "cover") and purpose is None:
            nowhere = np.zeros((1, 2))
            return placed(frame, self.size, nowhere), None, nowhere
        subject = self._outlined(cutout, all_of(found, recipe))
        if frame.fit != "head" and (purpose is None or purpose.kind != "document"):
            return placed(frame, self.size, subject), None, subject
        seen = self._found_head(found, recipe)
        head = meant(frame, self.size, subject, seen)
        placement = placed(frame, self.size, subject, head)
        return placement, Lines.of(head, frame, self.size, placement, known=known(frame, seen)), subject

    def _outlined(self, cutout: Cutout, key: Key) -> Points:
        """Points that the subject lies within, in full size: told once for each cutout in each size."""
        height, width = cutout.alpha.shape
        if self._outline is None or self._outline[:2] != (key, width):
            self._outline = key, width, outer(cutout.alpha) * (self.size[0] / width, self.size[1] / height)
        return self._outline[2]

    def _found_head(self, found: Found, recipe: Recipe) -> Head | None:
        """Where the head is, in pixels of the picture as it stands upright: told once for each matte."""
        turns = quarters(recipe.frame)
        key = (*key_of(found, recipe), recipe.touches, turns)
        if self._head is None or self._head[0] != key:
            level = self._level(HEAD_SIDE)
            alpha, picture = level.alpha(found, recipe), level.size.picture
            if turns:
                alpha = np.ascontiguousarray(np.rot90(alpha, -turns))
                picture = replace(picture, rgba=np.ascontiguousarray(np.rot90(picture.rgba, -turns)))
            seen, scale = heads.found(alpha, picture), level.size.scale
            if seen is not None:
                seen = replace(seen, crown=seen.crown / scale, chin=seen.chin / scale, x=seen.x / scale)
            self._head = key, seen
        return self._head[1]

    def _halved(self, made: Cutout, key: Key, wanted: float) -> tuple[Cutout, Picture]:
        """The full picture's cutout, and the picture, both halved until their longer side has about `wanted` pixels."""
        picture, step = self.picture, 1
        while max(picture.size) * ENLARGED >= 2 * step * wanted:
            step *= 2
        if step == 1:
            return made, picture
        if self._near is None or self._near[:2] != (key, step):
            small = replace(picture, rgba=_reduced(picture.rgba, step, picture.opaque))
            self._near = key, step, Cutout(_reduced(made.rgba, step, opaque=False)), small
        return self._near[2:]

    def patches(
        self,
        found: Found,
        recipe: Recipe,
        side: int,
        box: Box,
        since: int,
        draft: Callable[[Patches], None] | None = None,
    ) -> Patches:
        """What is cut from the parts of the picture by `recipe` that touches after the turn `since` changed.

        All is in pixels of the picture's level whose longer side is at most `side`. Only what lies in `box` is looked
        at, and only what differs from the picture that `settle` told of. Where that takes its time, `draft` is told
        before of what is about to change, and about how: that counts until the answer is there.
        """
        level = self._level(side)
        if not level.touched(found, recipe):
            self._begin(level, found, recipe)
        size = level.size.picture.size
        box = Box(max(0, box.left), max(0, box.top), min(size[0], box.right), min(size[1], box.bottom))

        def drafted(alpha: Alpha, tiles: NDArray[np.bool_]) -> None:
            if draft:
                draft(Patches(since, size, self._shown(level, found, recipe, _blocks(tiles, box), alpha)))

        touchup = level.touchup(found, recipe, drafted if draft else None)
        changed = touchup.turns > max(since, level.shown)
        return Patches(touchup.turn, size, self._shown(level, found, recipe, _blocks(changed, box)))

    def _shown(
        self, level: Level, found: Found, recipe: Recipe, parts: list[Box], alpha: Alpha | None = None
    ) -> list[Patch]:
        """What `recipe`, or a draft of its matte, makes of some parts of a level."""
        if not parts:
            return []
        lefts, tops, rights, bottoms = zip(*parts, strict=True)
        width, height = level.size.picture.size
        around = Box(
            max(0, min(lefts) - MARGIN),
            max(0, min(tops) - MARGIN),
            min(width, max(rights) + MARGIN),
            min(height, max(bottoms) + MARGIN),
        )
        shown = level.part(found, recipe, around, alpha).rgba
        return [
            Patch(
                part.left,
                part.top,
                shown[
                    part.top - around.top : part.bottom - around.top,
                    part.left - around.left : part.right - around.left,
                ],
            )
            for part in parts
        ]

    def _begin(self, level: Level, found: Found, recipe: Recipe) -> None:
        """Make a level ready: of what the full picture's knows, where that knows it, and as far as the person sees. And
        make ready for lines that keep and drop."""
        scribbles.prepare(self._sizes)
        full = self._level(max(self.picture.size))
        if not level.knows(found, recipe) and full.knows(found, recipe):
            level.adopt(full.base(found, recipe), found, recipe)
        level.shown = 0
        if self._settled is not None and key_of(found, self._settled) == key_of(found, recipe):
            level.touchup(found, self._settled)
            level.settle(found, self._settled)

    def _level(self, side: int) -> Level:
        size = self._sizes.within(side)
        longer = max(size.picture.size)
        if longer not in self._levels:
            self._levels[longer] = Level(self._sizes, size)
        return self._levels[longer]


def _blocks(tiles: NDArray[np.bool_], box: Box) -> list[Box]:
    """What `tiles` cover of `box`, in at most one part for each block."""
    rows, columns = np.nonzero(tiles)
    each = BLOCK // TILE
    parts = []
    for row, column in sorted(set(zip((rows // each).tolist(), (columns // each).tolist(), strict=True))):
        here = (rows // each == row) & (columns // each == column)
        part = Box(
            max(box.left, int(columns[here].min()) * TILE),
            max(box.top, int(rows[here].min()) * TILE),
            min(box.right, (int(columns[here].max()) + 1) * TILE),
            min(box.bottom, (int(rows[here].max()) + 1) * TILE),
        )
        if part.left < part.right and part.top < part.bottom:
            parts.append(part)
    return parts


def _reduced(rgba: NDArray[np.uint8], step: int, opaque: bool) -> NDArray[np.uint8]:
    """The means of `step` x `step` pixels; those of "RGBX" are not weighted with alpha, in a fifth of the time."""
    height, width = rgba.shape[:2]
    mode = "RGBX" if opaque else "RGBA"
    image = Image.frombuffer(mode, (width, height), np.ascontiguousarray(rgba), "raw", mode, 0, 1)
    return np.asarray(image.reduce(step))


def _beside(recipe: Recipe) -> Beside:
    """What of the subject is asked for beside what the scene shows."""
    if recipe.output.format == "ora":
        return "layer"
    return "cover" if recipe.output.format == "mask" or recipe.purpose is not None else None

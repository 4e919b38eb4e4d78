# SPDX-License-Identifier: AGPL-3.0-or-later
"""A picture in one size, cut by one recipe after another: each step is done again only where a recipe changes it."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from offcut.adjust import Alpha, adjust
from offcut.cutout import Cutout, cut, multiply
from offcut.edges import Edges
from offcut.foreground import unmixed
from offcut.graphic import Ground, drawn
from offcut.matte import Matte
from offcut.method import Found, Whole
from offcut.picture import Picture
from offcut.recipe import Recipe
from offcut.refine import matted, redrawn
from offcut.sizes import Sized, Sizes
from offcut.touchup import Draft, Touchup

EFFORT = 1 << 14
"""Soft pixels of a sketch that are worked on for their colours; see offcut.foreground."""

AROUND = 8.0
"""Standard deviation in pixels of the blur that says how far from the edge a sketch has its colours prepared."""

Key = tuple[object, ...]


class Box(NamedTuple):
    """Part of a picture, in pixels; right and bottom are the first outside."""

    left: int
    top: int
    right: int
    bottom: int


class Base(NamedTuple):
    """What is touched up. `rgba` is uint8 [h,w,4] where colour has cut the picture: its colours count there, and its
    alpha is `alpha`."""

    alpha: Alpha
    rgba: NDArray[np.uint8] | None


@dataclass(frozen=True, slots=True, eq=False)
class _Prepared:
    """The colours of the subject along the edge of `alpha`, and around it: uint8 [h,w,3]."""

    alpha: Alpha
    own: NDArray[np.uint8]


class Level:
    """`size` is the picture in this size. The person sees the touches up to the turn `shown` (see offcut.touchup)."""

    def __init__(self, sizes: Sizes, size: Sized) -> None:
        self.size = size
        self.shown = 0
        self._sizes = sizes
        self._matted: tuple[Key, Alpha] | None = None
        self._base: tuple[Key, Base] | None = None
        self._touchup: tuple[Key, Touchup] | None = None
        self._prepared: tuple[Key, _Prepared] | None = None
        self._cut: tuple[Key, Cutout] | None = None
        self._sketched: tuple[Key, Cutout] | None = None

    def cutout(self, found: Found, recipe: Recipe) -> Cutout:
        """What `recipe` makes of the picture, as exactly as can be. The last one is kept: another scene needs no new
        one."""
        key = all_of(found, recipe)
        if self._cut is None or self._cut[0] != key:
            self._cut = None
            self._cut = key, self._cutout(found, recipe)
        return self._cut[1]

    def made(self, found: Found, recipe: Recipe) -> Cutout | None:
        """The same where it is at hand."""
        return self._cut[1] if self._cut is not None and self._cut[0] == all_of(found, recipe) else None

    def _cutout(self, found: Found, recipe: Recipe) -> Cutout:
        alpha, picture = self.alpha(found, recipe), self.size.picture
        base = self.base(found, recipe)
        if base.rgba is not None:
            return _restored(base, alpha, picture)
        return cut(picture, alpha, recipe.edges.despill)

    def part(self, found: Found, recipe: Recipe, box: Box, draft: Alpha | None = None) -> Cutout:
        """The same of a part of it. At the rim of the part colours may differ a little. A `draft` of the matte, uint8
        [h,w] of the whole, is cut with the colours that the picture has."""
        rows, columns = slice(box.top, box.bottom), slice(box.left, box.right)
        whole = self.size.picture
        picture = Picture(np.ascontiguousarray(whole.rgba[rows, columns]), whole.opaque, None, whole.name, ())
        alpha = self.alpha(found, recipe) if draft is None else draft
        alpha = np.ascontiguousarray(alpha[rows, columns])
        base = self.base(found, recipe)
        if base.rgba is not None:
            return _restored(Base(base.alpha[rows, columns], base.rgba[rows, columns]), alpha, picture)
        return cut(picture, alpha, recipe.edges.despill if draft is None else 0)

    def sketched(self, found: Found, recipe: Recipe) -> Cutout:
        """The same, but that soft edges have the colours that they have before they are moved or touched: estimated
        once, and not for every move of a slider."""
        key = all_of(found, recipe)
        if self._sketched is None or self._sketched[0] != key:
            self._sketched = key, self._sketch(found, recipe)
        return self._sketched[1]

    def _sketch(self, found: Found, recipe: Recipe) -> Cutout:
        alpha, picture = self.alpha(found, recipe), self.size.picture
        base = self.base(found, recipe)
        if base.rgba is not None:
            return _restored(base, alpha, picture)
        own = self._own(found, recipe.edges).own
        rgba = picture.rgba.copy()
        rows, columns = np.nonzero((alpha > 0) & (alpha < 255))
        colours, despill = own[rows, columns], recipe.edges.despill
        if despill < 1:
            shown = picture.rgb[rows, columns].astype(np.float32)
            colours = np.rint(shown + np.float32(despill) * (colours - shown)).astype(np.uint8)
        rgba[rows, columns, :3] = colours
        rgba[..., 3] = alpha if picture.alpha is None else multiply(alpha, picture.alpha)
        rgba[rgba[..., 3] == 0] = 0
        return Cutout(rgba)

    def alpha(self, found: Found, recipe: Recipe) -> Alpha:
        """The matte that `recipe` leads to, uint8 [h,w], not to be changed."""
        base = self.base(found, recipe).alpha
        if not recipe.touches and self._touchup is None:
            return base
        return self.touchup(found, recipe).alpha

    def touchup(self, found: Found, recipe: Recipe, draft: Draft | None = None) -> Touchup:
        """Where the touches of `recipe` are done, and have been; see there for `draft`."""
        key = key_of(found, recipe)
        if self._touchup is None or self._touchup[0] != key:
            base = self.base(found, recipe).alpha
            self._touchup = key, Touchup(base, self._sizes, self.size, blank=isinstance(found, Whole))
        touchup = self._touchup[1]
        touchup.bring(recipe.touches, draft)
        return touchup

    def settle(self, found: Found, recipe: Recipe) -> None:
        """The person sees from now on what `recipe` makes: if that is what was done here."""
        if self._touchup and self.touched(found, recipe) and self._touchup[1].touches == recipe.touches:
            self.shown = self._touchup[1].turn

    def base(self, found: Found, recipe: Recipe) -> Base:
        """What the touches of `recipe` are done to."""
        key = key_of(found, recipe)
        if self._base is None or self._base[0] != key:
            self._base = key, self._made(found, recipe)
        return self._base[1]

    def knows(self, found: Found, recipe: Recipe) -> bool:
        """Whether `base` has nothing to do."""
        return self._base is not None and self._base[0] == key_of(found, recipe)

    def touched(self, found: Found, recipe: Recipe) -> bool:
        """Whether `touchup` has a matte to go on from."""
        return self._touchup is not None and self._touchup[0] == key_of(found, recipe)

    def adopt(self, base: Base, found: Found, recipe: Recipe) -> None:
        """Take `base`, of any size, for what `base` would make."""
        alpha = _resized(base.alpha, self.size.picture.size)
        rgba = None if base.rgba is None else _resized(base.rgba, self.size.picture.size)
        self._base = key_of(found, recipe), Base(alpha if rgba is None else rgba[..., 3], rgba)

    def _made(self, found: Found, recipe: Recipe) -> Base:
        picture, scale, edges = self.size.picture, self.size.scale, recipe.edges
        match found:
            case Whole():
                return Base(np.full(picture.rgba.shape[:2], 255, np.uint8), None)
            case Ground():
                rgba = redrawn(drawn(picture, found, recipe.method.enclosed), picture, edges, scale)
                return Base(rgba[..., 3], rgba)
            case Matte():
                return Base(adjust(self._matte(found, edges), edges, scale), None)

    def _matte(self, found: Matte, edges: Edges) -> Alpha:
        key = (found, edges.tidy, edges.subject, edges.follow)
        if self._matted is None or self._matted[0] != key:
            self._matted = key, matted(found, self.size.picture, edges)
        return self._matted[1]

    def _own(self, found: Found, edges: Edges) -> _Prepared:
        picture = self.size.picture
        if isinstance(found, Matte):
            alpha = self._matte(found, edges)
            key: Key = (found, edges.tidy, edges.subject, edges.follow)
        else:
            alpha, key = np.full(picture.rgba.shape[:2], 255, np.uint8), (found,)
        if self._prepared is None or self._prepared[0] != key:
            self._prepared = key, _Prepared(alpha, _colours(picture, alpha))
        return self._prepared[1]


def key_of(found: Found, recipe: Recipe) -> Key:
    """All that the base depends on."""
    edges = recipe.edges
    rest = (edges.smooth, edges.shift, edges.contrast, edges.feather)
    if isinstance(found, Matte):
        return (found, edges.tidy, edges.subject, edges.follow, *rest)
    return (found, recipe.method.enclosed, *rest)


def all_of(found: Found, recipe: Recipe) -> Key:
    """All that the cutout depends on."""
    return (*key_of(found, recipe), recipe.edges.despill, recipe.touches)


def _colours(picture: Picture, alpha: Alpha) -> NDArray[np.uint8]:
    """The subject's own colours, uint8 [h,w,3]; further from the edge less exactly, and in the end the picture's."""
    own = np.ascontiguousarray(picture.rgb)
    wide = np.asarray(Image.fromarray(alpha).filter(ImageFilter.GaussianBlur(AROUND)))
    for each in (wide, alpha):
        soft, colours, _ = unmixed(picture.rgb, each, EFFORT)
        own.reshape(-1, 3)[soft] = colours
    return own


def _restored(base: Base, alpha: Alpha, picture: Picture) -> Cutout:
    """What colour has cut, touched up to `alpha`. What was brought back shows as in the picture."""
    assert base.rgba is not None
    rgba = base.rgba.copy()
    if alpha is base.alpha:
        return Cutout(rgba)
    if picture.alpha is not None:
        alpha = np.minimum(alpha, picture.alpha)
    rows, columns = np.nonzero(alpha > base.alpha)
    before = base.alpha[rows, columns].astype(np.float32)
    more = (alpha[rows, columns] - before) / (255 - before)
    more[before == 0] = 1
    own = rgba[rows, columns, :3].astype(np.float32)
    rgba[rows, columns, :3] = np.rint(own + more[:, np.newaxis] * (picture.rgb[rows, columns] - own)).astype(np.uint8)
    rgba[..., 3] = alpha
    rgba[alpha == 0] = 0
    return Cutout(rgba)


def _resized(plane: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    image = Image.fromarray(plane)
    return np.asarray(image if image.size == size else image.resize(size, Image.Resampling.BOX))

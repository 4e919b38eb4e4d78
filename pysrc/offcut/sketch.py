# SPDX-License-Identifier: AGPL-3.0-or-later
"""A picture at the size of a screen, on which recipes are tried out: fast enough to follow a slider."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from offcut.adjust import Alpha, adjust
from offcut.cutout import Cutout, multiply
from offcut.foreground import unmixed
from offcut.graphic import Ground, drawn
from offcut.matte import Matte
from offcut.method import ground_of
from offcut.picture import Picture
from offcut.recipe import Recipe
from offcut.refine import matted, redrawn
from offcut.scene import compose

EFFORT = 1 << 14
"""Soft pixels that are worked on for their colours; see offcut.foreground."""

AROUND = 8.0
"""Standard deviation in pixels of the blur that says how far from the edge colours are prepared."""


@dataclass(frozen=True, slots=True, eq=False)
class _Matted:
    """What sliders do not change. `own` is uint8 [h,w,3]: the subject's own colours at the edge and around it, else the
    picture's."""

    alpha: Alpha
    own: NDArray[np.uint8]


class Sketch:
    """Holds the small picture; `draw` does what a job does with the large one, except that soft edges have the colours
    that they have before they are moved: estimated once, and not for every move of a slider."""

    def __init__(self, picture: Picture, side: int) -> None:
        """`side` is the longest that the sketch may be, in pixels; a smaller picture keeps its size."""
        self._grounds = {by: ground_of(picture, by) for by in ("auto", "colour")}
        self._scale = min(1.0, side / max(picture.size))
        image = Image.fromarray(picture.rgba)
        image.thumbnail((side, side), Image.Resampling.BOX)
        self._picture = Picture(np.array(image), picture.opaque, None, picture.name, ())
        self._last: tuple[object, _Matted] | None = None

    def draw(self, matte: Matte | None, recipe: Recipe) -> NDArray[np.uint8] | None:
        """What `recipe` makes of the picture: uint8 [h,w,4], straight alpha.

        `matte` is the net's answer; None, where there is none, gives None if the recipe needs one.
        """
        on = self._grounds.get(recipe.method.by)
        if on is not None:
            cutout = self._by_colour(on, recipe)
        elif matte is not None:
            cutout = self._by_net(matte, recipe)
        else:
            return None
        return compose(cutout, recipe.scene)

    def _by_colour(self, on: Ground, recipe: Recipe) -> Cutout:
        rgba = drawn(self._picture, on, recipe.method.enclosed)
        return redrawn(rgba, self._picture, recipe.edges, self._scale)

    def _by_net(self, matte: Matte, recipe: Recipe) -> Cutout:
        edges, picture = recipe.edges, self._picture
        key = (matte, edges.tidy, edges.subject, edges.follow)
        if self._last is None or self._last[0] != key:
            alpha = matted(matte, picture, edges)
            self._last = (key, _Matted(alpha, _own(picture, alpha)))
        known = self._last[1]
        alpha = adjust(known.alpha, edges, self._scale)
        rgba = picture.rgba.copy()
        rows, columns = np.nonzero((alpha > 0) & (alpha < 255))
        colours = known.own[rows, columns]
        if edges.despill < 1:
            shown = picture.rgb[rows, columns].astype(np.float32)
            colours = np.rint(shown + np.float32(edges.despill) * (colours - shown)).astype(np.uint8)
        rgba[rows, columns, :3] = colours
        rgba[..., 3] = alpha if picture.alpha is None else multiply(alpha, picture.alpha)
        rgba[rgba[..., 3] == 0] = 0
        return Cutout(rgba)


def _own(picture: Picture, alpha: Alpha) -> NDArray[np.uint8]:
    """The subject's own colours, uint8 [h,w,3]; further from the edge less exactly, and in the end the picture's."""
    own = np.ascontiguousarray(picture.rgb)
    wide = np.asarray(Image.fromarray(alpha).filter(ImageFilter.GaussianBlur(AROUND)))
    for each in (wide, alpha):
        soft, colours, _ = unmixed(picture.rgb, each, EFFORT)
        own.reshape(-1, 3)[soft] = colours
    return own

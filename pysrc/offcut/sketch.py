# SPDX-License-Identifier: AGPL-3.0-or-later
"""A picture at the size of a screen, on which recipes are tried out: fast enough to follow a slider."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from offcut.matte import Matte
from offcut.method import ground_of
from offcut.picture import Picture
from offcut.recipe import Recipe
from offcut.refine import by_colour, by_net
from offcut.scene import compose

EFFORT = 1 << 13
"""Soft pixels that are worked on for their colours; see offcut.foreground."""


class Sketch:
    """Holds the small picture; `draw` does what a job does with the large one."""

    def __init__(self, picture: Picture, side: int) -> None:
        """`side` is the longest that the sketch may be, in pixels; a smaller picture keeps its size."""
        self._grounds = {by: ground_of(picture, by) for by in ("auto", "colour")}
        self._scale = min(1.0, side / max(picture.size))
        image = Image.fromarray(picture.rgba)
        image.thumbnail((side, side), Image.Resampling.BOX)
        self._picture = Picture(np.array(image), picture.opaque, None, picture.name, ())

    def draw(self, matte: Matte | None, recipe: Recipe) -> NDArray[np.uint8] | None:
        """What `recipe` makes of the picture: uint8 [h,w,4], straight alpha.

        `matte` is the net's answer; None, where there is none, gives None if the recipe needs one.
        """
        on = self._grounds.get(recipe.method.by)
        if on is not None:
            cutout = by_colour(on, self._picture, recipe, self._scale)
        elif matte is not None:
            cutout = by_net(matte, self._picture, recipe, self._scale, EFFORT)
        else:
            return None
        return compose(cutout, recipe.scene)

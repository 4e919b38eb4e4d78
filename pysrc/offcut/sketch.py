# SPDX-License-Identifier: AGPL-3.0-or-later
"""A picture at the size of a screen, on which recipes are tried out: fast enough to follow a slider."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from offcut.cutout import cut
from offcut.matte import Matte
from offcut.picture import Picture
from offcut.recipe import Recipe
from offcut.refine import refine
from offcut.scene import compose

EFFORT = 1 << 13
"""Soft pixels that are worked on for their colours; see offcut.foreground."""


class Sketch:
    """Holds the small picture; `draw` does what a job does with the large one."""

    def __init__(self, picture: Picture, side: int) -> None:
        """`side` is the longest that the sketch may be, in pixels; a smaller picture keeps its size."""
        width, height = picture.size
        self._scale = min(1.0, side / max(width, height))
        image = Image.fromarray(picture.rgba)
        image.thumbnail((side, side), Image.Resampling.BOX)
        self._picture = Picture(np.array(image), picture.opaque, None, picture.name, ())

    def draw(self, matte: Matte, recipe: Recipe) -> NDArray[np.uint8]:
        """What `recipe` makes of the picture with the net's answer `matte`: uint8 [h,w,4], straight alpha."""
        alpha = refine(matte, self._picture, recipe.edges, self._scale)
        return compose(cut(self._picture, alpha, recipe.edges.despill, EFFORT), recipe.scene)

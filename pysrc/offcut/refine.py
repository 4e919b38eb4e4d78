# SPDX-License-Identifier: AGPL-3.0-or-later
"""From what was found of the subject to its cutout, edges as the recipe wants them."""

import numpy as np
from numpy.typing import NDArray

from offcut.adjust import Alpha, adjust
from offcut.clean import clean, largest
from offcut.cutout import Cutout, cut
from offcut.edges import Edges
from offcut.follow import follow
from offcut.graphic import Ground, drawn
from offcut.matte import Matte
from offcut.picture import Picture
from offcut.recipe import Recipe
from offcut.upsample import upsample


def by_net(matte: Matte, picture: Picture, recipe: Recipe) -> Cutout:
    """The cutout that the net's answer `matte` leads to."""
    alpha = adjust(matted(matte, picture, recipe.edges), recipe.edges)
    return cut(picture, alpha, recipe.edges.despill)


def matted(matte: Matte, picture: Picture, edges: Edges) -> Alpha:
    """The net's answer, tidied, in the picture's size, before its edge is adjusted: uint8 [h,w], 255 = subject."""
    if edges.tidy:
        matte = clean(matte)
    if edges.subject == "largest":
        matte = largest(matte)
    return follow(matte, picture) if edges.follow else upsample(matte, *picture.size)


def by_colour(on: Ground, picture: Picture, recipe: Recipe) -> Cutout:
    """The cutout of a graphic on the ground `on`.

    There is nothing to tidy in what colour cuts, and no largest part: those settings are for nets.
    """
    return redrawn(drawn(picture, on, recipe.method.enclosed), picture, recipe.edges)


def redrawn(rgba: NDArray[np.uint8], picture: Picture, edges: Edges, scale: float = 1.0) -> Cutout:
    """A graphic that was cut, uint8 [h,w,4], its edge adjusted; `scale` as in offcut.adjust.

    What the edge is moved over shows as in the picture. Takes `rgba` over.
    """
    found = rgba[..., 3]
    alpha = adjust(found, edges, scale)
    if alpha is not found:
        moved_over = (found == 0) & (alpha != 0)
        rgba[moved_over, :3] = picture.rgb[moved_over]
        rgba[..., 3] = alpha
        rgba[alpha == 0] = 0
    return Cutout(rgba)

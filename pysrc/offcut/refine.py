# SPDX-License-Identifier: AGPL-3.0-or-later
"""From what was found of the subject to its cutout, edges as the recipe wants them."""

from offcut.adjust import adjust
from offcut.clean import clean, largest
from offcut.cutout import Cutout, cut
from offcut.follow import follow
from offcut.foreground import EFFORT
from offcut.graphic import Ground, drawn
from offcut.matte import Matte
from offcut.picture import Picture
from offcut.recipe import Recipe
from offcut.upsample import upsample


def by_net(matte: Matte, picture: Picture, recipe: Recipe, scale: float = 1.0, effort: int = EFFORT) -> Cutout:
    """The cutout that the net's answer `matte` leads to, of the picture's size.

    `scale` is that size as a share of the one which pixels in the recipe are meant in (see offcut.adjust); `effort`
    says how closely the subject's own colours are looked for (see offcut.foreground).
    """
    edges = recipe.edges
    if edges.tidy:
        matte = clean(matte)
    if edges.subject == "largest":
        matte = largest(matte)
    alpha = follow(matte, picture) if edges.follow else upsample(matte, *picture.size)
    return cut(picture, adjust(alpha, edges, scale), edges.despill, effort)


def by_colour(on: Ground, picture: Picture, recipe: Recipe, scale: float = 1.0) -> Cutout:
    """The cutout of a graphic on the ground `on`. What its edges are moved over shows as in the picture.

    There is nothing to tidy in what colour cuts, and no largest part: those settings are for nets.
    """
    rgba = drawn(picture, on, recipe.method.enclosed)
    found = rgba[..., 3]
    alpha = adjust(found, recipe.edges, scale)
    if alpha is not found:
        moved_over = (found == 0) & (alpha != 0)
        rgba[moved_over, :3] = picture.rgb[moved_over]
        rgba[..., 3] = alpha
        rgba[alpha == 0] = 0
    return Cutout(rgba)

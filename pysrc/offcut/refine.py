# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was found of the subject, edges as the recipe wants them."""

import numpy as np
from numpy.typing import NDArray

from offcut.adjust import Alpha, adjust
from offcut.clean import clean, largest
from offcut.edges import Edges
from offcut.follow import follow
from offcut.matte import Matte
from offcut.picture import Picture
from offcut.upsample import upsample


def matted(matte: Matte, picture: Picture, edges: Edges) -> Alpha:
    """The net's answer, tidied, in the picture's size, before its edge is adjusted: uint8 [h,w], 255 = subject."""
    if edges.tidy:
        matte = clean(matte)
    if edges.subject == "largest":
        matte = largest(matte)
    return follow(matte, picture) if edges.follow else upsample(matte, *picture.size)


def redrawn(rgba: NDArray[np.uint8], picture: Picture, edges: Edges, scale: float = 1.0) -> NDArray[np.uint8]:
    """A graphic that was cut, uint8 [h,w,4], its edge adjusted; `scale` as in offcut.adjust.

    There is nothing to tidy in what colour cuts, and no largest part: those settings are for nets. What the edge is
    moved over shows as in the picture. Takes `rgba` over.
    """
    found = rgba[..., 3]
    alpha = adjust(found, edges, scale)
    if alpha is not found:
        moved_over = (found == 0) & (alpha != 0)
        rgba[moved_over, :3] = picture.rgb[moved_over]
        rgba[..., 3] = alpha
        rgba[alpha == 0] = 0
    return rgba

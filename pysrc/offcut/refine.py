# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the net's answer to the alpha that the recipe wants."""

from offcut.adjust import Alpha, adjust
from offcut.clean import clean, largest
from offcut.edges import Edges
from offcut.matte import Matte
from offcut.picture import Picture
from offcut.upsample import upsample


def refine(matte: Matte, picture: Picture, edges: Edges, scale: float = 1.0) -> Alpha:
    """Alpha for `picture`, uint8 [h,w] of its size, 255 = subject.

    `scale` is the picture's size as a share of that which pixels in `edges` are meant in (see offcut.adjust).
    """
    if edges.tidy:
        matte = clean(matte)
    if edges.subject == "largest":
        matte = largest(matte)
    return adjust(upsample(matte, *picture.size), edges, scale)

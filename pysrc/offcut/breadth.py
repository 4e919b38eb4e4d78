# SPDX-License-Identifier: AGPL-3.0-or-later
"""How wide a head is, told from the matte.

Between crown and chin the matte is widest where hair, ears or a scarf reach furthest: all of that counts, as nobody can
tell it from the face by an outline. A head beside which another thing belongs to the subject, a raised hand or somebody
else's head, is measured with it where they touch.
"""

import numpy as np
from numpy.typing import NDArray

FROM, TO = 0.25, 0.75
"""The part of the way from crown to chin on which it is measured: further down there are collars and shoulders."""

INSIDE = 128
"""From this alpha on a pixel belongs to the head."""


def breadth(cover: NDArray[np.uint8], head: tuple[float, float, float]) -> int | None:
    """The longest run of the subject across the middle of the face, in pixels; None where none is to be seen.

    `cover` is the subject's alpha, uint8 [h,w], `head` (y of the crown, y of the chin, x of the middle) in its pixels.
    """
    crown, chin, across = head
    height, width = cover.shape
    top, bottom = (round(float(np.clip(crown + share * (chin - crown), 0, height))) for share in (FROM, TO))
    x = int(across)
    if not 0 <= across < width or top >= bottom:
        return None
    clear = cover[top:bottom] < INSIDE
    clear = clear[~clear[:, x]]
    if not len(clear):
        return None
    left, right = (
        np.where(side.any(axis=1), side.argmax(axis=1), side.shape[1]) for side in (clear[:, x::-1], clear[:, x:])
    )
    return int((left + right).max()) - 1  # the pixel in the middle is in both

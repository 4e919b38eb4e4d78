# SPDX-License-Identifier: AGPL-3.0-or-later
"""An edge found anew where a person paints over it (see offcut.matting)."""

import math

import numpy as np

from offcut import brush
from offcut.adjust import Alpha
from offcut.matting import matted_anew
from offcut.sizes import Sized
from offcut.touches import Refine

MARGIN = 24
"""So many pixels around the line, and as far as it is wide, tell what subject and ground look like."""


def mended(touch: Refine, alpha: Alpha, here: Sized) -> tuple[int, int, Alpha] | None:
    """What becomes of `alpha`, uint8 [h,w], the matte of the picture in the size `here`: top and left of the part that
    changes, and that part; None where nothing does.

    Under the line nothing is taken for granted, around it everything is.
    """
    height, width = alpha.shape
    radius = touch.size / 2 * here.scale
    marks = list(brush.line(here.points(touch.points), radius, width, height))
    if not marks:
        return None
    reach = MARGIN + math.ceil(min(2 * radius, max(width, height)))
    top = max(0, min(mark.top for mark in marks) - reach)
    left = max(0, min(mark.left for mark in marks) - reach)
    bottom = min(height, max(mark.top + mark.cover.shape[0] for mark in marks) + reach)
    right = min(width, max(mark.left + mark.cover.shape[1] for mark in marks) + reach)
    unknown = np.zeros((bottom - top, right - left), np.bool_)
    for mark in marks:
        rows = slice(mark.top - top, mark.top - top + mark.cover.shape[0])
        columns = slice(mark.left - left, mark.left - left + mark.cover.shape[1])
        unknown[rows, columns] |= mark.cover >= 128
    part = np.s_[top:bottom, left:right]
    return top, left, matted_anew(here.picture.rgb[part], np.ascontiguousarray(alpha[part]), unknown)

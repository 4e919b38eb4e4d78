# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the net's resolution to the picture's."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from offcut.matte import Matte

TILE = 160
"""Side of the squares of the result that are looked at one by one."""

REACH = 2
"""How far, in matte pixels, the bicubic kernel reaches when it enlarges."""


def upsample(matte: Matte, width: int, height: int) -> NDArray[np.uint8]:
    """Resize a matte to `width` x `height` pixels: uint8 [height,width], 255 = subject.

    Bicubic (Keys, a = -0.5; antialiased where the picture is smaller than the matte), overshoot clipped, by
    Pillow. It works on 8 bits because that is all an alpha channel holds, and because a 48 MP matte in
    float32 would take 192 MB beside a picture that already takes as much.

    Most of a matte is all subject or all background: where everything within the kernel's reach is one value, so is
    the result, and it is filled in instead of computed.
    """
    coarse: NDArray[np.uint8] = np.rint(matte.alpha * np.float32(255)).astype(np.uint8)
    image = Image.fromarray(coarse)
    if image.size == (width, height):
        return coarse
    across, down = image.width / width, image.height / height
    if across > 1 or down > 1:
        return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC))
    result = np.empty((height, width), np.uint8)
    for top in range(0, height, TILE):
        bottom = min(top + TILE, height)
        rows = slice(max(0, int(top * down) - REACH), int(bottom * down) + REACH + 1)
        for left in range(0, width, TILE):
            right = min(left + TILE, width)
            seen = coarse[rows, max(0, int(left * across) - REACH) : int(right * across) + REACH + 1]
            tile = result[top:bottom, left:right]
            if seen.min() == seen.max():
                tile[...] = seen[0, 0]
            else:
                box = (left * across, top * down, right * across, bottom * down)
                tile[...] = np.asarray(image.resize((right - left, bottom - top), Image.Resampling.BICUBIC, box))
    return result

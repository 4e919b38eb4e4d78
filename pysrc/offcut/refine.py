# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the net's resolution to the picture's."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from offcut.matte import Matte


def upsample(matte: Matte, width: int, height: int) -> NDArray[np.uint8]:
    """Resize a matte to `width` x `height` pixels: uint8 [height,width], 255 = subject.

    Bicubic (Keys, a = -0.5; antialiased where the picture is smaller than the matte), overshoot clipped, by
    Pillow. It works on 8 bits because that is all an alpha channel holds, and because a 48 MP matte in
    float32 would take 192 MB beside a picture that already takes as much.
    """
    coarse = np.rint(matte.alpha * np.float32(255)).astype(np.uint8)
    image = Image.fromarray(coarse)
    if image.size != (width, height):
        image = image.resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(image)

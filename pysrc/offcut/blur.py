# SPDX-License-Identifier: AGPL-3.0-or-later
"""Wide blurs, made in a small size: what is lost there is less than what the blur takes away."""

from PIL import Image

SOFT = 4.0
"""A blur's standard deviation is about so many pixels of the size that it is made in."""


def step(sigma: float) -> int:
    """How many pixels on a side become one before a blur of that standard deviation, in pixels."""
    return max(1, int(sigma / SOFT))


def enlarged(image: Image.Image, step: float, width: int, top: int, bottom: int) -> Image.Image:
    """The rows from `top` to `bottom` of what `image`, each of whose pixels stands for `step` x `step`, shows in a size
    that is `width` pixels wide. The last of its pixels may stand for fewer, and count as if they did not."""
    box = (0, top / step, min(width / step, image.width), min(bottom / step, image.height))
    return image.resize((width, bottom - top), Image.Resampling.BILINEAR, box)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The subject, without what was around it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from offcut.foreground import Unmixed, unmixed
from offcut.picture import Picture

BAND = 256
"""Rows handled at a time where arithmetic needs copies, so that the extra memory stays small."""

STRIP = 64
"""Rows that are gone over more than once at a time: few enough to stay in the processor's cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Cutout:
    """`rgba` is uint8 [h,w,4], straight (not premultiplied) alpha; where alpha is 0 the colour is 0 too."""

    rgba: NDArray[np.uint8]

    @property
    def rgb(self) -> NDArray[np.uint8]:
        """The colours, uint8 [h,w,3], a view."""
        return self.rgba[..., :3]

    @property
    def alpha(self) -> NDArray[np.uint8]:
        """The alpha channel, uint8 [h,w], a view."""
        return self.rgba[..., 3]


def cut(picture: Picture, alpha: NDArray[np.uint8], despill: float = 0.0) -> Cutout:
    """Cut `picture` along `alpha`, uint8 [h,w] of the picture's size.

    The result's alpha is `alpha` times the picture's own, rounded. Colours under alpha 0 are set to 0: they
    are the removed background, and it shall not travel hidden in the file. Where `alpha` is soft they are brought
    from those of the picture, `despill` 0, towards those of the subject alone, 1 (see offcut.foreground).

    Raises ValueError when the sizes differ.
    """
    width, height = picture.size
    if alpha.shape != (height, width):
        raise ValueError(f"alpha {alpha.shape} does not fit a picture of {(height, width)}")
    kept = alpha if picture.alpha is None else multiply(alpha, picture.alpha)
    rgba = np.zeros((height, width, 4), np.uint8)
    pixels, source = rgba.view(np.uint32)[..., 0], picture.rgba.view(np.uint32)[..., 0]
    for top in range(0, height, STRIP):
        strip = slice(top, top + STRIP)
        np.copyto(pixels[strip], source[strip], where=kept[strip] != 0)
        rgba[strip, :, 3] = kept[strip]
    if despill > 0:
        _despill(rgba, unmixed(picture.rgb, alpha), despill)
    return Cutout(rgba)


def _despill(rgba: NDArray[np.uint8], mixtures: Unmixed, share: float) -> None:
    """Give the soft pixels of `rgba` the subject's own colours, in place; nothing else changes."""
    soft, own, _ = mixtures
    flat = rgba.reshape(-1, 4)
    seen = flat[soft, 3] != 0  # the picture's own alpha may hide more
    soft, own = soft[seen], own[seen]
    if share < 1:
        shown = flat[soft, :3].astype(np.float32)
        own = np.rint(shown + np.float32(share) * (own - shown)).astype(np.uint8)
    flat[soft, :3] = own


def multiply(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """a * b / 255, rounded to nearest; both uint8 [h,w], and so is the result."""
    product = np.empty(a.shape, np.uint8)
    for top in range(0, a.shape[0], BAND):
        band = slice(top, top + BAND)
        product[band] = divide_by_255(a[band].astype(np.uint16) * b[band])
    return product


def divide_by_255(value: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """value / 255 rounded to nearest, exact for 0..65025 (J. Blinn, "Three Wrongs Make a Right", 1995).

    Works in place on `value` and returns it.
    """
    value += 128
    value += value // 256
    value //= 256
    return value

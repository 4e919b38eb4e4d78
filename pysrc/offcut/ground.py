# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a backdrop looks on a canvas."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from offcut.backdrop import Backdrop, Gradient, Original, Still
from offcut.colour import Colour
from offcut.errors import BackdropMissing
from offcut.frame import Placement
from offcut.laying import laid
from offcut.picture import Picture

BLUR = 0.04
"""`Original.blur` 1 has a standard deviation of this share of the canvas's shorter side."""

SOFT = 4.0
"""A background is blurred in a size in which the blur's standard deviation is about so many pixels."""

WIDER = 4
"""Where a blur has nothing to go by, one so many times as wide is asked, and so on."""

Stills = Callable[[str], Picture | None]
"""The pictures that recipes name, by the SHA-256 of their files."""

Pixels = NDArray[np.uint8]


def no_stills(image: str) -> None:
    """Where there are none."""


def painted(
    backdrop: Backdrop, placement: Placement, rgba: Pixels, alpha: NDArray[np.uint8], stills: Stills
) -> Pixels | Colour:
    """A backdrop on a canvas: uint8 [h,w,4], or the colour that all of it has. `rgba` is the picture itself, uint8
    [h,w,4], and `alpha` its matte, uint8 [h,w], which `placement` lays there.

    Raises BackdropMissing.
    """
    width, height = placement.width, placement.height
    match backdrop:
        case Colour():
            return backdrop
        case Gradient():
            return _gradient(backdrop, width, height)
        case Still():
            still = stills(backdrop.image)
            if still is None:
                raise BackdropMissing(image=backdrop.image)
            return _still(backdrop, still, width, height)
        case Original():
            if backdrop.blur > 0:
                shown = _blurred(placement, rgba, alpha, backdrop.blur * BLUR * min(width, height))
            else:
                shown = laid(rgba, placement)
            return _greyed(shown, backdrop.grey)


def _gradient(gradient: Gradient, width: int, height: int) -> Pixels:
    """Colours between the two, in sRGB as in CSS (https://www.w3.org/TR/css-images-3/#linear-gradients)."""
    x = np.arange(width, dtype=np.float32) + np.float32(0.5 - width / 2)
    y = np.arange(height, dtype=np.float32) + np.float32(0.5 - height / 2)
    if gradient.shape == "linear":
        angle = math.radians(gradient.angle)
        across, down = math.sin(angle), -math.cos(angle)
        length = abs(width * across) + abs(height * down)
        share = (x * np.float32(across / length))[np.newaxis] + (y * np.float32(down / length))[:, np.newaxis]
        share += np.float32(0.5)
    else:
        share = np.hypot((x / np.float32(width))[np.newaxis], (y / np.float32(height))[:, np.newaxis])
        share *= np.float32(math.sqrt(2))
    # A table of all steps that 8 bits can tell apart, and more.
    steps = np.linspace(0, 1, 1024)[:, np.newaxis]
    start, end = np.array(gradient.start.rgb), np.array(gradient.end.rgb)
    table = np.full((1024, 4), 255, np.uint8)
    table[:, :3] = np.rint(start + (end - start) * steps)
    colours: Pixels = table[np.clip(share * 1023 + np.float32(0.5), 0, 1023).astype(np.int16)]
    return colours


def _still(backdrop: Still, still: Picture, width: int, height: int) -> Pixels:
    wide, tall = still.size
    fits = min if backdrop.fit == "contain" else max
    scale = fits(width / wide, height / tall)
    x = y = 0.0
    if backdrop.fit == "place":
        scale *= backdrop.zoom
        x, y = backdrop.x * width, backdrop.y * height
    matrix = (scale, 0.0, (width - scale * wide) / 2 + x, 0.0, scale, (height - scale * tall) / 2 + y)
    return laid(still.rgba, Placement(width, height, matrix))


def _blurred(placement: Placement, rgba: Pixels, alpha: NDArray[np.uint8], sigma: float) -> Pixels:
    """The background alone, blurred: what is blurred of the subject would stand around it as a halo.

    A mean weighted with what is not subject (normalised convolution: Knutsson and Westin, 1993). Where there is little
    such, far inside the subject or beyond the picture's rim, the weighted mean of a wider surrounding takes its place.
    """
    width, height = placement.width, placement.height
    step = max(1, int(sigma / SOFT))
    small = placement.within(max(1, round(max(width, height) / step)))
    weighed = rgba.copy()
    away = (255 - alpha).astype(np.uint16)
    # Squared: the softer half of an edge has more of the subject's colour than of the ground's.
    weighed[..., 3] = np.minimum(weighed[..., 3], away * away // 255)
    seen = Image.fromarray(laid(weighed, small)).convert("RGBa")
    sigma = sigma * small.width / width
    means: list[Pixels] = []
    while True:
        means.append(np.asarray(seen.filter(ImageFilter.GaussianBlur(sigma))))
        if sigma > max(seen.size) or means[-1][..., 3].min() > 64:
            break
        sigma *= WIDER
    result = np.zeros((*means[0].shape[:2], 3), np.float32)
    left = np.ones(means[0].shape[:2], np.float32)
    for mean in means:
        weight = mean[..., 3].astype(np.float32) / 255
        share = left * np.minimum(weight * 4, 1)  # full trust from a quarter on
        result += (share / np.maximum(weight, 1 / 255))[..., np.newaxis] * mean[..., :3]
        left -= share
    # In 8 bits nothing is left of a colour far away: there the mean of all stands in for it.
    *colours, weights = np.asarray(seen).sum(axis=(0, 1), dtype=np.int64)
    result += left[..., np.newaxis] * (np.array(colours, np.float32) * 255 / weights if weights else np.float32(128))
    image = Image.fromarray(np.rint(np.clip(result, 0, 255)).astype(np.uint8))
    if image.size != (width, height):
        image = image.resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(image.convert("RGBA"))


def _greyed(rgba: Pixels, share: float) -> Pixels:
    if share == 0:
        return rgba
    image = Image.fromarray(rgba)
    grey = image.convert("RGB").convert("L")
    plain = Image.merge("RGBA", (grey, grey, grey, image.getchannel("A")))
    return np.asarray(plain if share == 1 else Image.blend(image, plain, share))

# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a backdrop looks on a canvas."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from offcut.backdrop import Backdrop, Gradient, Original, Still
from offcut.blur import SOFT, enlarged, step
from offcut.colour import Colour
from offcut.errors import BackdropMissing
from offcut.laying import BAND, laid, looked_at, means
from offcut.picture import Picture
from offcut.placement import Placement

BLUR = 0.04
"""`Original.blur` 1 has a standard deviation of this share of the canvas's shorter side."""

WIDER = 4
"""Where a blur has nothing to go by, one so many times as wide is asked, and so on."""

TRUSTED = 64
"""A mean that has so much alpha, of 255, is trusted alone."""

REACH = 5
"""A blur is told from what lies up to so many standard deviations away."""

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
        # Roots are the same on every machine, where hypot is not.
        share = np.sqrt(np.square(x / np.float32(width))[np.newaxis] + np.square(y / np.float32(height))[:, np.newaxis])
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
    """The background alone, blurred: what is blurred of the subject would stand around it as a halo."""
    width, height = placement.width, placement.height
    small = placement.within(max(1, round(max(width, height) / step(sigma))))
    left, top, right, bottom = looked_at(small, (rgba.shape[1], rgba.shape[0]))
    alone = _alone(rgba[top:bottom, left:right], alpha[top:bottom, left:right])
    made = _filled(laid(alone, small.beginning(left, top)), sigma * small.width / width)
    if (small.width, small.height) == (width, height):
        return made
    image = Image.frombuffer("RGBX", (small.width, small.height), made, "raw", "RGBX", 0, 1)
    result = np.empty((height, width, 4), np.uint8)
    for top in range(0, height, BAND):
        bottom = min(top + BAND, height)
        box = (0, top / height * small.height, small.width, bottom / height * small.height)
        result[top:bottom] = np.asarray(image.resize((width, bottom - top), Image.Resampling.BILINEAR, box))
    return result


def _alone(rgba: Pixels, alpha: NDArray[np.uint8]) -> Pixels:
    """The picture without its subject."""
    weighed = rgba.copy()
    for top in range(0, len(rgba), BAND):
        away = (255 - alpha[top : top + BAND]).astype(np.uint16)
        band = weighed[top : top + BAND, :, 3]
        # Squared: the softer half of an edge has more of the subject's colour than of the ground's.
        np.minimum(band, away * away // 255, out=band, casting="unsafe")
    return weighed


def _filled(seen: Pixels, sigma: float) -> Pixels:
    """Blurred by means that are weighted with alpha (normalised convolution: Knutsson and Westin, 1993), and opaque.
    Where there is little, far inside the subject or beyond the picture's rim, the weighted mean of a wider surrounding
    takes its place, which need not be in full size.
    """
    height, width = seen.shape[:2]
    behind, each = _wider(seen, sigma)
    around = math.ceil(REACH * sigma) + 1
    result = np.empty((height, width, 4), np.uint8)
    for top in range(0, height, BAND):
        bottom = min(top + BAND, height)
        first = max(0, top - around)
        near = Image.fromarray(seen[first : bottom + around]).convert("RGBa").filter(ImageFilter.GaussianBlur(sigma))
        mean = np.asarray(near)[top - first : bottom - first]
        result[top:bottom] = mean
        if mean[..., 3].min() < 255:
            _mix(result[top:bottom], np.asarray(enlarged(behind, each, width, top, bottom)))
    return result


def _wider(seen: Pixels, sigma: float) -> tuple[Image.Image, int]:
    """What stands in for a mean that has nothing to go by, in RGB, and of how many pixels on a side each of its pixels
    does."""
    found: list[tuple[Image.Image, int]] = []
    while sigma <= max(seen.shape[:2]):
        sigma = max(sigma * WIDER, 2 * SOFT)
        each = step(sigma)
        image = means(seen, each, each).filter(ImageFilter.GaussianBlur(sigma / each))
        found.append((image, each))
        if np.asarray(image)[..., 3].min() >= TRUSTED:
            break
    each = max(seen.shape[:2])
    behind = Image.new("RGB", (1, 1), _mean(seen))
    for image, finer in reversed(found):
        mixed = np.array(image)
        _mix(mixed, np.asarray(enlarged(behind, each / finer, image.width, 0, image.height)))
        behind, each = Image.fromarray(mixed[..., :3]), finer
    return behind, each


def _mean(seen: Pixels) -> tuple[int, int, int]:
    """The mean of all: in the 8 bits of a weighted mean nothing would be left of what is far away."""
    sums = np.zeros(4, np.int64)
    for top in range(0, len(seen), BAND):
        sums += np.asarray(Image.fromarray(seen[top : top + BAND]).convert("RGBa")).sum(axis=(0, 1), dtype=np.int64)
    red, green, blue, weight = sums.tolist()
    return (255 * red // weight, 255 * green // weight, 255 * blue // weight) if weight else (128, 128, 128)


def _mix(mean: Pixels, behind: Pixels) -> None:
    """Make a premultiplied mean opaque, in place: of `behind`, uint8 [h,w,3], there is what it is not trusted for."""
    little = mean[..., 3] < 255
    weight = mean[..., 3][little].astype(np.float32)
    share = np.minimum(weight / TRUSTED, 1)
    colours = (share * 255 / np.maximum(weight, 1))[:, np.newaxis] * mean[..., :3][little]
    colours += (1 - share)[:, np.newaxis] * behind[little]
    mean[..., :3][little] = np.rint(np.clip(colours, 0, 255)).astype(np.uint8)
    mean[..., 3] = 255


def _greyed(rgba: Pixels, share: float) -> Pixels:
    if share == 0:
        return rgba
    image = Image.fromarray(rgba)
    grey = image.convert("RGB").convert("L")
    plain = Image.merge("RGBA", (grey, grey, grey, image.getchannel("A")))
    return np.asarray(plain if share == 1 else Image.blend(image, plain, share))

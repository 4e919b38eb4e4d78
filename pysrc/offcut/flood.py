# SPDX-License-Identifier: AGPL-3.0-or-later
"""What has one colour: everywhere, or as far as it hangs together with a point.

Which parts hang together is found in a picture of at most `LARGEST` pixels, so that it is the same on a screen and in
the file; which pixels of those have the colour is asked of the picture in the size that is worked on. At the rim, where
a pixel mixes the colour with the next, it is covered as far as it is the colour's: the share of the way from the
neighbourhood's furthest colour, as at the rim of a graphic.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from offcut.brush import Cover
from offcut.picture import Picture
from offcut.regions import regions
from offcut.sizes import Sized, Sizes
from offcut.touches import Fill

LARGEST = 2048
"""Longer side of the picture in which it is found what hangs together."""

NOISE = 10
"""So far, of 255, a channel strays from its colour for no reason: what a JPEG does to flat ground."""

RIM = 2
"""Neighbours no further than so many pixels tell what a pixel of the rim is mixed with."""

SAMPLE = 1
"""The colour at a point is the median of the pixels no further than so many from it."""

STRIP = 256
"""Rows handled at a time."""


def filled(fill: Fill, sizes: Sizes, here: Sized, barred: Cover | None) -> Cover | None:
    """What `fill` covers of the picture in the size `here`, one of `sizes`: uint8 [h,w]; None for nothing.

    What hangs together does not pass pixels of which half is `barred`, uint8 [h,w] of any size.
    """
    found = _colour(fill, sizes.largest)
    if found is None:
        return None
    tolerance = round(fill.tolerance * 255)
    whole = _region(fill, sizes, found, tolerance, barred) if fill.contiguous else None
    if fill.contiguous and whole is None:
        return None
    return _covered(here.picture, found, tolerance, whole)


def _colour(fill: Fill, largest: Sized) -> NDArray[np.uint8] | None:
    """The colour meant, uint8 [3]; None where the point lies outside and nothing else says it."""
    x, y = (int(np.floor(value * largest.scale)) for value in fill.at)
    width, height = largest.picture.size
    inside = 0 <= x < width and 0 <= y < height
    if fill.colour is not None and (inside or not fill.contiguous):
        return np.array([fill.colour.r, fill.colour.g, fill.colour.b], np.uint8)
    if not inside:
        return None
    around = largest.picture.rgb[max(0, y - SAMPLE) : y + SAMPLE + 1, max(0, x - SAMPLE) : x + SAMPLE + 1]
    middle: NDArray[np.float64] = np.median(around.reshape(-1, 3), axis=0)
    return middle.astype(np.uint8)


def difference(rgb: NDArray[np.uint8], colour: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """By how much the channel that differs most differs from `colour`: uint8 [h,w]."""
    most = np.zeros(rgb.shape[:2], np.uint8)
    for channel in range(3):
        plane, wanted = rgb[..., channel], colour[channel]
        np.maximum(most, np.maximum(plane, wanted) - np.minimum(plane, wanted), out=most)
    return most


def _region(
    fill: Fill, sizes: Sizes, colour: NDArray[np.uint8], tolerance: int, barred: Cover | None
) -> Image.Image | None:
    """What hangs together with the point, and one pixel around it: mode L, 0 or 255; None for nothing."""
    small = sizes.within(LARGEST).picture
    alike = difference(small.rgb, colour) <= tolerance
    if barred is not None:
        alike &= np.asarray(Image.fromarray(barred).resize(small.size, Image.Resampling.BOX)) < 128
    width, height = sizes.largest.picture.size
    x = int(fill.at[0] * sizes.largest.scale * small.size[0] / width)
    y = int(fill.at[1] * sizes.largest.scale * small.size[1] / height)
    if not alike.any():
        return None
    parts = regions(alike)
    # The point's own pixel may be an odd one out: its neighbours have the colour.
    near = parts.labels[max(0, y - SAMPLE) : y + SAMPLE + 1, max(0, x - SAMPLE) : x + SAMPLE + 1]
    number = parts.labels[y, x] or int(near.max())
    if number == 0:
        return None
    return Image.fromarray(_around((parts.labels == number).view(np.uint8) * np.uint8(255), 1, np.maximum))


def _covered(picture: Picture, colour: NDArray[np.uint8], tolerance: int, whole: Image.Image | None) -> Cover:
    width, height = picture.size
    covered = np.zeros((height, width), np.uint8)
    noise = np.float32(min(tolerance, NOISE))
    for top in range(0, height, STRIP):
        # rows that the rim of this strip looks at
        first, last = max(0, top - 2 * RIM), min(height, top + STRIP + 2 * RIM)
        differs = difference(picture.rgb[first:last], colour)
        within = differs <= tolerance
        if whole is not None:
            share = whole.height / height
            box = (0, first * share, whole.width, last * share)
            within &= np.asarray(whole.resize((width, last - first), Image.Resampling.NEAREST, box)) != 0
        if not within.any():
            continue
        strip = within.view(np.uint8) * np.uint8(255)
        rim = _around(strip, 1, np.maximum) != _around(strip, 1, np.minimum)
        if rim.any():
            furthest = _around(differs, RIM, np.maximum)
            rim &= furthest > tolerance
            far, near = furthest[rim].astype(np.float32), differs[rim].astype(np.float32)
            strip[rim] = np.rint(255 * np.clip((far - near) / np.maximum(far - noise, 1), 0, 1)).astype(np.uint8)
        covered[top : top + STRIP] = strip[top - first : top - first + min(STRIP, height - top)]
    return covered


def _around(plane: Cover, reach: int, pick: np.ufunc) -> Cover:
    """The most, or the least, of the pixels no further than `reach` from each, across, down or both."""
    for _ in (0, 1):  # down, and turned once across
        wide = np.pad(plane, ((reach, reach), (0, 0)), mode="edge")
        plane = wide[: plane.shape[0]]
        for step in range(1, 2 * reach + 1):
            plane = pick(plane, wide[step : step + plane.shape[0]])
        plane = np.ascontiguousarray(plane.T)
    return plane

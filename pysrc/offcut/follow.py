# SPDX-License-Identifier: AGPL-3.0-or-later
"""The net's matte brought to the picture's size along the picture's own edges.

The fast guided filter (He and Sun, "Fast Guided Filter", 2015, after He, Sun and Tang, "Guided Image Filtering", ECCV
2010): around every pixel of the net's matte alpha is explained as a linear function of the picture's colours there; the
functions, not the matte, are enlarged, and applied to the picture at its full size. An edge of the picture becomes an
edge of alpha, where the net only said that there is one somewhere near.

Only the unknown band is solved so: where the net was in doubt or changes its mind, and as far around as that reaches
into what is explained. All else stays what the net says.

What explains by a mean blurs, so alpha is steepened about one half afterwards. `build.py bench quality --upsampling`
compares it with other ways.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from offcut.adjust import Alpha, steepened
from offcut.matte import Matte
from offcut.picture import Picture
from offcut.upsample import TILE, upsample

Plane = NDArray[np.float32]
"""float32 [h,w]."""

RADIUS = 4
"""Windows are squares of 2 x 4 + 1 pixels of the net's matte."""

SMOOTHNESS = np.float32(1e-4)
"""Colours, in 0..1, that vary by less than this explain nothing: the authors' epsilon."""

GAIN = 1.5
"""How much steeper alpha is made in the end."""

SURE = 0.02
"""The net is in no doubt where its alpha is this near to 0 or 1."""


def follow(matte: Matte, picture: Picture) -> Alpha:
    """Alpha of `picture`'s size, uint8 [h,w], 255 = subject, its edges those of the picture.

    Tile by tile, so that of a large picture only what is at the edge is ever turned into floats.
    """
    width, height = picture.size
    alpha = np.require(upsample(matte, width, height), requirements="W")
    for top in range(0, height, TILE):
        alpha[top : top + TILE] = steepened(alpha[top : top + TILE], GAIN)
    band = Image.fromarray(unknown(matte))
    if band.getextrema() == (0, 0):
        return alpha
    functions = _functions(matte, picture)
    for top in range(0, height, TILE):
        for left in range(0, width, TILE):
            tile = alpha[top : top + TILE, left : left + TILE]
            solved = _part(band, picture.size, left, top, tile.shape, Image.Resampling.NEAREST) != 0
            if solved.any():
                red, green, blue, rest = (
                    _part(each, picture.size, left, top, tile.shape, Image.Resampling.BILINEAR) for each in functions
                )
                seen = picture.rgb[top : top + TILE, left : left + TILE].astype(np.float32)
                found = red * seen[..., 0] + green * seen[..., 1] + blue * seen[..., 2] + rest
                steep = (found - np.float32(0.5)) * np.float32(GAIN * 255) + np.float32(127.5)
                np.copyto(tile, np.rint(np.clip(steep, 0, 255)).astype(np.uint8), where=solved)
    return alpha


def unknown(matte: Matte) -> NDArray[np.uint8]:
    """The unknown band of a trimap, uint8 [h,w] of the matte's size: 0 where the window around a pixel is all subject,
    or all ground, beyond doubt; else 255."""
    alpha = matte.alpha
    sure = np.where(alpha <= SURE, np.float32(0), np.where(alpha >= 1 - SURE, np.float32(1), alpha))
    mean = _mean(sure)
    least = SURE / (2 * RADIUS + 1) ** 2 / 2
    return np.where((mean < least) | (mean > 1 - least), np.uint8(0), np.uint8(255))


def _part(
    small: Image.Image, size: tuple[int, int], left: int, top: int, shape: tuple[int, ...], filter: Image.Resampling
) -> NDArray[np.float32]:
    """What `small`, enlarged to `size`, shows of the tile of `shape` at (left, top)."""
    across, down = small.width / size[0], small.height / size[1]
    box = (left * across, top * down, (left + shape[1]) * across, (top + shape[0]) * down)
    return np.asarray(small.resize((shape[1], shape[0]), filter, box), np.float32)


def _functions(matte: Matte, picture: Picture) -> list[Image.Image]:
    """What red, green and blue, 0..255, are multiplied by, and what is added, at the net's resolution: mode F."""
    width, height = picture.size
    share = min(1.0, max(matte.alpha.shape) / max(width, height))
    size = max(1, round(width * share)), max(1, round(height * share))
    # "RGBX" shares the picture's memory, and is resized without the premultiplication that "RGBA" gets
    guide = Image.frombuffer("RGBX", picture.size, picture.rgba, "raw", "RGBX", 0, 1)
    small = np.asarray(guide.resize(size, Image.Resampling.BOX, reducing_gap=1.0))[..., :3]
    alpha = np.asarray(Image.fromarray(matte.alpha).resize(size, Image.Resampling.BILINEAR), np.float32)
    slopes, rest = _explained(small.transpose(2, 0, 1).astype(np.float32) / np.float32(255), alpha)
    planes = [*(_mean(each) / np.float32(255) for each in slopes), _mean(rest)]
    return [Image.fromarray(plane) for plane in planes]


def _explained(guide: NDArray[np.float32], alpha: Plane) -> tuple[list[Plane], Plane]:
    """alpha as a linear function of `guide`, float32 [3,h,w] 0..1, in the window around each pixel: slopes and rest.

    The normal equations of ridge regression (equations 14 and 15 of the paper), solved by cofactors.
    """
    means = [_mean(channel) for channel in guide]
    middle = _mean(alpha)
    with_alpha = [_mean(channel * alpha) - mean * middle for channel, mean in zip(guide, means, strict=True)]

    def covariance(one: int, other: int) -> Plane:
        found = _mean(guide[one] * guide[other]) - means[one] * means[other]
        return found + SMOOTHNESS if one == other else found

    rr, rg, rb = covariance(0, 0), covariance(0, 1), covariance(0, 2)
    gg, gb, bb = covariance(1, 1), covariance(1, 2), covariance(2, 2)
    cofactors = [
        [gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb],
        [gb * rb - rg * bb, rr * bb - rb * rb, rg * rb - rr * gb],
        [rg * gb - gg * rb, rg * rb - rr * gb, rr * gg - rg * rg],
    ]
    determinant = rr * cofactors[0][0] + rg * cofactors[0][1] + rb * cofactors[0][2]
    # Variances are at least SMOOTHNESS, so it is positive but for rounding.
    np.maximum(determinant, SMOOTHNESS**3, out=determinant)
    slopes = [
        (row[0] * with_alpha[0] + row[1] * with_alpha[1] + row[2] * with_alpha[2]) / determinant for row in cofactors
    ]
    rest = middle - slopes[0] * means[0] - slopes[1] * means[1] - slopes[2] * means[2]
    return slopes, rest


def _mean(plane: Plane) -> Plane:
    """The mean over the window around each pixel; beyond the border is as at it.

    Sums of 2, 4 and 8 neighbours make those of 9 in four additions.
    """
    for _ in (0, 1):  # down, and turned once across
        wide = np.pad(plane, ((RADIUS, RADIUS), (0, 0)), mode="edge")
        two = wide[1:] + wide[:-1]
        four = two[2:] + two[:-2]
        eight = four[4:] + four[:-4]
        plane = np.ascontiguousarray((eight[:-1] + wide[8:]).T)
    plane *= np.float32(1 / (2 * RADIUS + 1) ** 2)
    return plane

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The edge of the matte as the person wants it: smoother, further in or out, steeper, softer."""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from offcut.edges import Edges

Alpha = NDArray[np.uint8]
"""uint8 [h,w], 255 is subject."""

SMOOTHEST = 0.006
"""`smooth` 1 blurs with a standard deviation of this share of the longer side."""

CRISP = 2.0
"""Across so many pixels the edge of a smoothed outline goes from clear to opaque."""

SQUARES = math.sqrt(2) - 1
"""Of the steps by which an edge is shifted, the share that are squares."""

TILE = 192
"""Side of the squares in which the edge is shifted: where there is none, nothing is done."""


def adjust(alpha: Alpha, edges: Edges, scale: float = 1.0) -> Alpha:
    """Do what `edges` says about the matte's edge, in the order of its fields.

    `scale` is the size of `alpha` as a share of the picture's, which pixels in `edges` are meant in. Beyond the border
    the matte goes on as it is at it, so a subject that is cut off by the border keeps its side there. Returns `alpha`
    itself where nothing is wanted.
    """
    if edges.smooth > 0:
        alpha = smoothed(alpha, edges.smooth * SMOOTHEST * max(alpha.shape))
    if edges.shift:
        alpha = shifted(alpha, edges.shift * scale)
    if edges.contrast > 0:
        alpha = steepened(alpha, 1 / max(1 - edges.contrast, 1 / 255))
    if edges.feather > 0:
        alpha = _blurred(alpha, edges.feather * scale)
    return alpha


def smoothed(alpha: Alpha, sigma: float) -> Alpha:
    """The outline without what is smaller than `sigma` pixels: blurred, and made crisp again about one half.

    One step of the motion by curvature of Merriman, Bence and Osher ("Diffusion Generated Motion by Mean Curvature",
    1992), with an edge of `CRISP` pixels where they have none.
    """
    slope = 1 / (sigma * math.sqrt(2 * math.pi))
    return steepened(_blurred(alpha, sigma), max(1.0, 1 / (CRISP * slope)))


def steepened(alpha: Alpha, gain: float) -> Alpha:
    """Alpha `gain` times further from one half, and no further than 0 or 255."""
    table = np.clip((np.arange(256) - 127.5) * gain + 127.5, 0, 255)
    levels: Alpha = np.rint(table).astype(np.uint8)
    return levels[alpha]


def shifted(alpha: Alpha, distance: float) -> Alpha:
    """The edge moved `distance` pixels outwards, inwards where it is negative: dilation or erosion by an octagon.

    The octagon comes from 3 x 3 crosses and squares in turn (Rosenfeld and Pfaltz, "Distance Functions on Digital
    Pictures", 1968), as many of each as make it regular: within 8 % of a circle. A fraction of a pixel is that share of
    the way from one whole step to the next.
    """
    reach, whole = math.ceil(abs(distance)), math.floor(abs(distance))
    share = np.float32(abs(distance) - whole)
    pick = np.maximum if distance > 0 else np.minimum
    height, width = alpha.shape
    wide = np.pad(alpha, reach, mode="edge")
    result = np.empty_like(alpha)
    for top in range(0, height, TILE):
        for left in range(0, width, TILE):
            tile = result[top : top + TILE, left : left + TILE]
            seen = wide[top : top + tile.shape[0] + 2 * reach, left : left + tile.shape[1] + 2 * reach]
            if seen.min() == seen.max():
                tile[...] = seen[0, 0]
                continue
            for step in range(whole):
                seen = _spread(seen, step, pick)
            if share:
                far = _spread(seen, whole, pick)
                near = seen[1:-1, 1:-1].astype(np.float32)
                seen = np.rint(near + share * (far - near)).astype(np.uint8)
            tile[...] = seen
    return result


def _spread(alpha: Alpha, step: int, pick: np.ufunc) -> Alpha:
    """The most, or the least, among each pixel and its neighbours: one pixel less on each side."""
    if int((step + 1) * SQUARES) > int(step * SQUARES):  # a square: all eight neighbours
        across = pick(pick(alpha[:, :-2], alpha[:, 2:]), alpha[:, 1:-1])
        spread: Alpha = pick(pick(across[:-2], across[2:]), across[1:-1])
    else:  # a cross: those on four sides
        inner = alpha[1:-1]
        across = pick(pick(inner[:, :-2], inner[:, 2:]), inner[:, 1:-1])
        spread = pick(pick(alpha[:-2, 1:-1], alpha[2:, 1:-1]), across)
    return spread


def _blurred(alpha: Alpha, sigma: float) -> Alpha:
    """Gaussian blur, by three box blurs, which Pillow does in the same time for any `sigma`."""
    return np.asarray(Image.fromarray(alpha).filter(ImageFilter.GaussianBlur(sigma)))

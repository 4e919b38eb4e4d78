# SPDX-License-Identifier: AGPL-3.0-or-later
"""Published ways to bring a small matte to the size of a picture, for comparison with what the pipeline does."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import uniform_filter

from offcut.matte import Matte
from offcut.picture import Picture
from offcut.upsample import upsample

Alpha = NDArray[np.uint8]
Plane = NDArray[np.floating]


def bicubic(matte: Matte, shown: Picture) -> Alpha:
    """Keys, a = -0.5: without a look at the picture."""
    return upsample(matte, *shown.size)


def joint_bilateral(matte: Matte, shown: Picture, near: float = 1.5, alike: float = 0.1, reach: int = 2) -> Alpha:
    """Kopf et al., "Joint Bilateral Upsampling", SIGGRAPH 2007: `near` pixels of the matte, `alike` in colours 0..1."""
    width, height = shown.size
    guide, coarse = _small(matte, shown)
    rows, columns = (
        (np.arange(count) + 0.5) * size / count - 0.5 for count, size in zip((height, width), coarse.shape, strict=True)
    )
    total: Plane = np.zeros((height, width), np.float32)
    weights: Plane = np.full((height, width), 1e-8, np.float32)
    full = shown.rgb.astype(np.float32) / 255
    for down in range(-reach, reach + 1):
        for across in range(-reach, reach + 1):
            there = np.rint(rows) + down, np.rint(columns) + across
            apart = (there[0] - rows)[:, None] ** 2 + (there[1] - columns)[None] ** 2
            at = np.ix_(*(np.clip(i, 0, size - 1).astype(int) for i, size in zip(there, coarse.shape, strict=True)))
            unlike = np.square(guide[at] - full).sum(-1)
            weight = np.exp(-apart / (2 * near**2) - unlike / (2 * alike**2))
            total += weight * coarse[at]
            weights += weight
    return _levels(total / weights)


def guided(matte: Matte, shown: Picture, radius: int = 8, epsilon: float = 1e-4) -> Alpha:
    """He, Sun and Tang, "Guided Image Filtering", ECCV 2010, at the picture's own size, or 1,500 pixels."""
    guide, plane = _small(matte, shown, side=max(1, min(max(shown.size), 1500)))
    slopes, rest = _linear(guide, plane, radius, epsilon)
    found = (slopes * guide).sum(-1) + rest
    return _levels(_resized(found, shown.size))


def fast_guided(matte: Matte, shown: Picture, radius: int = 4, epsilon: float = 1e-4) -> Alpha:
    """He and Sun, "Fast Guided Filter", 2015: coefficients at the matte's size."""
    guide, plane = _small(matte, shown)
    slopes, rest = _linear(guide, plane, radius, epsilon)
    full = shown.rgb.astype(np.float32) / 255
    found = _resized(rest, shown.size)
    for k in range(3):
        found = found + _resized(slopes[..., k], shown.size) * full[..., k]
    return _levels(found)


WAYS: dict[str, Callable[[Matte, Picture], Alpha]] = {
    "bicubic": bicubic,
    "joint bilateral": joint_bilateral,
    "guided": guided,
    "fast guided": fast_guided,
}


def _small(matte: Matte, shown: Picture, side: int = 0) -> tuple[Plane, Plane]:
    """The picture, 0..1, and the matte, both with the longer side that the matte has, or with `side`."""
    width, height = shown.size
    share = min(1.0, (side or max(matte.alpha.shape)) / max(width, height))
    size = max(1, round(width * share)), max(1, round(height * share))
    small = Image.fromarray(np.ascontiguousarray(shown.rgb)).resize(size, Image.Resampling.BOX)
    return np.asarray(small, np.float32) / 255, _resized(matte.alpha, size)


def _linear(guide: Plane, plane: Plane, radius: int, epsilon: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    def mean(values: Plane) -> NDArray[np.float64]:
        size = (2 * radius + 1, 2 * radius + 1, *(1 for _ in values.shape[2:]))
        return np.asarray(uniform_filter(values, size, mode="nearest"), np.float64)

    wide, alpha = guide.astype(np.float64), plane.astype(np.float64)
    middle, level = mean(wide), mean(alpha)
    mixed = mean(wide * alpha[..., None]) - middle * level[..., None]
    rows = [np.stack([mean(wide[..., i] * wide[..., j]) for j in range(3)], -1) for i in range(3)]
    spread = np.stack(rows, -2) - middle[..., :, None] * middle[..., None, :] + epsilon * np.eye(3)
    slopes = np.linalg.solve(spread, mixed[..., None])[..., 0]
    rest = level - (slopes * middle).sum(-1)
    return mean(slopes), mean(rest)


def _resized(plane: Plane, size: tuple[int, int]) -> Plane:
    image = Image.fromarray(np.asarray(plane, np.float32))
    return np.asarray(image.resize(size, Image.Resampling.BILINEAR), np.float32)


def _levels(plane: Plane) -> Alpha:
    levels: Alpha = np.rint(np.clip(plane, 0, 1) * 255).astype(np.uint8)
    return levels

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Alpha under a brush, from the picture's colours and from what is known around it.

Levin, Lischinski and Weiss ("A Closed-Form Solution to Natural Image Matting", PAMI 2008): in every window of 3 x 3
pixels alpha is a linear function of the colours; of all alphas that agree with what is known, the one is wanted that
deviates least from being so, everywhere. That is a large linear system. It is never written down: a product with its
matrix is a linear regression in every window and the mean of what the windows predict for a pixel (He, Sun and Tang,
"Fast Matting Using Large Kernel Matting Laplacian Matrices", CVPR 2010), which here is a handful of additions of
shifted arrays. It is solved by conjugate gradients from the coarsest of a row of sizes to the finest, and from one
size to the next it is not alpha that is enlarged but the linear functions, as Levin et al. do: so the picture's own
edges are those of alpha, and a few rounds at each size do. Fewer are better than many, which creep along chance edges.
Large sizes get none at all, and just follow: what bounds the effort.

Colour alone cannot tell which side an area is on that no known pixel touches: a gap between hairs, a strand cut off by
a parting. What weighs in there is whether its colour occurs more among the known foreground or the known background
(the data term of Wang and Cohen, "Optimized Color Sampling for Robust Matting", CVPR 2007, with histograms instead of
samples). Alpha as it was before the brush is believed a little: its clear pixels count somewhat among the samples, and
on the smallest sizes, where an edge is seen no more but only areas, it weighs in itself.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[np.float32]
"""float32 [h,w]."""

Planes = NDArray[np.float32]
"""float32 [n,h,w]."""

SMOOTHNESS = np.float32(3e-6 * 255 * 255)
"""Colours, 0..255, that vary by less than this explain nothing. The authors' epsilon is 9 times that for 0..1."""

COARSEST = 16
"""The longer side of the smallest level, in pixels."""

EFFORT = 1 << 15
"""Unknown pixels of the largest level that is solved; larger ones follow it along the picture's edges."""

LARGEST = 1 << 17
"""Pixels of it, known or not."""

ROUNDS = 2, 64
"""Rounds of conjugate gradients at the largest level; each smaller one has twice as many, up to the second."""

BITS = 5
"""Of a colour's channels, so many bits tell the bins of the histograms apart."""

BELIEF = np.float32(0.05)
"""How much the colour of a pixel weighs where it speaks clearly; a window's deviation weighs 1."""

KEEP = np.float32(0.2)
"""How much alpha as it was weighs where it was clear, on levels that show areas only."""

AREA, SMALLER = 16, 3
"""Those are the ones at least so many halvings below the largest whose pixels are as wide or high as so many of the
picture's."""

OFTEN = np.float32(1e-3)
"""A colour speaks clearly only if such a share of foreground or background has it."""

BEFORE = np.float32(0.03)
"""How much a pixel under the brush counts as a sample of what it was taken for before; one outside counts 1."""

SURE = np.float32(0.05)
"""Samples are pixels whose alpha is at most so far from 0 or 1."""

GAIN = np.float32(1.1)
"""How much steeper alpha is made in the end, for what explains by means blurs."""

STRIP = 64
"""Rows of the picture that are worked on at a time in the end."""


def matted_anew(rgb: NDArray[np.uint8], alpha: NDArray[np.uint8], unknown: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Alpha anew where it is `unknown`, a copy of `alpha` elsewhere.

    `rgb` is uint8 [h,w,3], `alpha` uint8 [h,w], `unknown` bool [h,w]. All that is not unknown is taken for true, so
    the arrays should reach a little beyond the brush on all sides. Where nothing is known, alpha stays as it is, and so
    it does in less than 3 x 3 pixels.
    """
    result = alpha.copy()
    if min(alpha.shape) < 3 or unknown.all() or not unknown.any():
        return result
    level = _Level.whole(rgb, alpha, unknown)
    while level.large:
        level = level.halved()
    images = [Image.fromarray(plane) for plane in _solved(level)]
    for top in range(0, alpha.shape[0], STRIP):
        rows = slice(top, top + STRIP)
        if not unknown[rows].any():
            continue
        strip = result[rows]
        box = (0, top / level.down, strip.shape[1] / level.across, (top + strip.shape[0]) / level.down)
        functions = _enlarged(images, (strip.shape[1], strip.shape[0]), box)
        steep = (_applied(functions, _guide(rgb[rows])) - np.float32(0.5)) * (GAIN * 255) + np.float32(127.5)
        np.copyto(strip, np.rint(np.clip(steep, 0, 255)).astype(np.uint8), where=unknown[rows])
    return result


def _solved(finest: "_Level") -> Planes:
    """What alpha is of the colours at each pixel of a level: slopes of red, green and blue, and the rest, [4,h,w]."""
    colours = _Colours.of(finest)
    levels = [finest]
    while max(levels[-1].alpha.shape) > COARSEST:
        levels.append(levels[-1].halved())
    functions: Planes | None = None
    for k in range(len(levels) - 1, -1, -1):
        level = levels[k]
        windows, alpha = _Windows.of(level.guide()), level.alpha
        if functions is not None:
            width, height = level.rgb.size
            across, down = levels[k + 1].across // level.across, levels[k + 1].down // level.down
            images = [Image.fromarray(plane) for plane in functions]
            followed = _enlarged(images, (width, height), (0, 0, width / across, height / down))
            alpha = np.where(level.free, np.clip(_applied(followed, windows.guide), 0, 1), alpha)
        weight, target = colours.belief(level)
        if k >= SMALLER and max(level.across, level.down) >= AREA:
            before = KEEP * (2 * level.alpha - 1) ** 2
            target = (weight * target + before * level.alpha) / np.maximum(weight + before, np.float32(1e-9))
            weight += before
        alpha = _relaxed(windows, alpha, level.free, weight, target, min(ROUNDS[0] << k, ROUNDS[1]))
        functions = windows.at_pixels(windows.functions(alpha))
    assert functions is not None
    return functions


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """The problem at one size: a pixel of it covers `across` x `down` of the picture's, both powers of 2.

    `known` is which share of a pixel is known; `alpha` the mean of what is known where that is most of it, elsewhere
    the mean of what was before.
    """

    rgb: Image.Image
    alpha: Plane
    known: Plane
    across: int = 1
    down: int = 1

    @classmethod
    def whole(cls, rgb: NDArray[np.uint8], alpha: NDArray[np.uint8], unknown: NDArray[np.bool_]) -> "_Level":
        """At the picture's own size."""
        share = alpha.astype(np.float32) / np.float32(255)
        return cls(Image.fromarray(np.ascontiguousarray(rgb)), share, np.float32(1) - unknown)

    @property
    def free(self) -> NDArray[np.bool_]:
        """Where alpha is to be found."""
        found: NDArray[np.bool_] = self.known < 0.5
        return found

    @property
    def large(self) -> bool:
        """True when it is too much to solve."""
        return self.alpha.size > LARGEST or int(np.count_nonzero(self.free)) > EFFORT

    def guide(self) -> Planes:
        """Its colours, see `_guide`."""
        return _guide(np.asarray(self.rgb))

    def halved(self) -> "_Level":
        """At half the size; a side that is short already stays."""
        across, down = (2 if side > COARSEST // 2 else 1 for side in self.rgb.size)

        def reduced(plane: Plane) -> Plane:
            return np.asarray(Image.fromarray(plane).reduce((across, down)))

        known = reduced(self.known)
        sure = reduced(self.known * self.alpha) / np.maximum(known, np.float32(1e-6))
        alpha = np.where(known < 0.5, reduced(self.alpha), sure)
        return _Level(self.rgb.reduce((across, down)), alpha, known, self.across * across, self.down * down)


def _guide(rgb: NDArray[np.uint8]) -> Planes:
    """Colours as float32 [3,h,w], -128..127: whole numbers, so that sums of products over a window are exact."""
    guide = np.ascontiguousarray(rgb.transpose(2, 0, 1)).astype(np.float32)
    guide -= np.float32(128)
    return guide


def _applied(functions: Planes, guide: Planes) -> Plane:
    """What linear functions of the colours (slopes of red, green and blue, and the rest) come to."""
    found: Plane = functions[3].copy()
    for slope, channel in zip(functions, guide, strict=False):
        found += slope * channel
    return found


def _enlarged(images: list[Image.Image], size: tuple[int, int], box: tuple[float, float, float, float]) -> Planes:
    """What is in `box` of some images, at another size."""
    return np.stack([np.asarray(each.resize(size, Image.Resampling.BILINEAR, box)) for each in images])


@dataclass(frozen=True, slots=True, eq=False)
class _Windows:
    """Ridge regression in every window of 3 x 3 pixels: all [h-2,w-2] but `guide` [3,h,w] and `count` [h,w].

    The covariance of the colours in a window plus `SMOOTHNESS` is L D L', with `lower` the three numbers below L's
    diagonal and `pivots` 1 / D: cofactors would lose everything to rounding where colours lie on a line, as they do in
    a grey picture. `count` is how many windows a pixel is in.
    """

    guide: Planes
    means: Planes
    lower: tuple[Plane, Plane, Plane]
    pivots: tuple[Plane, Plane, Plane]
    count: Plane

    @classmethod
    def of(cls, guide: Planes) -> "_Windows":
        sums = _sums(guide)

        def covariance(one: int, other: int) -> Plane:
            found = _sums(guide[one] * guide[other])
            found *= np.float32(9)
            found -= sums[one] * sums[other]
            found *= np.float32(1 / 81)
            if one == other:
                found += SMOOTHNESS
            return found

        red, green, blue = covariance(0, 0), covariance(1, 1), covariance(2, 2)
        with_green, with_blue, both = covariance(0, 1), covariance(0, 2), covariance(1, 2)
        first, second = with_green / red, with_blue / red
        green -= first * with_green
        both -= first * with_blue
        third = both / green
        blue -= second * with_blue + third * both
        count = _spread(np.ones(red.shape, np.float32))
        one = np.float32(1)
        pivots = one / red, one / green, one / blue
        return cls(guide, sums * np.float32(1 / 9), (first, second, third), pivots, count)

    def functions(self, alpha: Plane) -> Planes:
        """Alpha as a linear function of the colours in each window: slopes of red, green and blue, and the rest."""
        found = np.empty((4, *alpha.shape), np.float32)
        np.multiply(self.guide, alpha, out=found[:3])
        found[3] = alpha
        found = _sums(found)
        found *= np.float32(1 / 9)
        red, green, blue, rest = found
        found[:3] -= self.means * rest
        first, second, third = self.lower
        green -= first * red
        blue -= second * red
        blue -= third * green
        for plane, pivot in zip(found, self.pivots, strict=False):
            plane *= pivot
        green -= third * blue
        red -= first * green
        red -= second * blue
        for slope, mean in zip(found, self.means, strict=False):
            rest -= slope * mean
        return found

    def at_pixels(self, functions: Planes) -> Planes:
        """The mean of the functions of all windows that a pixel is in."""
        found = _spread(functions)
        found /= self.count
        return found

    def deviation(self, alpha: Plane) -> Plane:
        """The matting Laplacian times alpha: how far from each pixel what the windows predict for it is."""
        found = self.count * alpha
        found -= _applied(_spread(self.functions(alpha)), self.guide)
        return found


def _sums(planes: NDArray[np.float32]) -> NDArray[np.float32]:
    """The sum over each window of 3 x 3 pixels that lies inside: [...,h,w] to [...,h-2,w-2]."""
    down = planes[..., :-2, :] + planes[..., 1:-1, :]
    down += planes[..., 2:, :]
    found = down[..., :-2] + down[..., 1:-1]
    found += down[..., 2:]
    return found


def _spread(planes: NDArray[np.float32]) -> NDArray[np.float32]:
    """The sum over all windows that a pixel is in: [...,h-2,w-2] to [...,h,w]."""
    *rest, height, width = planes.shape
    across = np.zeros((*rest, height, width + 2), np.float32)
    across[..., :-2] = planes
    across[..., 1:-1] += planes
    across[..., 2:] += planes
    found = np.zeros((*rest, height + 2, width + 2), np.float32)
    found[..., :-2, :] = across
    found[..., 1:-1, :] += across
    found[..., 2:, :] += across
    return found


def _relaxed(
    windows: _Windows, alpha: Plane, free: NDArray[np.bool_], weight: Plane, target: Plane, rounds: int
) -> Plane:
    """`alpha` nearer to what deviates least in all windows and, by `weight`, from `target`; only where it is `free`.

    Conjugate gradients. The matrix needs no preconditioner: its diagonal is nearly constant.
    """
    alpha = alpha.copy()
    movable = free.astype(np.float32)
    rest = (weight * (target - alpha) - windows.deviation(alpha)) * movable
    step = rest.copy()
    size = first = float(np.vdot(rest, rest))
    for _ in range(rounds):
        if size <= 1e-8 * first or size <= 1e-8:
            break
        change = (windows.deviation(step) + weight * step) * movable
        along = float(np.vdot(step, change))
        if along <= 0:  # rounding alone
            break
        share = np.float32(size / along)
        alpha += share * step
        rest -= share * change
        before, size = size, float(np.vdot(rest, rest))
        step *= np.float32(size / before)
        step += rest
    return alpha


@dataclass(frozen=True, slots=True, eq=False)
class _Colours:
    """How often colours occur: `shares` float32 [2,bins], of the background's samples and the foreground's."""

    shares: NDArray[np.float32]

    @classmethod
    def of(cls, level: _Level) -> "_Colours":
        """Of the pixels of one level that are foreground, or background, beyond doubt."""
        bins = _bins(level.rgb).ravel()
        weight = np.where(level.free, BEFORE, np.float32(1)).ravel()
        alpha = level.alpha.ravel()
        return cls(np.stack([_histogram(bins, weight * each) for each in (alpha <= SURE, alpha >= 1 - SURE)]))

    def belief(self, level: _Level) -> tuple[Plane, Plane]:
        """Of the pixels of a level: how clearly their colour speaks, as a weight, and for which alpha."""
        back, front = self.shares[:, _bins(level.rgb)]
        total = back + front
        target = front / np.maximum(total, np.float32(1e-9))
        return BELIEF * (2 * target - 1) ** 2 * np.minimum(1, total / OFTEN), target


def _bins(rgb: Image.Image) -> NDArray[np.int32]:
    """The number of each pixel's bin in the histograms."""
    red, green, blue = (np.asarray(rgb) >> (8 - BITS)).transpose(2, 0, 1).astype(np.int32)
    bins: NDArray[np.int32] = (red << BITS | green) << BITS | blue
    return bins


def _histogram(bins: NDArray[np.int32], weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """The share of each bin, smoothed over the neighbouring ones; zeros where there are no samples."""
    counts = np.bincount(bins, weight, 1 << 3 * BITS)
    found: NDArray[np.float32] = (counts / max(float(counts.sum()), 1.0)).astype(np.float32)
    found = found.reshape((1 << BITS,) * 3)
    for _ in range(3):  # along one axis, and turned to the next
        wide: NDArray[np.float32] = np.pad(found, ((1, 1), (0, 0), (0, 0)))
        pairs = wide[:-1] + wide[1:]
        found = np.multiply(pairs[:-1] + pairs[1:], np.float32(1 / 4), dtype=np.float32).transpose(1, 2, 0)
    return found.ravel()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the outline of a person tells about the head, without a look at the picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from offcut.regions import regions

SMALL = 256
"""The whole outline is looked at in a copy whose longer side is no longer than this, in pixels."""

LEAST = 8
"""A head that is fewer pixels high, in the picture or in that copy, is not looked for."""

ROUND = 1.45
"""Where the outline, on the way down from its top, is no wider than so many times its depth is the middle of a head."""

STRAND = 0.06
"""What is narrower than this share of the head's height, or of the subject's width, is a strand of hair: no crown."""

NARROW = 0.78
"""A neck is at most this share of what is above it wide ..."""

SHOULDERS = 1.25
"""... and below it the outline is at least so many times as wide again."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A head as an outline promises it: the `top` of the subject, the `height` of the head, the `x` of its middle."""

    top: float
    height: float
    x: float


@dataclass(frozen=True, slots=True)
class Neck:
    """`row` is where the outline has narrowed to the neck, which is the share `width` of the head's width above it, and
    the outline below `shoulders` times the neck's width."""

    row: float
    width: float
    shoulders: float


def promised(alpha: NDArray[np.uint8]) -> Promise | None:
    """The head on top of the largest part of the matte, uint8 [h,w], in its pixels; None where there is no part.

    Egg-shaped as heads are, it is half seen where the outline's width is `ROUND` times its depth.
    """
    share = max(1, -(-max(alpha.shape) // SMALL))
    some = max(1, share // 4)  # pixels enough: of a large matte not each has to be read
    share = -(-share // some)
    small = image(alpha[::some, ::some]).reduce(share)
    share *= some
    # a strand, or a frame that the net left along the border, is as good as nothing
    mask = np.asarray(small.filter(ImageFilter.MinFilter(3)).filter(ImageFilter.MaxFilter(3))) >= 128
    if not mask.any() or mask.all():
        return None
    parts = regions(mask)
    mask = parts.labels == 1 + parts.areas[1:].argmax()
    widths = mask.sum(axis=1)
    rows = np.flatnonzero(widths > STRAND * widths.max())
    mask = mask[rows[0] : rows[-1] + 1]
    lefts, rights = mask.argmax(axis=1), mask.shape[1] - mask[:, ::-1].argmax(axis=1)
    depth = np.arange(1, mask.shape[0] + 1)
    half = np.flatnonzero((rights - lefts <= ROUND * depth) & (depth >= LEAST // 2))
    if not half.size:
        return None
    height = 2 * int(depth[half[0]])
    x = float(np.median(lefts[height // 6 : height // 2 + 1] + rights[height // 6 : height // 2 + 1])) / 2
    return Promise(float(rows[0] * share), float(height * share), x * share)


def image(plane: NDArray[np.uint8]) -> Image.Image:
    """A plane, uint8 [h,w], as an image that shares its memory where it can."""
    height, width = plane.shape
    return Image.frombuffer("L", (width, height), np.ascontiguousarray(plane), "raw", "L", 0, 1)


def crowns(covered: NDArray[np.bool_], columns: NDArray[np.int64], height: int) -> NDArray[np.float64]:
    """The row in which a head `height` pixels high begins, were its middle in each of `columns`.

    `covered` is bool [n,m]. It begins where more than a strand is covered, a fifth of the height to either side; what
    is thinner than one on the way down, as a frame that a net left along the border, is skipped.
    """
    reach, strand = height // 5, round(STRAND * height)
    thick = covered.copy()
    for row in range(1, strand):
        thick[:-row] &= covered[row:]
    tops = np.where(thick.any(axis=0), thick.argmax(axis=0), covered.shape[0]).astype(np.float64)
    near = np.lib.stride_tricks.sliding_window_view(np.pad(tops, reach, mode="edge"), 2 * reach + 1)[columns]
    begins: NDArray[np.float64] = np.sort(near, axis=1)[:, strand]
    return begins


def neck(covered: NDArray[np.bool_], x: float, top: float, height: float) -> Neck | None:
    """The neck below a head of about that `top`, `height` and `x`, in what is `covered`, bool [n,m]; None where there
    is none to be seen: behind hair, a scarf, a hood, or under a head that was held on to."""
    column, row = min(max(round(x), 0), covered.shape[1] - 1), max(0, round(top))
    bare = ~covered[row : row + int(1.7 * height)]
    if bare.shape[0] <= 0.4 * height:
        return None
    columns = np.arange(covered.shape[1])
    lefts = np.where(bare[:, : column + 1], columns[: column + 1], -1).max(axis=1)
    rights = np.where(bare[:, column:], columns[column:], columns.size).min(axis=1)
    width = np.where(bare[:, column], 1, rights - lefts - 1).astype(np.float64)
    widest, shoulders = np.maximum.accumulate(width), np.maximum.accumulate(width[::-1])[::-1]
    deep = np.minimum(widest, shoulders) - width
    deep[: int(0.4 * height)] = 0
    least = int(deep.argmax())
    share, ratio = width[least] / widest[least], shoulders[least] / width[least]
    if share >= NARROW or ratio <= SHOULDERS:
        return None
    above = int(width[: least + 1].argmax())
    narrowed = width[above : least + 1] <= width[least] + 0.15 * (widest[least] - width[least])
    return Neck(float(row + above + narrowed.argmax()), float(share), float(ratio))

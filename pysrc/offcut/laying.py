# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pixels of a picture, laid on a canvas."""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from offcut.foreground import FAINT
from offcut.placement import Placement

FILTER = Image.Resampling.BICUBIC
"""Keys's cubic, which Pillow widens when it makes a picture smaller. It has one negative lobe on each side, so that
beside an edge it leaves alpha at 0 and 255; Lanczos's second lobe would leave a faint line around every subject."""

REACH = 4
"""So many pixels of what it makes do the filters look beyond the rim of what is to be made."""

FINE = 3
"""What is made smaller is made of means of whole pixels first, as long as these are so many to a pixel of the canvas:
filters cannot tell any more, and need room that grows with what they reach over."""

THIN = 1 / 256
"""Of a picture that is thinner on the canvas, in pixels, nothing is seen in 8 bits."""

MOST_MEANS = 1024
"""Pixels on a side of which means are made at a time: Pillow adds them up in 32 bits."""

BAND = 256
"""Rows of pixels that are worked on at a time: whole, they would be held several times over."""


def laid(rgba: NDArray[np.uint8], placement: Placement) -> NDArray[np.uint8]:
    """`rgba`, uint8 [h,w,4] straight alpha, on a transparent canvas: uint8 [H,W,4]. Where the placement is the identity
    that is the array itself; where it is one of whole pixels, the same pixels.
    """
    height, width = rgba.shape[:2]
    if placement.identity((width, height)):
        return rgba
    a, b, c, d, e, f = placement.matrix
    if min(math.hypot(a, d) * width, math.hypot(b, e) * height) < THIN:
        return np.zeros((placement.height, placement.width, 4), np.uint8)
    if b == d == 0:
        return _upright(rgba, placement)
    if a == e == 0:
        # The transposed picture has x and y exchanged.
        turned = np.ascontiguousarray(rgba.transpose(1, 0, 2))
        return _upright(turned, Placement(placement.width, placement.height, (b, 0, c, 0, d, f)))
    return _turned(rgba, placement)


def _upright(rgba: NDArray[np.uint8], placement: Placement) -> NDArray[np.uint8]:
    a, _, c, _, e, f = placement.matrix
    height, width = rgba.shape[:2]
    if a < 0:
        rgba, a, c = rgba[:, ::-1], -a, c + a * width
    if e < 0:
        rgba, e, f = rgba[::-1], -e, f + e * height
    canvas = np.zeros((placement.height, placement.width, 4), np.uint8)
    left, right = _span(a, c, width, placement.width)
    top, bottom = _span(e, f, height, placement.height)
    if left >= right or top >= bottom:
        return canvas
    if a == e == 1 and c == round(c) and f == round(f):
        x, y = round(c), round(f)
        canvas[top:bottom, left:right] = rgba[top - y : bottom - y, left - x : right - x]
        return canvas
    box = ((left - c) / a, (top - f) / e, (right - c) / a, (bottom - f) / e)
    while (folds := (_fold(a), _fold(e))) != (1, 1):
        across, down = folds
        rgba = _folded(rgba, across, down, (box[2] > rgba.shape[1] + 1e-6, box[3] > rgba.shape[0] + 1e-6))
        box = (box[0] / across, box[1] / down, box[2] / across, box[3] / down)
        a, e = a * across, e * down
    part, box = _padded(rgba, box, a, e)
    size = (right - left, bottom - top)
    canvas[top:bottom, left:right] = _cleared(_spread(part, min(a, e)).resize(size, FILTER, box))
    return canvas


def _fold(scale: float) -> int:
    """How many pixels on a side are to become one mean before a picture is made `scale` times as large."""
    return min(MOST_MEANS, max(1, int(1 / (FINE * scale))))


def _folded(rgba: NDArray[np.uint8], across: int, down: int, beyond: tuple[bool, bool]) -> NDArray[np.uint8]:
    """The means of so many pixels. Where there is something `beyond` the picture to the right, or below, the last of
    them are means of that too."""
    height, width = rgba.shape[:2]
    pad = (-height % down if beyond[1] else 0, -width % across if beyond[0] else 0)
    return np.asarray(means(rgba, across, down, pad).convert("RGBA"))


def means(rgba: NDArray[np.uint8], across: int, down: int, pad: tuple[int, int] = (0, 0)) -> Image.Image:
    """The means of so many pixels, premultiplied; `pad` rows and columns that are clear come after the last."""
    height = rgba.shape[0]
    rows = max(1, BAND // down) * down
    bands = []
    for top in range(0, height, rows):
        band = rgba[top : top + rows]
        last = pad[0] if top + rows >= height else 0
        if last or pad[1]:
            band = np.pad(band, ((0, last), (0, pad[1]), (0, 0)))
        image = Image.fromarray(np.ascontiguousarray(band)).convert("RGBa")
        bands.append(np.asarray(image.reduce((across, down))))
    means = np.concatenate(bands)
    return Image.frombuffer("RGBa", means.shape[1::-1], means, "raw", "RGBa", 0, 1)


def _spread(rgba: NDArray[np.uint8], scale: float) -> Image.Image:
    """The same with the subject's colours going on where alpha is faint or 0, as far as filters look, to be resampled
    channel by channel: premultiplied, colours would overshoot along an edge where alpha is clipped, and leave a bright
    line."""
    height, width = rgba.shape[:2]
    if rgba[..., 3].min() <= FAINT:
        step = round(REACH / 2 / min(scale, 1.0))
        near = np.asarray(means(rgba, step, step).filter(ImageFilter.BoxBlur(REACH / 2)).convert("RGBA"))
        rgba = rgba.copy()
        rows = max(1, BAND // step)
        for row in range(0, len(near), rows):
            band = rgba[row * step : (row + rows) * step]
            large = near[row : row + rows].repeat(step, axis=0)[: len(band)].repeat(step, axis=1)[:, :width]
            large = np.ascontiguousarray(large)
            large[..., 3] = band[..., 3]
            np.copyto(_whole(band), _whole(large), where=band[..., 3] <= FAINT)
    return Image.frombuffer("RGBX", (width, height), np.ascontiguousarray(rgba), "raw", "RGBX", 0, 1)


def _whole(rgba: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Each pixel's four bytes as one number, in the same memory: many times as fast to copy."""
    return rgba.view(np.uint32)[..., 0]


def _cleared(image: Image.Image) -> NDArray[np.uint8]:
    """What was resampled, its colours gone again where nothing is seen of them."""
    rgba = np.array(image)
    np.copyto(_whole(rgba), 0, where=rgba[..., 3] == 0)
    return rgba


def _span(scale: float, shift: float, length: int, room: int) -> tuple[int, int]:
    """The first pixel of the canvas along a side that the picture is on, and the first that it is not."""
    return max(0, math.floor(shift + 1e-6)), min(room, math.ceil(shift + scale * length - 1e-6))


def _padded(
    rgba: NDArray[np.uint8], box: tuple[float, float, float, float], across: float, down: float
) -> tuple[NDArray[np.uint8], tuple[float, float, float, float]]:
    """As much of the picture as is looked at, with nothing around it where the box reaches beyond it, and the box in
    that."""
    height, width = rgba.shape[:2]
    reach_x, reach_y = math.ceil(REACH / min(across, 1)), math.ceil(REACH / min(down, 1))
    left, right = max(0, math.floor(box[0]) - reach_x), min(width, math.ceil(box[2]) + reach_x)
    top, bottom = max(0, math.floor(box[1]) - reach_y), min(height, math.ceil(box[3]) + reach_y)
    part = rgba[top:bottom, left:right]
    around = (box[0] < -1e-6, box[1] < -1e-6, box[2] > width + 1e-6, box[3] > height + 1e-6)
    before_x, before_y = reach_x * around[0], reach_y * around[1]
    if any(around):
        after = (reach_y * around[3], reach_x * around[2])
        part = np.pad(part, ((before_y, after[0]), (before_x, after[1]), (0, 0)))
    moved = (box[0] - left + before_x, box[1] - top + before_y, box[2] - left + before_x, box[3] - top + before_y)
    inside = (
        max(0.0, moved[0]),
        max(0.0, moved[1]),
        min(float(part.shape[1]), moved[2]),
        min(float(part.shape[0]), moved[3]),
    )
    return np.ascontiguousarray(part), inside


def _turned(rgba: NDArray[np.uint8], placement: Placement) -> NDArray[np.uint8]:
    """First made smaller, where it is, and then turned: a turn alone loses nothing that is smaller than a pixel. Only
    what is seen is worked on."""
    scale = placement.scale
    height, width = rgba.shape[:2]
    size, across, down = (width, height), 1.0, 1.0
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        across, down = size[0] / width, size[1] / height
        placement = placement.of(across, down)
    left, top, right, bottom = looked_at(placement, size)
    if left >= right or top >= bottom:
        return np.zeros((placement.height, placement.width, 4), np.uint8)
    rgba = _upright(rgba, Placement(right - left, bottom - top, (across, 0, -left, 0, down, -top)))
    # With room around it, for a border that is cut off in the midst of a pixel.
    rgba = np.pad(rgba, ((REACH, REACH), (REACH, REACH), (0, 0)))
    a, b, c, d, e, f = placement.matrix
    inverse = np.linalg.inv(np.array([[a, b, c], [d, e, f], [0, 0, 1]]))
    inverse[:2, 2] += (REACH - left, REACH - top)
    data = tuple(inverse[:2].reshape(-1).tolist())
    canvas = (placement.width, placement.height)
    return _cleared(_spread(rgba, 1.0).transform(canvas, Image.Transform.AFFINE, data, FILTER))


def looked_at(placement: Placement, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the pixels of a picture of (width, height) `size` that the canvas shows, and of
    those that filters look at around them. Where it shows none there is none between left and right, or top and
    bottom."""
    across, down = placement.width, placement.height
    corners = placement.back(np.array([[0, 0], [across, 0], [0, down], [across, down]], np.float64))
    reach = math.ceil(2 * REACH / min(placement.scale, 1))
    least, most = np.floor(corners.min(axis=0)) - reach, np.ceil(corners.max(axis=0)) + reach
    (left, top), (right, bottom) = (np.clip(side, 0, size).astype(np.int64).tolist() for side in (least, most))
    return left, top, right, bottom

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pixels of a picture, laid on a canvas."""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from offcut.foreground import FAINT
from offcut.frame import Placement

FILTER = Image.Resampling.BICUBIC
"""Keys's cubic, which Pillow widens when it makes a picture smaller. It has one negative lobe on each side, so that
beside an edge it leaves alpha at 0 and 255; Lanczos's second lobe would leave a faint line around every subject."""

REACH = 4
"""So many pixels of what it makes do the filters look beyond the rim of what is to be made."""


def laid(rgba: NDArray[np.uint8], placement: Placement) -> NDArray[np.uint8]:
    """`rgba`, uint8 [h,w,4] straight alpha, on a transparent canvas: uint8 [H,W,4]. Where the placement is the identity
    that is the array itself; where it is one of whole pixels, the same pixels.
    """
    height, width = rgba.shape[:2]
    if placement.identity((width, height)):
        return rgba
    a, b, c, d, e, f = placement.matrix
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
    part, box = _padded(rgba, box, a, e)
    size = (right - left, bottom - top)
    canvas[top:bottom, left:right] = _cleared(_spread(part, min(a, e)).resize(size, FILTER, box))
    return canvas


def _spread(rgba: NDArray[np.uint8], scale: float) -> Image.Image:
    """The same with the subject's colours going on where alpha is faint or 0, as far as filters look, to be resampled
    channel by channel: premultiplied, colours would overshoot along an edge where alpha is clipped, and leave a bright
    line."""
    height, width = rgba.shape[:2]
    clear = rgba[..., 3] <= FAINT
    if clear.any():
        step = max(1, round(REACH / 2 / min(scale, 1.0)))
        image = Image.fromarray(rgba).convert("RGBa")
        small = (image.reduce(step) if step > 1 else image).filter(
            ImageFilter.BoxBlur(REACH / 2 if step > 1 else REACH)
        )
        near = np.asarray(small.convert("RGBA")).repeat(step, axis=0)[:height].repeat(step, axis=1)[:, :width]
        near = np.ascontiguousarray(near)
        near[..., 3] = rgba[..., 3]
        rgba = rgba.copy()
        np.copyto(_whole(rgba), _whole(near), where=clear)
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
    """First made smaller, where it is, and then turned: a turn alone loses nothing that is smaller than a pixel."""
    scale = placement.scale
    height, width = rgba.shape[:2]
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        across, down = size[0] / width, size[1] / height
        rgba = _upright(rgba, Placement(*size, (across, 0, 0, 0, down, 0)))
        placement = placement.of(across, down)
    # With room around it, for a border that is cut off in the midst of a pixel.
    rgba = np.pad(rgba, ((REACH, REACH), (REACH, REACH), (0, 0)))
    a, b, c, d, e, f = placement.matrix
    inverse = np.linalg.inv(np.array([[a, b, c], [d, e, f], [0, 0, 1]]))
    inverse[:2, 2] += REACH
    data = tuple(inverse[:2].reshape(-1).tolist())
    canvas = (placement.width, placement.height)
    return _cleared(_spread(rgba, 1.0).transform(canvas, Image.Transform.AFFINE, data, FILTER))

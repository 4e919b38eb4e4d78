# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a frame is laid out: how large its canvas is, and where the picture lies on that."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from offcut.errors import FrameTooLarge
from offcut.frame import LONGEST, Canvas, Frame, Ratio
from offcut.head import Head
from offcut.header import MAX_PIXELS
from offcut.lines import centre, upright
from offcut.placement import Placement, Points, turned

SEEN = 32
"""From this alpha on a pixel counts as the subject's when it is measured."""


def outer(alpha: NDArray[np.uint8]) -> Points:
    """The corners of the leftmost and rightmost pixel of the subject in each row; of all of the plane where there is no
    subject. `alpha` is uint8 [h,w]."""
    seen = alpha >= SEEN
    rows = np.flatnonzero(seen.any(axis=1))
    height, width = alpha.shape
    if not len(rows):
        return _corners((width, height))
    left = seen[rows].argmax(axis=1)
    right = width - seen[rows, ::-1].argmax(axis=1)
    x, y = np.concatenate([left, right]), np.concatenate([rows, rows])
    corners: Points = np.concatenate([np.stack([x, y], 1), np.stack([x, y + 1], 1)]).astype(np.float64)
    return corners


class _Fit(NamedTuple):
    """`middle`, a point of the turned picture, is to lie at `aim`, shares of a canvas of `width` x `height`, and the
    picture to be `scale` times as large."""

    width: int
    height: int
    scale: float
    middle: Points
    aim: tuple[float, float]


def placed(frame: Frame, size: tuple[int, int], subject: Points, head: Head | None = None) -> Placement:
    """Where a picture of (width, height) `size` lies.

    `subject` are points that the subject lies within (see `outer`). `head` is what counts of the head (see
    offcut.lines.meant), needed where that is what fits.

    A canvas of which the frame gives no numbers is never too large: it is made smaller, and what is on it too, until
    it has no more pixels than can be written, and no side longer than `LONGEST` or the picture's own. One that is given
    in numbers is taken as it is, or refused: raises FrameTooLarge.
    """
    turning = turned(size, frame.turn, frame.flip)
    if frame.fit == "head":
        assert head is not None
        fit = _head(frame, turning, subject, head, turning.points(upright(frame, size).back(centre(head))))
    elif frame.fit == "cover":
        fit = _cover(frame, size, turning)
    else:
        fit = _all(frame, turning.points(subject if frame.fit == "subject" else _corners(size)))
    fit = _within_limits(fit, isinstance(frame.canvas, Canvas), max(LONGEST, *size))
    canvas = np.array([fit.width, fit.height], np.float64)
    aim = canvas * (0.5 + frame.zoom * (np.array(fit.aim) - 0.5) + (frame.x, frame.y))
    scale = fit.scale * frame.zoom
    shift = aim - scale * fit.middle
    if frame.turn % 90 == 0 and scale == 1:  # pixel for pixel, and nothing is resampled
        shift = np.rint(shift)
    a, b, c, d, e, f = turning.matrix
    x, y = shift.reshape(2).tolist()
    matrix = (a * scale, b * scale, c * scale + x, d * scale, e * scale, f * scale + y)
    return Placement(fit.width, fit.height, matrix, frame.canvas.dpi if isinstance(frame.canvas, Canvas) else None)


def _corners(size: tuple[int, int]) -> Points:
    width, height = size
    return np.array([[0, 0], [width, 0], [0, height], [width, height]], np.float64)


def _within_limits(fit: _Fit, given: bool, longest: int) -> _Fit:
    """The same on a canvas that can be written. Raises FrameTooLarge where its size was `given`."""
    width, height = fit.width, fit.height
    if given and max(width, height) > LONGEST:
        raise FrameTooLarge(width=width, height=height, limit_side=LONGEST)
    if given and width * height > MAX_PIXELS:
        raise FrameTooLarge(width=width, height=height, limit_megapixels=MAX_PIXELS // 1_000_000)
    share = min(longest / max(width, height), math.sqrt(MAX_PIXELS / (width * height)))
    if share >= 1:
        return fit
    small = max(1, math.floor(width * share)), max(1, math.floor(height * share))
    return fit._replace(width=small[0], height=small[1], scale=fit.scale * share)


def _all(frame: Frame, region: Points) -> _Fit:
    """All of a region of the turned picture, in the middle."""
    least, most = region.min(axis=0), region.max(axis=0)
    wide, tall = (most - least).tolist()
    canvas, free = frame.canvas, 1 - 2 * frame.margin
    if isinstance(canvas, Canvas):
        width, height = canvas.pixels
        scale = free * min(width / max(wide, 1e-6), height / max(tall, 1e-6))
    else:
        needed = (max(1, math.ceil(wide / free - 1e-6)), max(1, math.ceil(tall / free - 1e-6)))
        (width, height), scale = _shaped(*needed, canvas), 1.0
    return _Fit(width, height, scale, (least + most) / 2, (0.5, 0.5))


def _shaped(width: int, height: int, ratio: Ratio | None) -> tuple[int, int]:
    """The smallest canvas of a shape that holds one of that size."""
    if ratio is None:
        return width, height
    shape = ratio.width / ratio.height
    if width > height * shape:
        return width, max(1, round(width / shape))
    return max(1, round(height * shape)), height


def _cover(frame: Frame, size: tuple[int, int], turning: Placement) -> _Fit:
    """What of the picture fills the canvas: seen from the picture, the canvas is turned and lies within it. Without a
    canvas that has the picture's shape."""
    canvas, free = frame.canvas, 1 - 2 * frame.margin
    cos, sin = abs(turning.matrix[0]), abs(turning.matrix[3])
    middle = turning.points(_corners(size)).mean(axis=0)
    if isinstance(canvas, Canvas):
        width, height = canvas.pixels
        across, down = width * cos + height * sin, width * sin + height * cos
        return _Fit(width, height, free * max(across / size[0], down / size[1]), middle, (0.5, 0.5))
    wide, tall = (canvas.width, canvas.height) if canvas else size if cos >= sin else size[::-1]
    scale = min(size[0] / (wide * cos + tall * sin), size[1] / (wide * sin + tall * cos)) / free
    return _Fit(max(1, int(wide * scale + 1e-6)), max(1, int(tall * scale + 1e-6)), 1.0, middle, (0.5, 0.5))


def _head(frame: Frame, turning: Placement, subject: Points, head: Head, middle: Points) -> _Fit:
    """The head, whose middle in the turned picture is `middle`, as large and as high up as the frame says. Without a
    canvas that is as wide as what is seen of the subject beside it needs, pixel for pixel."""
    length, wanted, canvas = head.chin - head.crown, frame.head, frame.canvas
    aim = (0.5, wanted.top + wanted.height / 2)
    if isinstance(canvas, Canvas):
        width, height = canvas.pixels
        return _Fit(width, height, wanted.height * height / length, middle, aim)
    tall = length / wanted.height
    if canvas is not None:
        wide = tall * canvas.width / canvas.height
    else:
        beside = turning.points(subject) - middle
        seen = beside[np.abs(beside[:, 1] + (aim[1] - 0.5) * tall) <= tall / 2]
        wide = 2 * float(np.abs(seen[:, 0]).max()) if len(seen) else length
    return _Fit(max(1, math.ceil(wide - 1e-6)), max(1, math.ceil(tall - 1e-6)), 1.0, middle, aim)

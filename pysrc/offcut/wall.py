# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is behind the subject in a finished picture: whether it is pure white, and whether it could be an even wall.

An even wall may be lit from one side, but neither things nor their shadows are to be seen on it. So a plane is laid
through the colours of the ground: how far it falls from one side of the picture to the other is the light's; what is
left beside it is shadows, patterns and things. Both are measured in L*a*b*, on a copy so small that noise is gone.

What the bounds of offcut.portrait were set on: made walls with noise, lit from one side by up to 20 levels or darker in
the corners by 40, have a `fall` of at most 7, a `rest` of 0.6 to 2.7 and a `step` of 2.5; a portrait's plain wall has
4.8, 1.8 and 2.2, one with soft shadows on it 11, 4.5 and 2.3, one that fades from white to grey a `fall` of 27. A
socket changes nothing but the `step`: 7 to 8. A wall of bricks has a `rest` of 9. Of 121 other pictures 18 do not fail,
all on a plain or softly lit ground; of the 103 that fail two have such a one, and the others are rooms, streets and
meadows.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from offcut.colour import Colour
from offcut.lab import Lab, lab

Box = tuple[float, float, float, float]
Head = tuple[float, float, float]
Mask = NDArray[np.bool_]

SIDE = 128
"""The longer side, about, of the copy on which a ground is looked at."""

CLEAR = 3
"""A pixel of that copy belongs to the ground where the subject's alpha, of 255, is no more than this all around it."""

FEWEST = 16
"""A ground of fewer pixels of that copy is none."""

OPAQUE = 254
"""Alpha, of 255, of which a ground has no less, on the average."""


@dataclass(frozen=True, slots=True, eq=False)
class Wall:
    """A ground, seen small.

    `opaque` says that it cannot be seen through; `colour` is its median. `fall` is how far the plane
    through its colours falls across the picture, `rest` the standard deviation from that plane, `step` the difference
    between neighbours that 999 of 1000 do not reach; all are CIE 1976 colour differences.
    """

    opaque: bool
    colour: Colour
    fall: float
    rest: float
    step: float


def impure(rgba: NDArray[np.uint8], cover: NDArray[np.uint8] | None, subject: Box | None) -> tuple[int, int]:
    """How many pixels of the ground are anything but opaque #ffffff, and how many there are.

    The ground is where `cover`, the subject's alpha, is 0. Where that is not known it is the border of the picture as
    far as the box of the subject does not reach it.
    """
    white = np.ascontiguousarray(rgba).view(np.uint32)[..., 0] == 0xFFFFFFFF
    if cover is not None:
        ground = cover == 0
        seen = int(np.count_nonzero(ground))
        return seen - int(np.count_nonzero(white & ground)), seen
    edge = _edge(white.shape, subject)
    return int(np.count_nonzero(edge & ~white)), int(np.count_nonzero(edge))


def wall(rgba: NDArray[np.uint8], cover: NDArray[np.uint8] | None, head: Head | None) -> Wall | None:
    """The ground of a picture, uint8 [h,w,4], or None where there is too little of it to be judged.

    It is what the subject's alpha, `cover`, leaves. Where that is not known it is what lies around the upper half of
    the `head`: (y of the crown, y of the chin, x of the middle) in pixels.
    """
    height, width = rgba.shape[:2]
    factor = max(1, round(max(height, width) / SIDE))
    # As RGBX: as RGBA, colours would be weighted by alpha, which takes four times as long. A ground for which that
    # makes a difference can be seen through, and nothing else is said of it.
    whole = Image.frombuffer("RGBX", (width, height), np.ascontiguousarray(rgba), "raw", "RGBX", 0, 1)
    small = np.asarray(whole.reduce(factor))
    if cover is not None:
        covered = Image.fromarray(cover).reduce(factor).filter(ImageFilter.MaxFilter(3))
        ground = np.asarray(covered) <= CLEAR
    elif head is not None:
        ground = _around(head, small.shape[:2], factor)
    else:
        return None
    if np.count_nonzero(ground) < FEWEST:
        return None
    colours = lab(small[..., :3])
    fall, rest = _plane(colours, ground)
    opaque = float(small[..., 3][ground].mean()) >= OPAQUE
    colour = Colour(*(int(channel) for channel in np.median(small[ground][:, :3], axis=0)))
    return Wall(opaque, colour, fall, rest, _step(colours, ground))


def _edge(shape: tuple[int, ...], subject: Box | None) -> Mask:
    """The border without what the box of the subject, or a pixel around it, covers."""
    edge = np.zeros(shape, np.bool_)
    edge[[0, -1]] = True
    edge[:, [0, -1]] = True
    if subject is not None:
        left, top, right, bottom = (int(np.clip(length, -1, max(shape))) for length in subject)
        edge[max(top - 1, 0) : max(bottom + 2, 0), max(left - 1, 0) : max(right + 2, 0)] = False
    return edge


def _around(head: Head, shape: tuple[int, ...], factor: int) -> Mask:
    """What lies above the middle of the head, outside an ellipse that hair seldom leaves: as wide as the head is high,
    and higher by a fifth."""
    crown, chin, across = (length / factor for length in head)
    size = max(chin - crown, 1)
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    up = (rows + 0.5 - (crown + chin) / 2) / (0.6 * size)
    along = (columns + 0.5 - across) / (0.5 * size)
    outside: Mask = (up**2 + along**2 > 1) & (up < 0)
    return outside


def _plane(colours: Lab, ground: Mask) -> tuple[float, float]:
    """`fall` and `rest` of a `Wall`."""
    rows, columns = np.nonzero(ground)
    place = np.column_stack((np.ones(rows.size), rows / ground.shape[0] - 0.5, columns / ground.shape[1] - 0.5))
    seen = colours[ground]
    slopes, *_ = np.linalg.lstsq(place, seen, rcond=None)
    fitted = place @ slopes
    rest = float(np.sqrt(((seen - fitted) ** 2).sum(axis=1).mean()))
    return float(np.linalg.norm(np.ptp(fitted, axis=0))), rest


def _step(colours: Lab, ground: Mask) -> float:
    down, across = np.diff(colours, axis=0), np.diff(colours, axis=1)
    steps = np.concatenate((down[ground[1:] & ground[:-1]], across[ground[:, 1:] & ground[:, :-1]]))
    return float(np.percentile(np.linalg.norm(steps, axis=1), 99.9)) if steps.size else 0.0

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lines at crown and chin: where a person's head is taken to be, in the picture and on the canvas.

A picture may lie on its side. Heads are therefore looked for, and told of in recipes, in the picture as it stands
`upright`: turned by the quarter that is nearest to the frame's turn. There the crown is above the chin.
"""

from dataclasses import dataclass

import numpy as np

from offcut.frame import Frame
from offcut.head import Head
from offcut.placement import Placement, Points, turned

HIGH = 0.6
"""Where no head is found it is guessed to have this share of the subject's height, or of its width if that is less."""


@dataclass(frozen=True, slots=True)
class Lines:
    """`crown`, `chin` and `x`, the middle of the face, are pixels of the picture as it stands upright, as recipes have
    them. `known` is False where they are only guessed from the subject's outline; `cut` says that the upper border of
    the picture cuts the head off, and its true top is higher than `crown`.

    On the canvas of the file, in its pixels, crown and chin lie at the heights `top` and `bottom`, and the point
    between them at `middle`, from the left. A head that the frame turns a little further counts as standing straight
    after that: it reaches half its height up and down from that point. `scale` is canvas pixels per pixel of the
    picture.
    """

    crown: float
    chin: float
    x: float
    known: bool
    cut: bool
    top: float
    bottom: float
    middle: float
    scale: float

    @classmethod
    def of(cls, head: Head, frame: Frame, size: tuple[int, int], placement: Placement, *, known: bool) -> "Lines":
        """Those of a head, see `meant`, in a picture of (width, height) `size` that lies on a canvas by `placement`."""
        ((across, down),) = placement.points(upright(frame, size).back(centre(head))).tolist()
        half = placement.scale * (head.chin - head.crown) / 2
        return cls(head.crown, head.chin, head.x, known, head.cut, down - half, down + half, across, placement.scale)

    def to_dict(self) -> dict[str, object]:
        """What a page needs to draw them, and to know what they mean when they are dragged."""
        names = ("crown", "chin", "x", "top", "bottom", "scale", "known")
        return {name: getattr(self, name) for name in names}


def quarters(frame: Frame) -> int:
    """By how many quarters, 0..3 and clockwise, a picture is turned until it stands upright. It is not flipped: a frame
    that flips first turns, seen from the picture, the other way round."""
    return round(-frame.turn / 90 if frame.flip else frame.turn / 90) % 4


def upright(frame: Frame, size: tuple[int, int]) -> Placement:
    """Where a picture of (width, height) `size` lies as it stands upright."""
    return turned(size, 90.0 * quarters(frame))


def meant(frame: Frame, size: tuple[int, int], subject: Points, found: Head | None) -> Head:
    """Crown, chin and middle that count: the person's, else those `found` in the picture as it stands upright, else
    about where they would be. `subject` are points that the subject lies within."""
    head = _guessed(upright(frame, size).points(subject)) if found is None else found
    fit = frame.head
    crown = head.crown if fit.crown is None else fit.crown
    chin = head.chin if fit.chin is None else fit.chin
    cut = head.cut and fit.crown is None
    return Head(crown, max(chin, crown + 1), head.x if fit.x is None else fit.x, cut)


def known(frame: Frame, found: Head | None) -> bool:
    """Whether that is more than a guess."""
    return found is not None or (frame.head.crown is not None and frame.head.chin is not None)


def centre(head: Head) -> Points:
    """The point halfway between crown and chin, [1,2]."""
    return np.array([[head.x, (head.crown + head.chin) / 2]])


def _guessed(subject: Points) -> Head:
    (left, top), (right, bottom) = subject.min(axis=0).tolist(), subject.max(axis=0).tolist()
    return Head(top, top + max(min(bottom - top, right - left) * HIGH, 1.0), (left + right) / 2)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""A finished picture, and how it stands to one rule."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from offcut.bounds import Bounds

State = Literal["pass", "warn", "fail"]
Detail = str | int | float
Details = dict[str, Detail]

STATES: tuple[State, ...] = ("pass", "warn", "fail")
"""From good to bad."""

ENLARGED, BLOWN_UP = 1.005, 2.0
"""More pixels than these for one of the original are doubtful, and a fault."""


@dataclass(frozen=True, slots=True)
class Check:
    """One rule, and how the picture stands to it. `details` are what a sentence about it needs."""

    id: str
    state: State
    details: Details

    def to_dict(self) -> dict[str, object]:
        """Plain data."""
        return {"id": self.id, "state": self.state, "details": dict(self.details)}


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A finished picture and what is known of it. Lengths are in its pixels, from its upper left corner.

    - `rgba`: uint8 [h,w,4], straight alpha
    - `subject`: left, top, right, bottom of the subject, which may lie outside; None where there is none
    - `cover`: uint8 [h,w], the subject's alpha; None where nothing was cut
    - `head`: y of the crown, y of the chin, x of the middle of the face; None where none was found
    - `scale`: pixels for one pixel of the original
    - `format`: "png", "jpeg", "webp", "mask", "ora" or "pdf"; `bytes`: of the file, None before it is written
    - `altered`: whether pixels of the background or of the person were changed
    - `dpi`: what the file says, pixels per inch; None where it says nothing
    """

    rgba: NDArray[np.uint8]
    subject: tuple[float, float, float, float] | None
    cover: NDArray[np.uint8] | None
    head: tuple[float, float, float] | None
    scale: float
    format: str
    bytes: int | None
    altered: bool
    dpi: float | None

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.rgba.shape[1], self.rgba.shape[0]


def worst(checks: Iterable[Check]) -> State:
    """The worst state of all; "pass" where there is no check."""
    return max((check.state for check in checks), key=STATES.index, default="pass")


def graded(value: float, good: float, doubtful: float) -> State:
    """ "pass" up to `good`, "warn" up to `doubtful`, "fail" above it."""
    return "pass" if value <= good else "warn" if value <= doubtful else "fail"


def short(value: float) -> float:
    """A number as details have it: four decimals."""
    return round(float(value), 4)


def shortened(bounds: Bounds) -> Details:
    """Bounds as details have them."""
    return {end: short(value) for end, value in bounds.to_dict().items()}


def enlarged(made: Made) -> Check:
    """Whether the picture has more pixels than the original gave."""
    return Check("enlarged", graded(made.scale, ENLARGED, BLOWN_UP), {"scale": short(made.scale)})


def sized_file(bounds: Bounds | None, made: Made) -> Iterator[Check]:
    """Whether the file is neither too small nor too large, once it is written."""
    if bounds is not None and made.bytes is not None:
        state: State = "fail" if bounds.miss(made.bytes) else "pass"
        yield Check("bytes", state, {"got": made.bytes, **bounds.to_dict()})

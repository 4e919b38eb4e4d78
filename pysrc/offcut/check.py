# SPDX-License-Identifier: AGPL-3.0-or-later
"""A finished picture, and how it stands to one rule.

A check has an id and a state. "fail" is what breaks a rule; "warn" is what is only advised, what sources differ on,
what lies within the doubt of a measurement, and what could not be measured. Only rules that are known are checked,
always in the order of these lists. What stands behind an id are its details; shares are 0..1, and `least` and `most`,
what is allowed, are there where they are known. A `reason` is one of those in brackets, and stands with what is behind
it.

Of a marketplace (offcut.listing):

- size: width, height (exact: wanted_width, wanted_height; megapixels: most; side, one-side and shorter: least, most;
  advised: advised)
- square: width, height
- background: share and number, pixels, of the ground that are not white, and `compressed`, 1, where the file may lose
  some of them to its format: what is told is what the encoder is given (no-ground)
- transparency: share of pixels that are not opaque
- fill: share, least, most (no-subject)
- subject-size: width, height, least, most
- cut-off: sides, names with commas
- enlarged: scale, pixels for one of the original
- bytes: got, least, most
- format: got; wanted, names with commas

Of a document (offcut.portrait):

- size: width, height, use: "both", "upload" or "print"; of uploads least_width, most_width, least_height, most_height,
  ratio (print-only: it cannot be uploaded; upload; shape: wanted_mm_width, wanted_mm_height; density: density, least;
  dpi: mm_width, mm_height, as it would be printed; disputed: right by another source)
- head (not-found; cut-off: a fault where the canvas does it, a doubt where the original does)
- head-size, head-top: share of the height, least, most (not-found)
- eyes: share of the height below them, least, most (not-found)
- centring: share of the width, most (not-found)
- head-width: mm, in print, least, most; never a fault, see offcut.breadth (not-found; no-subject: nothing was cut)
- background: got, "#rrggbb", wanted, a name, difference, CIE 1976 (no-ground, transparent)
- evenness: step, rest, fall, see offcut.wall (things, shadows, light; no-ground)
- sharpness: value, least, see offcut.focus (not-found, no-face)
- enlarged, bytes: as above
- format: as above, where it is one that is no photo to anybody else
- altered
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from offcut.bounds import Bounds
from offcut.inch import Dpi

State = Literal["pass", "warn", "fail"]
Detail = str | int | float
Details = dict[str, Detail]

STATES: tuple[State, ...] = ("pass", "warn", "fail")
"""From good to bad."""

PICTURES = ("jpeg", "png", "webp")
"""What is taken where nobody says what is: files of other kinds are no pictures to anybody else."""

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
    - `altered`: whether pixels of the background or of the person were changed, or the picture mirrored
    - `dpi`: pixels per inch, across and down, as the file says, or as it is printed; None where nobody knows
    - `compressed`: whether the file loses something of `rgba`, which is what is given to its encoder
    - `head_cut`: whether the upper border of the original cuts the head off
    """

    rgba: NDArray[np.uint8]
    subject: tuple[float, float, float, float] | None
    cover: NDArray[np.uint8] | None
    head: tuple[float, float, float] | None
    scale: float
    format: str
    bytes: int | None
    altered: bool
    dpi: Dpi | None
    compressed: bool = False
    head_cut: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.rgba.shape[1], self.rgba.shape[0]


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


def formatted(made: Made, taken: Collection[str]) -> Check:
    """Whether the file has one of the formats that are taken."""
    return Check("format", "pass" if made.format in taken else "fail", {"got": made.format, "wanted": ", ".join(taken)})


def sized_file(bounds: Bounds | None, made: Made) -> Iterator[Check]:
    """Whether the file is neither too small nor too large, once it is written."""
    if bounds is not None and made.bytes is not None:
        state: State = "fail" if bounds.miss(made.bytes) else "pass"
        yield Check("bytes", state, {"got": made.bytes, **bounds.to_dict()})

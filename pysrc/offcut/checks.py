# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pre-flight: a finished picture against the rules of a marketplace or of a document.

A check has an id and a state. "fail" is what breaks a rule; "warn" is what is only advised, what sources differ on,
what lies within the doubt of a measurement, and what could not be measured. Only rules that are known are checked,
always in the order of these lists. What stands behind an id are its details; shares are 0..1, and `least` and `most`,
what is allowed, are there where they are known. A `reason` is one of those in brackets, and stands with what is behind
it.

Of a marketplace (offcut.listing):

- size: width, height (exact: wanted_width, wanted_height; megapixels: most; side, one-side and shorter: least, most;
  advised: advised)
- square: width, height
- background: share and number, pixels, of the ground that are not white (no-ground)
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
- head (not-found, cut-off)
- head-size, head-top: share of the height, least, most
- eyes: share of the height below them, least, most
- centring: share of the width, most
- background: got, "#rrggbb", wanted, a name, difference, CIE 1976 (no-ground, transparent)
- evenness: step, rest, fall, see offcut.wall (things, shadows, light; no-ground)
- sharpness: value, least, see offcut.focus (no-face)
- enlarged, bytes: as above
- altered
"""

from offcut.check import Check, Made, State, worst
from offcut.listing import of_marketplace
from offcut.portrait import of_document

__all__ = ["Check", "Made", "State", "of_document", "of_marketplace", "worst"]

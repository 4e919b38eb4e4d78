# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a file must be like to be taken."""

import math
from dataclasses import dataclass, fields

from offcut.bounds import Bounds, ends, pixels
from offcut.plain import Table

ROOMY = 2.0
"""Where there is no greatest size, one of so many times the least is taken for it."""


@dataclass(frozen=True, slots=True)
class Upload:
    """`width` and `height` in pixels, the `ratio` of the one to the other, and the file's bytes. None where unknown."""

    width: Bounds | None
    height: Bounds | None
    ratio: tuple[int, int] | None
    bytes: Bounds | None

    @classmethod
    def parse(cls, table: Table) -> "Upload":
        """From plain data; what is not there is None. Raises the table's error."""
        table.only([field.name for field in fields(cls)])
        width, height, size = (Bounds.parse(table, key) for key in ("width", "height", "bytes"))
        return cls(width, height, pixels(table, "ratio"), size)

    @property
    def measured(self) -> bool:
        """Whether anything is known about pixels."""
        return any(each is not None for each in (self.width, self.height, self.ratio))

    def takes(self, width: int, height: int) -> bool:
        """Whether a picture of so many pixels may be uploaded."""
        if (self.width and self.width.miss(width)) or (self.height and self.height.miss(height)):
            return False
        return self.ratio is None or shaped(width, height, self.ratio)

    def size_px(self, shape: tuple[float, float] | None) -> tuple[int, int] | None:
        """Width and height that are taken, in the middle between the least and the most as one multiplies. Of the shape
        of (width, height) where that is allowed. None where nothing is known about pixels."""
        if not self.measured:
            return None
        width, height = self.width or Bounds(1), self.height or Bounds(1)
        size = 1, 1
        for ratio in (self.ratio, shape, (width.middle, height.middle)):
            if ratio is None:
                continue
            share = ratio[0] / ratio[1]
            least = max(height.least or 1, (width.least or 1) / share)
            most = min(height.most or least * ROOMY, (width.most or least * ROOMY * share) / share)
            down = round(height.nearest(math.sqrt(least * most)))
            size = round(width.nearest(down * share)), down
            if shaped(*size, ratio) and self.takes(*size):
                break
        return size

    def to_dict(self) -> dict[str, object]:
        """Plain data with every field."""
        ratio = None if self.ratio is None else list(self.ratio)
        return {"width": ends(self.width), "height": ends(self.height), "ratio": ratio, "bytes": ends(self.bytes)}


def shaped(width: float, height: float, ratio: tuple[float, float]) -> bool:
    """Whether a picture of `width` x `height` pixels has the shape `ratio`, to a pixel or a hundredth of its width."""
    return abs(width - height * ratio[0] / ratio[1]) <= max(1, 0.01 * width)

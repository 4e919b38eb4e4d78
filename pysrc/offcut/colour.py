# SPDX-License-Identifier: AGPL-3.0-or-later
"""A colour as recipes name it."""

import re
from dataclasses import dataclass

from offcut.plain import Table


@dataclass(frozen=True, slots=True)
class Colour:
    """An opaque sRGB colour, each channel 0..255."""

    r: int
    g: int
    b: int

    @classmethod
    def parse(cls, text: str) -> "Colour":
        """A colour from "#rrggbb". Raises ValueError for anything else."""
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
            raise ValueError("not #rrggbb")
        return cls(*bytes.fromhex(text[1:]))

    @classmethod
    def of(cls, table: Table, key: str) -> "Colour":
        """The colour at `key` of plain data. Raises the table's error."""
        try:
            return cls.parse(table.text(key))
        except ValueError:
            raise table.fault(key, "must be #rrggbb") from None

    @property
    def rgb(self) -> tuple[int, int, int]:
        """The three channels."""
        return self.r, self.g, self.b

    def __str__(self) -> str:
        return f"#{self.r:02x}{self.g:02x}{self.b:02x}"


BLACK = Colour(0, 0, 0)
WHITE = Colour(255, 255, 255)

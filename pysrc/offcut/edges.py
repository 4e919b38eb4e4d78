# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is done to the matte and at the edge of the subject: settings only. Each has a value that turns it off."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from offcut.plain import Table

Subject = Literal["all", "largest"]
"""Which parts of the subject are kept."""

WIDEST = 50.0
"""The furthest that an edge is shifted, and the widest feather, in pixels of the picture."""

_RANGES = {
    "smooth": (0.0, 1.0),
    "shift": (-WIDEST, WIDEST),
    "contrast": (0.0, 1.0),
    "feather": (0.0, WIDEST),
    "despill": (0.0, 1.0),
}


@dataclass(frozen=True, slots=True)
class Edges:
    """In the order in which they work; the defaults are what suits a photograph that nobody has looked at.

    - `tidy`: whether specks go and doubtful holes are filled (see offcut.clean)
    - `subject`: "all" parts of it, or the "largest" alone
    - `follow`: whether the edge is drawn along those of the picture (see offcut.follow)
    - `smooth`, 0..1: how far the outline is smoothed; 0 leaves it
    - `shift`, -50..50 pixels of the picture: how far the edge is moved outwards, or inwards below 0
    - `contrast`, 0..1: how much steeper the edge is made; 1 leaves nothing half transparent
    - `feather`, 0..50 pixels of the picture: the standard deviation of the blur that softens the edge
    - `despill`, 0..1: how much of the old background's colour is taken out of soft edges (see offcut.foreground)
    """

    tidy: bool = True
    subject: Subject = "all"
    follow: bool = True
    smooth: float = 0.0
    shift: float = 0.0
    contrast: float = 0.0
    feather: float = 0.0
    despill: float = 1.0

    @classmethod
    def parse(cls, table: Table) -> "Edges":
        """Settings from plain data; what is not there has its default. Raises the table's error."""
        table.only([field.name for field in fields(cls)])
        given: dict[str, Any] = {}
        for name in ("tidy", "follow"):
            if name in table.data:
                given[name] = table.truth(name)
        if "subject" in table.data:
            given["subject"] = table.choice("subject", ("all", "largest"))
        for name, (least, most) in _RANGES.items():
            if name in table.data:
                given[name] = table.within(name, least, most)
        return cls(**given)

    def to_dict(self) -> dict[str, object]:
        """Plain data with every field written out; `parse` gives the same settings back."""
        return asdict(self)

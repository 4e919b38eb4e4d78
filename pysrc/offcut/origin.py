# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whose word a rule is."""

from dataclasses import asdict, dataclass

from offcut.plain import Table


@dataclass(frozen=True, slots=True)
class Origin:
    """`source` is whoever made the rule, `home` its own pages or empty, `read` the month in which the rule was read.
    `second_hand` says that somebody else told it, `conflict` what others tell, `note` what the fields cannot say; both
    may be empty. English."""

    source: str
    home: str
    read: str
    second_hand: bool
    conflict: str
    note: str

    @classmethod
    def parse(cls, table: Table) -> "Origin":
        """The origin of a row, which has other fields beside these. Raises the table's error."""
        home, conflict, note = (table.text(key) if key in table.data else "" for key in ("home", "conflict", "note"))
        if home and not home.startswith("https://"):
            raise table.fault("home", "must be an https address")
        return cls(table.text("source"), home, table.text("read"), table.truth("second_hand"), conflict, note)

    def to_dict(self) -> dict[str, object]:
        """Plain data."""
        return asdict(self)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the subject is told from what is around it: by a net, by colour, or by hand."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from offcut.graphic import Enclosed, Ground, ground, recognised
from offcut.matte import Matte
from offcut.picture import Picture
from offcut.plain import Table

By = Literal["auto", "net", "colour", "hand"]

_CHOICES = {"by": ("auto", "net", "colour", "hand"), "enclosed": ("open", "kept")}


@dataclass(frozen=True, slots=True)
class Method:
    """`by` "auto" takes a picture that is recognised as a graphic by colour, and all others by the net; "hand" leaves
    all to the person's touches. `enclosed` says what becomes of parts of a graphic's ground that the drawing encloses
    (see offcut.graphic)."""

    by: By = "auto"
    enclosed: Enclosed = "open"

    @classmethod
    def parse(cls, table: Table) -> "Method":
        """A method from plain data; what is not there has its default. Raises the table's error."""
        table.only([field.name for field in fields(cls)])
        given: dict[str, Any] = {key: table.choice(key, _CHOICES[key]) for key in table.data}
        return cls(**given)

    def to_dict(self) -> dict[str, object]:
        """Plain data with every field written out; `parse` gives the same method back."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Whole:
    """Nobody has looked for a subject: all of the picture is."""


Found = Ground | Matte | Whole
"""What is known of the subject before edges and touches: the ground it stands on, a net's answer, or nothing."""


def ground_of(picture: Picture, by: By) -> Ground | None:
    """The ground that `picture` is to be cut from by colour; None where something else is to be done."""
    match by:
        case "auto":
            return recognised(picture)
        case "colour":
            return ground(picture)
        case "net" | "hand":
            return None

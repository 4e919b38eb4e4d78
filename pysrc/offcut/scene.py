# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is around the subject: settings only. offcut.compose draws it."""

from dataclasses import dataclass, field

from offcut import backdrop as backdrops
from offcut import shadow
from offcut.backdrop import Backdrop, Original, Still
from offcut.plain import Table
from offcut.rim import Rim
from offcut.shadow import Contact, Drop
from offcut.tone import Tone


@dataclass(frozen=True, slots=True)
class Scene:
    """From back to front: `backdrop`, None for a transparent one; the shadows `contact` and `drop`; the `rim` around
    the subject; the subject in its `tone`."""

    backdrop: Backdrop | None = None
    drop: Drop | None = None
    contact: Contact | None = None
    rim: Rim | None = None
    tone: Tone = field(default_factory=Tone)

    @classmethod
    def parse(cls, table: Table) -> "Scene":
        """A scene from plain data; what is not there has its default. Raises the table's error."""
        table.only(("backdrop", "drop", "contact", "rim", "tone"))

        def given(key: str) -> Table | None:
            return None if table.data.get(key) is None else table.table(key)

        backdrop, drop, contact, rim = map(given, ("backdrop", "drop", "contact", "rim"))
        return cls(
            backdrop=None if backdrop is None else backdrops.parse(backdrop),
            drop=None if drop is None else shadow.parse_drop(drop),
            contact=None if contact is None else shadow.parse_contact(contact),
            rim=None if rim is None else Rim.parse(rim),
            tone=Tone.parse(table.table("tone")),
        )

    def to_dict(self) -> dict[str, object]:
        """Plain data with every field written out; `parse` gives the same scene back."""
        return {
            "backdrop": self.backdrop and backdrops.to_dict(self.backdrop),
            "drop": self.drop and shadow.to_dict(self.drop),
            "contact": self.contact and shadow.to_dict(self.contact),
            "rim": self.rim and self.rim.to_dict(),
            "tone": self.tone.to_dict(),
        }

    @property
    def images(self) -> tuple[str, ...]:
        """The pictures that it names, by the SHA-256 of their files."""
        return (self.backdrop.image,) if isinstance(self.backdrop, Still) else ()

    @property
    def untouched(self) -> bool:
        """Whether the picture itself is shown, and nothing but that."""
        return isinstance(self.backdrop, Original) and self.backdrop.untouched and self == Scene(self.backdrop)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a result is for: whose rules it is checked against, and what a recipe for it begins with."""

from dataclasses import dataclass
from typing import Any, Literal

from offcut.backdrop import Original
from offcut.check import Check, Made
from offcut.colour import WHITE
from offcut.documents import Document, document, documents
from offcut.frame import Canvas, Frame, HeadFit
from offcut.inch import DPI, INCH
from offcut.listing import of_marketplace
from offcut.marketplaces import Marketplace, marketplace, marketplaces
from offcut.output import Output
from offcut.plain import Table
from offcut.portrait import of_document
from offcut.scene import Scene


@dataclass(frozen=True, slots=True)
class Purpose:
    """The marketplace or the document of that id (see offcut.marketplaces and offcut.documents)."""

    kind: Literal["marketplace", "document"]
    id: str

    @classmethod
    def parse(cls, table: Table) -> "Purpose":
        """A purpose from plain data: {"marketplace": id} or {"document": id}. Raises the table's error."""
        table.only(("marketplace", "document"))
        if len(table.data) != 1:
            raise table.error(field=table.path, reason="must name one marketplace or one document")
        kind: Any = next(iter(table.data))
        known = [each.id for each in (marketplaces() if kind == "marketplace" else documents())]
        return cls(kind, table.choice(kind, known))

    def to_dict(self) -> dict[str, object]:
        """Plain data; `parse` gives the same purpose back."""
        return {self.kind: self.id}

    @property
    def rules(self) -> Marketplace | Document:
        """The rules themselves."""
        return marketplace(self.id) if self.kind == "marketplace" else document(self.id)

    def checked(self, made: Made) -> tuple[Check, ...]:
        """How a finished picture stands to them."""
        rules = self.rules
        return of_marketplace(rules, made) if isinstance(rules, Marketplace) else of_document(rules, made)

    def beginning(self) -> tuple[Scene, Frame, Output]:
        """What a recipe for it begins with."""
        rules = self.rules
        return _of_marketplace(rules) if isinstance(rules, Marketplace) else _of_document(rules)


def listed() -> dict[str, list[dict[str, object]]]:
    """All purposes as plain data for a page: the rules of each, and as `wish` the parts of a recipe for it."""
    return {
        "marketplaces": [_listed(Purpose("marketplace", each.id), each) for each in marketplaces()],
        "documents": [_listed(Purpose("document", each.id), each) for each in documents()],
    }


def _listed(purpose: Purpose, rules: Marketplace | Document) -> dict[str, object]:
    scene, frame, output = purpose.beginning()
    wish = {"scene": scene.to_dict(), "frame": frame.to_dict(), "output": output.to_dict()}
    told = {name: value for name, value in rules.to_dict().items() if name != "home"}  # pages name no other site
    return told | {"wish": wish | {"purpose": purpose.to_dict()}}


def _of_marketplace(rules: Marketplace) -> tuple[Scene, Frame, Output]:
    width, height = rules.canvas
    frame = Frame("subject", Canvas(width, height, "px", 72), rules.margin)
    least, most = (rules.bytes.least, rules.bytes.most) if rules.bytes else (None, None)
    sized = _sized(rules.format == "jpeg", least, most)
    return Scene(WHITE), frame, Output(rules.format, 92, name="{name}-" + rules.id, **sized)


def _of_document(rules: Document) -> tuple[Scene, Frame, Output]:
    upload, mm = rules.upload_px, rules.print_mm
    if mm is None:
        canvas = Canvas(*(upload or rules.size_px(DPI)), "px", DPI)
    elif upload is not None and not rules.upload.takes(*rules.size_px(DPI)) and _alike(upload, mm):
        # What may be uploaded, and in print as large as it is to be all the same.
        canvas = Canvas(*upload, "px", upload[0] / mm[0] * INCH)
    else:
        canvas = Canvas(*mm, "mm", DPI)
    # Who refuses altered photos gets the picture's own background, cropped, and nothing else.
    untouched = rules.refuses_altered or not rules.backgrounds
    scene = Scene(Original() if untouched else rules.backgrounds[0].colour)
    head = HeadFit(round(rules.head_share, 4), round(rules.top_share, 4))
    size = rules.upload.bytes
    sized = _sized(True, size.least if size else None, size.most if size else None)
    return scene, Frame("head", canvas, head=head), Output("jpeg", 95, name="{name}-" + rules.id, **sized)


def _alike(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether two sizes have about the same shape."""
    return abs(one[0] * other[1] / (one[1] * other[0]) - 1) < 0.03


def _sized(jpeg: bool, least: float | None, most: float | None) -> dict[str, Any]:
    return {
        "least": None if least is None or not jpeg else int(least),
        "most": None if most is None or not jpeg else int(most),
    }

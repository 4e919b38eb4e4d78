# SPDX-License-Identifier: AGPL-3.0-or-later
"""What authorities ask of the photo in a document: rules/documents.toml, and what a recipe begins with.

Where an authority does not say how large a head is or where it sits, these rules of ours stand in:

- A head is no larger than the middle of what ICAO Doc 9303 asks, 75 % of a picture of 35 x 45 mm: not in mm, not as a
  share of the height, and not compared with the width.
- Where the place of the eyes is known, the crown is so high that they come to the middle of it (see `EYES`); elsewhere
  there is twice as much room below the chin as above the crown, which sets the head a little high.
"""

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import Literal, cast

from offcut.bounds import Bounds, ends, pixels, sized
from offcut.colour import Colour
from offcut.errors import CatalogueInvalid, RecipeInvalid
from offcut.inch import DPI, INCH
from offcut.origin import Origin
from offcut.plain import Table
from offcut.upload import Upload

Altered = Literal["refused", "unsaid"]

EYES = 0.53
"""How far from crown to chin the eyes are, hair included. They lie halfway down a bald head; in portraits it was 0.54
to 0.58 of adults, more of a child and under a bun."""

HEAD, WIDTH, HEIGHT = 33.75, 35.0, 45.0
"""Millimetres: the middle of the heads that ICAO Doc 9303 asks for, and the picture that it is meant in."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """A colour that may stand behind the head: `colour`, or anything from there to `to` where that is given; `name` is
    English, for people."""

    name: str
    colour: Colour
    to: Colour | None


@dataclass(frozen=True, slots=True)
class Document:
    """A kind of photo. What is not known is None or empty.

    - `id`; `name`, English; `country`: ISO 3166 alpha-2, "EU" for Schengen, "UN" for the ICAO
    - `print_mm`, (width, height), with `most_mm` where anything from one to the other is right, and `other_mm`, what
      other sources say; None where nothing is printed: `start_px` is then a size to begin with
    - `head`: from crown to chin; `eyes`: above the lower border; `top`: from the upper border to the crown; all as
      shares of the height; `head_width_mm` in print
    - `backgrounds`: the colours that may stand behind the head, the best first
    - `upload`: what a file may be like
    - `altered`: whether photos that were altered are "refused", or nothing is known of that
    - `origin`: the authority
    """

    id: str
    name: str
    country: str
    print_mm: tuple[float, float] | None
    most_mm: tuple[float, float] | None
    other_mm: tuple[tuple[float, float], ...]
    start_px: tuple[int, int] | None
    head: Bounds | None
    head_width_mm: Bounds | None
    eyes: Bounds | None
    top: Bounds | None
    backgrounds: tuple[Allowed, ...]
    upload: Upload
    altered: Altered
    origin: Origin

    def size_px(self, dpi: float) -> tuple[int, int]:
        """Width and height of the print at `dpi` pixels per inch, above 0; of what is not printed, a size that suits
        its upload."""
        if self.print_mm is None:
            return cast(tuple[int, int], self.start_px)
        return max(1, round(self.print_mm[0] / INCH * dpi)), max(1, round(self.print_mm[1] / INCH * dpi))

    @property
    def upload_px(self) -> tuple[int, int] | None:
        """A size that may be uploaded, of the print's shape where that is allowed; None where nothing is known about
        pixels."""
        return self.start_px or self.upload.size_px(self.print_mm)

    @property
    def head_share(self) -> float:
        """How large the head is to begin with, as a share of the height: the middle of what is allowed, where that is
        known; else see the module."""
        if self.head is not None:
            return self.head.middle
        width, height = self.size_px(DPI)
        shares = [HEAD / HEIGHT, HEAD / WIDTH * width / height]
        return min(*shares, *([HEAD / self.print_mm[1]] if self.print_mm else []))

    @property
    def top_share(self) -> float:
        """How far below the upper border the crown is to begin with, as a share of the height: the middle of what is
        allowed, where that is known; else see the module."""
        if self.top is not None:
            return self.top.middle
        room = 1 - self.head_share
        if self.eyes is not None:
            return min(max(1 - self.eyes.middle - EYES * self.head_share, 0), room)
        return room / 3

    @property
    def refuses_altered(self) -> bool:
        """Whether photos of which pixels were changed are known to be refused."""
        return self.altered == "refused"

    def to_dict(self) -> dict[str, object]:
        """Plain data for a page: the rules, and what a recipe begins with."""
        return {
            "id": self.id,
            "name": self.name,
            "country": self.country,
            "print_mm": None if self.print_mm is None else [round(length, 2) for length in self.print_mm],
            "most_mm": None if self.most_mm is None else list(self.most_mm),
            "other_mm": [list(other) for other in self.other_mm],
            "size_px": list(self.size_px(DPI)),
            "upload_px": None if self.upload_px is None else list(self.upload_px),
            "head": ends(self.head),
            "head_width_mm": ends(self.head_width_mm),
            "eyes": ends(self.eyes),
            "top": ends(self.top),
            "head_share": self.head_share,
            "top_share": self.top_share,
            "backgrounds": [
                {"name": each.name, "colour": str(each.colour), "to": None if each.to is None else str(each.to)}
                for each in self.backgrounds
            ],
            "upload": self.upload.to_dict(),
            "refuses_altered": self.refuses_altered,
            **self.origin.to_dict(),
        }


@cache
def documents() -> tuple[Document, ...]:
    """All that are known, in the order of the file. Raises CatalogueInvalid."""
    return parse(tomllib.loads((resources.files("offcut") / "rules" / "documents.toml").read_text("utf-8")))


def document(id: str) -> Document:
    """The document of that id. Raises RecipeInvalid when there is none."""
    for each in documents():
        if each.id == id:
            return each
    raise RecipeInvalid(field="purpose", reason="no such document")


def parse(obj: object) -> tuple[Document, ...]:
    """Documents from {"refusing": [country, …], "colours": {name: "#rrggbb" or two of them}, "documents": [{…}, …]}.

    A row has the fields of `Document` and of `Origin`, but sizes as authorities give them: `head_mm` or `head_share`,
    `eyes_mm` or `eyes_share`, `top_mm`, and `print_mm`, or `print_px` at `print_dpi`; what is not known is absent.
    Colours are meant by their names. Raises CatalogueInvalid with the path of the first fault.
    """
    table = Table.of(obj, "rules", CatalogueInvalid)
    table.only(("refusing", "colours", "documents"))
    colours = table.table("colours")
    allowed = {name: _allowed(colours, name) for name in colours.data}
    refuse = _refusing(table)
    rows = tuple(_document(row, allowed, refuse) for row in table.tables("documents"))
    if len({row.id for row in rows}) != len(rows):
        raise table.fault("documents", "two rows with one id")
    return rows


_KEYS = (
    *("id", "name", "country", "print_mm", "most_mm", "other_mm", "print_px", "print_dpi", "start_px", "head_mm"),
    *("head_share", "head_width_mm", "eyes_mm", "eyes_share", "top_mm", "backgrounds", "upload", "altered"),
    *(field.name for field in fields(Origin)),
)


def _document(row: Table, allowed: dict[str, Allowed], refuse: tuple[str, ...]) -> Document:
    row.only(_KEYS)
    size, start = _printed(row), pixels(row, "start_px")
    if (size is None) == (start is None):
        raise row.fault("print_mm", "must have a print, or else a size to begin with")
    altered = cast(Altered, row.choice("altered", ("refused", "unsaid")))
    if altered == "refused" and row.text("country") not in refuse:
        raise row.fault("altered", "its country is not among those that refuse")
    width = Bounds.parse(row, "head_width_mm")
    if width is not None and size is None:
        raise row.fault("head_width_mm", "must have a print")
    names = row.choices("backgrounds", tuple(allowed)) if "backgrounds" in row.data else ()
    others = row.get("other_mm") if "other_mm" in row.data else []
    if not isinstance(others, list | tuple):
        raise row.fault("other_mm", "must be a list")
    return Document(
        id=row.text("id"),
        name=row.text("name"),
        country=row.text("country"),
        print_mm=size,
        most_mm=sized(row, "most_mm"),
        other_mm=tuple(_size(row, "other_mm", other) for other in others),
        start_px=start,
        head=_share(row, "head", size),
        head_width_mm=width,
        eyes=_share(row, "eyes", size),
        top=_share(row, "top", size),
        backgrounds=tuple(allowed[name] for name in names),
        upload=Upload.parse(row.table("upload")),
        altered=altered,
        origin=Origin.parse(row),
    )


def _printed(row: Table) -> tuple[float, float] | None:
    size = pixels(row, "print_px")
    if size is None:
        return sized(row, "print_mm")
    dpi = row.within("print_dpi", 1, 10_000)
    return size[0] / dpi * INCH, size[1] / dpi * INCH


def _share(row: Table, what: str, size: tuple[float, float] | None) -> Bounds | None:
    """Bounds as shares of the height, which are given as such or in mm."""
    share, mm = Bounds.parse(row, f"{what}_share"), Bounds.parse(row, f"{what}_mm")
    if mm is not None:
        if size is None or share is not None:
            raise row.fault(f"{what}_mm", "must be the only one, and have a print")
        share = mm.over(size[1])
    if share is not None and share.miss(1) == 0:
        raise row.fault(what, "must be less than the height")
    return share


def _size(row: Table, key: str, value: object) -> tuple[float, float]:
    return cast(tuple[float, float], sized(Table({key: value}, row.path, row.error), key))


def _allowed(colours: Table, name: str) -> Allowed:
    given = colours.get(name)
    given = given if isinstance(given, list | tuple) else [given]
    if not 1 <= len(given) <= 2:
        raise colours.fault(name, "must be one colour or two")
    first, *last = (Colour.of(Table({name: end}, colours.path, colours.error), name) for end in given)
    return Allowed(name, first, last[0] if last else None)


def _refusing(table: Table) -> tuple[str, ...]:
    countries = table.get("refusing")
    if not isinstance(countries, list | tuple) or not all(isinstance(country, str) for country in countries):
        raise table.fault("refusing", "must be a list of countries")
    return tuple(countries)

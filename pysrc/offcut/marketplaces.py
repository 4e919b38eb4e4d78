# SPDX-License-Identifier: AGPL-3.0-or-later
"""What marketplaces ask of a product's picture: rules/marketplaces.toml, and what a recipe begins with."""

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import Literal, cast, get_args

from offcut.bounds import Bounds, ends, pixels
from offcut.errors import CatalogueInvalid, RecipeInvalid
from offcut.origin import Origin
from offcut.plain import Table

Background = Literal["white", "any"]
Format = Literal["jpeg", "png", "webp"]
Unwanted = Literal["text", "logo", "border", "shadow", "overlay"]


@dataclass(frozen=True, slots=True)
class Marketplace:
    """What is not known is None or empty.

    - `id`; `name`, English
    - `background`: "white" is #ffffff everywhere, "any" that nothing is asked
    - `fill`: how much of the frame the product fills: of its width or its height, whichever is more
    - `side`: of both sides, pixels; `shorter`: of the shorter one; `exact`: the only (width, height); `advised`: of the
      longer one, below which it is said to look poor; `megapixels`: the most
    - `subject`: of the product's own width and height, pixels
    - `square`: whether both sides are to be the same
    - `bytes` of the file; `formats`: those that are taken
    - `without`: what must not be in the picture
    - to begin with: `canvas`, (width, height) in pixels, `margin`, the share of width and height that stays free on
      each side of the product, and the `format` to write
    - `origin`: the marketplace's own word, or who told it
    """

    id: str
    name: str
    background: Background
    fill: Bounds | None
    side: Bounds | None
    shorter: Bounds | None
    exact: tuple[int, int] | None
    advised: int | None
    megapixels: float | None
    subject: Bounds | None
    square: bool
    bytes: Bounds | None
    formats: tuple[Format, ...]
    without: tuple[Unwanted, ...]
    canvas: tuple[int, int]
    margin: float
    format: Format
    origin: Origin

    def to_dict(self) -> dict[str, object]:
        """Plain data for a page."""
        return {
            "id": self.id,
            "name": self.name,
            "background": self.background,
            "fill": ends(self.fill),
            "side": ends(self.side),
            "shorter": ends(self.shorter),
            "exact": None if self.exact is None else list(self.exact),
            "advised": self.advised,
            "megapixels": self.megapixels,
            "subject": ends(self.subject),
            "square": self.square,
            "bytes": ends(self.bytes),
            "formats": list(self.formats),
            "without": list(self.without),
            "canvas": list(self.canvas),
            "margin": self.margin,
            "format": self.format,
            **self.origin.to_dict(),
        }


@cache
def marketplaces() -> tuple[Marketplace, ...]:
    """All that are known, in the order of the file. Raises CatalogueInvalid."""
    return parse(tomllib.loads((resources.files("offcut") / "rules" / "marketplaces.toml").read_text("utf-8")))


def marketplace(id: str) -> Marketplace:
    """The marketplace of that id. Raises RecipeInvalid when there is none."""
    for each in marketplaces():
        if each.id == id:
            return each
    raise RecipeInvalid(field="purpose", reason="no such marketplace")


def parse(obj: object) -> tuple[Marketplace, ...]:
    """Marketplaces from {"marketplaces": [{…}, …]}, each with the fields of `Marketplace`, of which those that are not
    known are absent, and those of `Origin`. Raises CatalogueInvalid with the path of the first fault."""
    table = Table.of(obj, "rules", CatalogueInvalid)
    table.only(("marketplaces",))
    rows = tuple(map(_marketplace, table.tables("marketplaces")))
    if len({row.id for row in rows}) != len(rows):
        raise table.fault("marketplaces", "two rows with one id")
    return rows


_KEYS = tuple(field.name for each in (Marketplace, Origin) for field in fields(each) if field.name != "origin")


def _marketplace(row: Table) -> Marketplace:
    row.only(_KEYS)
    formats = row.choices("formats", get_args(Format)) if "formats" in row.data else ()
    without = row.choices("without", get_args(Unwanted)) if "without" in row.data else ()
    format = row.choice("format", get_args(Format))
    if formats and format not in formats:
        raise row.fault("format", "is not among those that are taken")
    row.get("canvas")
    canvas, exact = pixels(row, "canvas"), pixels(row, "exact")
    if exact is not None and canvas != exact:
        raise row.fault("canvas", "is not the only size")
    return Marketplace(
        id=row.text("id"),
        name=row.text("name"),
        background=cast(Background, row.choice("background", get_args(Background))),
        fill=Bounds.parse(row, "fill"),
        side=Bounds.parse(row, "side"),
        shorter=Bounds.parse(row, "shorter"),
        exact=exact,
        advised=row.whole("advised", 1) if "advised" in row.data else None,
        megapixels=row.within("megapixels", 0, 1e6) if "megapixels" in row.data else None,
        subject=Bounds.parse(row, "subject"),
        square=row.truth("square") if "square" in row.data else False,
        bytes=Bounds.parse(row, "bytes"),
        formats=cast(tuple[Format, ...], formats),
        without=cast(tuple[Unwanted, ...], without),
        canvas=cast(tuple[int, int], canvas),
        margin=row.within("margin", 0, 0.49),
        format=cast(Format, format),
        origin=Origin.parse(row),
    )

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands behind the subject: settings only. How they look is offcut.ground's business."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from offcut.colour import Colour
from offcut.plain import Table


@dataclass(frozen=True, slots=True)
class Gradient:
    """From one colour to another. A "linear" one runs towards `angle`, degrees clockwise, 0 upwards, from corner to
    corner, as in CSS; a "radial" one from the middle to the corners."""

    shape: Literal["linear", "radial"]
    start: Colour
    end: Colour
    angle: float = 180.0


@dataclass(frozen=True, slots=True)
class Still:
    """A picture of the person's own, known by the hex SHA-256 of its file.

    "cover" fills the canvas and cuts off what is too much, "contain" shows all of it; "place" begins as "cover" and is
    then made `zoom` times as large, 0.1..10, and moved by `x` and `y`, -1..1, shares of the canvas.
    """

    image: str
    fit: Literal["cover", "contain", "place"] = "cover"
    zoom: float = 1.0
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Original:
    """The picture's own background: blurred and without colour as far as `blur` and `grey`, 0..1, say. Where both are 0
    the picture is left as it is."""

    blur: float = 0.0
    grey: float = 0.0

    @property
    def untouched(self) -> bool:
        """Whether nothing is done to it."""
        return self.blur == 0 and self.grey == 0


Backdrop = Colour | Gradient | Still | Original


def parse(table: Table) -> Backdrop:
    """A backdrop from plain data, a table of one field: {"colour": "#rrggbb"}, {"gradient": {…}}, {"image": {…}} or
    {"original": {…}}. Raises the table's error."""
    table.only(("colour", "gradient", "image", "original"))
    if len(table.data) > 1:
        raise table.fault(list(table.data)[1], "one backdrop only")
    kind = next(iter(table.data), "colour")
    if kind == "colour":
        return Colour.of(table, "colour")
    inner = table.table(kind)
    if kind == "gradient":
        return _gradient(inner)
    return _still(inner) if kind == "image" else _original(inner)


def to_dict(backdrop: Backdrop) -> dict[str, object]:
    """Plain data; `parse` gives the same backdrop back."""
    match backdrop:
        case Colour():
            return {"colour": str(backdrop)}
        case Gradient():
            colours = {"start": str(backdrop.start), "end": str(backdrop.end)}
            return {"gradient": {"shape": backdrop.shape, **colours, "angle": backdrop.angle}}
        case Still():
            return {"image": asdict(backdrop)}
        case Original():
            return {"original": asdict(backdrop)}


def _gradient(table: Table) -> Gradient:
    table.only(("shape", "start", "end", "angle"))
    shape: Any = table.choice("shape", ("linear", "radial"))
    angle = table.within("angle", -360, 360) if "angle" in table.data else 180.0
    return Gradient(shape, Colour.of(table, "start"), Colour.of(table, "end"), angle)


def _still(table: Table) -> Still:
    table.only(("image", "fit", "zoom", "x", "y"))
    image = table.sha256("image")
    given: dict[str, Any] = {}
    if "fit" in table.data:
        given["fit"] = table.choice("fit", ("cover", "contain", "place"))
    for name, least, most in (("zoom", 0.1, 10.0), ("x", -1.0, 1.0), ("y", -1.0, 1.0)):
        if name in table.data:
            given[name] = table.within(name, least, most)
    return Still(image, **given)


def _original(table: Table) -> Original:
    table.only(("blur", "grey"))
    return Original(**{name: table.within(name, 0, 1) for name in table.data})

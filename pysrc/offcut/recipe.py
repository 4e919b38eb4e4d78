# SPDX-License-Identifier: AGPL-3.0-or-later
"""A recipe is the whole truth: a result is a function of (picture, recipe, model) and of nothing else."""

import json
import re
import tomllib
from dataclasses import dataclass, field
from importlib import resources
from typing import Literal

from offcut import touches as touching
from offcut.edges import Edges
from offcut.errors import RecipeInvalid
from offcut.method import Method
from offcut.plain import Table
from offcut.scene import Colour, Scene
from offcut.touches import Touch

VERSION: Literal[1] = 1


@dataclass(frozen=True, slots=True)
class Output:
    """How the result is written."""

    format: Literal["png"] = "png"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is to be done with a picture. `model` is the id of a plan or a model, or "default"."""

    model: str = "default"
    method: Method = field(default_factory=Method)
    edges: Edges = field(default_factory=Edges)
    touches: tuple[Touch, ...] = ()
    scene: Scene = field(default_factory=Scene)
    output: Output = field(default_factory=Output)
    version: Literal[1] = VERSION

    @classmethod
    def parse(cls, obj: object) -> "Recipe":
        """A recipe from plain data (JSON or TOML). Only `version` must be there:

        {"version": 1, "model": "default",
         "method": {"by": "auto" | "net" | "colour" | "hand", "enclosed": "open" | "kept"},
         "edges": {"tidy": true | false, "subject": "all" | "largest", "follow": true | false, "smooth": 0..1,
                   "shift": -50..50, "contrast": 0..1, "feather": 0..50, "despill": 0..1},
         "touches": [{"tool": "brush" | "area" | "fill" | "scribble" | "refine", …}, …],
         "scene": {"backdrop": null | {"colour": "#rrggbb"}}, "output": {"format": "png"}}

        What a touch is stands in offcut.touches. Raises RecipeInvalid with the path of the first fault, unknown fields
        included: a field that this version does not know would silently change the result.
        """
        table = Table.of(obj, "recipe", RecipeInvalid)
        table.only(("version", "model", "method", "edges", "touches", "scene", "output"))
        table.whole("version", VERSION, VERSION)
        output = table.table("output")
        output.only(("format",))
        if "format" in output.data:
            output.choice("format", ("png",))
        return cls(
            model=table.text("model") if "model" in table.data else "default",
            method=Method.parse(table.table("method")),
            edges=Edges.parse(table.table("edges")),
            touches=tuple(map(touching.parse, table.tables("touches", empty=True))),
            scene=_scene(table.table("scene")),
        )

    @classmethod
    def from_json(cls, text: str) -> "Recipe":
        """A recipe from JSON text. Raises RecipeInvalid."""
        try:
            return cls.parse(json.loads(text))
        except ValueError:
            raise RecipeInvalid(field="recipe", reason="not JSON") from None

    def to_dict(self) -> dict[str, object]:
        """The recipe as plain data with every field written out; `parse` gives the same recipe back."""
        backdrop = None if self.scene.backdrop is None else {"colour": str(self.scene.backdrop)}
        return {
            "version": self.version,
            "model": self.model,
            "method": self.method.to_dict(),
            "edges": self.edges.to_dict(),
            "touches": [touching.to_dict(touch) for touch in self.touches],
            "scene": {"backdrop": backdrop},
            "output": {"format": self.output.format},
        }


def presets() -> tuple[str, ...]:
    """The names that `preset` knows, in alphabetical order."""
    files = (resources.files("offcut") / "presets").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


def preset(name: str) -> Recipe:
    """The recipe in presets/<name>.toml. Raises RecipeInvalid when there is none."""
    file = resources.files("offcut") / "presets" / f"{name}.toml"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not file.is_file():
        raise RecipeInvalid(field="preset", reason="no such preset")
    return Recipe.parse(tomllib.loads(file.read_text("utf-8")))


def _scene(table: Table) -> Scene:
    table.only(("backdrop",))
    if table.data.get("backdrop") is None:
        return Scene()
    backdrop = table.table("backdrop")
    backdrop.only(("colour",))
    try:
        return Scene(Colour.parse(backdrop.text("colour")))
    except ValueError:
        raise backdrop.fault("colour", "must be #rrggbb") from None

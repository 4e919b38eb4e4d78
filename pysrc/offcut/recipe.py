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
from offcut.frame import Frame
from offcut.method import Method
from offcut.nesting import shallow
from offcut.output import Output
from offcut.plain import Table
from offcut.purpose import Purpose
from offcut.scene import Scene
from offcut.touches import Touch

VERSION: Literal[1] = 1


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is to be done with a picture. `model` is the id of a plan or a model, or "default". `answer` is the hex
    SHA-256 of what that once said of this very picture, where a project brought it (see offcut.project); whoever does
    not have it asks again."""

    model: str = "default"
    method: Method = field(default_factory=Method)
    edges: Edges = field(default_factory=Edges)
    touches: tuple[Touch, ...] = ()
    scene: Scene = field(default_factory=Scene)
    frame: Frame = field(default_factory=Frame)
    output: Output = field(default_factory=Output)
    purpose: Purpose | None = None
    version: Literal[1] = VERSION
    answer: str | None = None

    @classmethod
    def parse(cls, obj: object) -> "Recipe":
        """A recipe from plain data (JSON or TOML). Only `version` must be there:

        {"version": 1, "model": "default", "answer": null | SHA-256,
         "method": {"by": "auto" | "net" | "colour" | "hand", "enclosed": "open" | "kept"},
         "edges": {"tidy": true | false, "subject": "all" | "largest", "follow": true | false, "smooth": 0..1,
                   "shift": -50..50, "contrast": 0..1, "feather": 0..50, "despill": 0..1},
         "touches": [{"tool": "brush" | "area" | "fill" | "scribble" | "refine", …}, …],
         "scene": {"backdrop": null | {"colour": "#rrggbb"} | {"gradient": {…}} | {"image": {…}} | {"original": {…}},
                   "drop": null | {…}, "contact": null | {…}, "rim": null | {…}, "tone": {…}},
         "frame": {"fit": "picture" | "cover" | "subject" | "head", "canvas": null | {…}, "margin": 0..0.45, …},
         "output": {"format": "png" | "jpeg" | "webp" | "mask" | "ora" | "pdf", "quality": 1..100, …},
         "purpose": null | {"marketplace": id} | {"document": id}}

        What a touch is stands in offcut.touches, and so on. Raises RecipeInvalid with the path of the first fault,
        unknown fields included: a field that this version does not know would silently change the result.
        """
        table = Table.of(obj, "recipe", RecipeInvalid)
        table.only(("version", "model", "answer", "method", "edges", "touches", "scene", "frame", "output", "purpose"))
        table.whole("version", VERSION, VERSION)
        return cls(
            model=table.text("model") if "model" in table.data else "default",
            answer=table.sha256("answer") if table.data.get("answer") is not None else None,
            method=Method.parse(table.table("method")),
            edges=Edges.parse(table.table("edges")),
            touches=tuple(map(touching.parse, table.tables("touches", empty=True))),
            scene=Scene.parse(table.table("scene")),
            frame=Frame.parse(table.table("frame")),
            output=Output.parse(table.table("output")),
            purpose=Purpose.parse(table.table("purpose")) if table.data.get("purpose") is not None else None,
        )

    @classmethod
    def from_json(cls, text: str) -> "Recipe":
        """A recipe from JSON text. Raises RecipeInvalid."""
        if not shallow(text.encode("utf-8", "replace")):
            raise RecipeInvalid(field="recipe", reason="is nested too deeply")
        try:
            return cls.parse(json.loads(text))
        except ValueError:
            raise RecipeInvalid(field="recipe", reason="not JSON") from None

    def to_dict(self) -> dict[str, object]:
        """The recipe as plain data with every field written out; `parse` gives the same recipe back."""
        return {
            "version": self.version,
            "model": self.model,
            "answer": self.answer,
            "method": self.method.to_dict(),
            "edges": self.edges.to_dict(),
            "touches": [touching.to_dict(touch) for touch in self.touches],
            "scene": self.scene.to_dict(),
            "frame": self.frame.to_dict(),
            "output": self.output.to_dict(),
            "purpose": self.purpose and self.purpose.to_dict(),
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

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is to be done with the pictures: a recipe from a file or a preset, changed by the shortcuts."""

import asyncio
import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from offcut.backdrop import Still
from offcut.catalogue import Catalogue
from offcut.cli import sources
from offcut.cli.arguments import Options, UsageError
from offcut.cli.sentences import sentence
from offcut.colour import Colour
from offcut.errors import ModelUnknown, OffcutError, RecipeInvalid
from offcut.ground import Stills
from offcut.picture import Picture, read
from offcut.recipe import Recipe, preset, presets


@dataclass(frozen=True, slots=True)
class Chosen:
    """A recipe, and the picture that it may name for the background, with the bytes of its file, by their SHA-256."""

    recipe: Recipe
    pictures: Mapping[str, Picture]
    files: Mapping[str, bytes]

    @property
    def stills(self) -> Stills:
        """What gives the picture to the pipeline."""
        return self.pictures.get


def chosen(options: Options, catalogue: Catalogue) -> Chosen:
    """The recipe that `options` ask for. Raises UsageError, naming the option at fault."""
    recipe = _named(options.recipe)
    if options.model is not None:
        recipe = replace(recipe, model=options.model)
    files: dict[str, bytes] = {}
    pictures: dict[str, Picture] = {}
    if options.backdrop is not None:
        backdrop = _backdrop(options.backdrop, files, pictures)
        recipe = replace(recipe, scene=replace(recipe.scene, backdrop=backdrop))
    try:
        catalogue.plan(recipe.model)
    except ModelUnknown as error:
        raise UsageError(sentence(error.code, error.details)) from None
    return Chosen(recipe, pictures, files)


def _backdrop(name: str, files: dict[str, bytes], pictures: dict[str, Picture]) -> Colour | Still:
    """A colour, or the picture in a file, which becomes one of `files` and `pictures`."""
    try:
        return Colour.parse(name)
    except ValueError:
        if not Path(name).is_file():
            told = f"--backdrop {name}: a colour is written '#rrggbb', and there is no picture of this name"
            raise UsageError(told) from None
    try:
        data = sources.read(Path(name))
        still = Still(hashlib.sha256(data).hexdigest())
        pictures[still.image] = asyncio.run(read(data, name))
        files[still.image] = data
    except OffcutError as error:
        raise UsageError(f"--backdrop {name}: {sentence(error.code, error.details)}") from None
    return still


def _named(name: str) -> Recipe:
    """The preset of that name, else the recipe in that file."""
    if name in presets():
        return preset(name)
    try:
        return _parsed(sources.read(Path(name)), name)
    except RecipeInvalid as error:
        raise UsageError(f"--recipe {name}: {sentence(error.code, error.details)}") from None
    except OffcutError as error:
        told = "it is no file and no preset" if re.fullmatch(r"[\w-]+", name) else sentence(error.code, error.details)
        raise UsageError(f"--recipe {name}: {told}; the presets are: {', '.join(presets())}") from None


def _parsed(data: bytes, name: str) -> Recipe:
    """JSON or TOML: the ending decides, and where it says neither, the first sign."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RecipeInvalid(field="recipe", reason="is not UTF-8 text") from None
    ending = Path(name).suffix.lower()
    if ending == ".json" or (ending != ".toml" and text.lstrip().startswith("{")):
        return Recipe.from_json(text)
    try:
        return Recipe.parse(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise RecipeInvalid(field="recipe", reason=f"is not TOML ({error})") from None
    except RecursionError:
        raise RecipeInvalid(field="recipe", reason="is nested too deeply") from None

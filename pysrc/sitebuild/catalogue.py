# SPDX-License-Identifier: AGPL-3.0-or-later
"""models/catalogue.toml as the build reads it, and catalogue.json as the browser reads it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import BuildError


@dataclass(frozen=True)
class Source:
    """A graph inside a package on npm; `resource` is its name in the package's resources.json.

    `input_size` is the side of the square that the published graph takes.
    """

    npm: str
    version: str
    integrity: str
    resource: str
    sha256: str
    bytes: int
    input_size: int


@dataclass(frozen=True)
class Prepared:
    """The cleaned graph at the contract's input size."""

    sha256: str
    bytes: int


@dataclass(frozen=True)
class Model:
    """One row; `contract` goes to the browser as it stands."""

    id: str
    name: str
    family: str
    licence: str
    commercial: bool
    source: Source
    prepared: Prepared
    contract: dict[str, Any]


@dataclass(frozen=True)
class Catalogue:
    """All rows and the id of the one that is used when nobody chose."""

    default: str
    models: tuple[Model, ...]


def read(path: Path) -> Catalogue:
    """Parse the file; raises `BuildError` naming what is wrong with it."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    models = []
    try:
        for row in data["models"]:
            source, prepared = Source(**row["source"]), Prepared(**row["prepared"])
            models.append(Model(**row | {"source": source, "prepared": prepared}))
        found = Catalogue(data["default"], tuple(models))
    except (KeyError, TypeError) as error:
        raise BuildError(f"{path.name}: a row is not complete or has something unknown ({error}).") from error
    if found.default not in [model.id for model in found.models]:
        raise BuildError(f"{path.name}: the default model {found.default!r} has no row.")
    return found


def published(catalogue: Catalogue, parts: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """What becomes catalogue.json; `parts` are those of each model, in order."""
    rows = [
        {
            "id": model.id,
            "name": model.name,
            "family": model.family,
            "licence": model.licence,
            "commercial": model.commercial,
            "sha256": model.prepared.sha256,
            "bytes": model.prepared.bytes,
            "parts": parts[model.id],
            **model.contract,
        }
        for model in catalogue.models
    ]
    return {"default": catalogue.default, "models": rows}

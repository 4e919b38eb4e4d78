# SPDX-License-Identifier: AGPL-3.0-or-later
"""models/catalogue.toml as the build reads it, and catalogue.json as the browser reads it."""

import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from offcut import catalogue as catalogues
from offcut.errors import CatalogueInvalid

from .errors import BuildError

CONTRACT = ("input_name", "output_name", "sides")
"""What a row may say of its contract beside what its family says."""


@dataclass(frozen=True)
class Source:
    """A graph inside a package on npm; `resource` is its name in the package's resources.json."""

    npm: str
    version: str
    integrity: str
    resource: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Prepared:
    """The graph as it ships: cleaned, and resizable where the row names several sides."""

    sha256: str
    bytes: int


@dataclass(frozen=True)
class Model:
    """One row; `contract` goes to the browser as it stands."""

    id: str
    name: str
    advice: str
    family: str
    licence: str
    commercial: bool
    backends: list[str]
    source: Source
    prepared: Prepared
    contract: dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """A choice that people are offered; see offcut.catalogue.Plan."""

    id: str
    name: str
    advice: str
    model: str
    sides: list[int]
    decisive: float


@dataclass(frozen=True)
class Catalogue:
    """All rows and the id of the plan that is used when nobody chose. `families` are the contracts by kind."""

    default: str
    plans: tuple[Plan, ...]
    families: dict[str, dict[str, Any]]
    models: tuple[Model, ...]


def read(path: Path) -> Catalogue:
    """Parse the file; raises `BuildError` naming what is wrong with it."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        families: dict[str, dict[str, Any]] = data["families"]
        models = tuple(_model(row, families) for row in data["models"])
        plans = tuple(Plan(**row) for row in data["plans"])
        return Catalogue(data["default"], plans, families, models)
    except (KeyError, TypeError) as error:
        raise BuildError(f"{path.name}: a row is not complete or has something unknown ({error}).") from error


def _model(row: dict[str, Any], families: dict[str, dict[str, Any]]) -> Model:
    """A row with the contract of its family, where it says nothing else itself."""
    rule = {key: value for key, value in families[row["family"]].items() if key != "name"}
    own = {key: row[key] for key in row if key in rule or key in CONTRACT}
    rest = {key: value for key, value in row.items() if key not in own}
    contract = {"sides": [own.get("side", rule["side"])], "input_name": "input", "output_name": "output"} | rule | own
    return Model(
        **rest | {"source": Source(**row["source"]), "prepared": Prepared(**row["prepared"]), "contract": contract}
    )


def published(catalogue: Catalogue, parts: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """What becomes catalogue.json; `parts` are those of each model, in order.

    Raises `BuildError` when the pipeline would not take it.
    """
    models = [
        {
            "id": model.id,
            "name": model.name,
            "advice": model.advice,
            "family": model.family,
            "licence": model.licence,
            "commercial": model.commercial,
            "backends": model.backends,
            "sha256": model.prepared.sha256,
            "bytes": model.prepared.bytes,
            "parts": parts[model.id],
            "contract": model.contract,
        }
        for model in catalogue.models
    ]
    plans = [asdict(plan) for plan in catalogue.plans]
    data = {"default": catalogue.default, "plans": plans, "models": models, "families": catalogue.families}
    try:
        catalogues.Catalogue.parse(data)
    except CatalogueInvalid as error:
        raise BuildError(f"catalogue.toml: {error.details['field']}: {error.details['reason']}.") from error
    return data

# SPDX-License-Identifier: AGPL-3.0-or-later
"""models/catalogue.toml as the build reads it, and catalogue.json as the browser reads it."""

import re
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from offcut import catalogue as catalogues
from offcut.errors import CatalogueInvalid

from . import measured
from .errors import BuildError
from .rows import GROUPS, Address, Catalogue, Model, Package, Plan, Prepared, Source

CONTRACT = ("input_name", "output_name", "sides")
"""What a row may say of its contract beside what its family says."""

PRECISIONS = ("fp32", "fp16")
ID = re.compile(r"[a-z0-9][a-z0-9._-]*")


@dataclass(frozen=True)
class Weights:
    """The graph of one model as the site hosts it: hash and size of the whole, its parts in order, the names of its
    input and output, and the hashes of the file that it was made from (`Source.published`)."""

    sha256: str
    bytes: int
    parts: list[dict[str, Any]]
    input_name: str
    output_name: str
    published: dict[str, str]


STAND_IN = Weights("0" * 64, 1, [{"sha256": "0" * 64, "bytes": 1}], "input", "output", {})
"""For checking a row whose weights nobody fetched."""


def read(path: Path) -> Catalogue:
    """Parse the file; raises `BuildError` naming what is wrong with it, in whichever row."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        families: dict[str, dict[str, Any]] = data["families"]
        models = tuple(_model(row, families) for row in data["models"])
        plans = tuple(Plan(**row) for row in data["plans"])
        catalogue = Catalogue(data["default"], plans, families, models, measured.read(path.with_name("measured.json")))
    except (KeyError, TypeError) as error:
        raise BuildError(f"{path.name}: a row is not complete or has something unknown ({error}).") from error
    except tomllib.TOMLDecodeError as error:
        raise BuildError(f"{path.name} is not TOML: {error}.") from error
    if catalogue.default not in [plan.id for plan in plans]:
        raise BuildError(f"{path.name}: default: there is no plan {catalogue.default!r}.")
    for plan in plans:
        if plan.model not in [model.id for model in models]:
            raise BuildError(f"{path.name}: the plan {plan.id}: there is no model {plan.model!r}.")
    check(catalogue)
    return catalogue


def published(catalogue: Catalogue, hosted: dict[str, Weights]) -> dict[str, Any]:
    """What becomes catalogue.json; `hosted` are the weights that the site has, by the id of their model.

    `models` are the hosted rows, `others` the rest: a browser knows the published file of such a row by its hash
    when somebody opens it from disk. `bytes` is that file's size, where it is known. It takes its own side only, and
    the names of its input and output are its first ones unless the contract says them. A plan whose model is not
    hosted is left out.

    Raises `BuildError` when the pipeline would not take it.
    """
    data = {
        "default": catalogue.default,
        "plans": [asdict(plan) for plan in plans(catalogue, hosted)],
        "models": [
            _hosted(model, hosted[model.id]) | {"measured": catalogue.measured.get(hosted[model.id].sha256, [])}
            for model in catalogue.models
            if model.id in hosted
        ],
        "others": [_other(model) for model in catalogue.models if model.id not in hosted],
        "families": catalogue.families,
    }
    try:
        catalogues.Catalogue.parse(data)
    except CatalogueInvalid as error:
        raise BuildError(f"catalogue.toml: {error.details['field']}: {error.details['reason']}.") from error
    return data


def pinned(catalogue: Catalogue) -> dict[str, Weights]:
    """The weights, each as one part, of the rows that say by themselves what graph ships and what it calls its
    input and output: what is known without fetching anything."""
    return {
        model.id: Weights(
            model.prepared.sha256,
            model.prepared.bytes,
            [asdict(model.prepared)],
            model.contract["input_name"],
            model.contract["output_name"],
            model.source.published,
        )
        for model in catalogue.models
        if model.prepared and {"input_name", "output_name"} <= set(model.contract)
    }


def plans(catalogue: Catalogue, hosted: dict[str, Weights]) -> list[Plan]:
    """The plans whose model is hosted."""
    return [plan for plan in catalogue.plans if plan.model in hosted]


def check(catalogue: Catalogue) -> None:
    """Raise `BuildError` when the pipeline would refuse any row, hosted or not."""
    published(catalogue, {model.id: STAND_IN for model in catalogue.models})


def _known(model: Model) -> dict[str, Any]:
    return {
        "id": model.id,
        "name": model.name,
        "advice": model.advice,
        "family": model.family,
        "licence": model.licence,
        "commercial": model.commercial,
        "home": model.home,
        "backends": model.backends,
        "precision": model.precision,
    }


def _hosted(model: Model, weights: Weights) -> dict[str, Any]:
    names = {"input_name": weights.input_name, "output_name": weights.output_name}
    return _known(model) | {
        "published": weights.published,
        "sha256": weights.sha256,
        "bytes": weights.bytes,
        "parts": weights.parts,
        "contract": names | model.contract,
    }


def _other(model: Model) -> dict[str, Any]:
    contract = model.contract | {"sides": [model.contract["side"]]}
    size = {"bytes": model.source.bytes} if model.source.bytes else {}
    return _known(model) | {"published": model.source.published, "contract": contract} | size


def _model(row: dict[str, Any], families: dict[str, dict[str, Any]]) -> Model:
    """A row with the contract of its family, where it says nothing else itself."""
    name = row.get("id", "")
    if not ID.fullmatch(name) or name in GROUPS:
        raise BuildError(f"catalogue.toml: {name!r} cannot be the id of a model: small letters, digits and . _ - only.")
    if not str(row["home"]).startswith("https://"):
        raise BuildError(f"catalogue.toml: {name}: home must be an address with https://.")
    if row.get("precision", "fp32") not in PRECISIONS:
        raise BuildError(f"catalogue.toml: {name}: precision must be one of {', '.join(PRECISIONS)}.")
    rule = {key: value for key, value in families[row["family"]].items() if key != "name"}
    own = {key: row[key] for key in row if key in rule or key in CONTRACT}
    rest = {key: value for key, value in row.items() if key not in own}
    contract = {"sides": [own.get("side", rule["side"])]} | rule | own
    prepared = Prepared(**row["prepared"]) if "prepared" in row else None
    return Model(**rest | {"source": _source(name, row["source"]), "prepared": prepared, "contract": contract})


def _source(name: str, row: dict[str, Any]) -> Source:
    if "npm" in row:
        return Package(**row)
    source = Address(**row)
    if bool(source.sha256 or source.md5) == bool(source.pointer):
        raise BuildError(f"catalogue.toml: {name}: source needs a hash (sha256, md5) or else a pointer to one.")
    return source

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands in models/catalogue.toml: models and where their graphs come from, families, plans."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from .errors import BuildError

GROUPS = ("all", "default")
"""What --models takes beside ids."""


@dataclass(frozen=True)
class Package:
    """A graph inside a package on npm; `resource` is its name in the package's resources.json."""

    npm: str
    version: str
    integrity: str
    resource: str
    sha256: str
    bytes: int

    @property
    def published(self) -> dict[str, str]:
        """The hash of the published file by its algorithm."""
        return {"sha256": self.sha256}

    @property
    def version_shown(self) -> str:
        """What the licences page names as its version."""
        return f"{self.npm} {self.version}"


@dataclass(frozen=True)
class Address:
    """A graph that lies at `url` as a file of its own.

    It is known by its `sha256` or `md5`, or both; where its publisher's hash is not known to us, `pointer` is the
    address of its Git LFS pointer, a few lines of text in which the publisher's own host states hash and size.
    """

    url: str
    sha256: str = ""
    md5: str = ""
    pointer: str = ""
    bytes: int | None = None

    @property
    def published(self) -> dict[str, str]:
        """The hashes of the published file by their algorithm, as far as the row tells."""
        return {name: value for name, value in (("sha256", self.sha256), ("md5", self.md5)) if value}

    @property
    def version_shown(self) -> str:
        """What the licences page names as its version."""
        return self.url.rpartition("/")[2]


Source = Package | Address


@dataclass(frozen=True)
class Prepared:
    """The graph as it ships: cleaned, and resizable where the row names several sides."""

    sha256: str
    bytes: int


@dataclass(frozen=True)
class Model:
    """One row. `contract` is its family's with what the row itself says; the names of input and output are in it
    only when the row gives them. `precision` "fp16" asks a GPU for 16-bit floats. Without `prepared` the published
    file's hash alone pins the graph.
    """

    id: str
    name: str
    advice: str
    family: str
    licence: str
    commercial: bool
    home: str
    backends: list[str]
    source: Source
    contract: dict[str, Any]
    precision: Literal["fp32", "fp16"] = "fp32"
    prepared: Prepared | None = None


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
    """All rows and the id of the plan that is used when nobody chose. `families` are the contracts by kind,
    `measured` what the benchmark found, by the SHA-256 of the weights (see measured.py)."""

    default: str
    plans: tuple[Plan, ...]
    families: dict[str, dict[str, Any]]
    models: tuple[Model, ...]
    measured: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def chosen(self, choice: str) -> tuple[Model, ...]:
        """The models that `choice` names, in the order of the rows.

        `choice` is ids with commas between; "default" stands for the models of all plans, "all" for every row.
        Raises `BuildError` for an unknown id, and when the default plan's model is not among them.
        """
        planned = {plan.model for plan in self.plans}
        groups = {"all": {model.id for model in self.models}, "default": planned}
        wanted: set[str] = set()
        for name in filter(None, (piece.strip() for piece in choice.split(","))):
            if name not in groups and name not in groups["all"]:
                known = ", ".join([*GROUPS, *(model.id for model in self.models)])
                raise BuildError(f"--models: there is no model {name!r}. There are: {known}.")
            wanted |= groups.get(name, {name})
        plan = self.default_plan
        if plan.model not in wanted:
            raise BuildError(
                f"--models {choice}: the plan that is used when nobody chose, {plan.id}, needs the model {plan.model}. "
                "Name it too, or make another plan the default in models/catalogue.toml."
            )
        return tuple(model for model in self.models if model.id in wanted)

    @property
    def default_plan(self) -> Plan:
        """The plan that is used when nobody chose."""
        return next(plan for plan in self.plans if plan.id == self.default)

    def words(self) -> Iterable[str]:
        """What people are shown of it and translators translate: the plans' names, and all advice."""
        for plan in self.plans:
            yield plan.name
            yield plan.advice
        for model in self.models:
            yield model.advice

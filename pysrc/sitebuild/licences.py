# SPDX-License-Identifier: AGPL-3.0-or-later
"""The table of third-party parts, site/dependencies.toml, and whether it agrees with the real dependencies.

Versions are not typed into the table: they come from the locks and Pyodide's own lock. Models stand in
models/catalogue.toml and nowhere else; those that a site hosts are added to its table.
"""

import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from . import catalogue, pyodide
from .errors import BuildError
from .layout import Layout
from .rows import Model


@dataclass(frozen=True)
class Row:
    """One part: `where` is npm, pypi, pyodide, weights or picture; `ships` says that users receive it, `commercial`
    that its licence lets them use it for money."""

    name: str
    where: str
    licence: str
    why: str
    ships: bool
    url: str
    version: str = ""
    commercial: bool = True

    def shown(self) -> dict[str, Any]:
        """The row as templates see it."""
        return asdict(self)


def table(layout: Layout, hosted: Iterable[Model] = ()) -> list[Row]:
    """All rows, with their versions, and one for each model that is hosted.

    Raises `BuildError` when a row is not complete.
    """
    data = tomllib.loads((layout.root / "site" / "dependencies.toml").read_text(encoding="utf-8"))
    known = dependencies(layout)
    rows = []
    for each in data["part"]:
        try:
            row = Row(**each)
        except TypeError as error:
            raise BuildError(f"site/dependencies.toml: {each.get('name', 'a row')}: {error}.") from error
        version = known.get((row.where, row.name), row.version)
        rows.append(Row(**asdict(row) | {"version": version}))
    return rows + [_weights(model) for model in hosted]


def _weights(model: Model) -> Row:
    why = f"Model: {model.name}"
    version = model.source.version_shown
    return Row(model.id, "weights", model.licence, why, True, model.home, version, model.commercial)


def dependencies(layout: Layout) -> dict[tuple[str, str], str]:
    """Every direct dependency and its locked version, by (where, name)."""
    return _python(layout) | _npm(layout) | _pyodide(layout)


def disagreements(layout: Layout) -> list[str]:
    """What is in the table but not used, used but not in the table, or hosted without its terms, as sentences."""
    rows = table(layout)
    known = set(dependencies(layout))
    pictures = _pictures(layout)
    listed = {(row.where, row.name) for row in rows}
    missing = sorted((known | pictures) - listed)
    idle = sorted(listed - known - pictures)
    return [
        *(f"{where}: {name} has no row in site/dependencies.toml" for where, name in missing),
        *(f"{where}: {name} has a row in site/dependencies.toml but nothing uses it" for where, name in idle),
        *(f"weights: {name} has no models/licences/{name}.md" for name in _without_terms(layout)),
    ]


def links(layout: Layout) -> frozenset[str]:
    """Every address that the site may offer people to follow: where parts and models are at home."""
    models = catalogue.read(layout.models / "catalogue.toml").models
    return frozenset([*(row.url for row in table(layout)), *(model.home for model in models)])


def _python(layout: Layout) -> dict[tuple[str, str], str]:
    project = tomllib.loads((layout.root / "pyproject.toml").read_text(encoding="utf-8"))
    found = {}
    for group, requirements in project["dependency-groups"].items():
        locked = _locked((layout.locks / f"{group}.txt").read_text(encoding="utf-8"))
        for requirement in requirements:
            if isinstance(requirement, str):
                name = re.split(r"[\s<>=!~;\[]", requirement, maxsplit=1)[0].lower()
                found["pypi", name] = locked.get(name, "")
    return found


def _locked(text: str) -> dict[str, str]:
    """The versions of a pip lock; the first of a package with several is that of Python < 3.14."""
    versions: dict[str, str] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.MULTILINE):
        versions.setdefault(name.lower(), version)
    return versions


def _npm(layout: Layout) -> dict[tuple[str, str], str]:
    site = layout.root / "site"
    package = json.loads((site / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((site / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    names = [*package.get("dependencies", {}), *package.get("devDependencies", {})]
    return {("npm", name): lock.get(f"node_modules/{name}", {}).get("version", "") for name in names}


def _pyodide(layout: Layout) -> dict[tuple[str, str], str]:
    lock = layout.modules / "pyodide" / "pyodide-lock.json"
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    return {("pyodide", name): packages[name]["version"] for name in pyodide.PACKAGES}


def _without_terms(layout: Layout) -> list[str]:
    """The models that a site hosts unless told otherwise, and whose terms are not told in models/licences."""
    shipped = catalogue.read(layout.models / "catalogue.toml").chosen("default")
    return [model.id for model in shipped if not (layout.models / "licences" / f"{model.id}.md").is_file()]


def _pictures(layout: Layout) -> set[tuple[str, str]]:
    """The sample pictures; a thumbnail (NAME-thumb) is the same picture."""
    files = (path for path in (layout.site / "static" / "samples").glob("*") if path.is_file())
    return {("picture", path.stem.removesuffix("-thumb")) for path in files}

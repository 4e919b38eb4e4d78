# SPDX-License-Identifier: AGPL-3.0-or-later
"""The licence table must be the truth."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from sitebuild import licences
from sitebuild.errors import BuildError
from sitebuild.layout import Layout


@pytest.fixture
def copy(layout: Layout, tmp_path: Path) -> Layout:
    """A checkout with what the table is compared with, free to be changed."""
    for name in ("pyproject.toml", "pysrc/locks", "models/catalogue.toml"):
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        source = layout.root / name
        shutil.copytree(source, target) if source.is_dir() else shutil.copyfile(source, target)
    shutil.copytree(layout.models / "licences", tmp_path / "models" / "licences")
    (tmp_path / "site").mkdir()
    for name in ("package.json", "package-lock.json", "dependencies.toml"):
        shutil.copyfile(layout.site / name, tmp_path / "site" / name)
    shutil.copytree(layout.site / "static", tmp_path / "site" / "static")
    return replace(Layout.at(tmp_path), modules=layout.modules)


def edit(copy: Layout, old: str, new: str) -> None:
    path = copy.site / "dependencies.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_table_agrees_with_the_dependencies(copy: Layout) -> None:
    assert licences.disagreements(copy) == []


def test_a_missing_row_is_named(copy: Layout) -> None:
    edit(copy, 'name = "lit"', 'name = "little"')
    assert licences.disagreements(copy) == [
        "npm: lit has no row in site/dependencies.toml",
        "npm: little has a row in site/dependencies.toml but nothing uses it",
    ]


def test_a_row_without_a_licence_is_refused(copy: Layout) -> None:
    edit(copy, 'licence = "OFL-1.1"\n', "")
    with pytest.raises(BuildError, match="@fontsource-variable/inter"):
        licences.table(copy)


def test_a_model_that_ships_without_its_terms_is_named(copy: Layout) -> None:
    (copy.models / "licences" / "isnet-fp16.md").unlink()
    assert licences.disagreements(copy) == ["weights: isnet-fp16 has no models/licences/isnet-fp16.md"]


def test_versions_come_from_the_locks(copy: Layout) -> None:
    versions = {(row.where, row.name): row.version for row in licences.table(copy)}
    assert versions["pyodide", "numpy"] == versions["pypi", "numpy"] == "2.2.5"
    assert versions["npm", "pyodide"] == "0.28.3"
    assert all(version for (where, _), version in versions.items() if where != "picture")

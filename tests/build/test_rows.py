# SPDX-License-Identifier: AGPL-3.0-or-later
"""The catalogue: what its rows may say, which models a choice names, and what the browser is told."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sitebuild import catalogue, licences
from sitebuild.catalogue import STAND_IN, Weights
from sitebuild.errors import BuildError
from sitebuild.layout import Layout
from sitebuild.rows import Address, Catalogue, Model, Package


@pytest.fixture(scope="module")
def known(layout: Layout) -> Catalogue:
    """The catalogue as it stands."""
    return catalogue.read(layout.models / "catalogue.toml")


def hosting(*ids: str) -> dict[str, Weights]:
    return {id: replace(STAND_IN, published={"sha256": id}) for id in ids}


def test_hosted_rows_tell_the_browser_everything_but_their_source(known: Catalogue) -> None:
    data = catalogue.published(known, hosting("isnet-int8", "isnet-fp16"))
    row = data["models"][0]
    assert row["contract"]["mean"] == [128, 128, 128] and row["contract"]["input_name"] == "input"
    assert row["home"] == "https://github.com/imgly/background-removal-js"
    assert row["published"] == {"sha256": "isnet-int8"} and "source" not in row
    assert [plan["id"] for plan in data["plans"]] == ["fast", "balanced", "best"]


def test_rows_that_are_not_hosted_are_known_by_the_hash_of_their_published_file(known: Catalogue) -> None:
    others = {row["id"]: row for row in catalogue.published(known, hosting("isnet-int8"))["others"]}
    assert set(others) == {model.id for model in known.models} - {"isnet-int8"}
    told = {"id", "name", "advice", "family", "licence", "commercial", "home", "backends", "precision"}
    assert all(set(row) == told | {"published", "bytes", "contract"} for row in others.values())
    assert all("sha256" in row["published"] for row in others.values())
    assert others["u2netp"]["published"] == {
        "sha256": "309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8",
        "md5": "8e83ca70e441ab06c318d82300c84806",
    }
    assert others["u2netp"]["bytes"] == 4574861 and others["rmbg-1.4-fp16"]["precision"] == "fp16"
    assert others["rmbg-1.4"]["commercial"] is False


def test_a_published_file_takes_the_one_side_that_it_was_exported_for(known: Catalogue) -> None:
    others = {row["id"]: row for row in catalogue.published(known, hosting("isnet-int8"))["others"]}
    assert others["isnet-fp16"]["contract"]["sides"] == [1024]
    assert known.models[1].id == "isnet-fp16" and 512 in known.models[1].contract["sides"]


def test_a_plan_whose_model_is_not_hosted_is_left_out(known: Catalogue) -> None:
    assert [plan["id"] for plan in catalogue.published(known, hosting("isnet-int8"))["plans"]] == ["fast", "balanced"]


def ids(models: tuple[Model, ...]) -> list[str]:
    return [model.id for model in models]


def test_a_choice_names_models_groups_or_both(known: Catalogue) -> None:
    assert ids(known.chosen("default")) == ["isnet-int8", "isnet-fp16"]
    assert known.chosen("all") == known.models
    assert ids(known.chosen("isnet-int8")) == ["isnet-int8"]
    assert ids(known.chosen("modnet, u2netp,default")) == ["isnet-int8", "isnet-fp16", "u2netp", "modnet"]


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("isnet-int8,u3net", r"there is no model 'u3net'. There are: all, default, isnet-int8, .*, modnet\."),
        ("u2netp", r"--models u2netp: the plan .*, balanced, needs the model isnet-int8\. Name it too"),
        ("", "balanced, needs the model isnet-int8"),
    ],
)
def test_a_choice_that_cannot_work_is_refused(known: Catalogue, choice: str, said: str) -> None:
    with pytest.raises(BuildError, match=said):
        known.chosen(choice)


def test_an_incomplete_row_is_refused(tmp_path: Path) -> None:
    (tmp_path / "catalogue.toml").write_text('default = "x"\n[families.f]\n[[models]]\nid = "x"\n')
    with pytest.raises(BuildError, match=r"catalogue\.toml: a row is not complete"):
        catalogue.read(tmp_path / "catalogue.toml")
    (tmp_path / "catalogue.toml").write_text("default = x")
    with pytest.raises(BuildError, match=r"catalogue\.toml is not TOML"):
        catalogue.read(tmp_path / "catalogue.toml")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "modnet"', 'id = "mod net"', "'mod net' cannot be the id"),
        ('id = "modnet"', 'id = "all"', "'all' cannot be the id"),
        ('id = "modnet"', 'id = "u2net"', "two rows with one id"),
        ('home = "https://huggingface.co/Xenova/modnet"', 'home = "javascript:x"', "modnet: home must be"),
        ('sha256 = "07c308cf', 'pointer = "https://x"\nsha256 = "07c308cf', "a hash .* or else a pointer"),
        ('md5 = "8e83ca70e441ab06c318d82300c84806"', 'sha1 = "8e83ca70"', "something unknown .*sha1"),
        ('resize = "fit"', 'resize = "crop"', r"models\[11\]\.contract\.resize"),
        ('precision = "fp16"', 'precision = "fp8"', "isnet-fp16: precision must be one of fp32, fp16"),
        ('backends = ["webgpu"]', 'backends = ["metal"]', r"models\[8\]\.backends"),
        ('model = "isnet-fp16"', 'model = "isnet-fp8"', "the plan best: there is no model 'isnet-fp8'"),
        ("sides = [1024, 768]", "sides = [1000, 768]", r"plans\[2\]\.sides"),
        ('default = "balanced"', 'default = "isnet-int8"', "default: there is no plan 'isnet-int8'"),
    ],
)
def test_a_fault_in_any_row_is_found_whether_it_is_hosted_or_not(
    layout: Layout, tmp_path: Path, old: str, new: str, said: str
) -> None:
    text = (layout.models / "catalogue.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "catalogue.toml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BuildError, match=said):
        catalogue.read(tmp_path / "catalogue.toml")


def test_a_fault_in_the_weights_is_named(known: Catalogue) -> None:
    with pytest.raises(BuildError, match=r"catalogue\.models\[0\]\.parts"):
        catalogue.published(known, {"isnet-int8": replace(STAND_IN, parts=[])})


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def table(layout: Layout, first: str) -> dict[str, list[str]]:
    """The rows of the table of models/README.md whose head begins with `first`, by their first cell."""
    lines = (layout.models / "README.md").read_text(encoding="utf-8").splitlines()
    [start] = [index for index, line in enumerate(lines) if line.startswith(f"| {first} |")]
    rows = [cells(line) for line in lines[start + 2 :]]
    return {row[0]: row[1:] for row in rows[: next(index for index, row in enumerate(rows) if row == [""])]}


def told(source: Package | Address) -> str:
    return f"npm {source.npm} {source.version} {source.resource}" if isinstance(source, Package) else source.url


def test_the_readme_tells_every_model_as_the_catalogue_does(layout: Layout, known: Catalogue) -> None:
    assert table(layout, "model") == {
        f"`{model.id}`": [
            model.family,
            model.licence if model.commercial else f"{model.licence}, **not for commercial use**",
            ", ".join(map(str, model.contract["sides"])),
            ", ".join(model.backends),
            f"{model.source.bytes:,}",
            told(model.source),
        ]
        for model in known.models
    }


def numbers(values: list[float]) -> str:
    return f"{values[0]:g}" if len(set(values)) == 1 else ", ".join(f"{value:g}" for value in values)


def test_the_readme_tells_every_family_as_the_catalogue_does(layout: Layout, known: Catalogue) -> None:
    def row(rule: dict[str, Any]) -> list[str]:
        resize = f"{rule['resize']}, {rule['multiple']}" if rule["resize"] == "fit" else rule["resize"]
        return [rule["name"], resize, rule["scale"], numbers(rule["mean"]), numbers(rule["std"]), rule["activation"]]

    assert table(layout, "family") == {f"`{name}`": row(rule) for name, rule in known.families.items()}


def test_every_family_of_the_catalogue_has_a_model(known: Catalogue) -> None:
    assert {model.family for model in known.models} == set(known.families)


def test_nothing_but_the_catalogue_names_a_model(layout: Layout) -> None:
    rows = tomllib.loads((layout.site / "dependencies.toml").read_text(encoding="utf-8"))["part"]
    assert "weights" not in {row["where"] for row in rows}


def test_a_hosted_model_joins_the_licences_page_with_its_terms(layout: Layout, known: Catalogue) -> None:
    rows = {row.name: row for row in licences.table(layout, known.models) if row.where == "weights"}
    assert list(rows) == [model.id for model in known.models]
    assert rows["isnet-fp16"].version == "@imgly/background-removal-data 1.4.5" and rows["isnet-fp16"].commercial
    assert rows["rmbg-1.4"].licence == "bria-rmbg-1.4" and not rows["rmbg-1.4"].commercial
    assert all(row.ships and row.url in licences.links(layout) for row in rows.values())

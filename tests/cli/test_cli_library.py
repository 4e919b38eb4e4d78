# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the catalogue and the weights come from."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from offcut.cli.cache import cache_home
from offcut.cli.library import Library
from offcut.errors import CatalogueInvalid, CatalogueMissing, WeightsMissing
from sitebuild import weights
from sitebuild.errors import BuildError
from sitebuild.layout import Layout

from .conftest import Call, Toy, bright


@pytest.fixture(autouse=True)
def picture(room: Path) -> None:
    """cat.png in the working directory."""
    (room / "cat.png").write_bytes(bright())


def test_parts_are_joined_into_the_cache_once(call: Call, toy: Toy, cache: Path) -> None:
    assert call("cat.png").code == 0
    assert [path.name for path in cache.iterdir()] == [toy.cached]
    assert (cache / toy.cached).read_bytes() == toy.graph
    for part in toy.parts():
        part.unlink()
    assert call("cat.png", "--overwrite").code == 0


def test_weights_that_are_nowhere_are_named_with_the_places_and_the_remedy(call: Call, toy: Toy, cache: Path) -> None:
    toy.parts()[1].unlink()
    said = call("cat.png")
    assert said.code == 1
    for piece in (toy.cached, str(cache), str(toy.folder / "weights"), "python build.py build --models tiny"):
        assert piece in said.err
    assert said.err.count("\n") == 1


def test_what_is_cut_by_hand_needs_no_weights(call: Call, toy: Toy, room: Path) -> None:
    for part in toy.parts():
        part.unlink()
    (room / "touches.json").write_text(
        '{"version": 1, "method": {"by": "hand"}, "touches":'
        ' [{"tool": "area", "mode": "erase", "points": [0, 0, 9, 0, 9, 5, 0, 5]}]}'
    )
    assert call("cat.png", "--recipe", "touches.json").code == 0
    with Image.open(room / "cat-cutout.png") as cutout:
        assert cutout.getpixel((4, 2)) == (0, 0, 0, 0)
        assert cutout.getpixel((4, 7))[3] == 255
    assert call("cat.png", "--recipe", "manual", "--overwrite").code == 0


def test_a_spoilt_part_is_refused_and_nothing_kept(call: Call, toy: Toy, cache: Path) -> None:
    part = toy.parts()[1]
    part.write_bytes(part.read_bytes()[::-1])
    said = call("cat.png")
    assert said.code == 1 and str(part) in said.err and "were refused" in said.err
    assert list(cache.iterdir()) == []


def test_a_spoilt_cache_is_replaced(call: Call, toy: Toy, cache: Path) -> None:
    cache.mkdir()
    (cache / toy.cached).write_bytes(b"spoilt")
    assert call("cat.png").code == 0
    assert (cache / toy.cached).read_bytes() == toy.graph


def test_a_spoilt_cache_is_refused_where_nothing_replaces_it(call: Call, toy: Toy, cache: Path) -> None:
    cache.mkdir()
    (cache / toy.cached).write_bytes(b"spoilt")
    toy.parts()[0].unlink()
    said = call("cat.png")
    assert said.code == 1 and str(cache / toy.cached) in said.err and "were refused" in said.err


def test_a_folder_of_models_comes_first(call: Call, toy: Toy, cache: Path, room: Path) -> None:
    for part in toy.parts():
        part.unlink()
    (room / "nets").mkdir()
    (room / "nets" / "tiny.onnx").write_bytes(toy.graph)
    assert call("cat.png", "--models", "nets").code == 0
    assert not cache.exists()
    (room / "nets" / "tiny.onnx").write_bytes(b"another")
    said = call("cat.png", "--models", "nets", "--overwrite")
    assert said.code == 1 and "tiny.onnx" in said.err and "were refused" in said.err


def test_a_folder_that_is_no_site_is_named(call: Call, room: Path) -> None:
    said = call("cat.png", "--site", str(room))
    assert said.code == 1 and str(room) in said.err and "--site" in said.err


def test_a_site_with_a_damaged_catalogue_is_refused(toy: Toy, cache: Path) -> None:
    (toy.folder / "r" / "1" / "catalogue.json").write_text("{")
    with pytest.raises(CatalogueInvalid):
        Library.of(toy.folder)


def test_outside_a_checkout_a_site_must_be_named(tmp_path: Path, cache: Path) -> None:
    with pytest.raises(CatalogueMissing):
        Library.of(checkout=tmp_path)


def test_a_checkout_without_a_site_asks_its_build(
    layout: Layout, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models").symlink_to(layout.models)
    library = Library.of(checkout=tmp_path)
    assert library.origin == str(tmp_path / "models" / "catalogue.toml")
    model = library.catalogue.model(library.catalogue.plan("default").model)
    made = tmp_path / "made.onnx"
    asked: list[Any] = []

    def prepared(layout: Layout, runner: object, row: Any) -> Path:
        asked.append(row.id)
        if len(asked) > 1:
            raise BuildError("The host is away.")
        return made

    monkeypatch.setattr(weights, "prepared", prepared)
    monkeypatch.setattr("sitebuild.node.find", lambda layout: object())
    assert library.weights(model) == made and asked == [model.id]
    with pytest.raises(WeightsMissing) as caught:
        library.weights(model)
    assert caught.value.details["reason"] == ": The host is away"
    assert str(tmp_path) in str(caught.value.details["places"])


def test_the_sources_of_a_checkout_say_what_its_site_says(site: Path, layout: Layout, tmp_path: Path) -> None:
    (tmp_path / "models").symlink_to(layout.models)
    sources, built = Library.of(checkout=tmp_path).catalogue, Library.of(site).catalogue
    assert sources.plans == built.plans and sources.default == built.default
    assert {model.id: model.sha256 for model in sources.models} == {model.id: model.sha256 for model in built.models}


@pytest.mark.parametrize(
    ("variables", "home"),
    [
        ({}, Path.home() / ".cache" / "offcut"),
        ({"XDG_CACHE_HOME": "/x"}, Path("/x/offcut")),
        ({"OFFCUT_CACHE": "~/y"}, Path.home() / "y"),
        ({"OFFCUT_CACHE": "/z", "XDG_CACHE_HOME": "/x"}, Path("/z")),
    ],
)
def test_the_cache_is_where_the_environment_says(
    variables: dict[str, str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_CACHE_HOME", "OFFCUT_CACHE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert cache_home() == home

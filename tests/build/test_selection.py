# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whole sites with other models than the usual ones: what they host, say, leave out and exit with."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from hosting import Host
from nets import brightness
from sitebuild import cli, commands, licences, origins
from sitebuild.errors import BuildError
from sitebuild.layout import Layout

ROWS = """
default = "first"

[families.bright]
name = "Brightness"
side = 64
multiple = 32
resize = "stretch"
scale = "fixed"
mean = [0, 0, 0]
std = [255, 255, 255]
layout = "NCHW"
activation = "none"
"""
PLAN = """
[[plans]]
id = "{id}"
name = "{id}"
advice = "A plan."
model = "{model}"
sides = [64]
decisive = 1
"""
MODEL = """
[[models]]
id = "{id}"
name = "The model {id}"
advice = "A model."
family = "bright"
licence = "{licence}"
commercial = {commercial}
home = "https://example.org/{id}"
backends = ["wasm"]

[models.source]
url = "{url}"
sha256 = "{sha256}"
"""


@pytest.fixture
def shop(own: Layout, host: Host) -> Layout:
    """A checkout with four small models: a is for the default plan, b for another, c is not free, d in no plan.

    c's host sends something else than the row says; nothing lies at b's and d's addresses.
    """
    graph = brightness(64)
    sha256 = hashlib.sha256(graph).hexdigest()
    text = ROWS + PLAN.format(id="first", model="a") + PLAN.format(id="second", model="b")
    for id, licence, commercial in [
        ("a", "MIT", "true"),
        ("b", "MIT", "true"),
        ("c", "mine", "false"),
        ("d", "MIT", "true"),
    ]:
        url = host.put(f"{id}.onnx", graph)
        text += MODEL.format(id=id, licence=licence, commercial=commercial, url=url, sha256=sha256)
    (own.models / "catalogue.toml").write_text(text, encoding="utf-8")
    return own


def build(shop: Layout, dist: Path, *arguments: str) -> int:
    options = cli.parse(["build", "--base-dir", str(dist), *arguments])
    return commands.build(options, shop)


def published(dist: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(next(dist.glob("r/*/catalogue.json")).read_text(encoding="utf-8"))
    return data


def text_of(page: Path) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.read_text(encoding="utf-8")))


def test_a_site_hosts_what_was_asked_for_and_says_under_which_terms(shop: Layout, tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    assert build(shop, dist, "--models", "default,c") == 0
    data = published(dist)
    assert [row["id"] for row in data["models"]] == ["a", "b", "c"]
    assert [row["id"] for row in data["others"]] == ["d"]
    page = text_of(dist / "licences" / "index.html")
    assert "c c.onnx mine Not for commercial use Model: The model c" in page
    assert page.count("Not for commercial use") == 1 and "The model d" not in page
    assert origins.findings(dist, licences.links(shop)) == []
    listed = json.loads((dist / "release.json").read_text(encoding="utf-8"))["files"]
    assert not [entry for entry in listed if entry["url"].startswith("weights/")]


def test_a_plan_is_left_out_with_its_model(shop: Layout, host: Host, tmp_path: Path) -> None:
    host.files.pop("/b.onnx")
    assert build(shop, tmp_path / "dist", "--models", "a") == 0
    assert [plan["id"] for plan in published(tmp_path / "dist")["plans"]] == ["first"]
    assert host.asked == ["/a.onnx"]


def test_without_keep_going_the_first_model_that_fails_ends_the_build(shop: Layout, host: Host, tmp_path: Path) -> None:
    host.put("c.onnx", b"changed")
    with pytest.raises(BuildError, match=r"Model c: c-\w+\.onnx from .* is not the expected file"):
        build(shop, tmp_path / "dist", "--models", "all")
    assert not (tmp_path / "dist").exists()


def test_keep_going_goes_on_without_models_that_no_plan_needs(
    shop: Layout, host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    host.put("c.onnx", b"changed")
    host.files.pop("/d.onnx")
    assert build(shop, tmp_path / "dist", "--models", "all", "--keep-going") == 0
    assert [row["id"] for row in published(tmp_path / "dist")["models"]] == ["a", "b"]
    last = capsys.readouterr().err.splitlines()[-2:]
    assert last[0].startswith("Left out: Model c: ") and "is not the expected file" in last[0]
    assert last[1].startswith("Left out: Model d: ") and "HTTP 404" in last[1]


def test_keep_going_fails_in_the_end_when_a_plan_was_lost(
    shop: Layout, host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    host.files.pop("/b.onnx")
    assert build(shop, tmp_path / "dist", "--keep-going") == 1
    assert [plan["id"] for plan in published(tmp_path / "dist")["plans"]] == ["first"]
    assert "the plan second is not in it: its model b could not be had" in capsys.readouterr().err

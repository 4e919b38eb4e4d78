# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the benchmark found of the nets: kept beside the catalogue, and published with the weights it belongs to."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from sitebuild import catalogue, measured
from sitebuild.errors import BuildError
from sitebuild.layout import Layout

LOOK = {"side": 64, "iou": 0.75, "boundary": 0.5, "mae": 0.25, "native_ms": 12.5, "wasm_ms": 50.0}


def test_every_look_of_a_plan_was_measured_with_the_weights_that_ship(layout: Layout) -> None:
    known = catalogue.read(layout.models / "catalogue.toml")
    for plan in known.plans:
        model = next(each for each in known.models if each.id == plan.model)
        assert model.prepared is not None
        looks = known.measured[model.prepared.sha256]
        assert set(plan.sides) <= {look["side"] for look in looks}
        assert all(0.5 < look["iou"] < 1 and look["wasm_ms"] > 0 for look in looks)


def test_what_was_measured_is_published_with_the_weights_it_was_measured_with(layout: Layout, tmp_path: Path) -> None:
    known = catalogue.read(layout.models / "catalogue.toml")
    hosted = catalogue.pinned(known)
    [first, second] = [hosted[id].sha256 for id in ("isnet-int8", "isnet-fp16")]
    measured.write(tmp_path / "measured.json", {first: [LOOK | {"side": 96}, LOOK], "f" * 64: [LOOK]}, "here", 3)
    found = measured.read(tmp_path / "measured.json")
    rows = catalogue.published(replace(known, measured=found), hosted)["models"]
    assert {row["sha256"]: row["measured"] for row in rows if row["sha256"] in (first, second)} == {
        first: [LOOK, LOOK | {"side": 96}],
        second: [],
    }


def test_without_the_file_nothing_is_known(tmp_path: Path) -> None:
    assert measured.read(tmp_path / "measured.json") == {}


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "{}",
        json.dumps({"models": [{"sha256": "0"}]}),
        json.dumps({"models": [{"sha256": "0", "looks": [LOOK | {"iou": "high"}]}]}),
        json.dumps({"models": [{"sha256": "0", "looks": [LOOK | {"more": 1}]}]}),
    ],
)
def test_a_file_that_the_benchmark_did_not_write_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "measured.json").write_text(text, encoding="utf-8")
    with pytest.raises(BuildError, match=r"measured\.json"):
        measured.read(tmp_path / "measured.json")

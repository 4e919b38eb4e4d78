# SPDX-License-Identifier: AGPL-3.0-or-later
"""Weights: parts that can be joined again, preparations that are kept, models that fail one by one."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from hosting import Host
from nets import brightness
from sitebuild import catalogue, weights
from sitebuild.errors import BuildError
from sitebuild.layout import Layout
from sitebuild.node import Node
from sitebuild.rows import Address, Catalogue, Model, Prepared

NO_NODE = Node(Path("no-node"), ())


@pytest.fixture
def bright(own: Layout, host: Host) -> Model:
    """A row whose small net lies on the host."""
    graph = brightness(64)
    row = next(each for each in catalogue.read(own.models / "catalogue.toml").models if each.id == "u2netp")
    source = Address(host.put("bright.onnx", graph), sha256=hashlib.sha256(graph).hexdigest())
    contract = row.contract | {"side": 64, "sides": [64]}
    return replace(row, id="bright", source=source, contract=contract)


def cached(own: Layout) -> list[str]:
    return sorted(path.name for path in (own.cache / "models").iterdir())


def test_parts_joined_give_the_whole(tmp_path: Path) -> None:
    data = bytes(range(251)) * 100
    parts = weights.split(data, tmp_path, part=4096)
    pieces = [(tmp_path / f"{part['sha256']}.bin").read_bytes() for part in parts]
    assert b"".join(pieces) == data
    assert [len(piece) for piece in pieces] == [part["bytes"] for part in parts]
    assert all(hashlib.sha256(p).hexdigest() == q["sha256"] for p, q in zip(pieces, parts, strict=True))
    assert max(len(piece) for piece in pieces) == 4096


def test_a_preparation_is_made_once_and_needs_no_host_again(own: Layout, host: Host, bright: Model) -> None:
    first = weights.prepared(own, NO_NODE, bright)
    assert weights.prepared(own, NO_NODE, bright) == first
    assert host.asked == ["/bright.onnx"] and cached(own) == [first.name]


def test_a_changed_script_makes_the_preparation_anew(own: Layout, bright: Model) -> None:
    first = weights.prepared(own, NO_NODE, bright)
    with (own.models / "clean.py").open("a") as script:
        script.write("# changed\n")
    second = weights.prepared(own, NO_NODE, bright)
    assert second.name != first.name and second.read_bytes() == first.read_bytes()


def test_a_preparation_that_was_spoilt_in_the_cache_is_made_anew(own: Layout, bright: Model) -> None:
    path = weights.prepared(own, NO_NODE, bright)
    good = path.read_bytes()
    path.write_bytes(good[:-1])
    assert weights.prepared(own, NO_NODE, bright).read_bytes() == good


def test_a_preparation_must_be_the_one_that_the_row_names(own: Layout, bright: Model) -> None:
    made = weights.prepared(own, NO_NODE, bright).read_bytes()
    right = Prepared(hashlib.sha256(made).hexdigest(), len(made))
    path = weights.prepared(own, NO_NODE, replace(bright, prepared=right))
    assert path.read_bytes() == made and path.name == f"bright-{right.sha256[:12]}.onnx"
    path.unlink()
    wrong = replace(bright, prepared=replace(right, bytes=right.bytes + 1))
    with pytest.raises(BuildError, match=f"has sha256 {right.sha256} and {right.bytes} bytes"):
        weights.prepared(own, NO_NODE, wrong)
    assert not path.exists()


def test_a_preparation_that_the_row_names_is_checked_each_time(own: Layout, host: Host, bright: Model) -> None:
    made = weights.prepared(own, NO_NODE, bright).read_bytes()
    row = replace(bright, prepared=Prepared(hashlib.sha256(made).hexdigest(), len(made)))
    path = weights.prepared(own, NO_NODE, row)
    path.write_bytes(made[:-1])
    host.files.clear()
    assert weights.prepared(own, NO_NODE, row).read_bytes() == made


@pytest.fixture
def known(bright: Model) -> Catalogue:
    """A catalogue of a model that is there and one that is not, each with a plan; the first is the default."""
    gone = replace(bright, id="gone", source=Address("http://127.0.0.1:1/gone.onnx", sha256="0" * 64))
    real = catalogue.read(Layout.here().models / "catalogue.toml")
    plans = [replace(real.plans[0], id=f"plan-{each.id}", model=each.id, sides=[64]) for each in (bright, gone)]
    return Catalogue(plans[0].id, tuple(plans), real.families, (bright, gone))


def test_a_model_that_cannot_be_had_is_named_with_what_to_do(own: Layout, known: Catalogue, tmp_path: Path) -> None:
    with pytest.raises(BuildError) as caught:
        weights.gather(own, NO_NODE, known, known.chosen("all"), tmp_path, keep_going=False)
    assert str(caught.value).startswith("Model gone: gone-000000000000.onnx could not be fetched from 127.0.0.1:1 (")
    assert f"put it at {own.cache / 'sources' / 'gone-000000000000.onnx'}" in str(caught.value)
    assert "leave gone out of --models, or add --keep-going" in str(caught.value)


def test_keep_going_leaves_out_what_cannot_be_had_and_its_plan(own: Layout, known: Catalogue, tmp_path: Path) -> None:
    hosted, failed = weights.gather(own, NO_NODE, known, known.chosen("all"), tmp_path, keep_going=True)
    assert list(hosted) == ["bright"] and failed["gone"].startswith("Model gone: ")
    data = catalogue.published(known, hosted)
    assert [plan["id"] for plan in data["plans"]] == ["plan-bright"]
    assert [row["id"] for row in data["others"]] == ["gone"]


def test_keep_going_does_not_make_a_site_without_its_default_plan(
    own: Layout, known: Catalogue, tmp_path: Path
) -> None:
    other = replace(known, default="plan-gone")
    with pytest.raises(BuildError, match=r"Model gone: .* Without it there is no site: .*, plan-gone, needs it"):
        weights.gather(own, NO_NODE, other, other.chosen("all"), tmp_path, keep_going=True)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Weights: parts that can be joined again, resources that are checked, graphs that stay the same."""

import hashlib
import importlib.util
import io
import json
import tarfile
from pathlib import Path
from types import ModuleType

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper

from sitebuild import catalogue, weights
from sitebuild.errors import BuildError
from sitebuild.layout import Layout


def script(layout: Layout, name: str) -> ModuleType:
    """models/<name>.py as a module."""
    spec = importlib.util.spec_from_file_location(name, layout.models / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def cleaner(layout: Layout) -> ModuleType:
    """models/clean.py as a module."""
    return script(layout, "clean")


@pytest.fixture(scope="module")
def resizer(layout: Layout) -> ModuleType:
    """models/resizable.py as a module."""
    return script(layout, "resizable")


def pyramid(height: int, width: int) -> bytes:
    """A small net of IS-Net's kind: pooled to half, and brought back by a Resize to a constant size."""
    value = helper.make_tensor_value_info
    made = helper.make_graph(
        [
            helper.make_node("MaxPool", ["x"], ["half"], kernel_shape=[2, 2], strides=[2, 2]),
            helper.make_node("Resize", ["half", "", "", "sizes"], ["back"], mode="linear"),
            helper.make_node("Add", ["x", "back"], ["y"]),
        ],
        "pyramid",
        [value("x", TensorProto.FLOAT, [1, 1, height, width])],
        [value("y", TensorProto.FLOAT, [1, 1, height, width])],
        [helper.make_tensor("sizes", TensorProto.INT64, [4], [1, 1, height, width])],
    )
    opset = helper.make_opsetid("", 17)
    data: bytes = helper.make_model(made, opset_imports=[opset], ir_version=8).SerializeToString()
    return data


def answers(graph: bytes, picture: NDArray[np.float32]) -> NDArray[np.float32]:
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, {"x": picture})[0])


@pytest.mark.parametrize(("height", "width"), [(16, 16), (12, 12), (8, 20)])
def test_a_resizable_net_is_the_net_as_it_would_have_been_exported(
    resizer: ModuleType, height: int, width: int
) -> None:
    picture = np.random.default_rng(1).random((1, 1, height, width), np.float32)
    rewritten = answers(resizer.resizable(pyramid(16, 16)), picture)
    np.testing.assert_array_equal(rewritten, answers(pyramid(height, width), picture))


def test_what_worked_out_the_old_sizes_is_gone(resizer: ModuleType) -> None:
    rewritten = onnx.load_model_from_string(resizer.resizable(pyramid(16, 16)))
    assert "sizes" not in [tensor.name for tensor in rewritten.graph.initializer]
    assert [dim.dim_param for dim in rewritten.graph.input[0].type.tensor_type.shape.dim] == ["", "", "height", "width"]


def test_a_net_that_is_not_square_is_refused(resizer: ModuleType) -> None:
    with pytest.raises(ValueError, match="no fixed square input"):
        resizer.resizable(pyramid(16, 8))


def test_a_resize_that_cannot_be_foreseen_is_refused(resizer: ModuleType) -> None:
    odd = onnx.load_model_from_string(pyramid(16, 16))
    del odd.graph.initializer[:]
    odd.graph.input.append(helper.make_tensor_value_info("sizes", TensorProto.INT64, [4]))
    with pytest.raises(ValueError, match="cannot be told"):
        resizer.resizable(odd.SerializeToString())


def graph(*, cycle: bool = False) -> bytes:
    """y = relu(x + w) * w with nodes out of order, a second output and an unused weight."""
    nodes = [
        helper.make_node("Mul", ["b", "w"], ["y"]),
        helper.make_node("Relu", ["a"], ["b"]),
        helper.make_node("Add", ["y" if cycle else "x", "w"], ["a"]),
        helper.make_node("Add", ["x", "unused"], ["other"]),
    ]
    value = helper.make_tensor_value_info
    made = helper.make_graph(
        nodes,
        "test",
        [value("x", TensorProto.FLOAT, [4])],
        [value("other", TensorProto.FLOAT, [4]), value("y", TensorProto.FLOAT, [4])],
        [
            helper.make_tensor("w", TensorProto.FLOAT, [4], [1, -2, 3, 0.5]),
            helper.make_tensor("unused", TensorProto.FLOAT, [4], [9, 9, 9, 9]),
        ],
    )
    opset = helper.make_opsetid("", 17)
    data: bytes = helper.make_model(made, opset_imports=[opset], ir_version=8).SerializeToString()
    return data


def test_parts_joined_give_the_whole(tmp_path: Path) -> None:
    data = bytes(range(251)) * 100
    parts = weights.split(data, tmp_path, part=4096)
    pieces = [(tmp_path / f"{part['sha256']}.bin").read_bytes() for part in parts]
    assert b"".join(pieces) == data
    assert [len(piece) for piece in pieces] == [part["bytes"] for part in parts]
    assert all(hashlib.sha256(p).hexdigest() == q["sha256"] for p, q in zip(pieces, parts, strict=True))
    assert max(len(piece) for piece in pieces) == 4096


def test_cleaning_keeps_the_wanted_output_and_sorts(cleaner: ModuleType) -> None:
    model = onnx.load_model_from_string(cleaner.clean(graph(), "y"))
    assert [node.op_type for node in model.graph.node] == ["Add", "Relu", "Mul"]
    assert [value.name for value in model.graph.output] == ["y"]
    assert [tensor.name for tensor in model.graph.initializer] == ["w"]


def test_cleaning_changes_no_answer(cleaner: ModuleType) -> None:
    x = np.array([0.5, 3, -7, 2], np.float32)
    cleaned = onnxruntime.InferenceSession(cleaner.clean(graph(), "y"), providers=["CPUExecutionProvider"])
    w = np.array([1, -2, 3, 0.5], np.float32)
    np.testing.assert_array_equal(cleaned.run(None, {"x": x})[0], np.maximum(x + w, 0) * w)


def test_cleaning_is_deterministic(cleaner: ModuleType) -> None:
    assert cleaner.clean(graph(), "y") == cleaner.clean(graph(), "y")


def test_an_unknown_output_and_a_cycle_are_refused(cleaner: ModuleType) -> None:
    with pytest.raises(ValueError, match="no output named 'z'; it has: other, y"):
        cleaner.clean(graph(), "z")
    with pytest.raises(ValueError, match="cycle"):
        cleaner.clean(graph(cycle=True), "y")


def tarball(path: Path, pieces: list[bytes]) -> Path:
    names = [f"piece{index}" for index in range(len(pieces))]
    listing = {"/models/tiny": {"chunks": [{"hash": name} for name in names]}}
    with tarfile.open(path, "w:gz") as archive:
        for name, data in [
            ("resources.json", json.dumps(listing).encode()),
            *zip(names, pieces, strict=True),
        ]:
            info = tarfile.TarInfo(f"package/dist/{name}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def source(data: bytes, resource: str = "/models/tiny") -> catalogue.Source:
    return catalogue.Source("p", "1", "", resource, hashlib.sha256(data).hexdigest(), len(data))


def test_a_resource_is_joined_and_checked(tmp_path: Path) -> None:
    package = tarball(tmp_path / "p.tgz", [b"one", b"two"])
    assert weights.resource(package, source(b"onetwo")) == b"onetwo"
    with pytest.raises(BuildError, match="has sha256"):
        weights.resource(package, source(b"twoone"))
    with pytest.raises(BuildError, match="/models/huge"):
        weights.resource(package, source(b"onetwo", "/models/huge"))


def test_the_catalogue_is_one_that_the_pipeline_takes(layout: Layout) -> None:
    found = catalogue.read(layout.models / "catalogue.toml")
    parts = {model.id: [{"sha256": "0" * 64, "bytes": model.prepared.bytes}] for model in found.models}
    data = catalogue.published(found, parts)
    row = data["models"][0]
    assert row["contract"]["mean"] == [128, 128, 128] and row["contract"]["input_name"] == "input"
    assert "source" not in row
    assert data["default"] in {plan["id"] for plan in data["plans"]}


def test_a_fault_that_only_the_pipeline_knows_is_named(layout: Layout) -> None:
    found = catalogue.read(layout.models / "catalogue.toml")
    with pytest.raises(BuildError, match=r"catalogue\.models\[0\]\.parts"):
        catalogue.published(found, {model.id: [] for model in found.models})


def test_an_incomplete_row_is_refused(tmp_path: Path) -> None:
    (tmp_path / "catalogue.toml").write_text('default = "x"\n[[models]]\nid = "x"\n')
    with pytest.raises(BuildError, match=r"catalogue\.toml: a row is not complete"):
        catalogue.read(tmp_path / "catalogue.toml")

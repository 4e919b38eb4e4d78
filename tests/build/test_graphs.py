# SPDX-License-Identifier: AGPL-3.0-or-later
"""Graphs that stay the same when they are cleaned and made resizable, and that are compared with the original."""

import importlib.util
from dataclasses import replace
from types import ModuleType

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper

from nets import brightness
from sitebuild import catalogue, graphs
from sitebuild.errors import BuildError
from sitebuild.layout import Layout
from sitebuild.rows import Model


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


@pytest.fixture
def bright(layout: Layout) -> Model:
    """A row of the family u2net for the small net of hosting.py, which leaves out the names."""
    row = next(each for each in catalogue.read(layout.models / "catalogue.toml").models if each.id == "u2netp")
    return replace(row, id="bright", contract=row.contract | {"side": 64, "sides": [64]})


def test_a_row_without_names_means_the_first_input_and_the_first_output(layout: Layout, bright: Model) -> None:
    assert graphs.names(brightness(64), bright) == graphs.Names("picture", "matte")
    other = replace(bright, contract=bright.contract | {"output_name": "unused"})
    assert graphs.names(brightness(64), other) == graphs.Names("picture", "unused")


def test_weights_that_old_graphs_list_among_their_inputs_are_none(bright: Model) -> None:
    old = onnx.load_model_from_string(brightness(64))
    old.graph.initializer.append(helper.make_tensor("weight", TensorProto.FLOAT, [1], [0.5]))
    old.graph.input.insert(0, helper.make_tensor_value_info("weight", TensorProto.FLOAT, [1]))
    assert graphs.names(old.SerializeToString(), bright).input == "picture"


def test_a_name_that_the_graph_does_not_have_is_refused(bright: Model) -> None:
    wrong = replace(bright, contract=bright.contract | {"input_name": "image"})
    with pytest.raises(BuildError, match="The graph has no input named 'image'; it has: picture"):
        graphs.names(brightness(64), wrong)
    with pytest.raises(BuildError, match="not an ONNX graph"):
        graphs.names(b"<!doctype html>", bright)


def test_a_prepared_graph_that_answers_otherwise_shows(layout: Layout, bright: Model) -> None:
    picture = layout.site / "static" / "samples" / "cat.jpg"
    made = graphs.prepare(layout, bright, brightness(64))
    assert [value.name for value in onnx.load_model_from_string(made).graph.output] == ["matte"]
    assert graphs.difference(brightness(64), made, bright, picture) == 0
    spoilt = onnx.load_model_from_string(made)
    spoilt.graph.node[0].op_type = "ReduceMax"
    assert graphs.difference(brightness(64), spoilt.SerializeToString(), bright, picture) > 0.1


def test_a_net_for_another_side_than_its_row_says_is_refused(layout: Layout, bright: Model) -> None:
    picture = layout.site / "static" / "samples" / "cat.jpg"
    with pytest.raises(BuildError, match="onnxruntime cannot run the graph"):
        graphs.difference(brightness(32), brightness(32), bright, picture)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rewrites a fully convolutional ONNX graph so that it takes any input size its pooling divides.

A net exported for S x S carries that size as constants in its Resize nodes only. Here each of these sizes becomes
its share of the input's own height and width, worked out while the net runs: the same weights serve every size, and
at S x S the answer is the same bit for bit. Cost grows with the square of the side; see README.md for the quality.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

PREFIX = "offcut/"


def resizable(data: bytes) -> bytes:
    """The graph in `data`, which takes [1,C,S,S], for input [1,C,height,width]; deterministic bytes.

    Raises `ValueError` when the graph has no fixed square input, a node with a graph of its own (If, Loop), or a
    Resize whose output shape cannot be told.
    """
    model = onnx.load_model_from_string(data)
    graph = model.graph
    side = _side(graph)
    shapes = _shapes(model)
    sizes = _Sizes(graph.input[0].name, side)
    for node in graph.node:
        if any(attribute.HasField("g") or attribute.graphs for attribute in node.attribute):
            raise ValueError(f"{node.name or node.output[0]} holds a graph of its own")
        if node.op_type == "Resize":
            shape = shapes.get(node.output[0], [])
            if len(shape) != 4 or 0 in shape:
                raise ValueError(f"the output shape of {node.name or node.output[0]} cannot be told")
            while len(node.input) < 4:
                node.input.append("")
            node.input[2] = ""
            node.input[3] = sizes.of(shape)
    _keep(graph, list(_needed([*sizes.nodes, *graph.node], graph.output[0].name)), sizes.constants)
    for value in [graph.input[0], *graph.output]:
        dimensions = value.type.tensor_type.shape.dim
        dimensions[2].dim_param, dimensions[3].dim_param = "height", "width"
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))


def _side(graph: onnx.GraphProto) -> int:
    dimensions = [dim.dim_value for dim in graph.input[0].type.tensor_type.shape.dim]
    if len(dimensions) != 4 or not dimensions[2] or dimensions[2] != dimensions[3]:
        raise ValueError("the graph has no fixed square input")
    return int(dimensions[2])


def _shapes(model: onnx.ModelProto) -> dict[str, list[int]]:
    known = onnx.shape_inference.infer_shapes(model, data_prop=True).graph
    return {
        value.name: [dim.dim_value for dim in value.type.tensor_type.shape.dim]
        for value in [*known.value_info, *known.output]
    }


class _Sizes:
    """The nodes and constants that work out [1, channels, height * h / S, width * w / S], each size once."""

    def __init__(self, entry: str, side: int) -> None:
        self.constants = {"from": [2], "to": [4], "side": [side]}
        self.nodes = [
            self._node("Shape", [entry], "shape"),
            self._node("Slice", [PREFIX + "shape", PREFIX + "from", PREFIX + "to"], "input"),
        ]
        self._made: set[str] = set()

    def of(self, shape: list[int]) -> str:
        """The name of the tensor that holds the size of an output that has `shape` at S x S."""
        _, channels, height, width = shape
        plane, whole = f"{height}x{width}", f"{channels}x{height}x{width}"
        if plane not in self._made:
            self.constants[f"{plane}/share"] = [height, width]
            self.nodes.append(self._node("Mul", [PREFIX + "input", f"{PREFIX}{plane}/share"], f"{plane}/product"))
            self.nodes.append(self._node("Div", [f"{PREFIX}{plane}/product", PREFIX + "side"], plane))
        if whole not in self._made:
            self.constants[f"{channels}"] = [1, channels]
            self.nodes.append(self._node("Concat", [f"{PREFIX}{channels}", PREFIX + plane], whole, axis=0))
        self._made |= {plane, whole}
        return PREFIX + whole

    def _node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> onnx.NodeProto:
        return helper.make_node(kind, inputs, [PREFIX + output], **attributes)


def _needed(nodes: list[onnx.NodeProto], output: str) -> Iterator[onnx.NodeProto]:
    """The nodes, in their order, that lead to `output`: those that worked out the old sizes no longer do."""
    wanted = {output}
    kept: list[onnx.NodeProto] = []
    for node in reversed(nodes):
        if wanted.intersection(node.output):
            wanted.update(name for name in node.input if name)
            kept.append(onnx.NodeProto.FromString(node.SerializeToString(deterministic=True)))
    return reversed(kept)


def _keep(graph: onnx.GraphProto, nodes: list[onnx.NodeProto], constants: dict[str, list[int]]) -> None:
    used = {name for node in nodes for name in node.input}
    tensors = [onnx.TensorProto.FromString(each.SerializeToString()) for each in graph.initializer if each.name in used]
    tensors += [
        numpy_helper.from_array(np.array(value, np.int64), PREFIX + name)
        for name, value in constants.items()
        if PREFIX + name in used
    ]
    for field in (graph.node, graph.initializer, graph.value_info):
        del field[:]
    graph.node.extend(nodes)
    graph.initializer.extend(tensors)

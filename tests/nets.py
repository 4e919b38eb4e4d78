# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nets of a few bytes: what is said of engines and weights, without the weight."""

from collections.abc import Mapping, Sequence

import numpy as np
from onnx import NodeProto, TensorProto, helper, numpy_helper

Shape = Sequence[int | str] | Sequence[int]

ANY = (1, 3, "h", "w")
"""One picture of any height and width, plane by plane."""

HUGE = 202
"""Planes of which 48 x 48 x 48 x 48 numbers do not fit into the 4 GiB that WebAssembly has, and 16 to the 4th do."""


def mean(shape: Shape = ANY) -> bytes:
    """The mean of the three channels of "input" is "output"."""
    node = helper.make_node("ReduceMean", ["input"], ["output"], axes=[1], keepdims=1)
    return _model([node], {"input": shape}, {"output": [shape[0], 1, *shape[2:]]})


def brightness(side: int) -> bytes:
    """A net whose answer is the mean of the three channels, and that has a second output which nobody wants.

    Takes float32 [1,3,side,side] as "picture"; gives [1,1,side,side] as "matte" and [1,3,side,side] as "unused".
    """
    nodes = [
        helper.make_node("Neg", ["picture"], ["unused"]),
        helper.make_node("ReduceMean", ["picture"], ["matte"], axes=[1], keepdims=1),
    ]
    given = [1, 3, side, side]
    return _model(nodes, {"picture": given}, {"matte": [1, 1, side, side], "unused": given})


def bright(gain: float = 20.0, *, input: Shape = ANY) -> bytes:
    """The brighter a pixel, the more subject: sigmoid(gain * mean over the channels)."""
    nodes = [
        helper.make_node("ReduceMean", ["input"], ["grey"], axes=[len(input) - 3], keepdims=1),
        helper.make_node("Mul", ["grey", "gain"], ["raw"]),
        helper.make_node("Sigmoid", ["raw"], ["output"]),
    ]
    return _model(
        nodes, {"input": input}, {"output": None}, [helper.make_tensor("gain", TensorProto.FLOAT, [1], [gain])]
    )


def hungry() -> bytes:
    """`bright`, by way of an intermediate result that grows with the fourth power of the side."""
    nodes = [
        helper.make_node("ReduceMean", ["input"], ["grey"], axes=[1], keepdims=1),
        helper.make_node("Shape", ["grey"], ["shape"], start=2),
        helper.make_node("Concat", ["shape", "shape", "planes"], ["huge"], axis=0),
        helper.make_node("Expand", ["gain", "huge"], ["many"]),
        helper.make_node("ReduceMax", ["many"], ["most"], keepdims=0),
        helper.make_node("Mul", ["grey", "most"], ["raw"]),
        helper.make_node("Sigmoid", ["raw"], ["output"]),
    ]
    gain = helper.make_tensor("gain", TensorProto.FLOAT, [1], [20.0])
    planes = helper.make_tensor("planes", TensorProto.INT64, [1], [HUGE])
    return _model(nodes, {"input": ANY}, {"output": None}, [gain, planes])


def heavy(ballast: int = 4, seed: int = 0) -> bytes:
    """Four times how bright a "picture" of 64 x 64 is, as "mask"; `ballast` bytes of weights make it heavier."""
    weights = np.random.default_rng(seed).random(ballast // 4, np.float32)
    nodes = [
        # The weights count for nothing, but they are used: ORT complains of those that are not.
        helper.make_node("ReduceMax", ["ballast"], ["most"], keepdims=0),
        helper.make_node("Sub", ["most", "most"], ["nothing"]),
        helper.make_node("Add", ["picture", "nothing"], ["all"]),
        helper.make_node("ReduceMean", ["all"], ["grey"], axes=[1], keepdims=1),
        helper.make_node("Sum", ["grey"] * 4, ["mask"]),
    ]
    given, got = {"picture": [1, 3, 64, 64]}, {"mask": [1, 1, 64, 64]}
    return _model(nodes, given, got, [numpy_helper.from_array(weights, "ballast")])


def odd(shape: Shape = (1, 3, 64, 64), *, inputs: int = 1, planes: int = 1, kind: int = TensorProto.FLOAT) -> bytes:
    """The sum of so many "picture"s, averaged to one plane or left as it is: contracts that are, or are not, ours."""
    names = [f"picture{index or ''}" for index in range(inputs)]
    nodes = [helper.make_node("Sum", names, ["total"])]
    if planes == 1:
        nodes.append(helper.make_node("ReduceMean", ["total"], ["mask"], axes=[1], keepdims=1))
    else:
        nodes.append(helper.make_node("Identity", ["total"], ["mask"]))
    got = {"mask": [shape[0], planes, *shape[2:]]}
    return _model(nodes, dict.fromkeys(names, shape), got, kind=kind)


def _model(
    nodes: Sequence[NodeProto],
    given: Mapping[str, Shape],
    got: Mapping[str, Shape | None],
    constants: Sequence[TensorProto] = (),
    kind: int = TensorProto.FLOAT,
) -> bytes:
    value = helper.make_tensor_value_info
    inputs = [value(name, kind, shape) for name, shape in given.items()]
    outputs = [value(name, kind, shape) for name, shape in got.items()]
    graph = helper.make_graph(list(nodes), "small", inputs, outputs, list(constants))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())

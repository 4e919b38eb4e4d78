# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rewrites a fully convolutional ONNX graph for another square input.

A net exported for 1024 x 1024 carries that size as constants in its Resize nodes only; scaled alike, the same weights
run at any size its pooling divides. Cost falls with the square of the side: see README.md for what it does to quality.
"""

import numpy as np
import onnx
from onnx import numpy_helper


def at_resolution(data: bytes, size: int) -> bytes:
    """The graph in `data`, which takes [1,C,S,S], for input [1,C,size,size]; deterministic bytes.

    Raises `ValueError` when a size of the graph does not scale to a whole number.
    """
    model = onnx.load_model_from_string(data)
    graph = model.graph
    [entry] = graph.input
    published: int = entry.type.tensor_type.shape.dim[2].dim_value
    if published == size:
        return data

    def scaled(length: int) -> int:
        whole, rest = divmod(length * size, published)
        if rest or not whole:
            raise ValueError(f"{length} of {published} has no whole counterpart at {size}")
        return whole

    constants = {tensor.name: tensor for tensor in graph.initializer}
    targets = {node.input[3] for node in graph.node if node.op_type == "Resize" and len(node.input) > 3}
    for name in sorted(targets & constants.keys()):
        batch, channels, height, width = numpy_helper.to_array(constants[name]).tolist()
        sizes = np.array([batch, channels, scaled(height), scaled(width)], np.int64)
        constants[name].CopyFrom(numpy_helper.from_array(sizes, name))
    for value in [entry, *graph.output]:
        for dimension in list(value.type.tensor_type.shape.dim)[2:]:
            dimension.dim_value = scaled(dimension.dim_value)
    # Shapes in between are hints, and the old ones are wrong now.
    del graph.value_info[:]
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))

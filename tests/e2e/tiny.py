# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nets of a few bytes, and the built site with them in its catalogue: what engines do, without an engine's weight."""

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from onnx import NodeProto, TensorProto, helper
from PIL import Image

from sitebuild import weights

CONTRACT = {
    "input_name": "input",
    "output_name": "output",
    "side": 32,
    "sides": [32],
    "multiple": 1,
    "resize": "stretch",
    "scale": "fixed",
    "mean": [128.0, 128.0, 128.0],
    "std": [256.0, 256.0, 256.0],
    "layout": "NCHW",
    "activation": "none",
}
HUGE = 202
"""Planes of which 48 x 48 x 48 x 48 numbers do not fit into the 4 GiB that WebAssembly has, and 16 to the 4th do."""


def bright(gain: float = 20.0, *, input: Sequence[int | str] = (1, 3, "h", "w"), output: str = "output") -> bytes:
    """The brighter a pixel, the more subject: sigmoid(gain * mean over the channels)."""
    nodes = [
        helper.make_node("ReduceMean", ["input"], ["grey"], axes=[len(input) - 3], keepdims=1),
        helper.make_node("Mul", ["grey", "gain"], ["raw"]),
        helper.make_node("Sigmoid", ["raw"], [output]),
    ]
    return _graph(nodes, [helper.make_tensor("gain", TensorProto.FLOAT, [1], [gain])], input, output)


def hungry() -> bytes:
    """`bright`, by way of an intermediate result that grows with the fourth power of the side."""
    whole = helper.make_tensor
    nodes = [
        helper.make_node("ReduceMean", ["input"], ["grey"], axes=[1], keepdims=1),
        helper.make_node("Shape", ["grey"], ["shape"], start=2),
        helper.make_node("Concat", ["shape", "shape", "planes"], ["huge"], axis=0),
        helper.make_node("Expand", ["gain", "huge"], ["many"]),
        helper.make_node("ReduceMax", ["many"], ["most"], keepdims=0),
        helper.make_node("Mul", ["grey", "most"], ["raw"]),
        helper.make_node("Sigmoid", ["raw"], ["output"]),
    ]
    values = [whole("gain", TensorProto.FLOAT, [1], [20.0]), whole("planes", TensorProto.INT64, [1], [HUGE])]
    return _graph(nodes, values, (1, 3, "h", "w"), "output")


def _graph(nodes: list[NodeProto], values: list[TensorProto], input: Sequence[int | str], output: str) -> bytes:
    value = helper.make_tensor_value_info
    given, got = value("input", TensorProto.FLOAT, list(input)), value(output, TensorProto.FLOAT, None)
    graph = helper.make_graph(nodes, "tiny", [given], [got], values)
    opset = helper.make_opsetid("", 17)
    data: bytes = helper.make_model(graph, opset_imports=[opset], ir_version=8).SerializeToString()
    return data


class TinySite:
    """A copy of the built site at `folder` whose catalogue has tiny nets only."""

    def __init__(self, site: Path, folder: Path) -> None:
        shutil.copytree(site, folder, copy_function=os.link)
        self.folder = folder
        self.models: list[dict[str, Any]] = []
        self.plans: list[dict[str, Any]] = []

    def model(self, id: str, graph: bytes, *backends: str, sides: Sequence[int] = (32,), **more: Any) -> None:
        """Add a net, and a plan of the same name with "-plan" behind it that looks at each side."""
        parts = weights.split(graph, self.folder / "weights")
        row = {"id": id, "name": f"Net {id}", "family": "tiny", "licence": "none", "commercial": True, "parts": parts}
        row |= {"sha256": hashlib.sha256(graph).hexdigest(), "bytes": len(graph), "backends": backends or ("wasm",)}
        contract = CONTRACT | {"side": sides[0], "sides": list(sides)}
        self.models.append(row | {"precision": "fp32", "contract": contract} | more)
        self.plan(f"{id}-plan", id, sides)

    def plan(self, id: str, model: str, sides: Sequence[int], decisive: float = 1.0) -> None:
        """Add a plan."""
        row = {"id": id, "name": id.capitalize(), "advice": f"Advice of {id}.", "model": model}
        self.plans.append(row | {"sides": list(sides), "decisive": decisive})

    def write(self, default: str) -> Path:
        """Put the catalogue in its place; return the folder to serve."""
        [path] = self.folder.glob("r/*/catalogue.json")
        path.unlink()  # a link to the built site's own
        path.write_text(json.dumps({"default": default, "models": self.models, "plans": self.plans}), "utf-8")
        return self.folder


def picture(path: Path, seed: int) -> Path:
    """A bright square on a dark, grained ground: the square is the subject. Another seed is another file."""
    pixels = np.random.default_rng(seed).integers(0, 60, (64, 64, 3), dtype=np.uint8)
    pixels[16:48, 16:48] += 170
    Image.fromarray(pixels).save(path)
    return path

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cleans an ONNX graph: one output, nothing that does not lead to it, nodes in topological order.

The published IS-Net graphs carry eleven outputs of which one is wanted, and (fp16) nodes out of order, which
`onnx.checker` refuses. Cleaning changes no number: the same nodes compute the same answer. By hand:

    python models/clean.py IN.onnx OUT.onnx --output output
"""

import argparse
import heapq
from collections.abc import Iterator
from pathlib import Path

import onnx


def clean(data: bytes, output: str) -> bytes:
    """The graph in `data` with `output` as its only output, as deterministic bytes.

    Raises `ValueError` when the graph has no such output or is not a sound graph.
    """
    model = onnx.load_model_from_string(data)
    graph = model.graph
    wanted = [value for value in graph.output if value.name == output]
    if not wanted:
        names = ", ".join(value.name for value in graph.output)
        raise ValueError(f"the graph has no output named {output!r}; it has: {names}")
    nodes = list(_in_order(graph, output))
    used = {name for node in nodes for name in _inputs(node)} | {output}
    _replace(graph.node, nodes)
    _replace(graph.output, wanted)
    _replace(graph.input, [value for value in graph.input if value.name in used])
    _replace(graph.initializer, [tensor for tensor in graph.initializer if tensor.name in used])
    _replace(
        graph.sparse_initializer,
        [tensor for tensor in graph.sparse_initializer if tensor.values.name in used],
    )
    made = used | {name for node in nodes for name in node.output}
    _replace(graph.value_info, [value for value in graph.value_info if value.name in made])
    try:
        onnx.checker.check_model(model)
    except onnx.checker.ValidationError as error:
        raise ValueError(f"the cleaned graph is not sound: {error}") from error
    return bytes(model.SerializeToString(deterministic=True))


def _in_order(graph: onnx.GraphProto, output: str) -> Iterator[onnx.NodeProto]:
    """The nodes that lead to `output`, each after those it needs; ties keep the order of the file."""
    maker = {name: index for index, node in enumerate(graph.node) for name in node.output if name}
    needs: dict[int, set[int]] = {}
    open_nodes = [maker[output]] if output in maker else []
    while open_nodes:
        index = open_nodes.pop()
        if index not in needs:
            needs[index] = {maker[name] for name in _inputs(graph.node[index]) if name in maker}
            open_nodes.extend(needs[index])
    ready = sorted(index for index, before in needs.items() if not before)
    followers: dict[int, list[int]] = {}
    for index, before in needs.items():
        for earlier in before:
            followers.setdefault(earlier, []).append(index)
    left = {index: len(before) for index, before in needs.items()}
    count = 0
    heapq.heapify(ready)
    while ready:
        index = heapq.heappop(ready)
        count += 1
        yield graph.node[index]
        for later in followers.get(index, []):
            left[later] -= 1
            if not left[later]:
                heapq.heappush(ready, later)
    if count != len(needs):
        raise ValueError("the graph has a cycle")


def _inputs(node: onnx.NodeProto) -> set[str]:
    """Every name a node reads, those of its inner graphs (If, Loop) included."""
    names = {name for name in node.input if name}
    for attribute in node.attribute:
        for inner in [attribute.g] if attribute.HasField("g") else list(attribute.graphs):
            names |= {value.name for value in inner.output}
            for child in inner.node:
                names |= _inputs(child)
    return names


def _replace(field, values) -> None:  # type: ignore[no-untyped-def]
    """Exchange the content of a repeated protobuf field."""
    kept = [type(value).FromString(value.SerializeToString(deterministic=True)) for value in values]
    del field[:]
    field.extend(kept)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--output", required=True, help="the output to keep")
    options = parser.parse_args()
    data = clean(options.source.read_bytes(), options.output)
    options.target.write_bytes(data)
    print(f"{options.target}: {len(data):,} bytes")


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Work on graphs: cleaned, made resizable, and compared with what was published, on a real picture."""

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from .errors import BuildError
from .layout import Layout
from .rows import Model

SCRIPTS = ("clean", "resizable")


@dataclass(frozen=True)
class Names:
    """What a graph calls the input and the output that are used."""

    input: str
    output: str


def names(data: bytes, model: Model) -> Names:
    """The row's names where it gives them, else the graph's first input and first output.

    Raises `BuildError` when the graph has none of that name.
    """
    import onnx
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

    try:
        graph = onnx.load_model_from_string(data).graph
    except DecodeError as error:
        raise BuildError("The file is not an ONNX graph.") from error
    weights = {tensor.name for tensor in graph.initializer}
    inputs = [value.name for value in graph.input if value.name not in weights]
    outputs = [value.name for value in graph.output]
    return Names(
        _named("input", inputs, model.contract.get("input_name")),
        _named("output", outputs, model.contract.get("output_name")),
    )


def _named(kind: str, there: list[str], wanted: str | None) -> str:
    if not there or wanted not in (None, *there):
        raise BuildError(f"The graph has no {kind} named {wanted!r}; it has: {', '.join(there) or 'none'}.")
    return wanted or there[0]


def prepare(layout: Layout, model: Model, original: bytes) -> bytes:
    """The graph with the one output that is used, and resizable where the row names several sides."""
    output = names(original, model).output
    try:
        made: bytes = _script(layout, "clean").clean(original, output)
        if len(model.contract["sides"]) > 1:
            made = _script(layout, "resizable").resizable(made)
    except ValueError as error:
        raise BuildError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error
    return made


def recipe(layout: Layout, model: Model) -> str:
    """A hash of everything but the published file that decides what `prepare` gives."""
    import onnx

    total = hashlib.sha256(onnx.__version__.encode())
    for name in SCRIPTS:
        total.update(_path(layout, name).read_bytes())
    total.update(repr([model.contract.get("output_name"), len(model.contract["sides"]) > 1]).encode())
    return total.hexdigest()


def difference(original: bytes, prepared: bytes, model: Model, picture: Path) -> float:
    """Largest absolute difference between the answers of both graphs to this picture, at the original's side.

    Nothing is optimised on the way: onnxruntime fuses nodes by what it finds beside them, which for float16 alone
    changes answers by 3e-4. Raises `BuildError` when a graph cannot be run or answers in another size.
    """
    import numpy as np
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    tensor = _tensor(picture, model.contract)
    answers = []
    for graph in (original, prepared):
        used = names(graph, model)
        try:
            session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
            answers.append(session.run([used.output], {used.input: tensor})[0])
        except Exception as error:  # onnxruntime's exceptions have no common root but this one
            raise BuildError(f"onnxruntime cannot run the graph: {str(error)[:300]}") from error
    before, after = answers
    if before.shape[-2:] != tensor.shape[2:]:
        raise BuildError(f"The graph answers {before.shape} to an input of {tensor.shape}.")
    return float(np.abs(before - after).max())


def _tensor(path: Path, contract: dict[str, Any]) -> Any:
    """The picture as the contract wants it, by the very code that does it in the browser."""
    import numpy as np
    from PIL import Image

    from offcut.catalogue import Contract
    from offcut.picture import Picture
    from offcut.tensor import pack

    with Image.open(path) as opened:
        picture = Picture(np.asarray(opened.convert("RGBA")), True, None, path.name, ())
    whole = Contract(**{"input_name": "", "output_name": ""} | contract)
    return pack(picture, whole, whole.side)


def _path(layout: Layout, name: str) -> Path:
    return layout.models / f"{name}.py"


def _script(layout: Layout, name: str) -> ModuleType:
    """models/<name>.py, which is a script of its own and no part of a package, as a module."""
    spec = importlib.util.spec_from_file_location(f"offcut_models_{name}", _path(layout, name))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

# SPDX-License-Identifier: AGPL-3.0-or-later
"""onnxruntime on CPython: the same pipeline for tests, benchmarks and a command line."""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from offcut.catalogue import Model
from offcut.errors import EngineFailed, ModelContract, ModelUnknown


class NativeEngine:
    """An `offcut.engine.Engine` on onnxruntime's CPU provider.

    `paths` gives the .onnx file of each model id. Sessions are made at first use and kept. `threads` 0 means
    all. `run` computes in the calling thread: the event loop waits. Several threads may share one engine: the
    weights are then in memory once.
    """

    def __init__(self, paths: Mapping[str, Path], threads: int = 0) -> None:
        self._paths = dict(paths)
        self._threads = threads
        self._sessions: dict[str, Any] = {}
        self._making = threading.Lock()

    async def run(self, model: Model, tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        """See `offcut.engine.Engine.run`."""
        with self._making:
            session = self._session(model)
        try:
            (output,) = session.run([model.contract.output_name], {model.contract.input_name: tensor})
        except Exception as error:  # onnxruntime's exceptions have no common root but this one
            raise EngineFailed(reason=str(error)[:200]) from error
        return np.asarray(output, np.float32)

    def _session(self, model: Model) -> Any:
        if model.id in self._sessions:
            return self._sessions[model.id]
        if model.id not in self._paths:
            raise ModelUnknown(model=model.id)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.log_severity_level = 3
        try:
            session = onnxruntime.InferenceSession(
                str(self._paths[model.id]), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise EngineFailed(reason=str(error)[:200]) from error
        _check(model, "inputs", model.contract.input_name, [value.name for value in session.get_inputs()])
        _check(model, "outputs", model.contract.output_name, [value.name for value in session.get_outputs()])
        self._sessions[model.id] = session
        return session


def _check(model: Model, kind: str, wanted: str, names: list[str]) -> None:
    if wanted not in names:
        raise ModelContract(model=model.id, expected=f"{kind}: {wanted}", got=", ".join(names))

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Python may ask of the browser: `hooks`, a JavaScript object that comes with each piece of work.

- progress(stage, done, total)
- cancelled() -> boolean
- infer(modelId, Float32Array, dims) -> Promise<{data: Float32Array, dims: number[]}>; rejects with
  an Error that may carry `code` and `details` (an Error it must be: Pyodide never wakes from a promise that
  rejects with anything else)
- decode(Uint8Array, mime) -> Promise<{width, height, band, rows(top) -> Uint8ClampedArray, close()}>, RGBA,
  upright, sRGB, at most `band` rows at a time; takes the array over
- encode(PyBuffer, width, height, mime, quality) -> Promise<Blob>; copies the pixels before it awaits anything; quality
  is 0..1, or -1 where nothing is to be lost
- usesNative: {decode: boolean, encode: boolean}
- largestSide: the largest input of a net that the device takes, 0 where it takes all

Pixels cross the border as copies of whole buffers; the only proxy of a Python object that is ever handed out is
that of the pixels to encode, and it is taken back in the same breath.
"""

import re
from typing import Any

import js
import numpy as np
from numpy.typing import NDArray
from pyodide.ffi import JsException, to_js

from offcut.catalogue import Model
from offcut.errors import Detail, EngineFailed, JobOutOfMemory, ModelContract, OffcutError, RemoteError

Js = Any
"""A JavaScript value, or Pyodide's proxy of one."""


class Engine:
    """onnxruntime-web behind hooks.infer."""

    def __init__(self, hooks: Js) -> None:
        self._hooks = hooks

    async def run(self, model: Model, tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        """See `offcut.engine.Engine.run`."""
        array = js.Float32Array.new(tensor.size)
        array.assign(tensor.reshape(-1))
        try:
            answer = await self._hooks.infer(model.id, array, to_js(list(tensor.shape)))
        except JsException as error:
            raise rebuilt(error) or EngineFailed(reason=str(error)[:200]) from None
        dims = [int(size) for size in answer.dims]
        output = np.empty(dims, np.float32)
        if answer.data.length != output.size:
            raise ModelContract(model=model.id, expected=str(dims), got=str(answer.data.length))
        answer.data.assign_to(output.reshape(-1))
        return output


def largest_side(hooks: Js) -> int | None:
    """See `offcut.look.look`."""
    return int(hooks.largestSide) or None


def rebuilt(error: Js) -> OffcutError | None:
    """A JavaScript error that carries one of our codes, or speaks of memory, as an OffcutError."""
    code = getattr(error, "code", None)
    if isinstance(code, str) and re.fullmatch(r"[a-z]+(\.[a-z-]+)?", code):
        details = getattr(error, "details", None)
        plain: dict[object, object] = details.to_py() if details is not None else {}
        kept: dict[str, Detail] = {str(k): v for k, v in plain.items() if isinstance(v, str | int | float)}
        return RemoteError(code, kept)
    if re.search(r"out of memory|allocation failed|allocate memory", str(error), re.IGNORECASE):
        return JobOutOfMemory()
    return None

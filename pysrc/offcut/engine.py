# SPDX-License-Identifier: AGPL-3.0-or-later
"""The only door to inference."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from offcut.catalogue import Model
from offcut.errors import EngineMissing


class Engine(Protocol):
    """Runs a net. onnxruntime, onnxruntime-web and the fakes of tests all stand behind this one method."""

    async def run(self, model: Model, tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        """Run `model` on `tensor`, float32 [1,3,H,W] as `offcut.tensor.pack` made it.

        Returns the output named in the catalogue, float32, in the shape that the net gives it.
        Raises EngineFailed, EngineLost or ModelContract (or a RemoteError with the code of one).
        """
        ...


class NoEngine:
    """The engine where none is needed."""

    async def run(self, model: Model, tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        """Raises EngineMissing."""
        raise EngineMissing()

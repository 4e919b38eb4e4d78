# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nets on CPython, where onnxruntime is installed: it is asked for no sooner than a net is."""

from pathlib import Path

from offcut.catalogue import Model
from offcut.engine import Engine
from offcut.errors import EngineMissing


def loaded(model: Model, file: Path, threads: int) -> Engine:
    """An engine with one model's weights, on so many threads. Raises EngineMissing without onnxruntime."""
    try:
        from offcut.native import NativeEngine
    except ImportError as error:
        if error.name != "onnxruntime":
            raise
        raise EngineMissing() from None
    return NativeEngine({model.id: file}, threads)

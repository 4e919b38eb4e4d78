# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Python does before its memory is stored on the device, and after it was put back on another day."""

import gc
import importlib
import random

import numpy as np
import numpy.random
from PIL import Image

from offcut import header


def prepare() -> None:
    """Import now what jobs would import later, so that it is in the snapshot."""
    importlib.import_module("offcut.browser")
    Image.preinit()
    for plugin in header.PLUGINS.values():
        importlib.import_module(f"PIL.{plugin}")
    # A rehearsal: what it imports need not be imported on the day.
    revive()
    gc.collect()


def revive() -> None:
    """Make restored memory live: nothing that should be random repeats itself, and what was linked anew works.

    Raises RuntimeError when it does not work. The seed of str hashes stays as it was when the snapshot was made: of
    this device's own drawing, and open to nobody else.
    """
    importlib.invalidate_caches()
    random.seed()
    np.random.seed(random.getrandbits(32))
    if np.arange(8).sum() != 28 or Image.new("L", (2, 2), 7).tobytes() != b"\x07" * 4:
        raise RuntimeError("the restored numpy and Pillow do not work")

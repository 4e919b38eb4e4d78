# SPDX-License-Identifier: AGPL-3.0-or-later
"""Large photographs for tests and benchmarks, made from a small one in the public domain."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

MEGAPIXELS = {1: (1155, 866), 12: (4000, 3000), 48: (8000, 6000)}


def large_photo(folder: Path, megapixels: int) -> Path:
    """A JPEG of about so many megapixels (1, 12 or 48): a person before a busy ground, with a camera's noise."""
    from skimage import data

    path = folder / f"{megapixels}mp.jpg"
    if path.exists():
        return path
    astronaut: Callable[[], NDArray[np.uint8]] = data.astronaut
    person = Image.fromarray(astronaut())
    width, height = MEGAPIXELS[megapixels]
    side = min(person.width, round(person.width * height / width))
    picture = person.crop((0, 0, person.width, side)).resize((width, height), Image.Resampling.LANCZOS)
    noise = np.random.default_rng(1).normal(0, 3, (height, width, 1)).astype(np.float32)
    noisy = np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8)
    Image.fromarray(noisy).save(path, quality=92, subsampling=2)
    return path

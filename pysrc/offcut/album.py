# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pictures that recipes name for their backgrounds."""

import math
from dataclasses import replace

import numpy as np
from PIL import Image

from offcut.ground import Stills
from offcut.last import Last
from offcut.picture import Picture
from offcut.recipe import Recipe

STILL_PIXELS = 16_000_000
"""A picture for a background is held in no more pixels."""


class Album:
    """The `size` pictures that were used last, by the SHA-256 of their files."""

    def __init__(self, size: int = 4) -> None:
        self._pictures: Last[str, Picture] = Last(size)

    def get(self, image: str) -> Picture | None:
        """The picture, or None; it becomes the one that was used last."""
        return self._pictures.get(image)

    def put(self, image: str, picture: Picture) -> Picture:
        """Keep a picture, and forget the one that was not used for the longest time. Returns what is kept, which has no
        more than `STILL_PIXELS`."""
        kept = _small(picture)
        self._pictures.put(image, kept)
        return kept

    def named(self, recipe: Recipe) -> Stills:
        """Those that `recipe` names, held until its work is done: while that waits for a net, others are tried out."""
        return {image: picture for image in recipe.scene.images if (picture := self.get(image))}.get


def _small(picture: Picture) -> Picture:
    share = math.sqrt(STILL_PIXELS / math.prod(picture.size))
    if share >= 1:
        return picture
    width, height = (max(1, math.floor(side * share)) for side in picture.size)
    return replace(picture, rgba=np.array(Image.fromarray(picture.rgba).resize((width, height), Image.Resampling.BOX)))

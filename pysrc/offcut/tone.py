# SPDX-License-Identifier: AGPL-3.0-or-later
"""The subject lighter or darker, with more or less contrast and colour, so that it suits what is behind it."""

from dataclasses import asdict, dataclass, fields

import numpy as np
from numpy.typing import NDArray

from offcut.plain import Table

LUMA = (0.299, 0.587, 0.114)
"""The share of each channel in how bright a pixel is (ITU-R BT.601), the one that JPEG and Pillow use."""

BAND = 256
"""Rows worked on at a time."""


@dataclass(frozen=True, slots=True)
class Tone:
    """Each -1..1, and 0 leaves it as it is.

    `brightness` is a gamma of 2 to the power of it: black and white stay what they are. `contrast` moves values away
    from the middle, at 1 twice as far, or to it. `saturation` moves colours away from grey, at 1 twice as far, or to
    it.
    """

    brightness: float = 0.0
    contrast: float = 0.0
    saturation: float = 0.0

    @classmethod
    def parse(cls, table: Table) -> "Tone":
        """Settings from plain data; what is not there has its default. Raises the table's error."""
        table.only([field.name for field in fields(cls)])
        return cls(**{name: table.within(name, -1, 1) for name in table.data})

    def to_dict(self) -> dict[str, object]:
        """Plain data with every field written out; `parse` gives the same settings back."""
        return asdict(self)


def toned(rgba: NDArray[np.uint8], tone: Tone) -> NDArray[np.uint8]:
    """`rgba`, uint8 [h,w,4] straight alpha, in another tone: `rgba` itself where nothing is wanted. Alpha stays, and
    colours under alpha 0 stay 0."""
    if tone == Tone():
        return rgba
    levels = (np.arange(256) / 255) ** (2.0**-tone.brightness) * 255
    levels = np.clip((levels - 127.5) * (1 + tone.contrast) + 127.5, 0, 255)
    table = np.rint(levels).astype(np.uint8)
    result = np.empty_like(rgba)
    for top in range(0, rgba.shape[0], BAND):
        band = slice(top, top + BAND)
        rgb = table[rgba[band, :, :3]]
        if tone.saturation:
            # Channel by channel: matrix products are rounded differently from one machine to the next.
            red, green, blue = (rgb[..., channel] * np.float32(share) for channel, share in enumerate(LUMA))
            grey = red + green + blue
            moved = grey[..., np.newaxis] + np.float32(1 + tone.saturation) * (rgb - grey[..., np.newaxis])
            rgb = np.rint(np.clip(moved, 0, 255)).astype(np.uint8)
        result[band, :, :3] = rgb
        result[band, :, 3] = rgba[band, :, 3]
        result[band][rgba[band, :, 3] == 0] = 0
    return result

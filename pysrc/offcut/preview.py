# SPDX-License-Identifier: AGPL-3.0-or-later
"""A small picture of a picture, for screens that cannot show its format (TIFF, CMYK, 16 bits)."""

import io

from PIL import Image

from offcut.picture import Picture


def png(picture: Picture, side: int) -> bytes:
    """A PNG of `picture`, made to fit a square of `side` pixels where it is larger, without metadata."""
    image = Image.fromarray(picture.rgba)
    image.thumbnail((side, side), Image.Resampling.BOX)
    file = io.BytesIO()
    (image.convert("RGB") if picture.opaque else image).save(file, "PNG", compress_level=1)
    return file.getvalue()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The colours that a subject is mostly made of: what goes well behind it is often one of them."""

import numpy as np
from PIL import Image

from offcut.colour import Colour
from offcut.cutout import Cutout
from offcut.lab import lab

COUNT = 6
"""So many colours at most."""

SIDE = 96
"""They are told from a picture of about so many pixels a side."""

SOLID = 192
"""What is less opaque than this has a colour that nobody sees as such."""

BOXES = 16
"""The colours are divided into so many boxes, of which those are left out that are much like another."""

APART = 15.0
"""Two colours differ by at least this, CIE 1976."""


def main(cutout: Cutout) -> tuple[Colour, ...]:
    """The main colours of a subject, at most `COUNT`, what covers most of it first; none where there is no subject.

    By median cut (Heckbert, "Color Image Quantization for Frame Buffer Display", 1982), as Pillow does it.
    """
    image = Image.fromarray(cutout.rgba)
    step = max(1, max(image.size) // SIDE)
    # Premultiplied while it is made smaller: what was removed has no say.
    small = np.asarray((image.convert("RGBa").reduce(step).convert("RGBA")) if step > 1 else image)
    solid = small[small[..., 3] >= SOLID][:, :3]
    if not len(solid):
        return ()
    boxes = Image.fromarray(solid[np.newaxis]).quantize(BOXES, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    of = np.asarray(boxes)[0]
    sizes = np.bincount(of)
    means = [solid[of == box].mean(axis=0) for box in np.argsort(-sizes, kind="stable") if sizes[box]]
    chosen: list[Colour] = []
    for mean in means:
        colour = Colour(*(round(float(channel)) for channel in mean))
        if all(np.linalg.norm(lab(colour.rgb) - lab(other.rgb)) >= APART for other in chosen):
            chosen.append(colour)
    return tuple(chosen[:COUNT])

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The subject and what is around it, laid over each other."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from offcut.colour import Colour
from offcut.cutout import BAND, Cutout
from offcut.ground import Pixels, Stills, no_stills, painted
from offcut.laying import laid
from offcut.picture import Picture
from offcut.placement import Placement
from offcut.rim import widened
from offcut.scene import Scene
from offcut.shadow import dropped, touching
from offcut.tone import toned

Beside = Literal["cover", "layer"] | None
"""What of the subject is at hand though the picture is shown as it is."""


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """`pixels` is uint8 [h,w,4] with straight alpha, or the colour that all of the layer has; `cover`, uint8 [h,w],
    where such a colour is, None for everywhere. One that is not `visible` is only at hand."""

    name: str
    pixels: Pixels | Colour
    cover: NDArray[np.uint8] | None = None
    visible: bool = True

    def band(self, width: int, top: int, bottom: int) -> Image.Image:
        """Some rows of it."""
        if not isinstance(self.pixels, Colour):
            return Image.fromarray(np.ascontiguousarray(self.pixels[top:bottom]))
        image = Image.new("RGBA", (width, bottom - top), self.pixels.rgb)
        if self.cover is not None:
            image.putalpha(Image.fromarray(np.ascontiguousarray(self.cover[top:bottom])))
        return image

    def drawn(self, shape: tuple[int, ...]) -> Pixels:
        """All of it: uint8 [h,w,4] for a canvas of that shape."""
        if not isinstance(self.pixels, Colour):
            return self.pixels
        return np.asarray(self.band(shape[1], 0, shape[0]))


@dataclass(frozen=True, slots=True, eq=False)
class Composition:
    """`layers` from back to front on a canvas of `width` x `height` pixels. `cover`, uint8 [h,w], is the subject's
    alpha there; None where the picture is shown as it is and nobody asked for it."""

    width: int
    height: int
    layers: tuple[Layer, ...]
    cover: NDArray[np.uint8] | None

    def merged(self) -> Pixels:
        """All of it as one picture: uint8 [h,w,4], straight alpha.

        Where there is one layer of pixels that is its own array, not a copy. Over what is opaque every channel is
        (c * alpha + behind * (255 - alpha)) / 255, rounded, in 8-bit sRGB, as browsers and image editors do it.
        """
        first, *rest = (layer for layer in self.layers if layer.visible)
        if not rest and not isinstance(first.pixels, Colour):
            return first.pixels
        result = np.empty((self.height, self.width, 4), np.uint8)
        for top in range(0, self.height, BAND):
            bottom = min(top + BAND, self.height)
            canvas = first.band(self.width, top, bottom)
            opaque = canvas.getchannel("A").getextrema() == (255, 255)
            for layer in rest:
                over = layer.band(self.width, top, bottom)
                if opaque:
                    canvas.paste(over, mask=over)
                    canvas.putalpha(255)
                else:
                    canvas = Image.alpha_composite(canvas, over)
            result[top:bottom] = np.asarray(canvas)
        return result


def composed(
    cutout: Cutout,
    picture: Picture,
    scene: Scene,
    placement: Placement | None = None,
    stills: Stills = no_stills,
    beside: Beside = None,
) -> Composition:
    """What `scene` makes of a cutout, and of the picture of the same size that it was cut from, on the canvas of
    `placement`; without one that is the picture's own. Where that is the picture as it is, "cover" has the subject's
    alpha `beside` it, and "layer" the subject itself as a layer that is not seen.

    Raises BackdropMissing.
    """
    if placement is None:
        placement = Placement(*picture.size, (1, 0, 0, 0, 1, 0))
    width, height = placement.width, placement.height
    if scene.untouched:
        return _untouched(cutout, Layer("original", laid(picture.rgba, placement)), placement, beside)
    subject = toned(laid(cutout.rgba, placement), scene.tone)
    cover = subject[..., 3]
    layers = []
    if scene.backdrop is not None:
        behind = painted(scene.backdrop, placement, picture.rgba, cutout.alpha, stills)
        layers.append(Layer("backdrop", behind))
    if scene.contact is not None and scene.contact.opacity > 0:
        layers.append(Layer("contact", scene.contact.colour, touching(cover, scene.contact)))
    edge = widened(cover, scene.rim) if scene.rim is not None else cover
    if scene.drop is not None and scene.drop.opacity > 0:
        layers.append(Layer("drop", scene.drop.colour, dropped(edge, scene.drop)))
    if scene.rim is not None and scene.rim.width > 0:
        layers.append(Layer("rim", scene.rim.colour, edge))
    layers.append(Layer("subject", subject))
    return Composition(width, height, tuple(layers), cover)


def _untouched(cutout: Cutout, original: Layer, placement: Placement, beside: Beside) -> Composition:
    size = placement.width, placement.height
    if beside is None:
        return Composition(*size, (original,), None)
    subject = laid(cutout.rgba, placement)
    if beside == "layer":
        return Composition(*size, (original, Layer("subject", subject, visible=False)), subject[..., 3])
    return Composition(*size, (original,), subject[..., 3].copy())

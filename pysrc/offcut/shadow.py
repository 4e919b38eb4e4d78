# SPDX-License-Identifier: AGPL-3.0-or-later
"""The shadow that the subject casts, told from its matte."""

from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from offcut.adjust import Alpha
from offcut.blur import enlarged, step
from offcut.colour import BLACK, Colour
from offcut.plain import Table

FLAT = 0.16
"""How tall a contact shadow is at most, as a share of the subject's width."""

FOOT = 0.4
"""The share of the subject's height, from its foot, that is near enough to the ground to darken it."""


@dataclass(frozen=True, slots=True)
class Drop:
    """The subject's own outline behind it, as on a wall. `x`, `y` (-0.5..0.5) and `blur` (0..0.2, a standard deviation)
    are shares of the canvas's shorter side; `opacity` is 0..1."""

    x: float = 0.015
    y: float = 0.025
    blur: float = 0.02
    opacity: float = 0.35
    colour: Colour = BLACK


@dataclass(frozen=True, slots=True)
class Contact:
    """The darkness below what stands on a ground. `size`, 0..1, is how far it reaches, `opacity` 0..1 how dark it
    is."""

    size: float = 0.5
    opacity: float = 0.5
    colour: Colour = BLACK


_RANGES = {
    "x": (-0.5, 0.5),
    "y": (-0.5, 0.5),
    "blur": (0.0, 0.2),
    "opacity": (0.0, 1.0),
    "size": (0.0, 1.0),
}


def parse_drop(table: Table) -> Drop:
    """A drop shadow from plain data; what is not there has its default. Raises the table's error."""
    return Drop(**_given(table, Drop))


def parse_contact(table: Table) -> Contact:
    """A contact shadow, likewise."""
    return Contact(**_given(table, Contact))


def to_dict(shadow: Drop | Contact) -> dict[str, object]:
    """Plain data with every field written out; the parser gives the same shadow back."""
    return asdict(shadow) | {"colour": str(shadow.colour)}


def _given(table: Table, kind: type[Drop] | type[Contact]) -> dict[str, Any]:
    table.only([field.name for field in fields(kind)])
    given: dict[str, Any] = {}
    for name in table.data:
        given[name] = Colour.of(table, name) if name == "colour" else table.within(name, *_RANGES[name])
    return given


def dropped(alpha: Alpha, shadow: Drop) -> Alpha:
    """How dark a drop shadow is: uint8 [h,w] for a matte, uint8 [h,w], on the canvas."""
    height, width = alpha.shape
    unit = min(width, height)
    dark = _blurred(alpha, shadow.blur * unit)
    moved = _moved(dark, round(shadow.x * unit), round(shadow.y * unit))
    return _share(moved, shadow.opacity)


def touching(alpha: Alpha, shadow: Contact) -> Alpha:
    """How dark a contact shadow is: uint8 [h,w] for a matte, uint8 [h,w], on the canvas.

    The lower part of the subject is laid flat on the ground at its foot, the nearer to the ground the darker, and
    blurred twice: a narrow one where it stands and a wide one around.
    """
    height, width = alpha.shape
    rows = np.flatnonzero(alpha.max(axis=1, initial=0) > 127)
    columns = np.flatnonzero(alpha.max(axis=0, initial=0) > 127)
    result = np.zeros((height, width), np.uint8)
    if not len(rows) or shadow.opacity == 0:
        return result
    top, foot = int(rows[0]), int(rows[-1]) + 1
    wide = int(columns[-1]) + 1 - int(columns[0])
    tall = max(1, round(wide * FLAT * shadow.size))
    near = max(1, round((foot - top) * FOOT))
    lower = alpha[foot - near : foot].astype(np.float32)
    lower *= (np.arange(1, near + 1, dtype=np.float32) / np.float32(near))[:, np.newaxis] ** 2
    flat = Image.fromarray(np.rint(lower).astype(np.uint8)).resize((width, tall), Image.Resampling.BOX)
    room = 2 * tall  # above and below, for a subject that stands near the canvas's rim
    laid = np.zeros((height + 2 * room, width), np.uint8)
    first = room + foot - tall // 2
    laid[first : first + tall] = np.asarray(flat)
    close, around = _blurred(laid, tall * 0.18), _blurred(laid, tall * 0.6)
    result[...] = np.maximum(close, around)[room : room + height]
    return _share(_stretched(result), shadow.opacity)


def _stretched(dark: Alpha) -> Alpha:
    """As dark as can be at its darkest: how tall the subject is makes no difference."""
    most = int(dark.max(initial=0))
    table = np.rint(np.minimum(np.arange(256) * (255 / max(most, 1)), 255)).astype(np.uint8)
    levels: Alpha = table[dark]
    return levels


def _share(dark: Alpha, opacity: float) -> Alpha:
    levels: Alpha = np.rint(np.arange(256) * opacity).astype(np.uint8)[dark]
    return levels


def _moved(plane: NDArray[np.uint8], x: int, y: int) -> NDArray[np.uint8]:
    height, width = plane.shape
    result = np.zeros_like(plane)
    if abs(x) < width and abs(y) < height:
        result[max(0, y) : height + min(0, y), max(0, x) : width + min(0, x)] = plane[
            max(0, -y) : height - max(0, y), max(0, -x) : width - max(0, x)
        ]
    return result


def _blurred(alpha: Alpha, sigma: float) -> Alpha:
    """Gaussian blur. Beyond the rim the matte goes on as it is at it: what is cut off there has its shadow there."""
    if sigma <= 0:
        return alpha
    each = step(sigma)
    small = Image.fromarray(alpha).reduce(each).filter(ImageFilter.GaussianBlur(sigma / each))
    return np.asarray(enlarged(small, each, alpha.shape[1], 0, alpha.shape[0]))

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What speaks for a face in a place: a few coarse contrasts, and what is known about heads without a look at them.

A face is described by what is darker than what in it, whoever it is and however it is lit: the eyes than the cheeks and
the bridge of the nose, the nostrils than the nose, the neck than the chin, and lips are redder than the skin above and
below (after Sinha, "Object Recognition via Image Invariants", 1994). Each relation is the difference of the means of
two rectangles, had from sums over the window (Viola and Jones, "Robust Real-Time Face Detection", 2004), in units of
the contrast within the face. Beside these stand the proportions of heads (after Farkas, "Anthropometry of the Head and
Face", 1994), where the outline narrows to the neck, and the edge along the lower rim of the chin.

Where in the face what lies is said in units of the distance from the line of the eyes down to the chin, from the middle
of that line. The green channel is what is looked at: in it lips and eyes are dark, and every skin is smooth. Where much
changes in it on the way down are eyes and mouth, where little the forehead.

Proportions and spreads were measured on photographs of people other than those of the tests, in which crown, chin,
eyes and mouth had been marked by hand.
"""

import numpy as np
from numpy.typing import NDArray

from offcut.places import Array, Outline, Places, Window

RATIO = 2.1
"""The height of a head with its hair is about so many times the distance from eyes to chin."""

RATIO_SPREAD = (0.075, 0.145)
"""The standard deviation of that ratio's logarithm, below and above: hair is high more often than low."""

NECK = 0.165
"""By about so much of the head's height the chin lies lower than where the outline has narrowed to the neck."""

NECK_SPREAD = 0.08
NECK_MOST = 2.5
"""A chin in the wrong place for the neck costs no more than this: what looked like a neck may be none."""

HEIGHT = -0.17
"""About the logarithm of the head's height as a share of what its outline promised: hair promises too much."""

HEIGHT_SPREAD = 0.16

MOUTHS = (0.51, 0.54, 0.57, 0.6, 0.63, 0.66)
"""Where the mouth may be; `MOUTH` is where it mostly is, give or take `MOUTH_SPREAD`."""

MOUTH = 0.6
MOUTH_SPREAD = 0.04

SKIN = 0.18
SKIN_SPREAD = 0.06
SKIN_MOST = 3.0
"""How red cheeks and nose are, give or take, whatever their tone; and what it costs at most where they are not."""

DARKEST = -4.0
"""The least that dark eyes may count: minus their lightness, in units of the face's contrast."""

RIM = 0.09
"""The edge below the chin is that between two bands of this height ..."""

RIM_SHIFT = 0.05
"""... and by so much the lowest point of the chin lies lower than where it is steepest, as the chin is round."""

RIM_HALF = 0.3
"""Half of the width over which the edge is looked for."""

RIM_MOST = 2.0
"""A collar's edge is no better a chin for being stronger than this, in units of the face's contrast."""


def proportions(places: Places, outline: Outline) -> dict[str, Array]:
    """The evidence that needs no look at the picture, each to be broadcast to [a,b,c]: logarithms of likelihoods."""
    height, ratio = places.height, places.ratio
    spread = np.where(ratio < RATIO, *RATIO_SPREAD)
    evidence = {
        "ratio": -((np.log(ratio / RATIO) / spread) ** 2) / 2,
        "height": -(((np.log(height / outline.height) - HEIGHT) / HEIGHT_SPREAD) ** 2) / 2,
        "neck": np.zeros((1, 1, 1)),
    }
    if outline.neck is not None:
        lower = (places.chin[:, np.newaxis] - outline.neck) / height
        evidence["neck"] = -np.minimum(((lower - NECK) / NECK_SPREAD) ** 2 / 2, NECK_MOST)
    return evidence


class _Sides:
    """Where in the sums over a window the sides of a rectangle lie, for every face at once: each is needed often."""

    def __init__(self, places: Places, shape: tuple[int, ...]) -> None:
        self._x, self._eyes, self._unit = places.x[:, np.newaxis, np.newaxis], places.eyes, places.unit
        self._rows, self._columns = shape[0], shape[1]
        self._known: dict[tuple[str, float], NDArray[np.int32]] = {}

    def across(self, at: float) -> NDArray[np.int32]:
        """Columns, [a,b,c]; what lies outside of the window is at its border."""
        key = ("across", at)
        if key not in self._known:
            self._known[key] = np.clip(self._x + (at * self._unit + 0.5), 0, self._columns).astype(np.int32)
        return self._known[key]

    def down(self, at: float) -> NDArray[np.int32]:
        """Rows, [a,b,c]."""
        key = ("down", at)
        if key not in self._known:
            self._known[key] = np.clip(self._eyes + (at * self._unit + 0.5), 0, self._rows).astype(np.int32)
        return self._known[key]


class _Means:
    """The means of a plane over a rectangle in every face at once."""

    def __init__(self, plane: NDArray[np.float32], sides: _Sides) -> None:
        self._sums = np.zeros((plane.shape[0] + 1, plane.shape[1] + 1))
        np.cumsum(np.cumsum(plane, 0, dtype=np.float64), 1, out=self._sums[1:, 1:])
        self._sides = sides

    def __call__(self, left: float, right: float, top: float, bottom: float) -> Array:
        """[a,b,c]; what lies outside of the window is not counted."""
        lefts, rights = self._sides.across(left), self._sides.across(right)
        tops, bottoms = self._sides.down(top), self._sides.down(bottom)
        area = np.maximum((bottoms - tops) * (rights - lefts), 1)
        sums, stride = self._sums.ravel(), self._sums.shape[1]
        upper, lower = tops * stride, bottoms * stride
        means: Array = sums.take(lower + rights) - sums.take(upper + rights)
        means += sums.take(upper + lefts) - sums.take(lower + lefts)
        means /= area
        return means


def _spread(plane: NDArray[np.float32], means: _Means, sides: _Sides) -> Array:
    """The standard deviation of a plane within the faces, [a,b,c]."""
    face = (-0.5, 0.5, -0.2, 0.95)
    variance = _Means(plane * plane, sides)(*face) - means(*face) ** 2
    spread: Array = np.sqrt(np.maximum(variance, 0))
    return spread


def features(window: Window, places: Places) -> dict[str, Array]:
    """The evidence of the picture, [a,b,c] each: about 1 where it is as in a face, 0 where there is none."""
    green = window.rgb[..., 1] * window.cover
    sides = _Sides(places, green.shape)
    light = _Means(green, sides)
    contrast = _spread(green, light, sides) + 0.03

    def lighter(one: Array, other: Array) -> Array:
        clipped: Array = np.clip((one - other) / contrast, -1, 1.3)
        return clipped

    def apart(one: Array, other: Array) -> Array:
        clipped: Array = np.minimum(np.abs(one - other) / contrast, 2)
        return clipped

    left_eye, right_eye = light(-0.43, -0.11, -0.09, 0.07), light(0.11, 0.43, -0.09, 0.07)
    left_cheek, right_cheek = light(-0.45, -0.2, 0.2, 0.4), light(0.2, 0.45, 0.2, 0.4)
    left, right, both = lighter(left_cheek, left_eye), lighter(right_cheek, right_eye), (left_eye + right_eye) / 2
    forehead, nose = light(-0.2, 0.2, -0.45, -0.25), light(-0.07, 0.07, 0.1, 0.3)
    edge_left = lighter(light(-0.54, -0.38, 0.05, 0.5), light(-0.85, -0.68, 0.05, 0.5))
    edge_right = lighter(light(0.38, 0.54, 0.05, 0.5), light(0.68, 0.85, 0.05, 0.5))
    temple_left = apart(light(-0.56, -0.42, -0.1, 0.4), light(-0.8, -0.64, -0.1, 0.4))
    temple_right = apart(light(0.42, 0.56, -0.1, 0.4), light(0.64, 0.8, -0.1, 0.4))
    ridge = (light(-0.2, -0.1, 0.1, 0.3) + light(0.1, 0.2, 0.1, 0.3)) / 2
    chin = light(-0.15, 0.15, 0.78, 0.92)
    evidence = {
        "eyes": (left + right) / 2,
        "lesser eye": np.minimum(left, right),
        "bridge": lighter(light(-0.08, 0.08, -0.02, 0.2), both),
        "dark eyes": np.maximum(-np.maximum(left_eye, right_eye) / contrast, DARKEST),
        "forehead": lighter(forehead, both),
        "nostrils": lighter(light(-0.2, 0.2, 0.18, 0.28), light(-0.2, 0.2, 0.3, 0.4)),
        "cheeks": np.minimum(edge_left, edge_right),
        "temples": (temple_left + temple_right) / 2,
        "hair": apart(light(-0.3, 0.3, -0.9, -0.7), forehead),
        "nose": lighter(nose, ridge),
        "tip": lighter(light(-0.08, 0.08, 0.2, 0.3), (left_cheek + right_cheek) / 2),
    }

    down = np.zeros_like(green)
    down[1:-1] = np.abs(green[2:] - green[:-2])
    busy = _Means(down, sides)
    evidence["busy eyes"] = (busy(-0.43, -0.11, -0.15, 0.1) + busy(0.11, 0.43, -0.15, 0.1)) / contrast
    evidence["busy mouth"] = busy(-0.22, 0.22, 0.5, 0.72) / contrast
    evidence["calm forehead"] = -busy(-0.3, 0.3, -0.5, -0.25) / contrast

    redness = (window.rgb[..., 0] - window.rgb[..., 1]) / (window.rgb[..., 0] + np.float32(0.15)) * window.cover
    red = _Means(redness, sides)
    blush = _spread(redness, red, sides) + 0.01
    skin = (red(-0.45, -0.2, 0.2, 0.4) + red(0.2, 0.45, 0.2, 0.4)) / 2
    above, below = red(-0.25, 0.25, 0.34, 0.46), red(-0.2, 0.2, 0.78, 0.9)
    evidence["red chin"] = -np.minimum(np.abs(below - skin) / blush, 2)
    unlike = ((red(-0.4, 0.4, 0.1, 0.5) - SKIN) / SKIN_SPREAD) ** 2 / 2
    evidence["skin"] = np.zeros_like(unlike) if window.grey else -np.minimum(unlike, SKIN_MOST)
    corners = (red(-0.42, -0.28, 0.59, 0.71) + red(0.28, 0.42, 0.59, 0.71)) / 2
    evidence["red mouth"] = np.clip((red(-0.2, 0.2, 0.59, 0.71) - corners) / blush, -1, 1.5)
    mouths = []
    for at in MOUTHS:
        lips = red(-0.2, 0.2, at - 0.065, at + 0.065)
        redder = [np.clip((lips - other) / blush, -1, 1.5) for other in (above, below)]
        dark = lighter(chin, light(-0.2, 0.2, at - 0.06, at + 0.06))
        usual = ((at - MOUTH) / MOUTH_SPREAD) ** 2 / 2
        mouths.append(0.3 * redder[0] + 0.7 * redder[1] + 0.5 * dark - 0.6 * usual)
    evidence["mouth"] = np.max(mouths, axis=0)
    return evidence


def rim(window: Window, places: Places) -> Array:
    """By how much it is darker below the rim of the chin, in units of the face's contrast: [a,b].

    The rim is a parabola, of the same curve for all places. Along it each column counts for itself, and no more than
    `RIM_MOST`.
    """
    rows, columns = window.cover.shape
    x, chin = float(np.median(places.x)), float(np.median(places.chin))
    unit = max((chin - float(np.median(places.crown))) / float(np.median(places.ratio)), 1.0)
    reach = max(1, round(RIM * unit))
    at = np.rint(places.chin - RIM_SHIFT * unit).astype(np.int32)
    along = np.linspace(-RIM_HALF, RIM_HALF, 15)
    down = np.arange(int(at.min()) - reach, int(at.max()) + reach)[:, np.newaxis] - unit * along**2
    across = places.x[:, np.newaxis] + unit * along
    ys = np.clip(np.rint(down), 0, rows - 1).astype(np.int32)
    xs = np.clip(np.rint(across), 0, columns - 1).astype(np.int32)
    straight = window.rgb[ys, xs[:, np.newaxis]]
    sums = np.zeros((straight.shape[0], straight.shape[1] + 1, *straight.shape[2:]))
    np.cumsum(straight, axis=1, out=sums[:, 1:])
    at = at - at.min() + reach
    step = (2 * sums[:, at] - sums[:, at - reach] - sums[:, at + reach]) / reach
    upper, left = max(0, int(chin - unit)), max(0, int(x - 0.35 * unit))
    face = window.rgb[upper : max(upper + 1, int(chin - 0.4 * unit)), left : max(left + 1, int(x + 0.35 * unit))]
    contrast = float(face.std(axis=(0, 1)).mean()) + 0.02 if face.size else 1.0
    darker = np.where(step.mean(axis=3) > 0, np.sqrt((step**2).mean(axis=3)) / contrast, 0)
    mean: Array = np.minimum(darker, RIM_MOST).mean(axis=2)
    return mean

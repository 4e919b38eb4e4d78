# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where in a window of a picture a face is most likely, told from a few coarse contrasts.

A face is described by what is darker than what in it, whoever it is and however it is lit: eyes than cheeks and bridge
of the nose, nostrils than the nose, lips redder than the skin above and below, the neck darker than the chin (Sinha,
"Object Recognition via Image Invariants", 1994). Each relation is the difference of the means of two rectangles, had
from sums over the window (Viola and Jones, "Robust Real-Time Face Detection", 2004), in units of the contrast within
the face. To these come what is known without features: the proportions of heads (Farkas, "Anthropometry of the Head and
Face", 1994), where the outline narrows to the neck, and the edge along the lower rim of the chin. All are weighed and
added up, and the highest sum wins.

Where in the face what lies is said in units of the distance from the line of the eyes down to the chin, from the middle
of that line. The green channel is what is looked at: in it lips and eyes are dark, and every skin is smooth.

The weights are those of a multinomial logit (McFadden, "Conditional Logit Analysis of Qualitative Choice Behavior",
1974) over all places in 267 photographs of people, none of which is used in tests.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

RATIO = 2.1
"""The height of a head with its hair is so many times the distance from eyes to chin, in the middle."""

RATIO_SPREAD = 0.1
"""The standard deviation of that ratio, as a share of it."""

NECK = 0.17
"""By so much of the head's height the chin lies lower than where the outline has narrowed to the neck."""

NECK_SPREAD = 0.096
"""The standard deviation of that share."""

NECK_MOST = 3.2
"""A chin in the wrong place for the neck costs no more than this: what looked like a neck may be none."""

HEIGHT = -0.12
"""The logarithm of the head's height, as a share of what the outline of its upper half promises, in the middle."""

HEIGHT_SPREAD = 0.28
"""The standard deviation of that logarithm."""

ASIDE_SPREAD = 0.12
"""The standard deviation of the distance of the face's middle from that of the outline, as a share of the height."""

RIM = 0.09
"""The edge below the chin is that between two bands of this height."""

RIM_SHIFT = 0.035
"""By so much the lowest point of the chin lies lower than where that edge is steepest: it is round."""

RIM_HALF = 0.3
"""Half of the width over which the edge is looked for."""

RIM_MOST = 2.25
"""A collar's edge is not a better chin for being stronger than this, in units of the face's contrast."""

MOUTHS = (0.51, 0.54, 0.57, 0.6, 0.63, 0.66)
MW = [0.3, 0.7, 0.5, 0.6]
PERCOL = True
COLCAP = 2.0

Weights = Mapping[str, float]

FAR: Weights = {}
NEAR: Weights = {}


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """A part of a picture, at a size of its own.

    `rgb` is float32 [n,m,3], 0..1, and `cover` float32 [n,m] the matte, 1 = subject. Pixel (x, y) of the picture is at
    ((x - left) / across, (y - top) / down).
    """

    rgb: NDArray[np.float32]
    cover: NDArray[np.float32]
    left: float
    top: float
    across: float
    down: float


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where a face is looked for: every `x` [a] with every `chin` [b] and every `ratio` [c] of the head's height to the
    distance from eyes to chin. `crown` [a] is the top of the head above each x. In pixels of the window."""

    x: Array
    crown: Array
    chin: Array
    ratio: Array


@dataclass(frozen=True, slots=True)
class Outline:
    """What the matte alone tells, in pixels of the window: the head's `height` as its upper half promises it, the `x`
    of its middle, and the `neck`, the row in which it has narrowed to it; None where there is none to be seen."""

    height: float
    x: float
    neck: float | None


@dataclass(frozen=True, slots=True)
class Face:
    """The best of the places, in pixels of the window; `score` is the sum of its `evidence` as weighed."""

    x: float
    crown: float
    chin: float
    ratio: float
    score: float
    evidence: Mapping[str, float]


def best(window: Window, places: Places, outline: Outline, weights: Weights) -> Face:
    """The likeliest of `places`. What `weights` does not name is not looked at."""
    evidence = measured(window, places, outline)
    if "rim" in weights:
        evidence["rim"] = _rim(window, places)[..., np.newaxis]
    score = np.zeros((places.x.size, places.chin.size, places.ratio.size))
    for name, weight in weights.items():
        score += weight * evidence[name]
    score[~possible(places)] = -np.inf
    i, j, k = np.unravel_index(int(score.argmax()), score.shape)
    return Face(
        float(places.x[i]),
        float(places.crown[i]),
        float(places.chin[j]),
        float(places.ratio[k]),
        float(score[i, j, k]),
        {name: float(np.broadcast_to(evidence[name], score.shape)[i, j, k]) for name in weights},
    )


def possible(places: Places) -> NDArray[np.bool_]:
    """Which places have a forehead: bool [a,b,c]."""
    height = places.chin[:, np.newaxis] - places.crown[:, np.newaxis, np.newaxis]
    allowed: NDArray[np.bool_] = height * (1 - 1.35 / places.ratio) > 0
    return allowed


class _Means:
    """The means of a plane over rectangles of all faces at once."""

    def __init__(self, plane: NDArray[np.floating], x: Array, eyes: Array, unit: Array) -> None:
        self._sums = np.zeros((plane.shape[0] + 1, plane.shape[1] + 1))
        np.cumsum(np.cumsum(plane, 0, dtype=np.float64), 1, out=self._sums[1:, 1:])
        self._x, self._eyes, self._unit = x, eyes, unit

    def __call__(self, left: float, right: float, top: float, bottom: float) -> Array:
        """Over the rectangle, in units of the face; what lies outside of the window is not counted."""
        lefts, rights = (self._clipped(self._x + side * self._unit, 1) for side in (left, right))
        tops, bottoms = (self._clipped(self._eyes + side * self._unit, 0) for side in (top, bottom))
        flat, stride = self._sums.ravel(), self._sums.shape[1]
        tops, bottoms = tops * stride, bottoms * stride
        total = flat[bottoms + rights] - flat[tops + rights] - flat[bottoms + lefts] + flat[tops + lefts]
        means: Array = total / np.maximum((bottoms - tops) // stride * (rights - lefts), 1)
        return means

    def _clipped(self, at: Array, axis: int) -> NDArray[np.int32]:
        return np.clip(np.rint(at), 0, self._sums.shape[axis] - 1).astype(np.int32)


def measured(window: Window, places: Places, outline: Outline) -> dict[str, Array]:
    """All evidence but that of the rim, float, each to be broadcast to [a,b,c]."""
    x, crown = places.x[:, np.newaxis, np.newaxis], places.crown[:, np.newaxis, np.newaxis]
    chin, ratio = places.chin[:, np.newaxis], places.ratio
    height = np.maximum(chin - crown, 1)
    unit = height / ratio
    eyes = chin - unit

    green = window.rgb[..., 1] * window.cover
    light, power = _Means(green, x, eyes, unit), _Means(green * green, x, eyes, unit)
    middle = light(-0.5, 0.5, -0.25, 0.95)
    spread = contrast = np.sqrt(np.maximum(power(-0.5, 0.5, -0.25, 0.95) - middle**2, 0)) + 0.03

    def lighter(one: Array, other: Array) -> Array:
        clipped: Array = np.clip((one - other) / contrast, -1, 1.3)
        return clipped

    left_eye, right_eye = light(-0.43, -0.11, -0.09, 0.07), light(0.11, 0.43, -0.09, 0.07)
    both = (left_eye + right_eye) / 2
    left = lighter(light(-0.45, -0.2, 0.2, 0.4), left_eye)
    right = lighter(light(0.2, 0.45, 0.2, 0.4), right_eye)
    evidence = {
        "eyes": (left + right) / 2,
        "lesser eye": np.minimum(left, right),
        "bridge": lighter(light(-0.08, 0.08, -0.02, 0.2), both),
        "under the eyes": lighter(light(-0.4, 0.4, 0.12, 0.22), both),
        "forehead": lighter(light(-0.2, 0.2, -0.45, -0.25), both),
        "beside the eyes": lighter(light(-0.52, -0.42, -0.06, 0.05), light(-0.36, -0.18, -0.06, 0.05)) / 2
        + lighter(light(0.42, 0.52, -0.06, 0.05), light(0.18, 0.36, -0.06, 0.05)) / 2,
        "nostrils": lighter(light(-0.2, 0.2, 0.18, 0.28), light(-0.2, 0.2, 0.3, 0.4)),
        "cheeks": np.minimum(
            lighter(light(-0.54, -0.38, 0.05, 0.5), light(-0.85, -0.68, 0.05, 0.5)),
            lighter(light(0.38, 0.54, 0.05, 0.5), light(0.68, 0.85, 0.05, 0.5)),
        ),
        "temples": sum(
            np.minimum(np.abs(light(*inner, -0.1, 0.4) - light(*outer, -0.1, 0.4)) / spread, 2) / 2
            for inner, outer in (((-0.56, -0.42), (-0.8, -0.64)), ((0.42, 0.56), (0.64, 0.8)))
        ),
        "cover": _Means(window.cover, x, eyes, unit)(-0.45, 0.45, -0.3, 0.8) - 1,
        "ratio": -((np.log(ratio / RATIO) / RATIO_SPREAD) ** 2) / 2,
        "height": -(((np.log(height / outline.height) - HEIGHT) / HEIGHT_SPREAD) ** 2) / 2,
        "aside": -np.minimum(((x - outline.x) / height / ASIDE_SPREAD) ** 2 / 2, 3),
        "neck": np.zeros((1, 1, 1))
        if outline.neck is None
        else -np.minimum((((chin - outline.neck) / height - NECK) / NECK_SPREAD) ** 2 / 2, NECK_MOST),
    }
    red = (window.rgb[..., 0] - window.rgb[..., 1]) / (window.rgb[..., 0] + np.float32(0.15)) * window.cover
    ruddy, power = _Means(red, x, eyes, unit), _Means(red * red, x, eyes, unit)
    middle = ruddy(-0.5, 0.5, -0.1, 0.95)
    spread = np.sqrt(np.maximum(power(-0.5, 0.5, -0.1, 0.95) - middle**2, 0)) + 0.01
    skin, chin_light = light(-0.2, 0.2, 0.42, 0.51), light(-0.15, 0.15, 0.78, 0.92)
    above, below = ruddy(-0.25, 0.25, 0.34, 0.46), ruddy(-0.2, 0.2, 0.78, 0.9)
    mouths = []
    for at in MOUTHS:
        dark = np.clip((chin_light - light(-0.2, 0.2, at - 0.06, at + 0.06)) / contrast, -1, 1.3)
        lips = ruddy(-0.2, 0.2, at - 0.065, at + 0.065)
        mouths.append(
            np.clip((lips - above) / spread, -1, 1.5) * MW[0]
            + np.clip((lips - below) / spread, -1, 1.5) * MW[1]
            + dark * MW[2]
            - ((at - 0.6) / 0.033) ** 2 / 2 * MW[3]
        )
    evidence["mouth"] = np.max(mouths, axis=0)
    cheek = (light(-0.45, -0.2, 0.2, 0.4) + light(0.2, 0.45, 0.2, 0.4)) / 2
    evidence["chin like cheeks"] = -np.minimum(np.abs(chin_light - cheek) / contrast, 2)
    evidence["mouth like cheeks"] = -np.minimum(np.abs(skin - cheek) / contrast, 2)
    reds = (ruddy(-0.45, -0.2, 0.2, 0.4) + ruddy(0.2, 0.45, 0.2, 0.4)) / 2
    evidence["red chin"] = -np.minimum(np.abs(below - reds) / spread, 2)
    evidence["red forehead"] = -np.minimum(np.abs(ruddy(-0.2, 0.2, -0.4, -0.2) - reds) / spread, 2)
    return evidence


def _rim(window: Window, places: Places) -> Array:
    """By how much it is darker below the rim of the chin, in units of the face's contrast: [a,b].

    The rim is a parabola, and its curve is that of the middle of `places`, whatever the place.
    """
    rows, columns = window.cover.shape
    crown, chin = float(np.median(places.crown)), float(np.median(places.chin))
    unit = (chin - crown) / float(np.median(places.ratio))
    reach = max(1, round(RIM * unit))
    at = np.rint(places.chin - RIM_SHIFT * unit).astype(np.int32)
    along = np.linspace(-RIM_HALF, RIM_HALF, 15)
    first = int(at.min()) - reach
    down = np.arange(first, int(at.max()) + reach)[:, np.newaxis] - unit * along**2
    across = places.x[:, np.newaxis] + unit * along
    ys = np.clip(np.rint(down), 0, rows - 1).astype(np.int32)
    xs = np.clip(np.rint(across), 0, columns - 1).astype(np.int32)
    straight = window.rgb[ys, xs[:, np.newaxis]]
    if not PERCOL:
        straight = straight.mean(axis=2, keepdims=True)
    sums = np.zeros((straight.shape[0], straight.shape[1] + 1, straight.shape[2], 3))
    np.cumsum(straight, axis=1, out=sums[:, 1:])
    at -= first
    step = (2 * sums[:, at] - sums[:, at - reach] - sums[:, at + reach]) / reach
    eyes, x = chin - unit, float(np.median(places.x))
    face = window.rgb[
        max(0, int(eyes)) : max(1, int(eyes + 0.6 * unit)), max(0, int(x - 0.35 * unit)) : max(1, int(x + 0.35 * unit))
    ]
    contrast = float(face.std(axis=(0, 1)).mean()) + 0.02
    strength: Array = np.where(step.mean(axis=3) > 0, np.sqrt((step**2).mean(axis=3)) / contrast, 0)
    if PERCOL:
        return np.minimum(strength, COLCAP).mean(axis=2)
    return np.minimum(strength[..., 0], RIM_MOST)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The face that is most likely in a window of a picture.

What speaks for a face in each place (see offcut.evidence) is weighed and added up, and the highest sum wins. The
weights are those of a multinomial logit over all places in photographs of people other than those of the tests
(McFadden, "Conditional Logit Analysis of Qualitative Choice Behavior", 1974).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from offcut.evidence import features, proportions, rim
from offcut.places import Array, Outline, Places, Window

Weights = Mapping[str, float]

FAR: Weights = {
    "eyes": 0.47,
    "lesser eye": 0.37,
    "bridge": 0.56,
    "under the eyes": 0.39,
    "forehead": 0.55,
    "nostrils": 0.43,
    "mouth": 0.86,
    "light chin": 0.19,
    "red chin": 0.2,
    "red forehead": 0.21,
    "cheeks": 0.41,
    "temples": 0.42,
    "cover": 0.2,
    "ratio": 0.27,
    "height": 0.34,
    "aside": 1.0,
    "neck": 0.44,
}
"""Where the place is not known."""

NEAR: Weights = {
    "eyes": 0.48,
    "lesser eye": 0.57,
    "bridge": 0.76,
    "under the eyes": 0.5,
    "forehead": 0.49,
    "beside the eyes": 0.24,
    "nostrils": 0.69,
    "mouth": 0.97,
    "light chin": 0.1,
    "red chin": 0.2,
    "cheeks": 0.48,
    "temples": 0.49,
    "ratio": 0.58,
    "height": 0.39,
    "aside": 0.24,
    "neck": 0.41,
    "rim": 1.51,
}
"""Where the place is known about."""

PLAIN: Weights = {"neck": 0.41, "rim": 1.51}
"""Where there are no features to go by."""


@dataclass(frozen=True, slots=True)
class Face:
    """One of the places, in pixels of the window, and what its evidence weighs."""

    x: float
    crown: float
    chin: float
    ratio: float
    score: float


def best(window: Window, places: Places, outline: Outline, weights: Weights, count: int = 1) -> list[Face]:
    """The likeliest of `places`, at most `count` that are apart from each other, the best first.

    `weights` says what is looked at, and how much each weighs.
    """
    if not (places.x.size and places.chin.size):
        return []
    score = _score(window, places, outline, weights)
    score[~places.possible] = -np.inf
    unit, eyes = places.unit, places.eyes
    faces: list[Face] = []
    while len(faces) < count:
        i, j, k = (int(at) for at in np.unravel_index(int(score.argmax()), score.shape))
        if not np.isfinite(score[i, j, k]):
            break
        x, chin = float(places.x[i]), float(places.chin[j])
        faces.append(Face(x, float(places.crown[i]), chin, float(places.ratio[k]), float(score[i, j, k])))
        size = unit[i, j, k]
        beside = np.abs(places.x - x)[:, np.newaxis, np.newaxis] < 0.3 * size
        near = beside & (np.abs(eyes - eyes[i, j, k]) < 0.2 * size) & (np.abs(np.log(unit / size)) < 0.25)
        score[near] = -np.inf
    return faces


def _score(window: Window, places: Places, outline: Outline, weights: Weights) -> Array:
    evidence = proportions(places, outline)
    if any(name not in evidence and name != "rim" for name in weights):
        evidence |= features(window, places)
    if "rim" in weights:
        evidence["rim"] = rim(window, places)[..., np.newaxis]
    score = np.zeros((places.x.size, places.chin.size, places.ratio.size))
    for name, weight in weights.items():
        score += weight * evidence[name]
    return score

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The face that is most likely in a window of a picture.

What speaks for a face in each place (see offcut.evidence) is weighed and added up, and the highest sum wins. The
weights are those of a multinomial logit over all places in 97 photographs that were marked by hand, of people other
than those of the tests (McFadden, "Conditional Logit Analysis of Qualitative Choice Behavior", 1974). Whether the
winner is a face at all is told by other weights, those of a logistic regression over the winners in the same
photographs and in 600 of things and animals.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from offcut.evidence import features, proportions, rim
from offcut.places import Array, Outline, Places, Window

Weights = Mapping[str, float]

FAR: Weights = {
    "eyes": 0.93,
    "lesser eye": 0.49,
    "bridge": 0.23,
    "forehead": 0.43,
    "nostrils": 0.14,
    "mouth": 0.8,
    "red chin": 0.31,
    "cheeks": 0.58,
    "temples": 0.43,
    "hair": 0.69,
    "tip": 0.65,
    "busy eyes": 1.19,
    "red mouth": 0.72,
    "skin": 0.59,
    "ratio": 0.17,
    "height": 0.57,
    "neck": 0.37,
}
"""Where the place is not known."""

NEAR: Weights = {
    "eyes": 0.75,
    "lesser eye": 0.35,
    "bridge": 0.39,
    "dark eyes": 0.64,
    "forehead": 0.38,
    "nostrils": 0.57,
    "nose": 0.39,
    "hair": 0.48,
    "mouth": 0.61,
    "busy mouth": 1.2,
    "red mouth": 0.75,
    "calm forehead": 0.32,
    "red chin": 0.31,
    "cheeks": 0.51,
    "temples": 0.53,
    "ratio": 0.31,
    "neck": 0.3,
    "rim": 1.34,
}
"""Where the place is known about."""

PLAIN: Weights = {name: NEAR[name] for name in ("neck", "rim")}
"""Where there are no features to go by."""

PERSON: Weights = {
    "eyes": 2.36,
    "lesser eye": 0.68,
    "bridge": 0.76,
    "forehead": 1.01,
    "nose": 0.96,
    "tip": 0.91,
    "hair": 0.78,
    "mouth": 0.85,
    "busy mouth": 1.05,
    "red mouth": 1.51,
    "calm forehead": 2.37,
    "red chin": 0.18,
    "cheeks": 0.79,
    "temples": 1.16,
    "skin": 0.69,
    "ratio": 1.03,
    "height": 0.25,
    "rim": 1.51,
}
"""What tells faces from what looks most like one in pictures of things and animals."""


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


def weighed(window: Window, face: Face, outline: Outline, weights: Weights) -> float:
    """What the evidence of one face weighs."""
    places = Places(*(np.array([at]) for at in (face.x, face.crown, face.chin, face.ratio)))
    return float(_score(window, places, outline, weights)[0, 0, 0])


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

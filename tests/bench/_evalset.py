# SPDX-License-Identifier: AGPL-3.0-or-later
"""Photographs with ground truth, and what is measured on them.

Everything is compared at 512 x 512, to which picture and truth are brought by bilinear resizing alone: what is
measured is the net's judgement, not how its answer is enlarged.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE = 512
BOUNDARY = 0.02
"""Width of the boundary band as a share of the diagonal (Cheng et al., Boundary IoU, 2021)."""

Plane = NDArray[np.float32]


@dataclass(frozen=True)
class Pair:
    """A picture and its truth."""

    id: str
    image: Path
    mask: Path

    def truth(self) -> Plane:
        """The true matte, float32 [512,512] in 0..1."""
        with Image.open(self.mask) as mask:
            return at_side(mask.convert("L"))


def pairs(images: Path | None, masks: Path | None, here: Path) -> list[Pair]:
    """The pictures in `images` whose truth of the same stem is in `masks`, else the open set beside the checkout.

    Empty when there is none.
    """
    if images and masks:
        truths = {path.stem: path for path in masks.iterdir()}
        return [Pair(path.stem, path, truths[path.stem]) for path in sorted(images.iterdir()) if path.stem in truths]
    folder = here.parent / "shared" / "evalset"
    if not (folder / "manifest.json").is_file():
        return []
    rows = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return [Pair(row["id"], folder / row["image"], folder / row["mask"]) for row in rows]


def at_side(image: Image.Image) -> Plane:
    """A grey image at 512 x 512, float32 in 0..1."""
    return np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BILINEAR), np.float32) / np.float32(255)


@dataclass(frozen=True)
class Score:
    """How near an answer is to the truth: intersection over union of both above one half, of their boundary bands,
    and the mean absolute difference."""

    iou: float
    boundary: float
    mae: float


def score(answer: Plane, truth: Plane) -> Score:
    """The score of an answer, both float32 [512,512] in 0..1."""
    found, there = answer > 0.5, truth > 0.5
    return Score(_iou(found, there), _iou(_band(found), _band(there)), float(np.abs(answer - truth).mean()))


def _iou(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    union = int((one | other).sum())
    return int((one & other).sum()) / union if union else 1.0


def _band(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The part of `mask` that is nearer to its boundary than the band is wide; the picture's border is none."""
    reach = max(1, round(BOUNDARY * SIDE * 2**0.5))
    sums = np.pad(mask, reach, mode="edge").astype(np.int32)
    for axis in (0, 1):
        sums = np.insert(np.cumsum(sums, axis), 0, 0, axis)
        sums = np.take(sums, range(2 * reach + 1, sums.shape[axis]), axis) - np.take(sums, range(SIDE), axis)
    return mask & (sums < (2 * reach + 1) ** 2)


def halves(count: int, times: int, seed: int = 1) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """`times` random splits of 0..count-1 into two halves, for choosing on one and measuring on the other."""
    random = np.random.default_rng(seed)
    for _ in range(times):
        order = random.permutation(count)
        yield order[: count // 2], order[count // 2 :]

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Photographs with ground truth: the open set beside the checkout, or somebody's own."""

import argparse
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def asked(parser: argparse.ArgumentParser, here: Path) -> tuple[argparse.Namespace, "list[Pair]"]:
    """The options, among them pictures of one's own, and the pictures. Ends the program where there are none."""
    parser.add_argument("--images", type=Path, metavar="DIR", help="your own pictures")
    parser.add_argument("--masks", type=Path, metavar="DIR", help="their truths, of the same names")
    options = parser.parse_args()
    found = pairs(options.images, options.masks, here)
    if not found:
        print("There are no pictures with ground truth here: name some with --images and --masks.")
        raise SystemExit(0)
    return options, found


@dataclass(frozen=True)
class Pair:
    """A picture, its truth and where it comes from. `sure`: the truth is exact, and nobody disputes it."""

    id: str
    image: Path
    mask: Path
    source: str = ""
    sure: bool = True

    @property
    def digest(self) -> str:
        """What the picture's file is known by in caches."""
        return hashlib.sha256(self.image.read_bytes()).hexdigest()[:16]

    def matte(self) -> Image.Image:
        """The true matte, grey, 255 is subject."""
        with Image.open(self.mask) as mask:
            grey: Image.Image = mask.convert("L")
        return grey


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
    return [
        Pair(
            row["id"],
            folder / row["image"],
            folder / row["mask"],
            row["source"],
            row["tier"] == "A" and not row.get("ambiguous"),
        )
        for row in rows
    ]


def halves(count: int, times: int, seed: int = 1) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """`times` random splits of 0..count-1 into two halves, for choosing on one and measuring on the other."""
    random = np.random.default_rng(seed)
    for _ in range(times):
        order = random.permutation(count)
        yield order[: count // 2], order[count // 2 :]

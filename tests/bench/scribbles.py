# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many lines it takes to cut a picture out without a net: drawn by a robot that sees the truth (see _robot.py).

On `--pictures` pictures of the open set, evenly spread; what is measured is IoU in the picture's full size, by the very
touches that a recipe holds. A picture that does not get there counts `MOST`.
"""

import asyncio
import time
from typing import Any

import _bench
import _evalset
import numpy as np
from _robot import Robot
from numpy.typing import NDArray

from offcut import picture
from offcut.picture import Picture
from offcut.sizes import Sizes
from offcut.touches import Touch
from offcut.touchup import Touchup
from sitebuild.layout import Layout

GOAL, MOST = 0.95, 20
TARGET = 6


def played(seen: Picture, truth: NDArray[np.bool_]) -> tuple[list[float], float]:
    """IoU after the second line and after each that follows, and the slowest solution in milliseconds."""
    robot = Robot(truth)
    touches: tuple[Touch, ...] = robot.begin()
    sizes = Sizes(seen)
    work = Touchup(np.full(truth.shape, 255, np.uint8), sizes, sizes.largest, blank=True)
    found, slowest = [], 0.0
    while True:
        began = time.perf_counter()
        work.bring(touches)
        slowest = max(slowest, (time.perf_counter() - began) * 1000)
        subject = work.alpha >= 128
        found.append(float((subject & truth).sum() / max(1, (subject | truth).sum())))
        if found[-1] >= GOAL or len(touches) >= MOST:
            return found, slowest
        touches = (*touches, robot.mend(subject))


def main() -> None:
    """Run the benchmark."""
    parser = _bench.parser(__doc__ or "")
    parser.add_argument("--pictures", type=int, default=20, metavar="N", help="of so many pictures (20)")
    parser.add_argument("--first", type=int, default=3, metavar="N", help="the first of them (3)")
    options, pairs = _evalset.asked(parser, Layout.here().root)
    chosen = pairs[options.first :: max(1, len(pairs) // options.pictures)][: options.pictures]
    _bench.introduce(_bench.machine("not used"))
    rows: list[list[str]] = []
    counts: list[int] = []
    figures: dict[str, Any] = {}
    for pair in chosen:
        seen = asyncio.run(picture.read(pair.image.read_bytes(), pair.id))
        truth = np.asarray(pair.matte().resize(seen.size)) > 127
        found, slowest = played(seen, truth)
        counts.append(len(found) + 1 if found[-1] >= GOAL else MOST)
        figures[pair.id] = {"iou": found, "ms": slowest}
        rows.append([pair.id, str(counts[-1]), f"{found[0]:.3f}", f"{found[-1]:.3f}", f"{slowest:.0f}"])
    _bench.table(["picture", "lines", "IoU after 2", "IoU at the end", "slowest ms"], rows)
    mean = sum(counts) / len(counts)
    missed = sum(each["iou"][-1] < GOAL for each in figures.values())
    print(
        f"{len(counts)} pictures, {mean:.2f} lines to IoU {GOAL} on average (target: {TARGET} or less, "
        f"{_bench.verdict(mean, TARGET)}); {missed} did not get there and count {MOST}"
    )
    _bench.save(options.json, figures)


if __name__ == "__main__":
    main()

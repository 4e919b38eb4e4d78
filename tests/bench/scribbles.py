# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many lines it takes to cut a picture out without a net: drawn by a robot that sees the truth (see _robot.py).

On `--pictures` pictures of the open set, evenly spread over those whose truth is sure; with `--all` on every picture,
and those that are not sure are reported apart. What is measured is IoU in the picture's full size, by the very touches
that a recipe holds. A picture that does not get there counts `MOST`.
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
    parser.add_argument("--all", action="store_true", help="of every picture")
    options, pairs = _evalset.asked(parser, Layout.here().root)
    sure = [pair for pair in pairs if pair.sure]
    count = min(options.pictures, len(sure))
    chosen = pairs if options.all else [sure[place * len(sure) // count] for place in range(count)]
    _bench.introduce(_bench.machine("not used"))
    rows: list[list[str]] = []
    figures: dict[str, Any] = {}
    for pair in chosen:
        seen = asyncio.run(picture.read(pair.image.read_bytes(), pair.id))
        truth = np.asarray(pair.matte().resize(seen.size)) > 127
        found, slowest = played(seen, truth)
        lines = len(found) + 1 if found[-1] >= GOAL else MOST
        figures[pair.id] = {"iou": found, "ms": slowest, "lines": lines, "sure": pair.sure}
        rows.append([pair.id, str(lines), f"{found[0]:.3f}", f"{found[-1]:.3f}", f"{slowest:.0f}"])
    _bench.table(["picture", "lines", "IoU after 2", "IoU at the end", "slowest ms"], rows)
    for name, wanted in (("whose truth is sure", True), ("of the rest", False)):
        part = [each for each in figures.values() if each["sure"] is wanted]
        if not part:
            continue
        mean = sum(each["lines"] for each in part) / len(part)
        missed = sum(each["iou"][-1] < GOAL for each in part)
        print(
            f"{len(part)} pictures {name}: {mean:.2f} lines to IoU {GOAL} on average (target: {TARGET} or less, "
            f"{_bench.verdict(mean, TARGET)}); {missed} did not get there and count {MOST}"
        )
    _bench.save(options.json, figures)


if __name__ == "__main__":
    main()

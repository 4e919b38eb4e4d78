# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each net, and each plan, makes of photographs with ground truth, and what that costs.

Nets are compared by their raw mattes (see _evalset.py), computed natively and kept in the cache. Times are those of
onnxruntime-web in WebAssembly with as many threads as the machine has cores, and of onnxruntime on its processor.
A plan's time is that of its looks: the first always, each further one as often as the one before left doubt.

Without a set of your own (--images and --masks: files of the same names, truth as grey pictures) the open set beside
the checkout is used, and where that is absent, nothing is measured.
"""

import asyncio
import hashlib
import math
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import _bench
import _evalset
import _nets
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from offcut import picture, tensor
from offcut.catalogue import Catalogue, Model, Plan
from offcut.matte import uncertainty
from offcut.native import NativeEngine
from sitebuild.layout import Layout

README = ("<!-- made by `python build.py bench quality --write` -->", "<!-- end -->")
THRESHOLDS = (0.0, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 1.0)
PEER = ("isnet-fp16", 1024)
"""The net that the peer runs by default, at its size."""

Look = tuple[str, int]


@dataclass(frozen=True)
class Answers:
    """One net's answers to the whole set at one side."""

    scores: list[_evalset.Score]
    doubt: NDArray[np.float64]
    native: float

    def mean(self, which: Sequence[int] | None = None) -> _evalset.Score:
        """The mean scores, of all pictures or of some."""
        return mean([self.scores[index] for index in (range(len(self.scores)) if which is None else which)])


def mean(scores: Sequence[_evalset.Score]) -> _evalset.Score:
    """The mean of each figure."""
    return _evalset.Score(*(float(np.mean([getattr(s, name) for s in scores])) for name in ("iou", "boundary", "mae")))


def answers(engine: NativeEngine, model: Model, side: int, pairs: list[_evalset.Pair], cache: Path) -> Answers:
    """The net's answers, from the cache where they were computed before."""
    names = hashlib.sha256("\n".join(pair.id for pair in pairs).encode()).hexdigest()[:12]
    path = cache / f"{model.id}-{model.sha256[:12]}-{side}-{names}.npz"
    if path.is_file():
        kept = np.load(path)
        planes, doubt, native = kept["planes"], kept["doubt"], float(kept["native"])
    else:
        print(f"  {model.id} at {side}: {len(pairs)} pictures", file=sys.stderr, flush=True)
        planes, doubt, native = _computed(engine, model, side, pairs)
        cache.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, planes=planes, doubt=doubt, native=native)
    scores = [
        _evalset.score(plane.astype(np.float32) / 255, pair.truth()) for plane, pair in zip(planes, pairs, strict=True)
    ]
    return Answers(scores, doubt, native)


def _computed(engine: NativeEngine, model: Model, side: int, pairs: list[_evalset.Pair]) -> tuple[Any, Any, float]:
    planes, doubt, spent = [], [], []
    for pair in pairs:
        shown = asyncio.run(picture.read(pair.image.read_bytes(), pair.id))
        packed = tensor.pack(shown, model.contract, side)
        began = time.perf_counter()
        output = asyncio.run(engine.run(model, packed))
        spent.append(time.perf_counter() - began)
        matte = tensor.unpack(output, model, packed)
        plane = Image.fromarray(np.rint(matte.alpha * 255).astype(np.uint8))
        planes.append(np.rint(_evalset.at_side(plane) * 255).astype(np.uint8))
        doubt.append(uncertainty(matte))
    return np.stack(planes), np.asarray(doubt), float(np.median(spent) * 1000)


def choices(looks: Sequence[Answers], decisive: float) -> tuple[list[int], list[int]]:
    """What the pipeline does with each picture: which look it keeps, and how many it takes (see offcut.job)."""
    kept, taken = [], []
    for index in range(len(looks[0].scores)):
        best, count = 0, 1
        while count < len(looks) and looks[best].doubt[index] > decisive:
            if looks[count].doubt[index] < looks[best].doubt[index]:
                best = count
            count += 1
        kept.append(best)
        taken.append(count)
    return kept, taken


def planned(looks: Sequence[Answers], decisive: float, which: Sequence[int] | None = None) -> _evalset.Score:
    """The scores of a plan, on all pictures or on some."""
    kept, _ = choices(looks, decisive)
    return mean([looks[kept[index]].scores[index] for index in (range(len(kept)) if which is None else which)])


def cost(looks: Sequence[Answers], times: Sequence[float], decisive: float) -> float:
    """The mean milliseconds of a plan's looks."""
    _, taken = choices(looks, decisive)
    return float(np.mean([sum(times[:count]) for count in taken]))


def chosen_on_the_other_half(looks: Sequence[Answers]) -> float:
    """Mean IoU when the threshold is chosen for IoU on one half of the set and measured on the other."""
    found = []
    for one, other in _evalset.halves(len(looks[0].scores), 50):
        best = max(THRESHOLDS, key=lambda each: planned(looks, each, list(one)).iou)
        found.append(planned(looks, best, list(other)).iou)
    return float(np.mean(found))


def report(
    catalogue: Catalogue, found: dict[Look, Answers], wasm: dict[Look, float], count: int
) -> list[tuple[str, list[list[str]]]]:
    """The tables, each as (title, rows with the head first)."""
    peer = wasm.get(PEER, math.nan)
    nets = [["net @ side", "IoU", "median", "< 0.5", "boundary IoU", "MAE", "native ms", "WASM ms", "of the peer's"]]
    for (id, side), answer in sorted(found.items()):
        ious, ms = [score.iou for score in answer.scores], wasm[id, side]
        spread = [f"{np.median(ious):.3f}", f"{np.mean([iou < 0.5 for iou in ious]):.2f}"]
        figures = _figures(answer.mean())
        nets.append([f"{id} @ {side}", figures[0], *spread, *figures[1:], f"{answer.native:.0f}", *_cost(ms, peer)])
    plans = [["plan", "looks", "stops at", "IoU", "boundary IoU", "MAE", "looks taken", "WASM ms", "of the peer's"]]
    curves = [["plan", "stops at", "IoU", "looks taken", "WASM ms", "of the peer's"]]
    for plan in catalogue.plans:
        looks, times = _looks(plan, found), [wasm[plan.model, side] for side in plan.sides]
        sides, taken = ", ".join(map(str, plan.sides)), choices(looks, plan.decisive)[1]
        figures = _figures(planned(looks, plan.decisive))
        priced = _cost(cost(looks, times, plan.decisive), peer)
        stop = f"{plan.decisive:g}"
        plans.append([plan.id, f"{plan.model} @ {sides}", stop, *figures, f"{np.mean(taken):.2f}", *priced])
        if len(looks) > 1:
            for each in THRESHOLDS:
                taken, priced = choices(looks, each)[1], _cost(cost(looks, times, each), peer)
                iou = f"{planned(looks, each).iou:.3f}"
                curves.append([plan.id, f"{each:g}", iou, f"{np.mean(taken):.2f}", *priced])
            curves.append([plan.id, "chosen on the other half", f"{chosen_on_the_other_half(looks):.3f}", "", "", ""])
    return [(f"Nets, {count} pictures", nets), ("Plans", plans), ("Where to stop", curves)]


def _figures(score: _evalset.Score) -> list[str]:
    return [f"{score.iou:.3f}", f"{score.boundary:.3f}", f"{score.mae:.3f}"]


def _cost(ms: float, peer: float) -> list[str]:
    return [f"{ms:.0f}", f"{ms / peer:.2f}"]


def _looks(plan: Plan, found: dict[Look, Answers]) -> list[Answers]:
    return [found[plan.model, side] for side in plan.sides]


def write(path: Path, tables: list[tuple[str, list[list[str]]]], machine: str) -> None:
    """Put the tables into a Markdown file, between the marks."""
    text = path.read_text(encoding="utf-8")
    head, rest = text.split(README[0])
    _, tail = rest.split(README[1])
    lines = ["", "", machine, ""]
    for title, (first, *rows) in tables:
        lines += [f"**{title}**", "", f"| {' | '.join(first)} |", "|" + " --- |" * len(first)]
        lines += [f"| {' | '.join(row)} |" for row in rows] + [""]
    path.write_text(head + README[0] + "\n".join(lines) + "\n" + README[1] + tail, encoding="utf-8", newline="\n")


def main() -> None:
    """Run the benchmark."""
    parser = _bench.parser(__doc__ or "")
    parser.add_argument("--images", type=Path, metavar="DIR", help="your own pictures")
    parser.add_argument("--masks", type=Path, metavar="DIR", help="their truths, of the same names")
    parser.add_argument("--sides", default="", help="further looks to compare: MODEL@SIDE,…")
    parser.add_argument("--runs", type=int, default=3, help="warm runs of each net in the browser (default: 3)")
    parser.add_argument("--write", action="store_true", help="put the tables into models/README.md")
    options = parser.parse_args()
    layout = Layout.here()
    pairs = _evalset.pairs(options.images, options.masks, layout.root)
    if not pairs:
        print("There are no pictures with ground truth here: name some with --images and --masks.")
        return
    with (
        _bench.workplace() as (site, _),
        tempfile.TemporaryDirectory(prefix="offcut-nets-") as folder,
        _bench.one_browser() as browser,
    ):
        machine = _bench.machine(browser.version)
        _bench.introduce(machine)
        catalogue = _nets.catalogue(site)
        wanted = {(plan.model, side) for plan in catalogue.plans for side in plan.sides}
        wanted |= {PEER} if any(model.id == PEER[0] for model in catalogue.models) else set()
        extra = (each.partition("@") for each in options.sides.split(",") if each)
        wanted |= {(id, int(side)) for id, _, side in extra}
        models = {id: catalogue.model(id) for id, _ in wanted}
        paths = {id: _nets.joined(site, model, Path(folder)) for id, model in models.items()}
        cache = layout.cache / "quality"
        found = {
            (id, side): answers(NativeEngine(paths), models[id], side, pairs, cache) for id, side in sorted(wanted)
        }
        with _nets.served(site, Path(folder)) as url:
            threads = os.cpu_count() or 1
            wasm = {
                (id, side): float(np.median(_nets.milliseconds(browser, url, models[id], side, options.runs, threads)))
                for id, side in sorted(wanted)
            }
    tables = report(catalogue, found, wasm, len(pairs))
    for title, (first, *rows) in tables:
        print(title)
        _bench.table(first, rows)
    if options.write:
        described = f"{machine['cores']} cores ({machine['processor']}), {machine['system']}, {machine['browser']}."
        write(layout.models / "README.md", tables, described)
    figures = {"nets": {f"{id}@{side}": vars(each.mean()) for (id, side), each in found.items()}}
    _bench.save(options.json, {"machine": machine, "wasm": {f"{i}@{s}": ms for (i, s), ms in wasm.items()}} | figures)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each net, and each plan, makes of photographs with ground truth, and what that costs.

Nets are compared by their raw mattes at 512 x 512, to which answer and truth are brought by bilinear resizing alone:
what is measured is the net's judgement, not how its answer is enlarged. They are computed natively and kept in the
cache. Times are those of onnxruntime-web in WebAssembly with as many threads as the machine has cores, and of
onnxruntime on its processor.
A plan's time is that of its looks: the first always, each further one as often as the one before left doubt.

Without a set of your own (--images and --masks: files of the same names, truth as grey pictures) the open set beside
the checkout is used, and where that is absent, nothing is measured.
"""

import math
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import _answers
import _bench
import _evalset
import _metrics
import _nets
import _report
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from offcut.catalogue import Catalogue
from offcut.cli.library import Library
from offcut.native import NativeEngine
from sitebuild import measured
from sitebuild.layout import Layout

THRESHOLDS = (0.0, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 1.0)
PEER = ("isnet-fp16", 1024)
"""The net that the peer runs by default, at its size."""

SIDE = 512
"""Where nets are compared."""


@dataclass(frozen=True)
class Score:
    """How near an answer is to the truth (see _metrics.py)."""

    iou: float
    boundary: float
    mae: float

    @classmethod
    def of(cls, levels: NDArray[np.uint8], pair: _evalset.Pair) -> "Score":
        """The score of a net's matte, in levels of 256, against the truth, both brought to `SIDE` x `SIDE`."""
        answer, truth = at_side(Image.fromarray(levels)), at_side(pair.matte())
        return cls(_metrics.iou(answer, truth), _metrics.boundary_iou(answer, truth), _metrics.mae(answer, truth))


def at_side(image: Image.Image) -> _metrics.Plane:
    """A grey image at `SIDE` x `SIDE`, float32 in 0..1."""
    return np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BILINEAR), np.float32) / np.float32(255)


@dataclass(frozen=True)
class Scored:
    """Answers, and how near each is to the truth."""

    answers: _answers.Answers
    scores: list[Score]

    @classmethod
    def of(cls, answers: _answers.Answers, pairs: list[_evalset.Pair]) -> "Scored":
        """The answers to `pairs`."""
        return cls(answers, [Score.of(*each) for each in zip(answers.mattes, pairs, strict=True)])


def mean(scores: Iterable[Score]) -> Score:
    """The mean of each figure."""
    rows = [(score.iou, score.boundary, score.mae) for score in scores]
    return Score(*map(float, np.mean(rows, axis=0)))


def chosen_on_the_other_half(ious: NDArray[np.float64]) -> float:
    """Mean IoU when the row of `ious`, [stops, pictures], is chosen on one half and measured on the other."""
    found = []
    for one, other in _evalset.halves(ious.shape[1], 50):
        best = int(ious[:, one].mean(axis=1).argmax())
        found.append(ious[best, other].mean())
    return float(np.mean(found))


def report(
    catalogue: Catalogue, found: dict[_answers.Look, Scored], wasm: dict[_answers.Look, float], count: int
) -> list[tuple[str, list[list[str]]]]:
    """The tables, each as (title, rows with the head first)."""
    peer = wasm.get(PEER, math.nan)
    nets = [["net @ side", "IoU", "median", "< 0.5", "boundary IoU", "MAE", "native ms", "WASM ms", "of the peer's"]]
    for (id, side), answer in sorted(found.items()):
        ious, ms = [score.iou for score in answer.scores], wasm[id, side]
        spread = [f"{np.median(ious):.3f}", f"{np.mean([iou < 0.5 for iou in ious]):.2f}"]
        figures = _figures(mean(answer.scores))
        nets.append(
            [f"{id} @ {side}", figures[0], *spread, *figures[1:], f"{answer.answers.native:.0f}", *_cost(ms, peer)]
        )
    plans = [["plan", "looks", "stops at", "IoU", "boundary IoU", "MAE", "looks taken", "WASM ms", "of the peer's"]]
    curves = [["plan", "stops at", "IoU", "looks taken", "WASM ms", "of the peer's"]]
    for plan in catalogue.plans:
        given = {look: each.answers for look, each in found.items()}
        stops = [plan.decisive, *(THRESHOLDS if len(plan.sides) > 1 else ())]
        rows = []
        for stop, each in zip(stops, _answers.outcomes(plan, catalogue.model(plan.model), given, stops), strict=True):
            scores = [found[plan.model, one.kept].scores[index] for index, one in enumerate(each)]
            spent = np.mean([sum(wasm[plan.model, side] for side in one.asked) for one in each])
            priced = [f"{np.mean([len(one.asked) for one in each]):.2f}", *_cost(float(spent), peer)]
            rows.append((f"{stop:g}", scores, priced))
        (stop_at, scores, priced), *curve = rows
        sides = ", ".join(map(str, plan.sides))
        plans.append([plan.id, f"{plan.model} @ {sides}", stop_at, *_figures(mean(scores)), *priced])
        curves += [[plan.id, stop_at, _figures(mean(scores))[0], *priced] for stop_at, scores, priced in curve]
        if curve:
            table = np.array([[score.iou for score in scores] for _, scores, _ in curve])
            curves.append([plan.id, "chosen on the other half", f"{chosen_on_the_other_half(table):.3f}", "", "", ""])
    return [(f"Nets, {count} pictures", nets), ("Plans", plans), ("Where to stop", curves)]


def _measured(scored: Scored, side: int, ms: float) -> dict[str, Any]:
    figures = {name: round(value, 3) for name, value in vars(mean(scored.scores)).items()}
    return {"side": side, **figures, "native_ms": round(scored.answers.native, 1), "wasm_ms": round(ms, 1)}


def _figures(score: Score) -> list[str]:
    return [f"{score.iou:.3f}", f"{score.boundary:.3f}", f"{score.mae:.3f}"]


def _cost(ms: float, peer: float) -> list[str]:
    return [f"{ms:.0f}", f"{ms / peer:.2f}"]


def main() -> None:
    """Run the benchmark."""
    parser = _bench.parser(__doc__ or "")
    parser.add_argument("--sides", default="", help="further looks to compare: MODEL@SIDE,…")
    parser.add_argument("--runs", type=int, default=3, help="warm runs of each net in the browser (default: 3)")
    parser.add_argument(
        "--write",
        action="store_true",
        help="put the tables into models/README.md, and the figures into models/measured.json",
    )
    layout = Layout.here()
    options, pairs = _evalset.asked(parser, layout.root)
    with _bench.workplace() as (site, scratch):
        library = Library.of(site)
        catalogue = library.catalogue
        wanted = {(plan.model, side) for plan in catalogue.plans for side in plan.sides}
        wanted |= {PEER} if any(model.id == PEER[0] for model in catalogue.models) else set()
        extra = (each.partition("@") for each in options.sides.split(",") if each)
        wanted |= {(id, int(side)) for id, _, side in extra}
        models = {id: catalogue.model(id) for id, _ in wanted}
        paths = {id: library.weights(model) for id, model in models.items()}
        # Before there is a browser: Playwright's event loop bears no other beside it.
        engine, cache = NativeEngine(paths), layout.cache / "answers"
        found = {
            (id, side): Scored.of(_answers.answers(engine, models[id], side, pairs, cache), pairs)
            for id, side in sorted(wanted)
        }
        with _bench.one_browser() as browser, _nets.served(site, paths, scratch) as url:
            machine = _bench.machine(browser.version)
            _bench.introduce(machine)
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
        described = _report.described(machine)
        _report.write(layout.models / "README.md", "engines", tables, described)
        looks = {
            models[id].sha256: [
                _measured(found[id, side], side, wasm[id, side]) for other, side in found if other == id
            ]
            for id in models
        }
        measured.write(layout.models / "measured.json", looks, described, len(pairs))
    figures = {"nets": {f"{id}@{side}": vars(mean(each.scores)) for (id, side), each in found.items()}}
    _bench.save(options.json, {"machine": machine, "wasm": {f"{i}@{s}": ms for (i, s), ms in wasm.items()}} | figures)


if __name__ == "__main__":
    main()

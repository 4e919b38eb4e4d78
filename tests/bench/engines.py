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
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import _bench
import _evalset
import _nets
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from offcut import look, picture, tensor
from offcut.catalogue import Catalogue, Model, Plan
from offcut.cli.library import Library
from offcut.matte import Matte
from offcut.native import NativeEngine
from sitebuild import measured
from sitebuild.layout import Layout

README = ("<!-- made by `python build.py bench quality --write` -->", "<!-- end -->")
THRESHOLDS = (0.0, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 1.0)
PEER = ("isnet-fp16", 1024)
"""The net that the peer runs by default, at its size."""

Look = tuple[str, int]


@dataclass(frozen=True)
class Answers:
    """One net's answers to the whole set at one side: the mattes in levels of 256, their scores, the native time."""

    mattes: list[NDArray[np.uint8]]
    scores: list[_evalset.Score]
    native: float


@dataclass(frozen=True)
class Outcome:
    """What a plan comes to with one picture: the side whose answer it keeps, and those it asks for."""

    kept: int
    asked: tuple[int, ...]


def mean(scores: Iterable[_evalset.Score]) -> _evalset.Score:
    """The mean of each figure."""
    rows = [(score.iou, score.boundary, score.mae) for score in scores]
    return _evalset.Score(*map(float, np.mean(rows, axis=0)))


def answers(engine: NativeEngine, model: Model, side: int, pairs: list[_evalset.Pair], cache: Path) -> Answers:
    """The net's answers, from the cache where they were computed before."""
    names = hashlib.sha256("\n".join(pair.id for pair in pairs).encode()).hexdigest()[:12]
    path = cache / f"{model.id}-{model.sha256[:12]}-{side}-{names}.npz"
    if not path.is_file():
        print(f"  {model.id} at {side}: {len(pairs)} pictures", file=sys.stderr, flush=True)
        mattes, native = _computed(engine, model, side, pairs)
        cache.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, *mattes, native=native)
    with np.load(path) as kept:
        mattes, native = [kept[f"arr_{index}"] for index in range(len(pairs))], float(kept["native"])
    scores = [
        _evalset.score(_evalset.at_side(Image.fromarray(matte)), pair.truth())
        for matte, pair in zip(mattes, pairs, strict=True)
    ]
    return Answers(mattes, scores, native)


def _computed(
    engine: NativeEngine, model: Model, side: int, pairs: list[_evalset.Pair]
) -> tuple[list[NDArray[np.uint8]], float]:
    mattes, spent = [], []
    for pair in pairs:
        shown = asyncio.run(picture.read(pair.image.read_bytes(), pair.id))
        packed = tensor.pack(shown, model.contract, side)
        began = time.perf_counter()
        output = asyncio.run(engine.run(model, packed))
        spent.append(time.perf_counter() - began)
        mattes.append(np.rint(tensor.unpack(output, model, packed).alpha * 255).astype(np.uint8))
    return mattes, float(np.median(spent) * 1000)


def outcome(plan: Plan, model: Model, mattes: dict[int, Matte]) -> Outcome:
    """What the pipeline's own rule does with a picture to which the net gives these answers, by side."""
    asked: list[int] = []

    async def ask(side: int) -> Matte:
        asked.append(side)
        return mattes[side]

    kept = asyncio.run(look.look(plan, model, ask)).matte
    return Outcome(next(side for side in asked if mattes[side] is kept), tuple(asked))


def outcomes(plan: Plan, model: Model, found: dict[Look, Answers], stops: Sequence[float]) -> list[list[Outcome]]:
    """What a plan comes to, were it to stop at each of `stops`, picture by picture."""
    table: list[list[Outcome]] = [[] for _ in stops]
    levels = [found[plan.model, side].mattes for side in plan.sides]
    for planes in zip(*levels, strict=True):
        alphas = (plane.astype(np.float32) / np.float32(255) for plane in planes)
        mattes = dict(zip(plan.sides, map(Matte, alphas), strict=True))
        for row, stop in zip(table, stops, strict=True):
            row.append(outcome(replace(plan, decisive=stop), model, mattes))
    return table


def chosen_on_the_other_half(ious: NDArray[np.float64]) -> float:
    """Mean IoU when the row of `ious`, [stops, pictures], is chosen on one half and measured on the other."""
    found = []
    for one, other in _evalset.halves(ious.shape[1], 50):
        best = int(ious[:, one].mean(axis=1).argmax())
        found.append(ious[best, other].mean())
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
        figures = _figures(mean(answer.scores))
        nets.append([f"{id} @ {side}", figures[0], *spread, *figures[1:], f"{answer.native:.0f}", *_cost(ms, peer)])
    plans = [["plan", "looks", "stops at", "IoU", "boundary IoU", "MAE", "looks taken", "WASM ms", "of the peer's"]]
    curves = [["plan", "stops at", "IoU", "looks taken", "WASM ms", "of the peer's"]]
    for plan in catalogue.plans:
        stops = [plan.decisive, *(THRESHOLDS if len(plan.sides) > 1 else ())]
        rows = []
        for stop, each in zip(stops, outcomes(plan, catalogue.model(plan.model), found, stops), strict=True):
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


def _measured(answers: Answers, side: int, ms: float) -> dict[str, Any]:
    figures = {name: round(value, 3) for name, value in vars(mean(answers.scores)).items()}
    return {"side": side, **figures, "native_ms": round(answers.native, 1), "wasm_ms": round(ms, 1)}


def _figures(score: _evalset.Score) -> list[str]:
    return [f"{score.iou:.3f}", f"{score.boundary:.3f}", f"{score.mae:.3f}"]


def _cost(ms: float, peer: float) -> list[str]:
    return [f"{ms:.0f}", f"{ms / peer:.2f}"]


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
    parser.add_argument(
        "--write",
        action="store_true",
        help="put the tables into models/README.md, and the figures into models/measured.json",
    )
    options = parser.parse_args()
    layout = Layout.here()
    pairs = _evalset.pairs(options.images, options.masks, layout.root)
    if not pairs:
        print("There are no pictures with ground truth here: name some with --images and --masks.")
        return
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
        engine, cache = NativeEngine(paths), layout.cache / "quality"
        found = {(id, side): answers(engine, models[id], side, pairs, cache) for id, side in sorted(wanted)}
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
        described = f"{machine['cores']} cores ({machine['processor']}), {machine['system']}, {machine['browser']}."
        write(layout.models / "README.md", tables, described)
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

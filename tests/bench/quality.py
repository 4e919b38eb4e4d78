# SPDX-License-Identifier: AGPL-3.0-or-later
"""How good the edges of cutouts are: the same answers of the same net, finished in different ways, beside the truth.

"bilinear" enlarges the net's matte with a bilinear filter and keeps the picture's own colours, which is what the peer
does. "Offcut" is what the pipeline makes of it. Both get the mattes of the default plan. With --peer the peer itself is
run in the browser too, with its own net at its own size; that takes half an hour, and its results are kept.

Everything is compared at the picture's own size, see _metrics.py; true colours are those that offcut.foreground finds
with the true matte. With --sheets DIR the ten worst and the ten most improved are written there as PNG.

Without a set of your own (--images and --masks: files of the same names, truth as grey pictures) the open set beside
the checkout is used, and where that is absent, nothing is measured.
"""

import asyncio
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from multiprocessing import get_context
from pathlib import Path

import _answers
import _bench
import _evalset
import _metrics
import _peer
import _sheet
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from offcut import picture
from offcut.cli.library import Library
from offcut.cutout import cut
from offcut.edges import Edges
from offcut.matte import Matte
from offcut.native import NativeEngine
from offcut.picture import Picture
from offcut.refine import upsample
from sitebuild.layout import Layout

Rgba = NDArray[np.uint8]
PATIENCE_MS = 120_000


@dataclass(frozen=True)
class Errors:
    """What is measured of one cutout; see _metrics.py."""

    iou: float
    boundary: float
    mae: float
    mse: float
    sad: float
    gradient: float
    connectivity: float
    fringe: float

    @classmethod
    def of(cls, found: Rgba, truth: Rgba) -> "Errors":
        """Of a cutout beside the true one, both uint8 [h,w,4]."""
        answer, there = (each[..., 3].astype(np.float32) / np.float32(255) for each in (found, truth))
        return cls(
            _metrics.iou(answer, there),
            _metrics.boundary_iou(answer, there),
            _metrics.mae(answer, there),
            _metrics.mse(answer, there),
            _metrics.sad(answer, there),
            _metrics.gradient(answer, there),
            _metrics.connectivity(answer, there),
            _metrics.fringe(found, truth),
        )


HEAD = ("IoU", "boundary IoU", "MAE", "MSE", "SAD", "gradient", "connectivity", "fringe")


def bilinear(shown: Picture, matte: Matte) -> Rgba:
    """The matte enlarged as the peer does it, and the picture's own colours."""
    levels = Image.fromarray(np.rint(matte.alpha * 255).astype(np.uint8))
    alpha = np.asarray(levels.resize(shown.size, Image.Resampling.BILINEAR))
    return cut(shown, alpha).rgba


def finished(shown: Picture, matte: Matte) -> Rgba:
    """What the pipeline makes of it with the recipe that nobody changed."""
    return cut(shown, upsample(matte, *shown.size), Edges().despill).rgba


WAYS: dict[str, Callable[[Picture, Matte], Rgba]] = {"bilinear": bilinear, "Offcut": finished}


def read(pair: _evalset.Pair) -> tuple[Picture, Rgba]:
    """A picture and its true cutout."""
    shown = asyncio.run(picture.read(pair.image.read_bytes(), pair.id))
    alpha = np.asarray(pair.matte().resize(shown.size, Image.Resampling.BILINEAR))
    return shown, cut(shown, alpha, 1.0).rgba


def mattes(site: Path, pairs: list[_evalset.Pair], cache: Path) -> list[Matte]:
    """The default plan's answer to each picture."""
    library = Library.of(site)
    plan = library.catalogue.plan("default")
    model = library.catalogue.model(plan.model)
    engine = NativeEngine({model.id: library.weights(model)})
    found = {(model.id, side): _answers.answers(engine, model, side, pairs, cache) for side in plan.sides}
    [kept] = _answers.outcomes(plan, model, found, [plan.decisive])
    return [found[model.id, each.kept].matte(index) for index, each in enumerate(kept)]


def measured(pair: _evalset.Pair, matte: Matte, peer: Path | None) -> dict[str, Errors]:
    """The errors of every way to finish one picture, and of the peer's cutout where there is one."""
    shown, truth = read(pair)
    errors = {way: Errors.of(make(shown, matte), truth) for way, make in WAYS.items()}
    if peer:
        with Image.open(peer) as image:
            errors["peer"] = Errors.of(np.asarray(image.convert("RGBA")), truth)
    return errors


def peers(layout: Layout, scratch: Path, pairs: list[_evalset.Pair], folder: Path) -> dict[str, Path]:
    """The peer's own cutouts by the id of the picture, in `folder`; those that are there are not made again."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {pair.id: folder / f"{pair.id}.png" for pair in pairs}
    missing = [pair for pair in pairs if not paths[pair.id].is_file()]
    if missing:
        _peer.make(layout, scratch / "peer", "medium")
        with _peer.served(scratch / "peer") as url, _bench.one_browser() as browser:
            page = browser.new_page()
            page.set_default_timeout(PATIENCE_MS)
            page.goto(url)
            for number, pair in enumerate(missing, 1):
                print(f"  peer: {number} of {len(missing)}", file=sys.stderr, flush=True)
                paths[pair.id].write_bytes(_peer.cutout(page, pair.image, PATIENCE_MS))
    return paths


def mean(rows: Sequence[Errors]) -> Errors:
    """The mean of each figure."""
    return Errors(*(float(np.mean([getattr(row, field.name) for row in rows])) for field in fields(Errors)))


def by_source(pairs: Sequence[_evalset.Pair], errors: dict[str, list[Errors]]) -> list[list[str]]:
    """Boundary IoU and fringe of each way, for the pictures of each source."""
    rows = [["source", "pictures", *(f"{name}, {way}" for name in ("boundary IoU", "fringe") for way in errors)]]
    for source in sorted({pair.source for pair in pairs}):
        which = [index for index, pair in enumerate(pairs) if pair.source == source]
        means = [mean([rows[index] for index in which]) for rows in errors.values()]
        figures = [f"{each.boundary:.3f}" for each in means] + [f"{each.fringe:.2f}" for each in means]
        rows.append([source or "your own", str(len(which)), *figures])
    return rows


def main() -> None:
    """Run the benchmark."""
    parser = _bench.parser(__doc__ or "")
    _evalset.add_options(parser)
    parser.add_argument("--peer", action="store_true", help="run the peer in the browser too")
    parser.add_argument("--sheets", type=Path, metavar="DIR", help="where contact sheets are written")
    options = parser.parse_args()
    layout = Layout.here()
    pairs = _evalset.pairs(options.images, options.masks, layout.root)
    if not pairs:
        print(_evalset.NONE)
        return
    with _bench.workplace() as (site, scratch):
        answers = mattes(site, pairs, layout.cache / "answers")
        others = peers(layout, scratch, pairs, layout.cache / "peer") if options.peer else {}
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        made = (others.get(pair.id) for pair in pairs)
        rows = []
        for number, row in enumerate(pool.map(measured, pairs, answers, made), 1):
            print(f"\r  measured: {number} of {len(pairs)}", end="", file=sys.stderr, flush=True)
            rows.append(row)
        print(file=sys.stderr)
    errors = {way: [row[way] for row in rows] for way in rows[0]}
    print(f"{len(pairs)} pictures")
    means = [[way, *(f"{value:.4g}" for value in vars(mean(each)).values())] for way, each in errors.items()]
    _bench.table(["finished by", *HEAD], means)
    head, *groups = by_source(pairs, errors)
    _bench.table(head, groups)
    if options.sheets:
        gain = [old.fringe - new.fringe for old, new in zip(*(errors[way] for way in WAYS), strict=True)]
        ranked = sorted(range(len(pairs)), key=lambda index: -errors["Offcut"][index].fringe)
        chosen = {"worst": ranked[:10], "most-improved": sorted(range(len(pairs)), key=lambda index: -gain[index])[:10]}
        options.sheets.mkdir(parents=True, exist_ok=True)
        for name, which in chosen.items():
            strips = []
            for index in which:
                shown, truth = read(pairs[index])
                cutouts = [shown.rgba, truth, *(make(shown, answers[index]) for make in WAYS.values())]
                strips.append((pairs[index].id, cutouts))
            _sheet.write(options.sheets / f"{name}.png", ["picture", "truth", *WAYS], strips)
    _bench.save(options.json, {way: [vars(row) for row in each] for way, each in errors.items()})


if __name__ == "__main__":
    main()

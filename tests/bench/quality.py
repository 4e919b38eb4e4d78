# SPDX-License-Identifier: AGPL-3.0-or-later
"""How good the edges of cutouts are: the same answers of the same net, finished in different ways, beside the truth.

"bilinear" enlarges the net's matte with a bilinear filter and keeps the picture's own colours, which is what the peer
does; "Lanczos" does it with a Lanczos filter, which is what rembg does. "Offcut" is what the pipeline makes of it. All
get the mattes of the default plan. With --peer the peer itself is run in the browser too, with its own net at its own
size; that takes half an hour, and its results are kept.

With --upsampling other published ways to enlarge the matte stand beside them, see _ways.py, the pipeline's own with its
steepening among them, all of them without rules for the matte and with the subject's own colours.

Everything is compared at the picture's own size, see _metrics.py; true colours are those that offcut.foreground finds
with the true matte. With --sheets DIR the ten worst and the ten most improved are written there as PNG.

Without a set of your own (--images and --masks: files of the same names, truth as grey pictures) the open set beside
the checkout is used, and where that is absent, nothing is measured.
"""

import asyncio
import io
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

import _answers
import _bench
import _evalset
import _peer
import _report
import _sheet
import numpy as np
from _metrics import Errors
from _ways import WAYS
from numpy.typing import NDArray
from PIL import Image

from offcut import job, picture
from offcut.catalogue import Catalogue
from offcut.cli.library import Library
from offcut.cutout import cut
from offcut.errors import MatteNothingFound
from offcut.follow import follow
from offcut.look import Look
from offcut.matte import Matte
from offcut.mattes import MatteCache, digest
from offcut.native import NativeEngine
from offcut.picture import Picture
from offcut.recipe import Recipe
from sitebuild.layout import Layout

Rgba = NDArray[np.uint8]
Cutouts = dict[str, Rgba]
PATIENCE_MS = 120_000


ABOUT = "At each picture's own size; SAD, gradient and connectivity in thousands."
HEAD = ("IoU", "boundary IoU", "MAE", "MSE", "SAD", "gradient", "connectivity", "fringe")


def plain(shown: Picture, matte: Matte, by: Image.Resampling) -> Rgba:
    """The matte enlarged without a look at the picture, and the picture's own colours."""
    levels = Image.fromarray(np.rint(matte.alpha * 255).astype(np.uint8))
    return cut(shown, np.asarray(levels.resize(shown.size, by))).rgba


def finished(pair: _evalset.Pair, matte: Matte, catalogue: Catalogue) -> Rgba:
    """What the pipeline makes of it with the recipe that nobody changed; nothing where it finds nothing."""
    data = pair.image.read_bytes()
    known = MatteCache()
    known.put(digest(data), catalogue.plan("default").id, Look(matte, ()))
    work = job.run(data, pair.id, Recipe(), catalogue=catalogue, engine=NativeEngine({}), mattes=known)
    try:
        return decoded(asyncio.run(work).data)
    except MatteNothingFound:
        with Image.open(pair.image) as image:
            return np.zeros((image.height, image.width, 4), np.uint8)


def decoded(png: bytes) -> Rgba:
    """The pixels of a PNG."""
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image.convert("RGBA"))


def cutouts(
    pair: _evalset.Pair, matte: Matte, catalogue: Catalogue, peer: Path | None, upsampling: bool
) -> tuple[Picture, Rgba, Cutouts]:
    """The picture, its true cutout, and what each way makes of it."""
    shown, truth = read(pair)
    made = {
        "bilinear": plain(shown, matte, Image.Resampling.BILINEAR),
        "Lanczos": plain(shown, matte, Image.Resampling.LANCZOS),
    }
    if upsampling:
        made |= {name: cut(shown, way(matte, shown), 1.0).rgba for name, way in WAYS.items()}
        made["fast guided, steepened"] = cut(shown, follow(matte, shown), 1.0).rgba
    made["Offcut"] = finished(pair, matte, catalogue)
    return shown, truth, made | ({"peer": decoded(peer.read_bytes())} if peer else {})


def read(pair: _evalset.Pair) -> tuple[Picture, Rgba]:
    """A picture and its true cutout."""
    shown = asyncio.run(picture.read(pair.image.read_bytes(), pair.id))
    alpha = np.asarray(pair.matte().resize(shown.size, Image.Resampling.BILINEAR))
    return shown, cut(shown, alpha, 1.0).rgba


def mattes(library: Library, pairs: list[_evalset.Pair], cache: Path) -> list[Matte]:
    """The default plan's answer to each picture."""
    plan = library.catalogue.plan("default")
    model = library.catalogue.model(plan.model)
    engine = NativeEngine({model.id: library.weights(model)})
    found = {(model.id, side): _answers.answers(engine, model, side, pairs, cache) for side in plan.sides}
    [kept] = _answers.outcomes(plan, model, found, [plan.decisive])
    return [found[model.id, each.kept].matte(index) for index, each in enumerate(kept)]


def measured(
    pair: _evalset.Pair, matte: Matte, catalogue: Catalogue, peer: Path | None, upsampling: bool
) -> dict[str, Errors]:
    """The errors of every way to finish one picture."""
    _, truth, made = cutouts(pair, matte, catalogue, peer, upsampling)
    return {way: Errors.of(each, truth) for way, each in made.items()}


def peers(layout: Layout, scratch: Path, pairs: list[_evalset.Pair], folder: Path) -> list[Path]:
    """The peer's own cutout of each picture, in `folder`; those that are there are not made again."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{pair.digest}.png" for pair in pairs]
    missing = [(pair, path) for pair, path in zip(pairs, paths, strict=True) if not path.is_file()]
    if missing:
        _peer.make(layout, scratch / "peer", "medium")
        with _peer.served(scratch / "peer") as url, _bench.one_browser() as browser:
            page = browser.new_page()
            page.set_default_timeout(PATIENCE_MS)
            page.goto(url)
            for number, (pair, path) in enumerate(missing, 1):
                print(f"  peer: {number} of {len(missing)}", file=sys.stderr, flush=True)
                path.write_bytes(_peer.cutout(page, pair.image, PATIENCE_MS))
    return paths


def mean(rows: Sequence[Errors]) -> Errors:
    """The mean of each figure."""
    return Errors(*(float(np.mean([getattr(row, field.name) for row in rows])) for field in fields(Errors)))


def report(pairs: Sequence[_evalset.Pair], errors: dict[str, list[Errors]]) -> list[_report.Table]:
    """The means of each way, and its boundary IoU and fringe for the pictures of each source."""
    means = [[way, *(f"{value:.4g}" for value in vars(mean(each)).values())] for way, each in errors.items()]
    tables = [(f"Ways to finish, {len(pairs)} pictures", [["finished by", *HEAD], *means])]
    for title, field, digits in (("Boundary IoU by source", "boundary", 3), ("Fringe by source", "fringe", 2)):
        rows = [["source", "pictures", *errors]]
        for source in sorted({pair.source for pair in pairs}):
            which = [index for index, pair in enumerate(pairs) if pair.source == source]
            figures = [getattr(mean([each[index] for index in which]), field) for each in errors.values()]
            rows.append([source or "your own", str(len(which)), *(f"{figure:.{digits}f}" for figure in figures)])
        tables.append((title, rows))
    return tables


def outstanding(errors: dict[str, list[Errors]]) -> dict[str, list[int]]:
    """The pictures whose fringe is worst, and those whose fringe got better most: ten of each."""
    fringe = {way: np.array([row.fringe for row in rows]) for way, rows in errors.items()}
    better = fringe["bilinear"] - fringe["Offcut"]
    return {"worst": list(np.argsort(-fringe["Offcut"])[:10]), "most-improved": list(np.argsort(-better)[:10])}


def main() -> None:
    """Run the benchmark."""
    parser = _bench.parser(__doc__ or "")
    parser.add_argument("--peer", action="store_true", help="run the peer in the browser too")
    parser.add_argument("--upsampling", action="store_true", help="compare ways to enlarge the matte")
    parser.add_argument("--write", action="store_true", help="put the tables into models/README.md")
    parser.add_argument("--sheets", type=Path, metavar="DIR", help="where contact sheets are written")
    layout = Layout.here()
    options, pairs = _evalset.asked(parser, layout.root)
    with _bench.workplace() as (site, scratch):
        library = Library.of(site)
        answers = mattes(library, pairs, layout.cache / "answers")
        folder = layout.cache / "peer"
        others = peers(layout, scratch, pairs, folder) if options.peer else [None] * len(pairs)
    work = list(zip(pairs, answers, repeat(library.catalogue), others, repeat(options.upsampling), strict=False))
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        rows = []
        for number, row in enumerate(pool.map(measured, *zip(*work, strict=True)), 1):
            print(f"\r  measured: {number} of {len(pairs)}", end="", file=sys.stderr, flush=True)
            rows.append(row)
        print(file=sys.stderr)
    errors = {way: [row[way] for row in rows] for way in rows[0]}
    tables = report(pairs, errors)
    for title, (head, *rest) in tables:
        print(title)
        _bench.table(head, rest)
    if options.write:
        _report.write(layout.models / "README.md", "quality", tables, ABOUT)
    if options.sheets:
        options.sheets.mkdir(parents=True, exist_ok=True)
        for name, which in outstanding(errors).items():
            strips = []
            for index in which:
                shown, truth, made = cutouts(*work[index])
                strips.append((pairs[index].id, [shown.rgba, truth, *made.values()]))
            _sheet.write(options.sheets / f"{name}.png", ["picture", "truth", *errors], strips)
    _bench.save(options.json, {way: [vars(row) for row in each] for way, each in errors.items()})


if __name__ == "__main__":
    main()

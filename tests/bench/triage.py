# SPDX-License-Identifier: AGPL-3.0-or-later
"""How well the confidence in a cutout (see offcut.confidence) tells which of many are wrong.

It is compared with the true IoU of the finished cutouts of the default plan, with `--all` of every plan, at each
picture's own size. The nets' answers are computed natively and kept in the cache. Pictures that are cut by colour have
no confidence, and those in which nothing is found no cutout: neither counts.

"Rank" is Spearman's correlation of confidence and IoU. "Worst found" says how many of the tenth with the least IoU are
in the fifth with the least confidence: chance would find a fifth of them. "Off" is the root of the mean square of the
difference between the two.

Without a set of your own (--images and --masks: files of the same names, truth as grey pictures) the open set beside
the checkout is used, and where that is absent, nothing is measured.
"""

import asyncio
import io
import sys
from dataclasses import dataclass

import _answers
import _bench
import _evalset
import _metrics
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.stats import spearmanr

from offcut import job
from offcut.catalogue import Catalogue, Plan
from offcut.cli.library import Library
from offcut.confidence import confidence
from offcut.look import Look
from offcut.matte import Matte, nothing_found
from offcut.mattes import MatteCache, digest
from offcut.native import NativeEngine
from offcut.recipe import Recipe
from sitebuild.layout import Layout

WEIGHTS = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 16.0)
HEAD = ["pictures", "IoU", "confidence", "off", "rank", "worst found"]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """What a plan answers, picture by picture, how far that is trusted, and how right the cutout is."""

    names: list[str]
    mattes: list[Matte]
    confidences: Floats
    ious: Floats

    @classmethod
    def of(cls, plan: Plan, library: Library, pairs: list[_evalset.Pair], layout: Layout) -> "Judged":
        """All that count of `pairs`."""
        model = library.catalogue.model(plan.model)
        engine = NativeEngine({model.id: library.weights(model)})
        cache = layout.cache / "answers"
        found = {(model.id, side): _answers.answers(engine, model, side, pairs, cache) for side in plan.sides}
        [kept] = _answers.outcomes(plan, model, found, [plan.decisive])
        rows = []
        for index, (pair, each) in enumerate(zip(pairs, kept, strict=True)):
            print(f"\r  {plan.id}: {index + 1} of {len(pairs)}", end="", file=sys.stderr, flush=True)
            matte = found[model.id, each.kept].matte(index)
            result = None if nothing_found(matte) else finished(pair, matte, plan, library.catalogue)
            if result is not None and result.confidence is not None:
                rows.append((pair.id, matte, result.confidence, iou(result, pair)))
        print(file=sys.stderr)
        names, mattes, confidences, ious = zip(*rows, strict=True)
        return cls(list(names), list(mattes), np.array(confidences), np.array(ious))

    def weighed(self, beside: float) -> Floats:
        """How far each would be trusted with another weight."""
        return np.array([confidence(matte, beside) for matte in self.mattes])


def finished(pair: _evalset.Pair, matte: Matte, plan: Plan, catalogue: Catalogue) -> job.Result:
    """What the pipeline makes of an answer with the recipe that nobody changed."""
    data = pair.image.read_bytes()
    known = MatteCache()
    known.put(digest(data), plan.id, Look(matte, ()))
    recipe = Recipe(model=plan.id)
    return asyncio.run(job.run(data, pair.id, recipe, catalogue=catalogue, engine=NativeEngine({}), mattes=known))


def iou(result: job.Result, pair: _evalset.Pair) -> float:
    """Of a cutout and the truth."""
    with Image.open(io.BytesIO(result.data)) as image:
        alpha = np.asarray(image.getchannel("A"))
    truth = np.asarray(pair.matte().resize((result.width, result.height), Image.Resampling.BILINEAR))
    return _metrics.iou(*(plane.astype(np.float32) / np.float32(255) for plane in (alpha, truth)))


def rank(confidences: Floats, ious: Floats) -> float:
    """Spearman's rank correlation."""
    return float(spearmanr(confidences, ious).statistic)


def off(confidences: Floats, ious: Floats) -> float:
    """Root of the mean square of the difference."""
    return float(np.sqrt(np.square(confidences - ious).mean()))


def worst_found(confidences: Floats, ious: Floats) -> tuple[int, int]:
    """How many of the worst tenth are in the least trusted fifth, and how many there are."""
    worst = np.argsort(ious, kind="stable")[: round(ious.size / 10)]
    first = np.argsort(confidences, kind="stable")[: round(ious.size / 5)]
    return int(np.isin(worst, first).sum()), worst.size


def line(confidences: Floats, ious: Floats) -> list[str]:
    """The figures of `HEAD`."""
    found, there = worst_found(confidences, ious)
    means = [f"{value:.3f}" for value in (ious.mean(), confidences.mean(), off(confidences, ious))]
    return [str(ious.size), *means, f"{rank(confidences, ious):.3f}", f"{found} of {there}"]


def other_half(table: Floats, ious: Floats) -> list[str]:
    """`line`, but for what is counted: of `table`, [weights, pictures], the weight that is the least off on one half,
    measured on the other; the means of fifty."""
    rows = []
    for one, other in _evalset.halves(ious.size, 50):
        best = int(np.argmin([off(row[one], ious[one]) for row in table]))
        given, true = table[best, other], ious[other]
        rows.append((true.mean(), given.mean(), off(given, true), rank(given, true)))
    return [str(ious.size - ious.size // 2), *(f"{value:.3f}" for value in np.mean(rows, axis=0)), ""]


def fifths(confidences: Floats, ious: Floats) -> list[list[str]]:
    """The pictures in the order in which they are trusted, least first, in five parts."""
    rows = []
    for part in np.array_split(np.argsort(confidences, kind="stable"), 5):
        trusted, true = confidences[part], ious[part]
        between = f"{trusted.min():.3f} to {trusted.max():.3f}"
        figures = (trusted.mean(), true.mean(), np.median(true), true.min())
        rows.append([between, str(part.size), *(f"{value:.3f}" for value in figures)])
    return rows


def main() -> None:
    """Run the benchmark."""
    parser = _bench.parser(__doc__ or "")
    parser.add_argument("--all", action="store_true", help="every plan of the site, not the default one alone")
    layout = Layout.here()
    options, pairs = _evalset.asked(parser, layout.root)
    with _bench.workplace() as (site, _):
        library = Library.of(site)
        default = library.catalogue.plan("default")
        plans = library.catalogue.plans if options.all else [default]
        judged = {plan.id: Judged.of(plan, library, pairs, layout) for plan in plans}
    print(f"Confidence and true IoU, {len(pairs)} pictures")
    _bench.table(["plan", *HEAD], [[id, *line(each.confidences, each.ious)] for id, each in judged.items()])
    chosen = judged[default.id]
    ious = chosen.ious
    print(f"In fifths, plan {default.id}")
    _bench.table(["confidence", "pictures", "mean", "IoU", "median", "least"], fifths(chosen.confidences, ious))
    print(f"What lies beside the subject counts, plan {default.id}")
    table = np.array([chosen.weighed(weight) for weight in WEIGHTS])
    rows = [[f"{weight:g}", *line(row, ious)] for weight, row in zip(WEIGHTS, table, strict=True)]
    _bench.table(["weight", *HEAD], [*rows, ["chosen on the other half", *other_half(table, ious)]])
    figures = {
        id: {name: [trust, iou] for name, trust, iou in zip(each.names, each.confidences, each.ious, strict=True)}
        for id, each in judged.items()
    }
    _bench.save(options.json, figures)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""One picture, one recipe, one result."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offcut import encode, tensor, writing
from offcut import palette as palettes
from offcut import picture as pictures
from offcut.catalogue import Catalogue, Model
from offcut.check import Check, Made
from offcut.colour import Colour
from offcut.confidence import confidence
from offcut.easel import Easel, Shown
from offcut.encode import Codec
from offcut.engine import Engine
from offcut.errors import JobCancelled, MatteNothingFound
from offcut.ground import Stills, no_stills
from offcut.inch import Dpi
from offcut.lines import Lines
from offcut.look import look
from offcut.matte import Matte, nothing_found
from offcut.mattes import MatteCache, digest
from offcut.metadata import Metadata, kept_of, told_of
from offcut.method import Found, Whole
from offcut.output import MIME
from offcut.picture import Decode, Picture
from offcut.recipe import Recipe
from offcut.sheet import Layout

BY_COLOUR = "by-colour"
"""Note: the picture was cut from a flat ground by colour, and no net has seen it."""


class Stage(StrEnum):
    """The stages of a job, in order. pack and infer are passed over when the matte is known already, and come
    again when the plan looks at the picture more than once."""

    READ = "read"
    PACK = "pack"
    INFER = "infer"
    REFINE = "refine"
    COMPOSE = "compose"
    ENCODE = "encode"


Progress = Callable[[Stage, int, int], None]
"""Called as each stage starts: (stage, its index, number of stages)."""


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What a job gives.

    `data` is the file: bytes, or a blob of the `codec` that was given; `width` and `height` are its picture's, of a
    sheet those of each print. Of a file that no browser shows as it will be seen, layers, a PDF or a sheet,
    `seen` is a PNG that is, where it was asked for; else None. `name` is a file name to suggest. `matrix` says where
    the original, of `original` (width, height) pixels, lies in it, and `head` where the head is taken to be, if that
    was asked (see offcut.lines). `metadata` is what the original says beside its pixels, None where that is not known.
    `checks` are how the result stands to the rules of what it is for, `sheet` is how its prints lie on paper, None
    where it is no sheet, and `palette` the subject's main colours. `notes` say what was done with an unusual picture
    (see offcut.picture) and on a small device (see offcut.look). `timings` are milliseconds by stage. `plan` and
    `model` are the ids of those that found the subject, the model's empty where none had to, and `confidence`, 0..1, is
    how far the net's answer can be trusted (see offcut.confidence), whatever touches made of it; None without a model.
    """

    data: Any
    width: int
    height: int
    mime: str
    name: str
    notes: tuple[str, ...]
    timings: dict[str, float]
    plan: str
    model: str
    seen: Any
    original: tuple[int, int]
    matrix: tuple[float, ...]
    head: Lines | None
    metadata: Metadata | None
    checks: tuple[Check, ...]
    sheet: Layout | None
    palette: tuple[Colour, ...]
    confidence: float | None


class _Clock:
    """Announces stages, stops at a cancel, and keeps the time of each."""

    def __init__(self, progress: Progress, cancelled: Callable[[], bool]) -> None:
        self._progress = progress
        self._cancelled = cancelled
        self.timings: dict[str, float] = {}

    async def pause(self) -> None:
        """Let the event loop deliver a cancel, and honour it."""
        await asyncio.sleep(0)
        if self._cancelled():
            raise JobCancelled()

    @contextmanager
    def stage(self, stage: Stage) -> Iterator[None]:
        stages = list(Stage)
        self._progress(stage, stages.index(stage), len(stages))
        start = time.perf_counter()
        yield
        spent = (time.perf_counter() - start) * 1000
        self.timings[stage.value] = self.timings.get(stage.value, 0.0) + spent


async def run(
    data: bytes,
    name: str,
    recipe: Recipe,
    *,
    catalogue: Catalogue,
    engine: Engine,
    decode: Decode | None = None,
    codec: Codec | None = None,
    progress: Progress = lambda stage, done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
    mattes: MatteCache | None = None,
    easels: Callable[[bytes], Easel | None] = lambda digest: None,
    stills: Stills = no_stills,
    largest_side: int | None = None,
    seen: bool = False,
) -> Result:
    """Do what `recipe` says with the picture file `data`, called `name`.

    `cancelled` is asked before every stage, after the event loop has had a turn. `decode` and `codec` are the
    browser's, used where they are as exact as Pillow and faster. `easels` gives the one on which the picture of a
    digest stands, if it does: it need not be read again, nor cut from the start. `stills` gives the pictures that the
    recipe names for its background. `largest_side` is the device's limit, not the recipe's: see offcut.look. `seen`
    asks for that of the result.

    Raises the errors of offcut.errors: JobCancelled, MatteNothingFound, and those of each stage.
    """
    clock = _Clock(progress, cancelled)
    plan = catalogue.plan(recipe.model)
    model = catalogue.model(plan.model)

    await clock.pause()
    with clock.stage(Stage.READ):
        known = digest(data)
        easel = easels(known)
        if easel is None or not easel.whole:
            easel = Easel(await pictures.read(data, name, decode))
        told = told_of(data)
    if recipe.output.metadata == "strip":
        del data
    picture = easel.picture
    original, dpi, notes = picture.size, picture.dpi, picture.notes

    used = ""
    trust: float | None = None
    found: Found | None = Whole() if recipe.method.by == "hand" else easel.ground(recipe.method.by)
    if found is None:
        looked = mattes.get(known, plan.id, recipe.answer) if mattes else None
        if looked is None:
            looked = await look(plan, model, partial(_ask, picture, model, engine, clock), largest_side)
            if mattes is not None:
                mattes.put(known, plan.id, looked)
        if nothing_found(looked.matte):
            raise MatteNothingFound()
        found, notes = looked.matte, notes + looked.notes
        used, trust = model.id, confidence(found)
    elif not isinstance(found, Whole):
        notes = (*notes, BY_COLOUR)
    del picture

    await clock.pause()
    with clock.stage(Stage.REFINE):
        cutout = easel.cutout(found, recipe)
    # Whoever erases all of it by hand means it.
    if not recipe.touches and not cutout.alpha.any():
        raise MatteNothingFound()

    await clock.pause()
    with clock.stage(Stage.COMPOSE):
        shown = easel.shown(cutout, found, recipe, stills)
        palette = palettes.main(cutout)
        del cutout, easel
        placement, head = shown.placement, shown.head
        resolution = placement.resolution(dpi)
        merged = writing.shown(shown.composition, recipe.output)

    await clock.pause()
    with clock.stage(Stage.ENCODE):
        width, height = placement.width, placement.height
        exif = kept_of(data, (width, height)) if recipe.output.metadata == "keep" else None
        codec = codec or encode.Pillow()
        file, preview, sheet = await writing.written(
            shown.composition, merged, recipe.output, resolution, exif, codec, clock.pause, seen
        )
        checks: tuple[Check, ...] = ()
        if recipe.purpose is not None:
            checks = recipe.purpose.checked(_made(shown, merged, recipe, codec.size(file), resolution))
    return Result(
        data=file,
        width=width,
        height=height,
        mime=MIME[recipe.output.format],
        name=recipe.output.suggested(name),
        notes=notes,
        timings=clock.timings,
        plan=plan.id,
        model=used,
        seen=preview,
        original=original,
        matrix=placement.matrix,
        head=head,
        metadata=told,
        checks=checks,
        sheet=sheet,
        palette=palette,
        confidence=trust,
    )


def _made(shown: Shown, merged: NDArray[np.uint8], recipe: Recipe, size: int, resolution: Dpi | None) -> Made:
    """What rules are checked against: `merged` as it is given to the encoder."""
    placement, output, lines = shown.placement, recipe.output, shown.head
    subject = None
    if shown.subject is not None:
        points = placement.points(shown.subject)
        (left, top), (right, bottom) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
        subject = (left, top, right, bottom)
    return Made(
        rgba=merged,
        subject=subject,
        cover=shown.cover,
        head=(lines.top, lines.bottom, lines.middle) if lines is not None and lines.known else None,
        scale=placement.scale,
        format=output.format,
        bytes=None if output.sheet is not None or output.format == "pdf" else size,
        altered=recipe.frame.flip or not recipe.scene.untouched,
        dpi=writing.said(output, resolution),
        compressed=output.lossy,
        head_cut=lines is not None and lines.cut,
    )


async def _ask(picture: Picture, model: Model, engine: Engine, clock: _Clock, side: int) -> Matte:
    await clock.pause()
    with clock.stage(Stage.PACK):
        packed = tensor.pack(picture, model.contract, side)
    await clock.pause()
    with clock.stage(Stage.INFER):
        return tensor.unpack(await engine.run(model, packed), model, packed)

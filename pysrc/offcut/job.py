# SPDX-License-Identifier: AGPL-3.0-or-later
"""One picture, one recipe, one result."""

import asyncio
import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from offcut import encode as encoding
from offcut import picture as pictures
from offcut import tensor
from offcut.catalogue import Catalogue, Model
from offcut.easel import Easel
from offcut.encode import Encode
from offcut.engine import Engine
from offcut.errors import JobCancelled, MatteNothingFound
from offcut.look import Look, look
from offcut.matte import Matte, nothing_found
from offcut.method import Found, Whole
from offcut.picture import Decode, Picture
from offcut.recipe import Recipe
from offcut.scene import compose

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

    `data` is the file: bytes, or the opaque blob of the `encode` that was given. `name` is a file name to
    suggest. `notes` say what was done with an unusual picture (see offcut.picture) and on a small device (see
    offcut.look). `timings` are milliseconds by stage. `plan` and `model` are the ids of those that found the subject,
    the model's empty where none had to.
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


def digest(data: bytes) -> bytes:
    """What a picture file is known by: BLAKE2b, 16 bytes."""
    return hashlib.blake2b(data, digest_size=16).digest()


class MatteCache:
    """The last `size` raw mattes by (`digest` of the file, plan id): a new backdrop needs no inference."""

    def __init__(self, size: int = 16) -> None:
        self._size = size
        self._mattes: OrderedDict[tuple[bytes, str], Look] = OrderedDict()

    def get(self, digest: bytes, plan: str) -> Look | None:
        """The matte, or None; it becomes the most recently used."""
        key = (digest, plan)
        if key in self._mattes:
            self._mattes.move_to_end(key)
        return self._mattes.get(key)

    def put(self, digest: bytes, plan: str, look: Look) -> None:
        """Keep a matte, and forget the one that was not used for the longest time."""
        self._mattes[digest, plan] = look
        self._mattes.move_to_end((digest, plan))
        if len(self._mattes) > self._size:
            self._mattes.popitem(last=False)


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
    encode: Encode | None = None,
    progress: Progress = lambda stage, done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
    mattes: MatteCache | None = None,
    easels: Callable[[bytes], Easel | None] = lambda digest: None,
    largest_side: int | None = None,
) -> Result:
    """Do what `recipe` says with the picture file `data`, called `name`.

    `cancelled` is asked before every stage, after the event loop has had a turn. `decode` and `encode` are
    the browser's codecs, used where they are as exact as Pillow and faster. `easels` gives the one on which the picture
    of a digest stands, if it does: it need not be read again, nor cut from the start. `largest_side` is the device's
    limit, not the recipe's: see offcut.look.

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
    del data
    picture = easel.picture
    (width, height), dpi, notes = picture.size, picture.dpi, picture.notes

    used = ""
    found: Found | None = Whole() if recipe.method.by == "hand" else easel.ground(recipe.method.by)
    if found is None:
        looked = mattes.get(known, plan.id) if mattes else None
        if looked is None:
            looked = await look(plan, model, partial(_ask, picture, model, engine, clock), largest_side)
            if mattes is not None:
                mattes.put(known, plan.id, looked)
        if nothing_found(looked.matte):
            raise MatteNothingFound()
        found, notes = looked.matte, notes + looked.notes
        used = model.id
    elif not isinstance(found, Whole):
        notes = (*notes, BY_COLOUR)
    del picture

    await clock.pause()
    with clock.stage(Stage.REFINE):
        cutout = easel.cutout(found, recipe)
        del easel
    # Whoever erases all of it by hand means it.
    if not recipe.touches and not cutout.alpha.any():
        raise MatteNothingFound()

    await clock.pause()
    with clock.stage(Stage.COMPOSE):
        rgba = compose(cutout, recipe.scene)
        del cutout

    await clock.pause()
    with clock.stage(Stage.ENCODE):
        file = await encoding.png(rgba, dpi, encode)
    return Result(file, width, height, "image/png", suggested_name(name), notes, clock.timings, plan.id, used)


async def _ask(picture: Picture, model: Model, engine: Engine, clock: _Clock, side: int) -> Matte:
    await clock.pause()
    with clock.stage(Stage.PACK):
        packed = tensor.pack(picture, model.contract, side)
    await clock.pause()
    with clock.stage(Stage.INFER):
        return tensor.unpack(await engine.run(model, packed), model, packed)


def suggested_name(name: str) -> str:
    """A file name for the result: the picture's, without folders, ending or control characters."""
    last = re.split(r"[\\/]", name)[-1]
    clean = re.sub(r"[\x00-\x1f\x7f]", "", last).strip()
    stem = re.sub(r"(?<=.)\.[^.]*$", "", clean)
    return f"{stem or 'picture'}-cutout.png"

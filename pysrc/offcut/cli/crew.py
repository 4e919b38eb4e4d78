# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a worker of a Dask cluster does, and what the scheduler is told. Both import this file: Offcut is installed
there too, and no pickle holds code.

A worker keeps what pictures have in common: the net, loaded once, and the pictures that the recipe names. What it lacks
it asks for.
"""

import asyncio
import hashlib
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from distributed import SchedulerPlugin, get_worker

from offcut import job, picture
from offcut.catalogue import Catalogue, Model
from offcut.cli.arguments import site_here
from offcut.cli.cache import cache_home
from offcut.cli.files import replacing
from offcut.cli.library import CHECKOUT
from offcut.cli.nets import loaded
from offcut.cli.shelves import Cache, Folder, Shelf, Site
from offcut.engine import Engine, NoEngine
from offcut.errors import Detail, OffcutError, WeightsMismatch, describe
from offcut.picture import Picture
from offcut.recipe import Recipe

PREFIX = "offcut-"
"""How the keys of our tasks begin."""


@dataclass(frozen=True, slots=True)
class Brief:
    """What is to be done with every picture of a run. `catalogue` has the plan and the model of the recipe and no
    other, `stills` are the SHA-256 of the pictures that it names; `site` and `models` are the folders that the client
    was told of, which may be there on the worker too."""

    recipe: Recipe
    catalogue: Catalogue
    stills: tuple[str, ...]
    site: Path | None
    models: Path | None

    @classmethod
    def of(
        cls, recipe: Recipe, catalogue: Catalogue, stills: Iterable[str], site: Path | None, models: Path | None
    ) -> "Brief":
        """The brief of a run. Raises ModelUnknown."""
        plan = catalogue.plan(recipe.model)
        small = Catalogue((catalogue.model(plan.model),), (plan,), plan.id)
        return cls(replace(recipe, model=plan.id), small, tuple(stills), _whole(site), _whole(models))

    @property
    def model(self) -> Model | None:
        """The net that is asked, None where none is."""
        return None if self.recipe.method.by == "hand" else self.catalogue.models[0]


@dataclass(frozen=True, slots=True)
class Lacking:
    """The worker at an address needs the file of that SHA-256."""

    worker: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no result: code and details as offcut.errors.describe gives them."""

    code: str
    details: dict[str, Detail]


class _Kept:
    """What the pictures of this process have in common."""

    def __init__(self) -> None:
        self.engines: dict[tuple[str, str], Engine] = {}
        self.files: dict[str, bytes] = {}
        self.stills: dict[str, Picture] = {}
        self.lock = threading.Lock()


_kept = _Kept()


class _Lacks(Exception):
    """The file of that SHA-256 is not here."""

    def __init__(self, sha256: str) -> None:
        self.sha256 = sha256


def cut(data: bytes, name: str, brief: Brief) -> job.Result | Lacking | Refusal:
    """The task: one picture. Errors are told, not raised, as theirs do not survive a pickle."""
    try:
        return asyncio.run(_cut(data, name, brief))
    except _Lacks as lack:
        return Lacking(get_worker().address, lack.sha256)
    except Exception as error:
        told: dict[str, Any] = describe(error)
        return Refusal(told["code"], told["details"])


def keep(sha256: str, data: bytes, model: Model | None) -> None:
    """Keep what a worker lacks: the weights of `model` in the cache of its machine, a picture that recipes name in its
    memory. Raises WeightsMismatch, OSError."""
    if model is None:
        _kept.files[sha256] = data
        return
    target = _cache().file(model)
    found = hashlib.sha256(data).hexdigest()
    if found != model.sha256:
        raise WeightsMismatch(model=model.id, file=str(target), found=found)
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target) as file:
        file.write(data)


class Once(SchedulerPlugin):
    """A picture whose worker dies is handed back to the client at the first time, however many deaths the scheduler
    allows the tasks of others: which of the pictures of a dead worker it was, only the client finds out."""

    name = "offcut-once"
    idempotent = True

    async def start(self, scheduler: Any) -> None:
        """See SchedulerPlugin."""
        self._scheduler = scheduler

    def transition(self, key: Any, start: str, finish: str, *args: Any, **kwargs: Any) -> None:
        """See SchedulerPlugin."""
        if finish == "processing" and isinstance(key, str) and key.startswith(PREFIX):
            self._scheduler.tasks[key].suspicious = self._scheduler.allowed_failures


async def _cut(data: bytes, name: str, brief: Brief) -> job.Result:
    stills = {still: await _still(still) for still in brief.stills}
    engine = _engine(brief)
    return await job.run(data, name, brief.recipe, catalogue=brief.catalogue, engine=engine, stills=stills.get)


async def _still(sha256: str) -> Picture:
    """A picture that the recipe names. Raises _Lacks."""
    if sha256 not in _kept.stills:
        if sha256 not in _kept.files:
            raise _Lacks(sha256)
        _kept.stills[sha256] = await picture.read(_kept.files[sha256], "backdrop")
    return _kept.stills[sha256]


def _engine(brief: Brief) -> Engine:
    model = brief.model
    if model is None:
        return NoEngine()
    with _kept.lock:
        known = (model.id, model.sha256)
        if known not in _kept.engines:
            # A thread of the worker is a picture: the session adds none.
            _kept.engines[known] = loaded(model, _weights(brief, model), 1)
        return _kept.engines[known]


def _weights(brief: Brief, model: Model) -> Path:
    """The weights on this machine. Raises _Lacks."""
    cache = _cache()
    sites = [site for site in (brief.site, site_here(), CHECKOUT / "dist") if site is not None]
    shelves: list[Shelf] = [*([Folder(brief.models)] if brief.models else []), cache, *(Site(s, cache) for s in sites)]
    for shelf in shelves:
        with suppress(OffcutError):  # spoilt: others are not
            if path := shelf.find(model):
                return path
    raise _Lacks(model.sha256)


def _whole(path: Path | None) -> Path | None:
    return path and path.absolute()


def _cache() -> Cache:
    return Cache(cache_home() / "models")

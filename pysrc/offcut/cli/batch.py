# SPDX-License-Identifier: AGPL-3.0-or-later
"""Several pictures at a time.

In threads, not in processes: decoding, resizing, inference and encoding all leave Python's lock, the weights are
in memory once, and a stop reaches every job at its next stage.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from typing import Any

from offcut import job
from offcut.catalogue import Catalogue
from offcut.check import Check
from offcut.cli import files
from offcut.cli.inputs import Task
from offcut.engine import Engine
from offcut.errors import describe
from offcut.ground import Stills
from offcut.job import Stage
from offcut.recipe import Recipe
from offcut.sheet import Layout

TICK = 0.2
"""Seconds after which the wait for a picture looks up, for where Ctrl-C does not wake it (Windows)."""

Progress = Callable[[Task, Stage, int, int], None]
"""Called in some thread as a stage of a task starts: (task, stage, its index, number of stages)."""


@dataclass(frozen=True, slots=True)
class Done:
    """A picture that was made. `seconds` are from opening the source to the end of the target; for the rest see
    offcut.job.Result."""

    task: Task
    seconds: float
    width: int
    height: int
    mime: str
    bytes: int
    notes: tuple[str, ...]
    checks: tuple[Check, ...]
    sheet: Layout | None
    timings: dict[str, float]


@dataclass(frozen=True, slots=True)
class Failed:
    """A picture that was not, and the code and details of the reason."""

    task: Task
    seconds: float
    code: str
    details: dict[str, Any]


Outcome = Done | Failed


@dataclass(frozen=True, slots=True)
class Batch:
    """One recipe for many pictures, `jobs` at a time."""

    recipe: Recipe
    stills: Stills
    catalogue: Catalogue
    engine: Engine
    jobs: int
    overwrite: bool
    progress: Progress

    def run(self, tasks: Iterable[Task]) -> Generator[Outcome, None, None]:
        """The outcomes, as they come. Closing the iterator stops what is under way and waits for it to end.

        Raises BrokenPipeError when nobody reads standard output any more; no other failure of a picture.
        """
        stop = threading.Event()
        waiting = iter(tasks)
        running: set[Future[Outcome]] = set()
        with ThreadPoolExecutor(self.jobs, "picture") as pool:
            try:
                while True:
                    for task in islice(waiting, self.jobs - len(running)):
                        running.add(pool.submit(self._one, task, stop))
                    if not running:
                        return
                    ended, running = wait(running, TICK, FIRST_COMPLETED)
                    for each in ended:
                        yield each.result()
            finally:
                stop.set()

    def _one(self, task: Task, stop: threading.Event) -> Outcome:
        began = time.monotonic()
        try:
            files.check(task.target, overwrite=self.overwrite)
            result = asyncio.run(self._job(task, stop))
            files.write(task.target, result.data, overwrite=self.overwrite)
        except BrokenPipeError:
            raise
        except Exception as error:
            told: dict[str, Any] = describe(error)
            return Failed(task, time.monotonic() - began, told["code"], told["details"])
        return Done(
            task,
            time.monotonic() - began,
            result.width,
            result.height,
            result.mime,
            len(result.data),
            result.notes,
            result.checks,
            result.sheet,
            result.timings,
        )

    async def _job(self, task: Task, stop: threading.Event) -> job.Result:
        def progress(stage: Stage, done: int, total: int) -> None:
            self.progress(task, stage, done, total)

        return await job.run(
            files.read(task.source),
            "picture" if task.source is None else task.source.name,
            self.recipe,
            catalogue=self.catalogue,
            engine=self.engine,
            progress=progress,
            cancelled=stop.is_set,
            stills=self.stills,
        )

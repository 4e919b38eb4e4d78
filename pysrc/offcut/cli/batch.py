# SPDX-License-Identifier: AGPL-3.0-or-later
"""Several pictures at a time.

In threads, not in processes: decoding, resizing, inference and encoding all leave Python's lock, the weights are
in memory once, and a stop reaches every job at its next stage.
"""

import asyncio
import threading
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice

from offcut import job
from offcut.catalogue import Catalogue
from offcut.cli.delivery import Delivery, Parcel
from offcut.cli.outcomes import Failed, Outcome
from offcut.cli.task import Task
from offcut.engine import Engine
from offcut.ground import Stills
from offcut.job import Stage
from offcut.recipe import Recipe

TICK = 0.2
"""Seconds after which the wait for a picture looks up, for where Ctrl-C does not wake it (Windows)."""

Progress = Callable[[Task, Stage, int, int], None]
"""Called in some thread as a stage of a task starts: (task, stage, its index, number of stages)."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One recipe for many pictures, `jobs` at a time."""

    recipe: Recipe
    stills: Stills
    catalogue: Catalogue
    engine: Engine
    jobs: int
    delivery: Delivery
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
        parcel = self.delivery.collect(task)
        if isinstance(parcel, Failed):
            return parcel
        try:
            result = asyncio.run(self._job(parcel, stop))
        except Exception as error:
            return self.delivery.fail(parcel, error)
        return self.delivery.deliver(parcel, result)

    async def _job(self, parcel: Parcel, stop: threading.Event) -> job.Result:
        def progress(stage: Stage, done: int, total: int) -> None:
            self.progress(parcel.task, stage, done, total)

        return await job.run(
            parcel.emptied(),
            parcel.name,
            self.recipe,
            catalogue=self.catalogue,
            engine=self.engine,
            progress=progress,
            cancelled=stop.is_set,
            stills=self.stills,
        )

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many machines: the pictures of a run over a Dask cluster, and the results back.

The client reads and writes all files; workers get bytes and give bytes (see offcut.cli.crew). Few pictures are away at
a time, so that neither the client nor the scheduler ever holds a whole batch. When a worker dies, those that it had are
tried once more after all others, each alone on a worker: the one that kills its worker again is given up.
"""

import asyncio
import concurrent.futures
import logging
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue
from secrets import token_hex
from typing import Any

import dask
from distributed import Client, Future, KilledWorker

from offcut.catalogue import Model
from offcut.cli import crew
from offcut.cli.arguments import UsageError
from offcut.cli.crew import Brief, Lacking, Refusal
from offcut.cli.delivery import Delivery, Parcel
from offcut.cli.outcomes import Failed, Outcome, SchedulerLost
from offcut.cli.shelves import file_name
from offcut.cli.task import Task
from offcut.errors import EngineLost, RemoteError, WeightsMissing
from offcut.job import Result

TICK = 0.5
"""Seconds after which the wait for a picture looks up, for workers that have come or gone."""

AHEAD = 2
"""Pictures that are away for each thread of the cluster: one that is cut, one that is there when that is done."""

PATIENCE = 20
"""Seconds for which a scheduler may not answer."""


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """A client of the scheduler at `address`. Raises UsageError where there is none."""
    # A task with its picture in it is large on purpose: so the scheduler can give it to another worker.
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TiB"})
    for name in list(logging.root.manager.loggerDict):
        if name.split(".")[0] == "distributed":  # each has a level of its own; what is to be told, we tell
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False, direct_to_workers=False)
    except (OSError, ValueError, ImportError) as error:
        raise UsageError(f"--scheduler {address} does not answer ({str(error).splitlines()[0]})") from None
    try:
        client.register_plugin(crew.Once())
        yield client
    finally:
        client.close()


CANCELLED = (asyncio.CancelledError, concurrent.futures.CancelledError)
"""What becomes of a picture whose scheduler goes: Dask means either."""


@dataclass(frozen=True, slots=True)
class _Away:
    """A picture that is away: with others, or `alone` on the worker of that address, None wherever one comes to be. It
    left when `sent` files had been sent to workers."""

    parcel: Parcel
    alone: bool
    worker: str | None
    sent: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """One recipe for many pictures, `jobs` of them away at a time, None for `AHEAD` on each thread of the cluster.

    `stills` are the files of the pictures that the recipe names, by SHA-256; `weights` gives the file of a model's
    where a worker lacks it.
    """

    client: Client
    brief: Brief
    stills: Mapping[str, bytes]
    weights: Callable[[Model], Path]
    delivery: Delivery
    jobs: int | None
    _away: dict[Future[Any], _Away] = field(default_factory=dict, init=False)
    _back: SimpleQueue[Future[Any]] = field(default_factory=SimpleQueue, init=False)
    _sent: dict[Lacking, tuple[int, str]] = field(default_factory=dict, init=False)
    _names: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        run = token_hex(8)
        object.__setattr__(self, "_names", (f"{crew.PREFIX}{run}-{number}" for number in count()))

    def run(self, tasks: Iterable[Task]) -> Generator[Outcome, None, None]:
        """The outcomes, as they come. Closing the iterator calls back what is away.

        Raises SchedulerLost; BrokenPipeError when nobody reads standard output any more; no failure of a picture.
        """
        waiting = iter(tasks)
        doubtful: list[Task] = []
        more = True
        try:
            while True:
                room = self._room()
                while more and len(self._away) < room:
                    task = next(waiting, None)
                    if task is None:
                        more = False
                    else:
                        yield from self._leave(task)
                if not self._away:
                    if not doubtful:
                        return
                    for worker in self._workers()[: len(doubtful)]:
                        yield from self._leave(doubtful.pop(0), alone=True, worker=worker)
                for one, answer in self._ended():
                    if isinstance(answer, KilledWorker) and not one.alone:
                        doubtful.append(one.parcel.task)
                    elif not (isinstance(answer, Lacking) and self._supplied(answer, one)):
                        yield self._outcome(one.parcel, answer)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise SchedulerLost from error
        finally:
            with suppress(Exception):
                self.client.cancel(list(self._away), force=True)

    def _room(self) -> int:
        """How many pictures may be away."""
        return self.jobs or AHEAD * max(sum(self.client.nthreads().values()), 1)

    def _workers(self) -> list[str | None]:
        """Where one picture each can be alone; None stands for wherever a worker comes to be."""
        return list(self.client.nthreads()) or [None]

    def _leave(self, task: Task, *, alone: bool = False, worker: str | None = None) -> Iterator[Outcome]:
        parcel = self.delivery.collect(task)
        if isinstance(parcel, Failed):
            yield parcel
        else:
            self._submit(parcel, alone, worker)

    def _submit(self, parcel: Parcel, alone: bool, worker: str | None) -> None:
        where: dict[str, Any] = {} if worker is None else {"workers": [worker], "allow_other_workers": True}
        future = self.client.submit(
            crew.cut, parcel.data, parcel.name, self.brief, key=next(self._names), pure=False, **where
        )
        self._away[future] = _Away(parcel, alone, worker, len(self._sent))
        future.add_done_callback(self._back.put)

    def _ended(self) -> Iterator[tuple[_Away, object]]:
        """A picture that came back, and its answer: what crew.cut gives, or an exception. Nothing after `TICK`."""
        try:
            future = self._back.get(timeout=TICK)
        except Empty:
            return
        one = self._away.pop(future)
        if future.status == "cancelled":
            raise SchedulerLost
        answer: object
        try:
            answer = future.exception() if future.status == "error" else future.result()
        except KilledWorker as error:  # it was lost with its worker as it was fetched, and the next one died
            answer = error
        except CANCELLED as error:  # between the look at its status and the next, the scheduler went
            raise SchedulerLost from error
        if isinstance(answer, CANCELLED):
            raise SchedulerLost
        future.release()  # or a worker keeps the result for as long as anybody here remembers the future
        yield one, answer

    def _supplied(self, lacking: Lacking, one: _Away) -> bool:
        """Send a worker what it lacks, unless it has got that, and the picture once more. Whether there was sense in
        it: there is none when the picture left after the worker had been sent all."""
        if lacking in self._sent and self._sent[lacking][0] < one.sent:
            return False
        if lacking not in self._sent:
            self._sent[lacking] = (len(self._sent), self._send(lacking))
        self._submit(one.parcel, one.alone, one.worker)
        return True

    def _send(self, lacking: Lacking) -> str:
        """Send a worker the file that it lacks. Gives the reason where that could not be done."""
        still = self.stills.get(lacking.sha256)
        model = None if still is not None else self.brief.model
        try:
            data = self.weights(model).read_bytes() if model is not None else still
            told = self.client.run(crew.keep, lacking.sha256, data, model, workers=[lacking.worker], on_error="return")
            return str(told.get(lacking.worker) or "")
        except Exception as error:  # the file is not here either, or the worker has gone: what it had comes back
            return str(error)

    def _outcome(self, parcel: Parcel, answer: object) -> Outcome:
        match answer:
            case Result():
                return self.delivery.deliver(parcel, answer)
            case Refusal(code, details):
                return self.delivery.fail(parcel, RemoteError(code, details))
            case Lacking():
                return self.delivery.fail(parcel, self._missing(answer))
            case KilledWorker():
                return self.delivery.fail(parcel, EngineLost())
            case BaseException():
                return self.delivery.fail(parcel, answer)
        raise TypeError(f"crew.cut gave {type(answer).__name__}")

    def _missing(self, lacking: Lacking) -> WeightsMissing:
        model = self.brief.model
        _, reason = self._sent[lacking]
        return WeightsMissing(
            model=model.id if model else "",
            file=file_name(model) if model else lacking.sha256,
            places=lacking.worker,
            reason=reason and f": {reason}",
        )

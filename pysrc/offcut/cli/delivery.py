# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a source, and to its place: whoever makes the pictures, they are read and written here."""

import os
import time
from contextlib import suppress
from dataclasses import dataclass, replace

from offcut.catalogue import Catalogue
from offcut.cli import files, sources
from offcut.cli.journal import Entry, Journal, Kept, Origin, digest
from offcut.cli.outcomes import Done, Failed, Outcome
from offcut.cli.task import Task
from offcut.errors import FileExists, JobCancelled
from offcut.job import Result


@dataclass(slots=True)
class Parcel:
    """A picture on its way: the bytes of its file, what the source was, and the time (time.monotonic) at which it was
    opened."""

    task: Task
    data: bytes
    origin: Origin
    began: float

    @property
    def name(self) -> str:
        """What the picture's file is called."""
        return "picture" if self.task.source is None else self.task.source.name

    def emptied(self) -> bytes:
        """The bytes, which it then lets go of: the picture made of them needs the room."""
        data, self.data = self.data, b""
        return data


@dataclass(frozen=True, slots=True)
class Delivery:
    """Reads sources and writes results, each with its line in the `journal` where there is one. Any thread may ask."""

    catalogue: Catalogue
    journal: Journal | None
    overwrite: bool

    def collect(self, task: Task) -> Parcel | Failed:
        """Read the picture of a task, unless its result could not be written anyway."""
        began = time.monotonic()
        try:
            files.check(task.target, overwrite=self.overwrite)
            stamp = sources.stamp(task.source)
            data = sources.read(task.source)
        except Exception as error:
            return self._failed(Failed.of(task, time.monotonic() - began, error), Origin(task.shown, None, None))
        return Parcel(task, data, Origin(task.shown, stamp, digest(data)), began)

    def deliver(self, parcel: Parcel, result: Result) -> Outcome:
        """Write a result. Raises BrokenPipeError when nobody reads standard output any more."""
        task = parcel.task
        done = Done.of(task, time.monotonic() - parcel.began, result)

        def note() -> None:
            if self.journal is not None:
                replaces = task.target is not None and os.path.lexists(task.target)
                self._note(done, parcel.origin, Kept(done.bytes, digest(result.data), replaces))

        try:
            files.write(task.target, result.data, overwrite=self.overwrite, before=note)
        except BrokenPipeError:
            raise
        except Exception as error:
            return self.fail(parcel, error)
        return replace(done, seconds=time.monotonic() - parcel.began)

    def fail(self, parcel: Parcel, error: BaseException) -> Failed:
        """Note that there is no result."""
        return self._failed(Failed.of(parcel.task, time.monotonic() - parcel.began, error), parcel.origin)

    def _failed(self, failed: Failed, origin: Origin) -> Failed:
        with suppress(OSError):  # a full disk, say: what is not noted is tried again all the same
            # What is there already may be what the journal says was done, by another recipe.
            if failed.code not in (JobCancelled.code, FileExists.code):
                self._note(failed, origin, None)
        return failed

    def _note(self, outcome: Outcome, origin: Origin, kept: Kept | None) -> None:
        target = outcome.task.result
        if self.journal is not None and target is not None:
            self.journal.note(Entry(target, self.journal.order, origin, kept, outcome.row(self.catalogue)))

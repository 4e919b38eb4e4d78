# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a batch has done so far, kept in the folder of its results: a run that was broken off goes on where it was.

A line of JSON for each picture that is finished or failed, by the name of its result; of several the last counts:

    {"source": name, "size": bytes, "mtime_ns": number, "blake2b": hex, "recipe": hex, "model": hex | null,
     "target": name, "outcome": {…}, "result": null | {"bytes": number, "blake2b": hex, "replaces": true | false}}

`outcome` is the picture's row (see offcut.ledger). The line of a result is on the disk before the result has its name:
a kill at any moment leaves no result that the journal does not know, and a line without its result counts for nothing.
A line that was torn is passed over.
"""

import json
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO

from offcut.cli import files, sources
from offcut.cli.arguments import UsageError
from offcut.cli.sources import Stamp
from offcut.cli.task import Task
from offcut.errors import OffcutError, RecipeInvalid
from offcut.ledger import Row
from offcut.nesting import shallow
from offcut.plain import Table

if sys.platform != "win32":
    import fcntl

NAME = ".offcut-journal.jsonl"


def digest(data: bytes) -> str:
    """What a file is known by: BLAKE2b, 16 bytes, in hex."""
    return blake2b(data, digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done with every picture of a run: `digest` of the recipe, and the SHA-256 of the model that it
    names, None where it needs none."""

    recipe: str
    model: str | None


@dataclass(frozen=True, slots=True)
class Origin:
    """A source as it was when it was read. `stamp` and `digest` are None where it could not be, and what came from
    standard input has no stamp."""

    source: str
    stamp: Stamp | None
    digest: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A result's bytes and `digest`, and whether something else had its name before."""

    bytes: int
    digest: str
    replaces: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the journal. `kept` is None of a picture that failed."""

    target: str
    order: Order
    origin: Origin
    kept: Kept | None
    outcome: Row

    def to_dict(self) -> dict[str, object]:
        """Plain data; `parse` gives the same entry back."""
        stamp = self.origin.stamp
        return {
            "source": self.origin.source,
            "size": stamp and stamp.size,
            "mtime_ns": stamp and stamp.mtime_ns,
            "blake2b": self.origin.digest,
            "recipe": self.order.recipe,
            "model": self.order.model,
            "target": self.target,
            "outcome": self.outcome.to_dict(),
            "result": self.kept
            and {"bytes": self.kept.bytes, "blake2b": self.kept.digest, "replaces": self.kept.replaces},
        }

    @classmethod
    def parse(cls, line: bytes) -> "Entry":
        """An entry from its line. Raises ValueError, KeyError, TypeError or an OffcutError where it is none."""
        if not shallow(line):
            raise ValueError("nested too deeply")
        told: dict[str, Any] = json.loads(line)
        stamp = None if told["size"] is None else Stamp(int(told["size"]), int(told["mtime_ns"]))
        origin = Origin(str(told["source"]), stamp, told["blake2b"])
        result = told["result"]
        kept = result and Kept(int(result["bytes"]), str(result["blake2b"]), bool(result["replaces"]))
        outcome = Row.parse(Table.of(told["outcome"], "outcome", RecipeInvalid))
        return cls(str(told["target"]), Order(told["recipe"], told["model"]), origin, kept, outcome)


class Journal:
    """The journal of a run into `out`. It is read at once and written within `running`, by any thread."""

    def __init__(self, out: Path, order: Order, *, resume: bool, overwrite: bool) -> None:
        """Raises UsageError where there is one of an unfinished run, and nobody said what is to become of it."""
        self.out = out
        self.path = out / NAME
        self.order = order
        self._resume = resume
        self._lines = threading.Lock()
        self._file: BinaryIO | None = None
        self.found = os.path.exists(self.path)
        entries = _read(self.path) if self.found else {}
        if self.found and not resume and not overwrite:
            done = sum(entry.outcome.state == "done" for entry in entries.values())
            told = f"{done} pictures done" + (f", {failed} failed" if (failed := len(entries) - done) else "")
            raise UsageError(
                f"{out} holds the journal of an unfinished run ({told}): "
                "continue with --resume, or begin anew with --overwrite"
            )
        self._entries = entries if resume else {}

    def parted(self, tasks: Sequence[Task]) -> tuple[list[Task], dict[Task, Row]]:
        """The tasks that are left to do, and the rows of those that were done before."""
        left: list[Task] = []
        before: dict[Task, Row] = {}
        for task in tasks:
            if self._done(task):
                before[task] = self._entries[task.result or ""].outcome
            else:
                left.append(task)
        return left, before

    @contextmanager
    def running(self, tasks: Sequence[Task]) -> Iterator[None]:
        """The time in which `tasks` are done. Raises UsageError where another run is at work in the folder, or nothing
        can be written there."""
        try:
            self.out.mkdir(parents=True, exist_ok=True)
            file = self.path.open("ab")
        except OSError as error:
            raise UsageError(f"{self.path} cannot be written ({files.words(error)})") from None
        with file:
            self._lock(file)
            if not self._resume:
                file.truncate(0)
            elif file.tell():
                file.write(b"\n")  # after a line that was torn; an empty one means nothing
            if self.found:
                files.sweep({task.target.parent for task in tasks if task.target is not None})
            self._file = file
            try:
                yield
            finally:
                self._file = None

    def note(self, entry: Entry) -> None:
        """Write a line, and wait until it is on the disk. Raises OSError."""
        line = json.dumps(entry.to_dict(), separators=(",", ":")).encode("ascii") + b"\n"
        with self._lines:
            if self._file is not None:
                self._file.write(line)
                self._file.flush()
                os.fsync(self._file.fileno())

    def remove(self) -> None:
        """All is done: nobody needs it any more."""
        with suppress(OSError):
            self.path.unlink()

    def _done(self, task: Task) -> bool:
        """Whether the journal says that a task was done, with the same source, recipe and model, and its result is
        there."""
        entry = self._entries.get(task.result or "")
        if entry is None or entry.kept is None or entry.order != self.order:
            return False
        try:
            if task.target is None or not task.target.is_file():
                return False
            # The run was killed before the new result took the place of the old one.
            if entry.kept.replaces and digest(task.target.read_bytes()) != entry.kept.digest:
                return False
            stamp = sources.stamp(task.source)
            if stamp is None or entry.origin.stamp is None or stamp.size != entry.origin.stamp.size:
                return False
            return stamp == entry.origin.stamp or digest(sources.read(task.source)) == entry.origin.digest
        except (OSError, OffcutError):
            return False

    def _lock(self, file: BinaryIO) -> None:
        """Keep other runs away while the file is open, where the system can."""
        if sys.platform == "win32":
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(f"another run is at work in {self.out}; wait for its end, or stop it") from None
        except OSError:  # a file system without locks
            return


def results(out: Path) -> frozenset[str]:
    """What the journal of a folder, where there is one, knows to be results, as os.path.realpath has them."""
    entries = _read(out / NAME) if os.path.exists(out / NAME) else {}
    return frozenset(os.path.realpath(out / target) for target, entry in entries.items() if entry.kept)


def _read(path: Path) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({files.words(error)})") from None
    for line in lines:
        with suppress(ValueError, KeyError, TypeError, OffcutError):
            entry = Entry.parse(line)
            entries[entry.target] = entry
    return entries

# SPDX-License-Identifier: AGPL-3.0-or-later
"""One picture to be made, and one that cannot be."""

from dataclasses import dataclass
from pathlib import Path

from offcut.cli.arguments import STREAM
from offcut.cli.files import Place
from offcut.cli.sources import Source
from offcut.errors import OffcutError


@dataclass(frozen=True, slots=True)
class Task:
    """One picture to be made. `source` None is standard input, `target` None standard output. `name` is its path within
    the batch, parted by "/"; `out` the folder of all results, None where there is none."""

    source: Source
    target: Place
    name: str
    out: Path | None

    @property
    def shown(self) -> str:
        """What people call it."""
        return STREAM if self.source is None else str(self.source)

    @property
    def result(self) -> str | None:
        """The path of its result within `out`, parted by "/"; where there is no such folder, the result's name."""
        if self.target is None:
            return None
        return self.target.name if self.out is None else self.target.relative_to(self.out).as_posix()


@dataclass(frozen=True, slots=True)
class Lost:
    """An input that cannot become a task, and why."""

    shown: str
    error: OffcutError

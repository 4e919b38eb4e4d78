# SPDX-License-Identifier: AGPL-3.0-or-later
"""The books of a run: a row for every picture, whether it was done now, before, or not."""

from collections.abc import Mapping, Sequence

from offcut.catalogue import Catalogue
from offcut.cli.outcomes import Outcome
from offcut.cli.task import Lost, Task
from offcut.ledger import Fault, Ledger, Row
from offcut.recipe import Recipe


class Books:
    """What became of `tasks`, of which those in `before` were done by an earlier run."""

    def __init__(self, recipe: Recipe, catalogue: Catalogue, tasks: Sequence[Task], before: Mapping[Task, Row]) -> None:
        self._recipe = recipe
        self._catalogue = catalogue
        self._tasks = tasks
        self._rows = dict(before)
        self._lost: list[Row] = []

    def outcome(self, outcome: Outcome) -> None:
        """Enter a picture that is over."""
        self._rows[outcome.task] = outcome.row(self._catalogue)

    def lost(self, lost: Lost) -> None:
        """Enter an input that never became a task."""
        self._lost.append(Row(lost.shown, "failed", error=Fault(lost.error.code, lost.error.details)))

    @property
    def faults(self) -> frozenset[str]:
        """The codes of why pictures failed."""
        rows = (*self._rows.values(), *self._lost)
        return frozenset(row.error.code for row in rows if row.error is not None)

    def ledger(self) -> Ledger:
        """All rows, in the order of the tasks; what the run never came to was cancelled."""
        rows = [self._rows.get(task) or Row(task.name, "cancelled") for task in self._tasks]
        return Ledger(self._recipe, (*rows, *self._lost))

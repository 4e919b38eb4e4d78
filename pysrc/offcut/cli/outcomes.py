# SPDX-License-Identifier: AGPL-3.0-or-later
"""What became of a picture."""

from dataclasses import dataclass
from typing import Any

from offcut.catalogue import Catalogue
from offcut.check import Check
from offcut.cli.task import Task
from offcut.errors import describe
from offcut.job import Result
from offcut.ledger import Fault, Row, warnings
from offcut.sheet import Layout


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
    model: str
    notes: tuple[str, ...]
    checks: tuple[Check, ...]
    sheet: Layout | None
    timings: dict[str, float]
    confidence: float | None

    @classmethod
    def of(cls, task: Task, seconds: float, result: Result) -> "Done":
        """What is told of a result."""
        return cls(
            task=task,
            seconds=seconds,
            width=result.width,
            height=result.height,
            mime=result.mime,
            bytes=len(result.data),
            model=result.model,
            notes=result.notes,
            checks=result.checks,
            sheet=result.sheet,
            timings=result.timings,
            confidence=result.confidence,
        )

    def row(self, catalogue: Catalogue) -> Row:
        """Its row in a ledger."""
        return Row(
            name=self.task.name,
            state="done",
            target=self.task.result,
            width=self.width,
            height=self.height,
            bytes=self.bytes,
            model=self.model or None,
            sha256=catalogue.model(self.model).sha256 if self.model else None,
            milliseconds=round(self.seconds * 1000),
            confidence=self.confidence,
            warnings=warnings(self.notes, self.checks),
        )


@dataclass(frozen=True, slots=True)
class Failed:
    """A picture that was not, and the code and details of the reason."""

    task: Task
    seconds: float
    code: str
    details: dict[str, Any]

    @classmethod
    def of(cls, task: Task, seconds: float, error: BaseException) -> "Failed":
        """What is told of an error."""
        told: dict[str, Any] = describe(error)
        return cls(task, seconds, told["code"], told["details"])

    def row(self, catalogue: Catalogue) -> Row:
        """Its row in a ledger."""
        error = Fault(self.code, self.details)
        return Row(self.task.name, "failed", milliseconds=round(self.seconds * 1000), error=error)


Outcome = Done | Failed


class SchedulerLost(Exception):
    """The scheduler of the cluster has gone, and the pictures that were away with it."""

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is said about each picture: a sentence, a line, a JSON object."""

import json
from collections.abc import Sequence
from typing import Any, TextIO

from offcut.catalogue import Catalogue
from offcut.check import Check
from offcut.cli.files import Place
from offcut.cli.meter import Meter
from offcut.cli.outcomes import Done, Failed, Outcome
from offcut.cli.sentences import NOTES, printable, sentence
from offcut.cli.task import Lost
from offcut.sheet import Layout


class Report:
    """Tells of outcomes as they come. `records` is where JSON lines go, None for nowhere. With `verbose` every finished
    picture has its line; else one that breaks rules of what it is for, unless `quiet`."""

    def __init__(self, meter: Meter, records: TextIO | None, *, verbose: bool, quiet: bool) -> None:
        self._meter = meter
        self._records = records
        self._verbose = verbose
        self._quiet = quiet
        self.done = 0
        self.failed = 0

    def outcome(self, outcome: Outcome) -> None:
        """Tell of a picture that is over."""
        self._meter.ended(outcome.task)
        known = {"source": outcome.task.shown, "target": _name(outcome.task.target)}
        if isinstance(outcome, Failed):
            self._fault(known, outcome.code, outcome.details, outcome.seconds)
            return
        self.done += 1
        if self._verbose:
            self._meter.say(_line(outcome))
        elif not self._quiet and any(check.state == "fail" for check in outcome.checks):
            self._meter.say(f"offcut: {printable(outcome.task.shown)}: {_checked(outcome.checks)}")
        self._record(known | {"ok": True, "seconds": round(outcome.seconds, 3)} | _facts(outcome))

    def lost(self, lost: Lost) -> None:
        """Tell of an input that never became a task."""
        self._fault({"source": lost.shown, "target": None}, lost.error.code, lost.error.details, 0.0)

    def _fault(self, known: dict[str, Any], code: str, details: dict[str, Any], seconds: float) -> None:
        self.failed += 1
        words = sentence(code, details)
        self._meter.say(f"offcut: {printable(known['source'])}: {words}")
        error = {"code": code, "details": details, "sentence": words}
        self._record(known | {"ok": False, "seconds": round(seconds, 3), "error": error})

    def _record(self, record: dict[str, Any]) -> None:
        if self._records is not None:
            self._records.write(json.dumps(record) + "\n")
            self._records.flush()


def _name(place: Place) -> str | None:
    return None if place is None else str(place)


def _facts(done: Done) -> dict[str, Any]:
    return {
        "width": done.width,
        "height": done.height,
        "mime": done.mime,
        "bytes": done.bytes,
        "notes": list(done.notes),
        "checks": [check.to_dict() for check in done.checks],
        "sheet": done.sheet and _sheet(done.sheet),
        "confidence": done.confidence and round(done.confidence, 4),
        "timings": {stage: round(spent, 1) for stage, spent in done.timings.items()},
    }


def _sheet(layout: Layout) -> dict[str, Any]:
    return {"paper": list(layout.paper), "photo": list(layout.photo), "count": len(layout.places)}


def _line(done: Done) -> str:
    target = "-" if done.task.target is None else printable(str(done.task.target))
    told = [f"{done.width} x {done.height}"]
    if done.sheet is not None:
        width, height = done.sheet.paper
        told.append(f"{len(done.sheet.places)} on a sheet of {width:g} x {height:g} mm")
    told += [f"{done.seconds:.1f} s", *(NOTES.get(note, note) for note in done.notes)]
    if done.checks:
        told.append(_checked(done.checks))
    if done.confidence is not None:
        told.append(f"confidence {done.confidence:.2f}")
    return f"{printable(done.task.shown)} -> {target}: {', '.join(told)}"


def _checked(checks: Sequence[Check]) -> str:
    """How many checks failed or are in doubt, and which (see offcut.check)."""
    of = f"of {len(checks)} checks"
    told = []
    for state, words in (("fail", "failed"), ("warn", "in doubt")):
        ids = [check.id for check in checks if check.state == state]
        if ids:
            told.append(f"{len(ids)} {of} {words} ({', '.join(ids)})")
            of = "more"
    return ", ".join(told) or f"all {len(checks)} checks passed"


def models(catalogue: Catalogue, origin: str) -> str:
    """The plans and models of a catalogue as a table for people."""
    lines = [f"Catalogue: {printable(origin)}", "", "Plans"]
    for plan in catalogue.plans:
        sides = ", ".join(map(str, plan.sides))
        default = "  (default)" if plan.id == catalogue.default else ""
        lines.append(f"  {plan.id:<20} {plan.model} at {sides}{default}")
    lines += ["", "Models"]
    for model in catalogue.models:
        terms = model.licence if model.commercial else f"{model.licence}, not for commercial use"
        default = "  (default)" if model.id == catalogue.default else ""
        lines.append(f"  {model.id:<20} {model.name}; {model.bytes / 1e6:.1f} MB; {terms}{default}")
    return "\n".join(lines)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What became of each picture of a batch: a row for each, as a sheet of cells and as JSON.

What is told of one picture while the command line runs is another matter: see offcut.cli.report.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Literal, cast

from offcut import __version__
from offcut.check import Check
from offcut.errors import Detail, RecipeInvalid
from offcut.nesting import shallow
from offcut.plain import Table
from offcut.recipe import Recipe

State = Literal["done", "failed", "cancelled"]
STATES: tuple[State, ...] = ("done", "failed", "cancelled")

VERSION: Literal[1] = 1

COLUMNS = (
    "name",
    "state",
    "target",
    "width",
    "height",
    "bytes",
    "model",
    "sha256",
    "milliseconds",
    "confidence",
    "warnings",
    "error",
    "details",
)
"""The first line of the sheet."""

FORMULA = re.compile(r"^(?=[\t\r])|(?:^|(?<=[;\t\r\n]))(?=[^\S\t\r\n]*[=+\-@＝＋－＠])")  # noqa: RUF001
"""Where a spreadsheet may take what follows for a formula: at the start of a cell, and where one starts for programs
that part cells at semicolons, as they do where the comma is in numbers. The wide signs count in East Asia."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why there is no result: code and details as `offcut.errors.describe` gives them."""

    code: str
    details: Mapping[str, Detail]

    @classmethod
    def parse(cls, table: Table) -> "Fault":
        """A fault from plain data. Raises the table's error."""
        table.only(("code", "details"))
        details = table.table("details")
        for key, value in details.data.items():
            if not isinstance(value, str):
                details.number(key)
        return cls(table.text("code"), dict(details.data))

    def to_dict(self) -> dict[str, object]:
        """Plain data."""
        return {"code": self.code, "details": dict(self.details)}


@dataclass(frozen=True, slots=True)
class Row:
    """One picture.

    - `name`: its path within the batch, parted by "/"
    - `target`: the result's name, as the picture's; None where there is none
    - `width`, `height`, `bytes`: the result's
    - `model`, `sha256`: the net that was asked, and the hash of its weights; None where none was
    - `milliseconds`: from the first stage to the last; of an attempt that failed, until it did
    - `confidence`: 0..1, see offcut.confidence; None where no net was asked
    - `warnings`: see `warnings`
    - `error`: of those that failed; of those that were cancelled there need be none
    """

    name: str
    state: State
    target: str | None = None
    width: int | None = None
    height: int | None = None
    bytes: int | None = None
    model: str | None = None
    sha256: str | None = None
    milliseconds: int | None = None
    confidence: float | None = None
    warnings: tuple[str, ...] = ()
    error: Fault | None = None

    @classmethod
    def parse(cls, table: Table) -> "Row":
        """A row from plain data; what is not there is None. Raises the table's error."""
        table.only([field.name for field in fields(cls)])
        table = Table({key: value for key, value in table.data.items() if value is not None}, table.path, table.error)
        there = table.data.keys()
        warnings = table.data.get("warnings", ())
        if not isinstance(warnings, list | tuple) or not all(isinstance(each, str) for each in warnings):
            raise table.fault("warnings", "must be a list of text")
        state = cast(State, table.choice("state", STATES))
        if state != "cancelled" and (state == "failed") != ("error" in there):
            raise table.fault("error", "must be there where it failed, and only there")
        return cls(
            table.text("name"),
            state,
            table.text("target") if "target" in there else None,
            table.whole("width", 1) if "width" in there else None,
            table.whole("height", 1) if "height" in there else None,
            table.whole("bytes", 0) if "bytes" in there else None,
            table.text("model") if "model" in there else None,
            table.sha256("sha256") if "sha256" in there else None,
            table.whole("milliseconds", 0) if "milliseconds" in there else None,
            table.within("confidence", 0, 1) if "confidence" in there else None,
            tuple(warnings),
            Fault.parse(table.table("error")) if "error" in there else None,
        )

    def to_dict(self) -> dict[str, object]:
        """Plain data with every field written out; `parse` gives the same row back."""
        return asdict(self) | {"warnings": list(self.warnings), "error": self.error and self.error.to_dict()}

    def cells(self) -> list[str]:
        """The row as the sheet has it, a cell for each of `COLUMNS`; cells of what is None are empty."""
        details = self.error and self.error.details and json.dumps(self.error.details, ensure_ascii=False)
        values = {
            **asdict(self),
            "confidence": None if self.confidence is None else f"{self.confidence:.3f}",
            "warnings": " ".join(self.warnings),
            "error": self.error and self.error.code,
            "details": details,
        }
        return [cell(values[column]) for column in COLUMNS]


@dataclass(frozen=True, slots=True)
class Ledger:
    """The rows of a batch, its recipe, and the version of Offcut that was at work."""

    recipe: Recipe
    rows: tuple[Row, ...]
    offcut: str = __version__

    @classmethod
    def parse(cls, obj: object) -> "Ledger":
        """A ledger from plain data:

        {"version": 1, "offcut": version, "recipe": {…}, "rows": [{"name": path, "state": "done" | "failed" |
         "cancelled", "target": path | null, "width": pixels | null, "height": pixels | null, "bytes": number | null,
         "model": id | null, "sha256": hex | null, "milliseconds": number | null, "confidence": 0..1 | null,
         "warnings": [id, …], "error": null | {"code": code, "details": {…}}}, …]}

        Raises ValueError with the path of the first fault: nobody but Offcut writes ledgers.
        """
        try:
            table = Table.of(obj, "ledger", RecipeInvalid)
            table.only(("version", "offcut", "recipe", "rows"))
            table.whole("version", VERSION, VERSION)
            recipe = Recipe.parse(table.get("recipe"))
            return cls(recipe, tuple(map(Row.parse, table.tables("rows", empty=True))), table.text("offcut"))
        except RecipeInvalid as error:
            raise ValueError(f"{error.details['field']} {error.details['reason']}") from error

    @classmethod
    def from_json(cls, data: bytes) -> "Ledger":
        """A ledger as `to_json` writes it. Raises ValueError."""
        if not shallow(data):
            raise ValueError("ledger is nested too deeply")
        return cls.parse(json.loads(data))

    def to_dict(self) -> dict[str, object]:
        """Plain data; `parse` gives the same ledger back."""
        return {
            "version": VERSION,
            "offcut": self.offcut,
            "recipe": self.recipe.to_dict(),
            "rows": [row.to_dict() for row in self.rows],
        }

    def to_json(self) -> bytes:
        """The ledger as JSON in UTF-8. Names that are not Unicode (see os.fsdecode) are escaped, and come back."""
        return json.dumps(self.to_dict(), ensure_ascii=False).encode("utf-8", "backslashreplace")

    def to_csv(self) -> bytes:
        """The rows as a sheet, RFC 4180, below a line of `COLUMNS`.

        In UTF-8 with a byte order mark, without which spreadsheets take Chinese for something else. Names that are not
        Unicode are escaped. For what is done with formulas see `cell`.
        """
        text = io.StringIO(newline="")
        sheet = csv.writer(text, lineterminator="\r\n")
        sheet.writerow(COLUMNS)
        sheet.writerows(row.cells() for row in self.rows)
        return text.getvalue().encode("utf-8-sig", "backslashreplace")


def warnings(notes: Iterable[str], checks: Iterable[Check]) -> tuple[str, ...]:
    """What to look at: a result's notes, and the ids of the checks that it failed."""
    return (*notes, *(check.id for check in checks if check.state == "fail"))


def cell(value: object) -> str:
    """A value as a cell. Text in which a spreadsheet may find a formula (see `FORMULA`) gets a ' before it: names come
    from strangers, and formulas can fetch and send. Numbers are never below 0 here, and need none."""
    if value is None:
        return ""
    return FORMULA.sub("'", value) if isinstance(value, str) else str(value)

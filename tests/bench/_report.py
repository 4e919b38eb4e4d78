# SPDX-License-Identifier: AGPL-3.0-or-later
"""What benchmarks found, as tables in models/README.md, each between its own marks."""

from pathlib import Path
from typing import Any

Table = tuple[str, list[list[str]]]
"""A title, and rows, the first of which are heads."""


def described(machine: dict[str, Any]) -> str:
    """The machine in one line."""
    return f"{machine['cores']} cores ({machine['processor']}), {machine['system']}, {machine['browser']}."


def write(path: Path, name: str, tables: list[Table], about: str) -> None:
    """Put the tables of the benchmark `name` where its marks are, below a line that says what they are about."""
    mark, end = f"<!-- made by `python build.py bench {name} --write` -->", "<!-- end -->"
    head, there, rest = path.read_text(encoding="utf-8").partition(mark)
    _, closed, tail = rest.partition(end)
    if not there or not closed:
        raise ValueError(f"{path.name} has no marks for {name}")
    lines = ["", "", about, ""]
    for title, (first, *rows) in tables:
        lines += [f"**{title}**", "", f"| {' | '.join(first)} |", "|" + " --- |" * len(first)]
        lines += [f"| {' | '.join(row)} |" for row in rows] + [""]
    path.write_text(head + mark + "\n".join(lines) + "\n" + end + tail, encoding="utf-8", newline="\n")

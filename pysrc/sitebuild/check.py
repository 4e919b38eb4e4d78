# SPDX-License-Identifier: AGPL-3.0-or-later
"""`build.py check`: every rule that a machine can hold the house to."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import licences, node, origins
from .errors import BuildError
from .layout import Layout
from .report import say


@dataclass(frozen=True)
class Check:
    """A name and what to do; the answer is what is wrong, empty when nothing is."""

    name: str
    run: Callable[[], str]


def run(layout: Layout, dist: Path) -> int:
    """Run all checks on the sources and on the built site; 0 when none finds anything."""
    failed = 0
    for check in checks(layout, dist):
        problem = check.run().strip()
        say(f"{'FAIL' if problem else 'ok':5}{check.name}")
        if problem:
            failed += 1
            say(problem)
    say(f"{failed} checks failed." if failed else "All checks passed.")
    return 1 if failed else 0


def checks(layout: Layout, dist: Path) -> list[Check]:
    """What there is to check, in order."""
    runner = node.find(layout)
    if runner is None:
        raise BuildError("There is no Node; run this through build.py, which provides one.")
    modules = layout.modules

    def python(*command: str) -> Callable[[], str]:
        return lambda: _tool([sys.executable, "-m", *command], layout.root, dict(os.environ))

    def script(path: str, *arguments: str) -> Callable[[], str]:
        command = [str(runner.node), str(modules / path), *arguments]
        return lambda: _tool(command, layout.root / "site", runner.environment())

    return [
        Check("ruff: lint", python("ruff", "check", "--quiet", ".")),
        Check("ruff: format", python("ruff", "format", "--check", "--quiet", ".")),
        Check("mypy: types of the code", python("mypy", "--no-error-summary")),
        Check("mypy: types of the tests", python("mypy", "--no-error-summary", "tests")),
        Check("biome: lint and format", script("@biomejs/biome/bin/biome", "check", "--error-on-warnings")),
        Check("tsc: types of the page", script("typescript/bin/tsc", "-p", "tsconfig.json")),
        Check("tsc: types of the workers", script("typescript/bin/tsc", "-p", "tsconfig.workers.json")),
        Check("licences: the table is the truth", lambda: "\n".join(licences.disagreements(layout))),
        Check(
            "output: no foreign origin, nothing inline",
            lambda: "\n".join(origins.findings(dist, licences.links(layout))),
        ),
    ]


def _tool(command: list[str], folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return (done.stdout.strip() or f"exit code {done.returncode}") if done.returncode else ""

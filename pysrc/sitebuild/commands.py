# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each command does, once its environment is there."""

import os
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from . import distribution, messages
from .errors import BuildError
from .layout import Layout
from .report import say
from .serve import Server


def build(options: Namespace, layout: Layout) -> int:
    """`build`"""
    return _build(options, layout, _dist(options, layout))


def serve(options: Namespace, layout: Layout) -> int:
    """`serve`"""
    dist = _dist(options, layout)
    if not options.no_build:
        _build(options, layout, dist)
    elif not dist.is_dir():
        raise BuildError(f"{dist} is not there. Leave out --no-build to build it.")
    with Server(
        dist, headers=not options.no_headers, port=options.port, prefix=options.prefix, host=options.host
    ) as server:
        say(f"Offcut is at {server.url} (Ctrl-C ends it)")
        server.wait()
    return 0


def update_messages(options: Namespace, layout: Layout) -> int:
    """`messages`"""
    messages.update(layout)
    return 0


def check(options: Namespace, layout: Layout) -> int:
    """`check`"""
    from . import check as checks

    dist = layout.root / "dist"
    distribution.build(layout, dist)
    return checks.run(layout, dist)


def test(options: Namespace, layout: Layout) -> int:
    """`test`"""
    from . import browser

    distribution.build(layout, layout.root / "dist")
    chromium = browser.ensure()
    command = [sys.executable, "-m", "pytest", *options.rest]
    return subprocess.run(command, cwd=layout.root, env=_environment(chromium)).returncode


def bench(options: Namespace, layout: Layout) -> int:
    """`bench`"""
    from . import browser

    folder = layout.root / "tests" / "bench"
    scripts = {
        path.stem: path for path in sorted(folder.glob("*.py")) if not path.name.startswith(("_", "conftest", "test_"))
    }
    if options.name is not None and options.name not in scripts:
        raise BuildError(f"There is no benchmark {options.name!r}; there are: {', '.join(scripts) or 'none'}.")
    distribution.build(layout, layout.root / "dist")
    environment = _environment(browser.ensure())
    names = [options.name] if options.name else list(scripts)
    codes = []
    for name in names:
        say(f"Benchmark {name}")
        command = [sys.executable, str(scripts[name]), *options.rest]
        codes.append(subprocess.run(command, cwd=layout.root, env=environment).returncode)
    return int(any(codes))


def _build(options: Namespace, layout: Layout, dist: Path) -> int:
    """Build with the models that were asked for; 1 when a plan is missing because its model could not be had."""
    built = distribution.build(
        layout, dist, pseudo=options.pseudo, models=options.models, keep_going=options.keep_going
    )
    for plan in built.lost:
        say(f"The site is written, but the plan {plan.id} is not in it: its model {plan.model} could not be had.")
    return 1 if built.lost else 0


def _dist(options: Namespace, layout: Layout) -> Path:
    named: Path | None = options.base_dir
    return named.resolve() if named else layout.root / "dist"


def _environment(chromium: str | None) -> dict[str, str]:
    """The environment of tests: the browser that was found, and the built site, which is not built twice."""
    extra = {"OFFCUT_BUILT": "1"} | ({"OFFCUT_CHROMIUM": chromium} if chromium else {})
    return os.environ | extra


COMMANDS: dict[str, Callable[[Namespace, Layout], int]] = {
    "serve": serve,
    "build": build,
    "test": test,
    "check": check,
    "bench": bench,
    "messages": update_messages,
}

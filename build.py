#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one command of Offcut: `python3 build.py serve`. All of it lies in pysrc/sitebuild."""

import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 (this file is what an older Python would meet)
    sys.exit("Offcut is built with Python 3.11 or newer; this is " + sys.version.split()[0] + ".")

sys.path.insert(0, str(Path(__file__).resolve().parent / "pysrc"))

from sitebuild.cli import outside

if __name__ == "__main__":
    sys.exit(outside(sys.argv[1:]))

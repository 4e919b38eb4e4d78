# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m sitebuild`: a command inside the virtual environment that build.py made."""

import sys

from .cli import inside

if __name__ == "__main__":
    sys.exit(inside(sys.argv[1:]))

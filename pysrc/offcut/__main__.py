# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m offcut`: the command line, see offcut.cli."""

import sys

from offcut.cli.main import main

if __name__ == "__main__":
    sys.exit(main())

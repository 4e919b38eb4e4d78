# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one error of the build: a sentence that names the file or host and says what to do."""


class BuildError(Exception):
    """Ends a command with exit code 1; its text is all that the user sees."""

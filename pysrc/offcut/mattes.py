# SPDX-License-Identifier: AGPL-3.0-or-later
"""What nets said of pictures, remembered: a new backdrop needs no inference."""

import hashlib

from offcut.last import Last
from offcut.look import Look


def digest(data: bytes) -> bytes:
    """What a picture file is known by: BLAKE2b, 16 bytes."""
    return hashlib.blake2b(data, digest_size=16).digest()


class MatteCache:
    """The `size` raw mattes that were used last, by (`digest` of the file, plan id).

    Beside them, as many that projects brought. These are what a net said once, to whoever saved the project, and count
    only for a recipe that names them by their SHA-256: the same picture on its own is another matter.
    """

    def __init__(self, size: int = 16) -> None:
        self._asked: Last[tuple[bytes, str], Look] = Last(size)
        self._brought: Last[tuple[bytes, str, str], Look] = Last(size)

    def get(self, digest: bytes, plan: str, answer: str | None = None) -> Look | None:
        """The matte, or None: the one that a project brought under the name of `answer`, else that of the net."""
        brought = None if answer is None else self._brought.get((digest, plan, answer))
        return brought or self._asked.get((digest, plan))

    def put(self, digest: bytes, plan: str, look: Look, answer: str | None = None) -> None:
        """Keep a matte: of a project's, `answer` is the SHA-256."""
        if answer is None:
            self._asked.put((digest, plan), look)
        else:
            self._brought.put((digest, plan, answer), look)

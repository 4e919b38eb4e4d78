# SPDX-License-Identifier: AGPL-3.0-or-later
"""A server that gives parts of models when let."""

import threading
import time

PATIENCE_S = 20


class Held(list[tuple[str, str, int]]):
    """A server's log that holds every answer to a request for a part back until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self._permits = threading.Semaphore(0)
        self._open = threading.Event()

    def append(self, entry: tuple[str, str, int]) -> None:
        """Note the request; a part's is not answered before its turn."""
        super().append(entry)
        while "/weights/" in entry[1] and not self._open.is_set() and not self._permits.acquire(timeout=0.02):
            pass

    def let(self, count: int) -> None:
        """Let so many parts through."""
        self._permits.release(count)

    def release(self) -> None:
        """Let everything through from now on."""
        self._open.set()

    def asked(self, count: int) -> list[str]:
        """The parts asked for, once they are at least so many."""
        late = time.monotonic() + PATIENCE_S
        while len(self.parts) < count:
            assert time.monotonic() < late, f"{len(self.parts)} of {count} parts were asked for"
            time.sleep(0.02)
        return self.parts

    @property
    def parts(self) -> list[str]:
        """The parts asked for, in order."""
        return [path.rpartition("/")[2] for _, path, _ in list(self) if "/weights/" in path]

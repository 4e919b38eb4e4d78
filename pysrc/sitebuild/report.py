# SPDX-License-Identifier: AGPL-3.0-or-later
"""Progress as plain lines on standard error: readable in a terminal, in a log and by a screen reader."""

import sys
import time


def say(line: str) -> None:
    """Print one line of progress at once."""
    print(line, file=sys.stderr, flush=True)


def size(count: float) -> str:
    """Bytes as people read them: 512 B, 44.3 MB."""
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.2f} GB"


class Meter:
    """Counts the bytes of one download and prints a line every few seconds and one at the end."""

    def __init__(self, name: str, host: str, total: int | None, start: int = 0, every: float = 3.0) -> None:
        self.name, self.host, self.total, self.every = name, host, total, every
        self.first = self.done = start
        self.began = self.last = time.monotonic()

    def add(self, count: int) -> None:
        """Note `count` more bytes."""
        self.done += count
        now = time.monotonic()
        if now - self.last >= self.every:
            self.last = now
            of = f" of {size(self.total)}" if self.total else ""
            say(f"  {self.name}: {size(self.done)}{of} from {self.host}, {self.speed(now)}")

    def end(self) -> None:
        """Print the closing line."""
        now = time.monotonic()
        took = f"{now - self.began:.1f} s"
        say(f"  {self.name}: {size(self.done)} from {self.host} in {took}, {self.speed(now)}")

    def speed(self, now: float) -> str:
        """Mean speed since the start."""
        return f"{size((self.done - self.first) / max(now - self.began, 1e-3))}/s"

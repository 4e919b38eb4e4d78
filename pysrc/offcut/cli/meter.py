# SPDX-License-Identifier: AGPL-3.0-or-later
"""The progress bar: one line on a terminal's standard error, gone when the run is over."""

import os
import shutil
import sys
import threading
import time

from offcut.cli.task import Task
from offcut.job import Stage

WIDTH = 24
EVERY = 0.1
STAGES = {
    Stage.READ: "reading the picture",
    Stage.PACK: "preparing it for the net",
    Stage.INFER: "finding the subject",
    Stage.REFINE: "drawing the edge",
    Stage.COMPOSE: "cutting it out",
    Stage.ENCODE: "writing the file",
}


class Meter:
    """How far a run of `total` pictures is. Any thread may tell it of progress; only `shown` ones draw."""

    def __init__(self, total: int, *, shown: bool) -> None:
        self._total = total
        self._shown = shown
        self._ended = 0
        self._shares: dict[Task, float] = {}
        self._stage = Stage.READ
        self._began = time.monotonic()
        self._drawn = 0.0
        self._length = 0
        self._lock = threading.Lock()

    @staticmethod
    def possible() -> bool:
        """Whether standard error is a terminal that can take a line back."""
        return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def progress(self, task: Task, stage: Stage, done: int, total: int) -> None:
        """Note that a stage of a task starts; see offcut.cli.batch.Progress."""
        with self._lock:
            # A second look begins anew, and the bar need not.
            self._shares[task] = max(self._shares.get(task, 0.0), done / total)
            self._stage = stage
            if time.monotonic() - self._drawn >= EVERY:
                self._draw()

    def ended(self, task: Task) -> None:
        """Note that a task is over."""
        with self._lock:
            self._shares.pop(task, None)
            self._ended += 1
            self._draw()

    def say(self, line: str) -> None:
        """Print a line above the bar."""
        with self._lock:
            self._clear()
            print(line, file=sys.stderr, flush=True)
            self._draw()

    def close(self) -> None:
        """Take the bar away; nothing is drawn after."""
        with self._lock:
            self._clear()
            self._shown = False

    def _draw(self) -> None:
        if not self._shown:
            return
        self._drawn = time.monotonic()
        text = self._text()[: max(shutil.get_terminal_size().columns - 1, 0)]
        sys.stderr.write("\r" + text.ljust(self._length))
        sys.stderr.flush()
        self._length = len(text)

    def _clear(self) -> None:
        if self._length:
            sys.stderr.write("\r" + " " * self._length + "\r")
            sys.stderr.flush()
            self._length = 0

    def _text(self) -> str:
        share = (self._ended + sum(self._shares.values())) / max(self._total, 1)
        full = round(share * WIDTH)
        bar = "#" * full + "-" * (WIDTH - full)
        if self._total == 1:
            return f"[{bar}] {STAGES[self._stage]}"
        return f"[{bar}] {self._ended} of {self._total}{self._left(share)}"

    def _left(self, share: float) -> str:
        """The time left, once a tenth is done and it can be guessed."""
        if share < 0.1 or share >= 1:
            return ""
        minutes, seconds = divmod(round((time.monotonic() - self._began) * (1 - share) / share), 60)
        hours, minutes = divmod(minutes, 60)
        clock = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
        return f", {clock} left"

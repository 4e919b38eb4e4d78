# SPDX-License-Identifier: AGPL-3.0-or-later
"""A made-up site with a net of a few bytes, and the command line called over it."""

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers import noise, plan, row, saved
from PIL import Image

from nets import mean
from sitebuild import weights

PYSRC = Path(__file__).parents[2] / "pysrc"


@dataclass(frozen=True)
class Toy:
    """A built site whose net takes the mean of the channels for the subject: what is bright is kept."""

    folder: Path
    graph: bytes

    @property
    def cached(self) -> str:
        """The name of the weights in the cache."""
        return f"tiny-{hashlib.sha256(self.graph).hexdigest()[:12]}.onnx"

    def parts(self) -> list[Path]:
        """The files of the weights, in order."""
        rows = json.loads((self.folder / "r" / "1" / "catalogue.json").read_text("utf-8"))
        return [self.folder / "weights" / f"{part['sha256']}.bin" for part in rows["models"][0]["parts"]]


@dataclass(frozen=True)
class Said:
    """What a run gave: its exit code, standard output and standard error."""

    code: int
    out: bytes
    err: str

    @property
    def records(self) -> list[dict[str, Any]]:
        """The JSON lines of standard output, by source."""
        return sorted(map(json.loads, self.out.splitlines()), key=lambda record: str(record["source"]))


Call = Callable[..., Said]


def bright(width: int = 40, height: int = 30, seed: int = 0) -> bytes:
    """A PNG with a bright right half, the subject, beside black."""
    rgb = noise(width, height, seed=seed) // 8 + 200
    rgb[:, : width // 2] = 0
    return saved(Image.fromarray(rgb), "PNG")


def dark() -> bytes:
    """A PNG without a subject."""
    return saved(Image.fromarray(np.zeros((30, 40, 3), np.uint8)), "PNG")


@pytest.fixture
def toy(tmp_path_factory: pytest.TempPathFactory) -> Toy:
    """A made-up dist folder of the test's own."""
    folder = tmp_path_factory.mktemp("dist")
    data = mean()
    parts = weights.split(data, folder / "weights", part=100)
    whole = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data), "parts": parts}
    rows = [row(mean=[0, 0, 0], std=[255, 255, 255], **whole)]
    catalogue = {"models": rows, "plans": [plan(), plan(id="twice", sides=[8, 16], decisive=0)], "default": "once"}
    (folder / "r" / "1").mkdir(parents=True)
    (folder / "r" / "1" / "catalogue.json").write_text(json.dumps(catalogue), "utf-8")
    (folder / "release.json").write_text('{"release": "1"}', "utf-8")
    return Toy(folder, data)


@pytest.fixture
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("OFFCUT_CACHE", str(folder))
    return folder / "models"


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def call(
    toy: Toy, cache: Path, room: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Call:
    """Calls the command line in `room`, over the toy's site unless OFFCUT_SITE or --site say otherwise."""
    from offcut.cli.main import main

    monkeypatch.setenv("OFFCUT_SITE", str(toy.folder))

    def run(*arguments: str | Path, stdin: bytes = b"") -> Said:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return Said(code, out, err.decode())

    return run


@pytest.fixture
def start(toy: Toy, cache: Path, room: Path) -> Callable[..., "subprocess.Popen[bytes]"]:
    """Starts `python -m offcut` in `room`, a process of its own over the toy's site."""

    def begin(*arguments: str | bytes, **options: Any) -> "subprocess.Popen[bytes]":
        environment = os.environ | {"PYTHONPATH": str(PYSRC), "OFFCUT_SITE": str(toy.folder)}
        # A shell that runs the tests in the background has them, and what they start, ignore SIGINT.
        heed: dict[str, Any] = {}
        if sys.platform != "win32":
            heed["preexec_fn"] = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
        streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        command = [sys.executable, "-m", "offcut", *arguments]
        return subprocess.Popen(command, cwd=room, env=environment, **(heed | streams | options))

    return begin

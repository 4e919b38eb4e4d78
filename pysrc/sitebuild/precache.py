# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which files make a release: their list for the service worker, and the id of the release."""

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .assets import ORT_GPU

PLACEHOLDER = "@@release@@"
LEFT_OUT = {"sw.js", "_headers", "release.json"}


@dataclass(frozen=True)
class Entry:
    """One file; `url` is relative to the site root.

    `heavy` says that it may come after the first paint, `rare` that it is fetched only when it is used.
    """

    url: str
    sha256: str
    bytes: int
    heavy: bool
    rare: bool


def entries(folder: Path) -> list[Entry]:
    """Every file that the site needs offline but the weights, sorted by path."""
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or name in LEFT_OUT or name.startswith("weights/"):
            continue
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        found.append(Entry(_url(name), digest, len(data), _heavy(name), path.name in ORT_GPU))
    return found


def release_id(folder: Path, service_worker: bytes) -> str:
    """First 12 hex digits of the hash of all paths and contents, while `PLACEHOLDER` stands for the id."""
    total = hashlib.sha256(service_worker)
    for entry in entries(folder):
        total.update(f"\n{entry.url} {entry.sha256}".encode())
    return total.hexdigest()[:12]


def settle(folder: Path, release: str) -> None:
    """Put the release id where the placeholder stands: in the folder's name and in the pages."""
    (folder / "r" / PLACEHOLDER).rename(folder / "r" / release)
    for page in folder.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace(PLACEHOLDER, release), encoding="utf-8", newline="\n")


def listing(found: list[Entry]) -> list[dict[str, Any]]:
    """The entries as plain data."""
    return [asdict(entry) for entry in found]


def _url(name: str) -> str:
    if name == "index.html" or name.endswith("/index.html"):
        return name.removesuffix("index.html")
    return name


def _heavy(name: str) -> bool:
    return name.startswith("vendor/") and not name.startswith("vendor/inter-")

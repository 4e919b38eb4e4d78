# SPDX-License-Identifier: AGPL-3.0-or-later
"""The media types of what the site holds, the same on every machine."""

from pathlib import PurePath

TYPES = {
    ".bin": "application/octet-stream",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".whl": "application/zip",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".zip": "application/zip",
}
PACKABLE = {".css", ".html", ".js", ".json", ".mjs", ".svg", ".txt", ".wasm", ".webmanifest", ".xml"}


def type_of(name: str) -> str:
    """The media type of a file name."""
    return TYPES.get(PurePath(name).suffix.lower(), "application/octet-stream")


def packable(name: str) -> bool:
    """Whether gzip makes such a file smaller."""
    return PurePath(name).suffix.lower() in PACKABLE

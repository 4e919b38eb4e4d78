# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a picture comes from: a file, a member of an archive, standard input."""

import sys
from dataclasses import dataclass
from pathlib import Path

from offcut.cli.archives import Member
from offcut.cli.files import words
from offcut.errors import FileMissing, FileUnreadable

Source = Path | Member | None
"""None is standard input."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """By which a file is known without being read: bytes, and nanoseconds since 1970 of its last change."""

    size: int
    mtime_ns: int


def read(source: Source) -> bytes:
    """All bytes of `source`. Raises FileMissing, FileUnreadable."""
    if isinstance(source, Member):
        return source.archive.read(source)
    try:
        return sys.stdin.buffer.read() if source is None else source.read_bytes()
    except FileNotFoundError:
        raise FileMissing() from None
    except OSError as error:
        raise FileUnreadable(reason=words(error)) from error


def stamp(source: Source) -> Stamp | None:
    """The stamp of `source`, None where it has none."""
    if isinstance(source, Member):
        return Stamp(source.info.file_size, source.mtime_ns)
    try:
        told = None if source is None else source.stat()
    except OSError:
        return None
    return told and Stamp(told.st_size, told.st_mtime_ns)

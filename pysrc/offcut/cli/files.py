# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whole files: read at once, written so that nobody ever meets half of one."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from offcut.errors import FileExists, FileMissing, FileUnreadable, FileUnwritable

Place = Path | None
"""A file, or None for standard input or output."""


def read(source: Place) -> bytes:
    """All bytes of `source`. Raises FileMissing, FileUnreadable."""
    try:
        return sys.stdin.buffer.read() if source is None else source.read_bytes()
    except FileNotFoundError:
        raise FileMissing() from None
    except OSError as error:
        raise FileUnreadable(reason=words(error)) from error


def check(target: Place, *, overwrite: bool) -> None:
    """Refuse early what `write` would refuse late. Raises FileExists."""
    if target is not None and not overwrite and os.path.lexists(target) and not _device(target):
        raise FileExists(target=str(target))


def write(target: Place, data: bytes, *, overwrite: bool) -> None:
    """Write `data` to `target`, whose folders are made where they are missing.

    A device or a pipe is written to; a file is put together beside its place and takes it in one step.
    Raises FileExists, FileUnwritable; BrokenPipeError when nobody reads standard output any more.
    """
    try:
        if target is None:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        elif _device(target):
            target.write_bytes(data)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            with replacing(target) as file:
                file.write(data)
                check(target, overwrite=overwrite)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise FileUnwritable(target=str(target or "standard output"), reason=words(error)) from error


@contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """A new file that becomes `target` when the block ends well, and vanishes when it does not."""
    part = target.with_name(f".offcut-{secrets.token_hex(6)}.part")
    try:
        with part.open("xb") as file:
            yield file
        part.replace(target)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def words(error: OSError) -> str:
    """The system's words for what went wrong, with a small first letter."""
    text = error.strerror or str(error) or type(error).__name__
    return text[:1].lower() + text[1:]


def _device(path: Path) -> bool:
    return path.exists() and not path.is_file() and not path.is_dir()

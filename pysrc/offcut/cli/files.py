# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whole files, written so that nobody ever meets half of one."""

import os
import re
import secrets
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from offcut.errors import FileExists, FileUnwritable

Place = Path | None
"""A file, or None for standard output."""

_PART = re.compile(r"\.offcut-[0-9a-f]{12}\.part")


def check(target: Place, *, overwrite: bool) -> None:
    """Refuse early what `write` would refuse late. Raises FileExists."""
    if target is not None and not overwrite and os.path.lexists(target) and not _device(target):
        raise FileExists(target=str(target))


def write(target: Place, data: bytes, *, overwrite: bool, before: Callable[[], None] = lambda: None) -> None:
    """Write `data` to `target`, whose folders are made where they are missing.

    A device or a pipe is written to; a file is put together beside its place and takes it in one step. `before` is
    called when all of a file is on the disk and only its name is missing.
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
                file.flush()
                os.fsync(file.fileno())
                check(target, overwrite=overwrite)
                before()
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


def sweep(folders: Iterable[Path]) -> None:
    """Take away what a run that was killed had begun to put together in these folders."""
    for folder in folders:
        with suppress(OSError):
            for path in list(folder.iterdir()):
                if _PART.fullmatch(path.name):
                    path.unlink()


def words(error: OSError) -> str:
    """The system's words for what went wrong, with a small first letter."""
    text = error.strerror or str(error) or type(error).__name__
    return text[:1].lower() + text[1:]


def _device(path: Path) -> bool:
    return path.exists() and not path.is_file() and not path.is_dir()

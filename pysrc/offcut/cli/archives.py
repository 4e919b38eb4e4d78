# SPDX-License-Identifier: AGPL-3.0-or-later
"""ZIP archives of pictures, read member by member. They come from strangers: names lead nowhere, sizes are bounded."""

import calendar
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from offcut.cli.files import words
from offcut.errors import FileUnreadable

LARGEST = 512 << 20
"""No member is larger than this many bytes, unpacked."""

MOST = 1 << 20
"""No archive has more members."""

_PIECE = 1 << 20
_UNFIT = re.compile(r'[\x00-\x1f\x7f:*?"<>|]')
"""What no system's folder may have in its name."""


class Archive:
    """A ZIP on the disk. Any thread may read from it; it stays open until `close`."""

    def __init__(self, path: Path) -> None:
        """Raises FileUnreadable where this is no ZIP, or one that no honest program writes."""
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except OSError as error:
            raise FileUnreadable(reason=words(error)) from error
        except Exception as error:  # BadZipFile, struct.error, NotImplementedError, UnicodeDecodeError, …
            raise FileUnreadable(reason="it is no ZIP, or a damaged one") from error
        if fault := _fault(self._zip.infolist()):
            self.close()
            raise FileUnreadable(reason=fault)

    def close(self) -> None:
        """Let go of the file. Nothing can be read after."""
        self._zip.close()

    def members(self) -> Iterator["Member | str"]:
        """The files in it in the order of their names, without hidden ones; as mere text the names of those that may
        not be used as they lead out of the folder."""
        named = [(_decoded(info), info) for info in self._zip.infolist() if not info.is_dir()]
        for name, info in sorted(named, key=lambda each: each[0]):
            parts = re.split(r"[\\/]", name)
            if any(part == ".." for part in parts) or parts[0] == "" or re.match(r"[A-Za-z]:", name):
                yield name
            elif not any(part.startswith(".") or part == "__MACOSX" for part in parts) and all(parts):
                yield Member(self, "/".join(parts), info)

    def head(self, member: "Member") -> bytes:
        """The first bytes of a member, none where it cannot be read."""
        with suppress(Exception), self._zip.open(member.info) as file:
            return file.read(4096)
        return b""

    def read(self, member: "Member") -> bytes:
        """All bytes of a member: piece by piece, so that one that claims to be small cannot become large.

        Raises FileUnreadable.
        """
        info = member.info
        if info.flag_bits & 1:
            raise FileUnreadable(reason="it is encrypted in its archive")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileUnreadable(reason="it is compressed in an unknown way in its archive")
        if info.file_size > LARGEST:
            raise FileUnreadable(reason=f"it has more than {LARGEST >> 20} MiB in its archive")
        try:
            with self._zip.open(info) as file:
                return b"".join(iter(lambda: file.read(_PIECE), b""))
        except MemoryError:
            raise
        except OSError as error:
            raise FileUnreadable(reason=words(error)) from error
        except Exception as error:  # BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, …
            raise FileUnreadable(reason="it is damaged in its archive") from error


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive. `path` is its name there, parted by "/"."""

    archive: Archive
    path: str
    info: zipfile.ZipInfo = field(compare=False, repr=False)

    def __str__(self) -> str:
        return str(self.archive.path / self.path)

    @property
    def name(self) -> str:
        """Its name without folders."""
        return PurePosixPath(self.path).name

    @property
    def folder(self) -> Path:
        """The folder in which it lies, as one that every system can have."""
        cleaned = (_UNFIT.sub("", part).rstrip(". ") for part in PurePosixPath(self.path).parent.parts)
        return Path(*filter(None, cleaned))

    @property
    def mtime_ns(self) -> int:
        """When it was changed last, as far as the archive tells."""
        try:
            return calendar.timegm((*self.info.date_time, 0, 0, 0)) * 1_000_000_000
        except ValueError:
            return 0


def _fault(infos: list[zipfile.ZipInfo]) -> str | None:
    """What makes an archive one that no honest program writes. Where one member lies in another, a small file unpacks
    to any size (Fifield, "A better zip bomb", 2019)."""
    if len(infos) > MOST:
        return f"it has more than {MOST} files"
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            return "its files overlap"
        end = info.header_offset + 30 + info.compress_size
    return None


def _decoded(info: zipfile.ZipInfo) -> str:
    """A member's name. Many programs write UTF-8 and do not say so; what says nothing is code page 437 to zipfile."""
    if not info.flag_bits & 0x800:
        with suppress(UnicodeError):
            return info.filename.encode("cp437").decode("utf-8")
    return info.filename

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads single members of a zip that lies on a host, by HTTP Range: a wheel of 151 MB gives up 5 MB."""

import io
import urllib.error
import urllib.request
import zipfile
from collections import OrderedDict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from .errors import BuildError
from .fetch import AGENT, NETWORK_ERRORS, HostError, host_of, reason

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

BLOCK = 1 << 20
KEPT = 8


class NoRange(BuildError):
    """The host answers a Range request with the whole file."""


class RemoteFile(io.RawIOBase):
    """A seekable, read-only file over HTTP Range requests; it keeps the last few 1 MiB blocks.

    Raises `NoRange` when the host has no Range, `HostError` when it cannot be reached.
    """

    def __init__(self, url: str, timeout: float = 60) -> None:
        super().__init__()
        self.url, self.timeout = url, timeout
        self.fetched = 0
        self._position = 0
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        _, self.size = self._request(0, 0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer).cast("B")
        if self._position >= self.size or not len(view):
            return 0
        index, start = divmod(self._position, BLOCK)
        piece = self._block(index)[start : start + len(view)]
        view[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def write(self, data: "ReadableBuffer", /) -> int:
        raise io.UnsupportedOperation("a remote file is read-only")

    def _block(self, index: int) -> bytes:
        if index not in self._blocks:
            first = index * BLOCK
            self._blocks[index], _ = self._request(first, min(first + BLOCK, self.size) - 1)
            while len(self._blocks) > KEPT:
                self._blocks.popitem(last=False)
        self._blocks.move_to_end(index)
        return self._blocks[index]

    def _request(self, first: int, last: int) -> tuple[bytes, int]:
        headers = AGENT | {"Range": f"bytes={first}-{last}"}
        try:
            with urllib.request.urlopen(
                urllib.request.Request(self.url, headers=headers), timeout=self.timeout
            ) as reply:
                if reply.status != 206:
                    raise NoRange(f"{host_of(self.url)} does not answer Range requests.")
                data: bytes = reply.read()
                total = int(reply.headers["Content-Range"].rpartition("/")[2])
        except NETWORK_ERRORS as error:
            if isinstance(error, urllib.error.HTTPError):
                error.close()
            raise HostError(f"{host_of(self.url)} could not be reached ({reason(error)})") from error
        if len(data) != last - first + 1:
            raise HostError(f"{host_of(self.url)} sent {len(data)} bytes where {last - first + 1} were asked for")
        self.fetched += len(data)
        return data, total


def read_members(url: str, members: Iterable[str]) -> dict[str, bytes]:
    """The contents of these members of the zip at `url`, by name."""
    with RemoteFile(url) as remote, zipfile.ZipFile(io.BufferedReader(remote, BLOCK)) as archive:
        return {member: archive.read(member) for member in members}

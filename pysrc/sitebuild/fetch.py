# SPDX-License-Identifier: AGPL-3.0-or-later
"""Downloads that can be cut off and go on: a .part file, a Range request, a hash that must fit."""

import hashlib
import http.client
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from .errors import BuildError
from .report import Meter, say

BLOCK = 1 << 18
AGENT = {"User-Agent": "offcut-build", "Accept-Encoding": "identity"}
NETWORK_ERRORS = (urllib.error.URLError, http.client.HTTPException, OSError)


class HostError(BuildError):
    """A host could not be reached or did not send the file; `brief` says only that."""

    def __init__(self, brief: str) -> None:
        super().__init__(f"{brief}. Check the network and run the command again: what has arrived is kept.")
        self.brief = brief


@dataclass(frozen=True)
class Digest:
    """An expected hash: `algorithm` is a name that hashlib knows, `value` is lower-case hex."""

    algorithm: str
    value: str

    @classmethod
    def sha256(cls, value: str) -> "Digest":
        """A SHA-256 in hex."""
        return cls("sha256", value.lower())

    @classmethod
    def integrity(cls, text: str) -> "Digest":
        """npm's form: `sha512-<base64>`."""
        import base64

        algorithm, _, value = text.partition("-")
        return cls(algorithm, base64.b64decode(value).hex())

    def of(self, path: Path) -> str:
        """The hash of the file at `path`, in hex."""
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, self.algorithm).hexdigest()

    def fits(self, path: Path) -> bool:
        """Whether the file is there and is the expected one."""
        return path.is_file() and self.of(path) == self.value


def host_of(url: str) -> str:
    """The host of a URL, as messages name it."""
    return urlsplit(url).netloc


def reason(error: BaseException) -> str:
    """Why a request failed, in a few words."""
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP {error.code}"
    inner = getattr(error, "reason", None)
    return str(inner or error) or type(error).__name__


def put(path: Path, data: bytes) -> Path:
    """Write `data` to `path` so that no reader ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_bytes(data)
    part.replace(path)
    return path


def fetch(url: str, path: Path, digest: Digest, *, tries: int = 4, timeout: float = 60) -> Path:
    """Bring the file at `url` to `path`, verified; return `path`.

    A file that is there and fits is used as it is. A cut connection is taken up again where it broke, now or
    in the next run. A file whose hash does not fit is removed.

    Raises `HostError` when the host fails `tries` times, `BuildError` when the hash is wrong.
    """
    name = path.name
    if digest.fits(path):
        return path
    if path.exists():
        say(f"  {name}: the copy in the cache is damaged and is fetched again")
        path.unlink()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(name + ".part")
    failure: BaseException | None = None
    for _ in range(tries):
        try:
            _transfer(url, part, name, timeout)
            break
        except NETWORK_ERRORS as error:
            failure = error
            if isinstance(error, urllib.error.HTTPError):
                error.close()
                if error.code not in (408, 425, 429, 500, 502, 503, 504):
                    raise _host_error(url, name, error) from error
    else:
        assert failure is not None
        raise _host_error(url, name, failure) from failure
    found = digest.of(part)
    if found != digest.value:
        part.unlink()
        raise BuildError(
            f"{name} from {host_of(url)} is not the expected file ({digest.algorithm} {found[:16]}…, "
            f"expected {digest.value[:16]}…); it was removed. Run the command again; if that does not help, "
            "the source has changed."
        )
    part.replace(path)
    return path


def small(url: str, *, limit: int = 1 << 16, timeout: float = 30) -> bytes:
    """What lies at `url`, at most `limit` bytes of it; for texts that no hash is known of. Raises `HostError`."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=AGENT), timeout=timeout) as reply:
            data: bytes = reply.read(limit)
    except NETWORK_ERRORS as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()
        raise _host_error(url, url.rpartition("/")[2], error) from error
    return data


def first_of(name: str, ways: list[Callable[[], Path]]) -> Path:
    """Try the ways to get a file in turn; the first that reaches its host decides."""
    failures = []
    for way in ways:
        try:
            return way()
        except HostError as error:
            say(f"  {error.brief}; trying the next source")
            failures.append(error.brief)
    raise BuildError(f"No source gave {name}: {'; '.join(failures)}. Check the network and run the command again.")


def _host_error(url: str, name: str, error: BaseException) -> HostError:
    return HostError(f"{name} could not be fetched from {host_of(url)} ({reason(error)})")


def _transfer(url: str, part: Path, name: str, timeout: float) -> None:
    """Append to `part` what is still missing; raise when the connection ends too early."""
    have = part.stat().st_size if part.exists() else 0
    headers = dict(AGENT)
    if have:
        headers["Range"] = f"bytes={have}-"
    try:
        reply = urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=timeout)
    except urllib.error.HTTPError as error:
        if error.code != 416:
            raise
        error.close()
        total = error.headers.get("Content-Range", "").rpartition("/")[2]
        if total == str(have):
            return
        part.unlink()
        raise ConnectionError("the part kept from the last run does not fit and was dropped") from error
    with reply:
        resumed = reply.status == 206
        length = reply.headers.get("Content-Length")
        start = have if resumed else 0
        total_bytes = start + int(length) if length else None
        if resumed:
            say(f"  {name}: going on after {have:,} bytes")
        meter = Meter(name, host_of(url), total_bytes, start)
        with part.open("ab" if resumed else "wb") as out:
            while block := reply.read(BLOCK):
                out.write(block)
                meter.add(len(block))
        if total_bytes is not None and meter.done < total_bytes:
            raise ConnectionError(f"the connection ended after {meter.done:,} of {total_bytes:,} bytes")
        meter.end()

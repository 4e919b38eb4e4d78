# SPDX-License-Identifier: AGPL-3.0-or-later
"""A static file server that behaves as a good host does; used by `build.py serve` and by the tests."""

import contextlib
import gzip
import hashlib
import os
import re
import socket
import threading
from email.utils import formatdate, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, unquote, urlsplit

from . import headers, mime
from .errors import BuildError

GZIP_LIMIT = 16_000_000
RANGE = re.compile(r"bytes=(\d*)-(\d*)")
Stat = os.stat_result


class Server:
    """Serves `directory` under `prefix` from another thread until `stop()`; also a context manager.

    `headers=False` sends no security headers. `port=0` takes a free one. `log` holds (method, path, bytes of
    the request's body) of every request, `sent` holds (path, status, bytes of the response's body).
    """

    def __init__(
        self,
        directory: Path,
        *,
        headers: bool = True,
        port: int = 0,
        prefix: str = "/",
        host: str = "127.0.0.1",
    ) -> None:
        self.directory = Path(directory).resolve()
        self.prefix = "/" + prefix.strip("/") + "/" if prefix.strip("/") else "/"
        self.secure = headers
        self.log: list[tuple[str, str, int]] = []
        self.sent: list[tuple[str, int, int]] = []
        self.packed: dict[tuple[str, int, int], bytes] = {}
        try:
            self._http = _Http((host, port), _Handler)
        except OSError as error:
            raise BuildError(
                f"{host}:{port} cannot be listened on ({error.strerror}). Name another port with --port."
            ) from error
        self._http.site = self
        self.host, self.port = host, self._http.server_address[1]
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def origin(self) -> str:
        """http://host:port"""
        return f"http://{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The address of the site's first page."""
        return self.origin + self.prefix

    def wait(self) -> None:
        """Block until the server is stopped."""
        while self._thread.is_alive():
            self._thread.join(0.5)

    def stop(self) -> None:
        """Stop at once, open connections included."""
        self._http.shutdown()
        self._http.server_close()
        self._http.hang_up()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    site: Server

    def __init__(self, *arguments: Any) -> None:
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """Close the connections that browsers keep open."""
        with self._lock:
            for each in self._open:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that went away is no error."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "offcut"
    sys_version = ""
    server: _Http
    timeout = 60

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._refuse
        raise AttributeError(name)

    def log_message(self, format: str, *values: Any) -> None:
        """Requests are kept in `log`, not printed."""

    def _refuse(self) -> None:
        self._note()
        self.close_connection = True
        self._send(HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": "GET, HEAD"}, b"Only GET and HEAD.\n")

    def _note(self) -> None:
        length = self.headers.get("Content-Length", "0")
        chunked = "chunked" in self.headers.get("Transfer-Encoding", "")
        count = int(length) if length.isdigit() else 0
        self.server.site.log.append((self.command, self.path, -1 if chunked else count))
        if count or chunked:
            self.close_connection = True

    def _answer(self) -> None:
        self._note()
        site = self.server.site
        path = unquote(urlsplit(self.path).path)
        if not path.startswith(site.prefix):
            if path + "/" == site.prefix:
                self._send(HTTPStatus.MOVED_PERMANENTLY, {"Location": quote(site.prefix)}, b"")
            else:
                self._send(HTTPStatus.NOT_FOUND, {}, b"Not found.\n")
            return
        name = path.removeprefix(site.prefix)
        target = self._resolve(name)
        if target is not None and target.is_dir():
            if name and not name.endswith("/"):
                self._send(HTTPStatus.MOVED_PERMANENTLY, {"Location": quote(path) + "/"}, b"")
                return
            target = target / "index.html"
        elif name.endswith("/"):
            target = None
        if target is None or not target.is_file():
            self._missing()
            return
        self._file(target, name)

    def _resolve(self, name: str) -> Path | None:
        """The file or folder of that name, None where it would lie outside the site."""
        if "\0" in name or "\\" in name or any(part in ("..", ".") for part in name.split("/")):
            return None
        directory = self.server.site.directory
        target = (directory / name.lstrip("/")).resolve()
        return target if target.is_relative_to(directory) else None

    def _missing(self) -> None:
        page = self.server.site.directory / "404.html"
        body = page.read_bytes() if page.is_file() else b"Not found.\n"
        kind = mime.TYPES[".html"] if page.is_file() else mime.TYPES[".txt"]
        self._send(HTTPStatus.NOT_FOUND, {"Content-Type": kind, "Cache-Control": headers.ASK_FIRST}, body)

    def _file(self, target: Path, name: str) -> None:
        stat = target.stat()
        data, packed = self._content(target, stat)
        tag = hashlib.sha256(f"{stat.st_size} {stat.st_mtime_ns} {packed}".encode()).hexdigest()[:20]
        extra = {
            "Content-Type": mime.type_of(target.name),
            "Cache-Control": headers.caching(name),
            "ETag": f'"{tag}"',
            "Last-Modified": formatdate(stat.st_mtime, usegmt=True),
            "Accept-Ranges": "bytes",
        }
        if mime.packable(target.name):
            extra["Vary"] = "Accept-Encoding"
        if packed:
            extra["Content-Encoding"] = "gzip"
        if self._unchanged(extra["ETag"], stat):
            self._send(HTTPStatus.NOT_MODIFIED, {k: v for k, v in extra.items() if k != "Content-Type"}, None)
            return
        span = None if packed else self._range(stat.st_size)
        if span is None:
            self._send(HTTPStatus.OK, extra, data)
        elif span == (0, 0):
            self._send(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, {"Content-Range": f"bytes */{stat.st_size}"}, b"")
        else:
            first, end = span
            extra["Content-Range"] = f"bytes {first}-{end - 1}/{stat.st_size}"
            self._send(HTTPStatus.PARTIAL_CONTENT, extra, data[first:end])

    def _content(self, target: Path, stat: Stat) -> tuple[bytes, bool]:
        """The bytes to send, and whether they are gzipped."""
        accepted = re.search(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", self.headers.get("Accept-Encoding", ""))
        small = stat.st_size < GZIP_LIMIT
        if not (accepted and small and mime.packable(target.name)) or "Range" in self.headers:
            return target.read_bytes(), False
        packed = self.server.site.packed
        key = (str(target), stat.st_size, stat.st_mtime_ns)
        if key not in packed:
            packed[key] = gzip.compress(target.read_bytes(), 6, mtime=0)
        return packed[key], True

    def _unchanged(self, tag: str, stat: Stat) -> bool:
        if tags := self.headers.get("If-None-Match"):
            return tags.strip() == "*" or tag in [each.strip().removeprefix("W/") for each in tags.split(",")]
        if since := self.headers.get("If-Modified-Since"):
            with contextlib.suppress(ValueError, TypeError):
                return int(stat.st_mtime) <= parsedate_to_datetime(since).timestamp()
        return False

    def _range(self, length: int) -> tuple[int, int] | None:
        """First byte and end of a single range; (0, 0) when it lies outside the file; None for all of it."""
        match = RANGE.fullmatch(self.headers.get("Range", "").strip())
        if match is None or match.groups() == ("", ""):
            return None
        first, last = match.groups()
        if not first:
            return (max(0, length - int(last)), length) if int(last) and length else (0, 0)
        end = min(int(last) + 1, length) if last else length
        return (int(first), end) if int(first) < end else (0, 0)

    def _send(self, status: HTTPStatus, extra: dict[str, str], body: bytes | None) -> None:
        """One response; `body` None sends no length, as 304 wants it."""
        self.send_response(status)
        every = headers.security() if self.server.site.secure else {}
        if body is not None:
            every["Content-Type"] = mime.TYPES[".txt"]
        for name, value in (every | extra).items():
            self.send_header(name, value)
        if body is not None:
            self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        count = 0
        if body and self.command != "HEAD":
            self.wfile.write(body)
            count = len(body)
        self.server.site.sent.append((self.path, int(status), count))

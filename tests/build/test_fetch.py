# SPDX-License-Identifier: AGPL-3.0-or-later
"""Downloads: resumed, verified, and failing with a sentence."""

import hashlib
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from sitebuild.errors import BuildError
from sitebuild.fetch import Digest, HostError, fetch, first_of
from sitebuild.remotezip import NoRange, RemoteFile, read_members

DATA = bytes(range(256)) * 8000


class Host(ThreadingHTTPServer):
    """Serves DATA (or `data`); `cut` breaks the first answers after so many bytes, `ranged` knows Range."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.data, self.cut, self.ranged = DATA, [0], True
        self.asked: list[str | None] = []
        self.status = 200

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of these tests."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/file.bin"


class Answer(BaseHTTPRequestHandler):
    server: Host

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.server.asked.append(wanted)
        if self.server.status != 200:
            self.send_error(self.server.status)
            return
        data, start, end = self.server.data, 0, len(self.server.data)
        if wanted and self.server.ranged:
            first, _, last = wanted.removeprefix("bytes=").partition("-")
            start, end = int(first), min(int(last) + 1, end) if last else end
            if start >= len(data):
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(data)}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(data)}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(end - start))
        self.end_headers()
        cut = self.server.cut.pop(0) if self.server.cut else 0
        self.wfile.write(data[start:end][: cut or None])

    def log_message(self, format: str, *values: Any) -> None:
        pass


@pytest.fixture
def host() -> Iterator[Host]:
    with Host() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.02,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def digest(data: bytes) -> Digest:
    return Digest.sha256(hashlib.sha256(data).hexdigest())


def test_a_cut_download_goes_on_where_it_broke(host: Host, tmp_path: Path) -> None:
    host.cut = [100_000, 300_000]
    path = fetch(host.url, tmp_path / "file.bin", digest(DATA))
    assert path.read_bytes() == DATA
    assert host.asked == [None, "bytes=100000-", "bytes=400000-"]


def test_a_part_of_an_earlier_run_is_used(host: Host, tmp_path: Path) -> None:
    (tmp_path / "file.bin.part").write_bytes(DATA[:5000])
    assert fetch(host.url, tmp_path / "file.bin", digest(DATA)).read_bytes() == DATA
    assert host.asked == ["bytes=5000-"]
    assert not (tmp_path / "file.bin.part").exists()


def test_a_complete_part_is_not_fetched_again(host: Host, tmp_path: Path) -> None:
    (tmp_path / "file.bin.part").write_bytes(DATA)
    assert fetch(host.url, tmp_path / "file.bin", digest(DATA)).read_bytes() == DATA


def test_a_host_without_range_starts_anew(host: Host, tmp_path: Path) -> None:
    host.ranged, host.cut = False, [70_000]
    assert fetch(host.url, tmp_path / "file.bin", digest(DATA)).read_bytes() == DATA


def test_a_file_in_the_cache_needs_no_host(tmp_path: Path) -> None:
    (tmp_path / "file.bin").write_bytes(DATA)
    assert fetch("http://127.0.0.1:1/file.bin", tmp_path / "file.bin", digest(DATA)).exists()


def test_a_damaged_file_in_the_cache_is_fetched_again(host: Host, tmp_path: Path) -> None:
    (tmp_path / "file.bin").write_bytes(b"damaged")
    assert fetch(host.url, tmp_path / "file.bin", digest(DATA)).read_bytes() == DATA


def test_a_wrong_hash_is_refused_and_nothing_stays(host: Host, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"file\.bin from 127\.0\.0\.1.* is not the expected file"):
        fetch(host.url, tmp_path / "file.bin", digest(b"something else"))
    assert list(tmp_path.iterdir()) == []


def test_a_host_that_is_down_is_named(tmp_path: Path) -> None:
    with pytest.raises(HostError, match=r"file\.bin could not be fetched from 127\.0\.0\.1:1 .*Check the net"):
        fetch("http://127.0.0.1:1/file.bin", tmp_path / "file.bin", digest(DATA), tries=2)


def test_a_missing_file_is_not_asked_for_twice(host: Host, tmp_path: Path) -> None:
    host.status = 404
    with pytest.raises(HostError, match="HTTP 404"):
        fetch(host.url, tmp_path / "file.bin", digest(DATA))
    assert len(host.asked) == 1


def test_the_next_source_is_tried_when_a_host_fails(host: Host, tmp_path: Path) -> None:
    def down() -> Path:
        raise HostError("the first is down")

    found = first_of("file", [down, lambda: fetch(host.url, tmp_path / "file.bin", digest(DATA))])
    assert found.read_bytes() == DATA
    with pytest.raises(BuildError, match="No source gave file: the first is down; the first is down"):
        first_of("file", [down, down])


def test_npm_integrity_is_understood() -> None:
    assert Digest.integrity("sha256-" + "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=") == digest(b"")


def test_one_member_of_a_remote_zip_costs_little(host: Host) -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("big.bin", DATA * 4)
        archive.writestr("small.txt", "found")
    host.data = buffer.getvalue()
    assert read_members(host.url, ["small.txt"]) == {"small.txt": b"found"}
    with RemoteFile(host.url) as remote, zipfile.ZipFile(remote) as archive:
        assert archive.read("small.txt") == b"found"
        assert remote.fetched < len(host.data) / 2


def test_a_remote_zip_needs_range(host: Host) -> None:
    host.ranged = False
    with pytest.raises(NoRange):
        read_members(host.url, ["small.txt"])

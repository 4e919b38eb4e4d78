# SPDX-License-Identifier: AGPL-3.0-or-later
"""The server behaves as a good host, or on request as a bare one."""

import gzip
import http.client
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitebuild import headers
from sitebuild.errors import BuildError
from sitebuild.serve import Server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("serve") / "dist"
    files = {
        "index.html": b"<h1>home</h1>",
        "404.html": b"<h1>nothing here</h1>",
        "licences/index.html": b"<h1>licences</h1>",
        "vendor/x/a.wasm": b"\0asm" * 1000,
        "vendor/x/b.whl": bytes(range(200)),
        "manifest.webmanifest": b"{}",
    }
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    (root.parent / "secret.txt").write_text("secret")
    return root


@pytest.fixture(scope="module")
def host(folder: Path) -> Iterator[Server]:
    with Server(folder) as running:
        yield running


def ask(
    server: Server, path: str, method: str = "GET", body: bytes | None = None, **extra: str
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body; nothing about the path is tidied up on the way."""
    connection = http.client.HTTPConnection(server.host, server.port, timeout=10)
    try:
        named = {name.replace("_", "-"): value for name, value in extra.items()}
        connection.request(method, path, body=body, headers=named)
        reply = connection.getresponse()
        return reply.status, dict(reply.getheaders()), reply.read()
    finally:
        connection.close()


def test_pages_and_types(host: Server) -> None:
    assert ask(host, "/")[2] == b"<h1>home</h1>"
    assert ask(host, "/licences/")[2] == b"<h1>licences</h1>"
    assert ask(host, "/")[1]["Content-Type"] == "text/html; charset=utf-8"
    assert ask(host, "/vendor/x/a.wasm")[1]["Content-Type"] == "application/wasm"
    assert ask(host, "/manifest.webmanifest")[1]["Content-Type"] == "application/manifest+json"
    status, sent, _ = ask(host, "/licences")
    assert (status, sent["Location"]) == (301, "/licences/")


def test_security_headers_are_on_everything(host: Server) -> None:
    for path in ("/", "/vendor/x/a.wasm", "/nowhere"):
        sent = ask(host, path)[1]
        assert {name: sent[name] for name in headers.security()} == headers.security()


def test_a_bare_host_sends_none(folder: Path) -> None:
    with Server(folder, headers=False) as bare:
        assert not set(headers.security()) & set(ask(bare, "/")[1])


def test_caching(host: Server) -> None:
    assert ask(host, "/")[1]["Cache-Control"] == "no-cache"
    status, sent, _ = ask(host, "/vendor/x/a.wasm")
    assert status == 200 and "immutable" in sent["Cache-Control"]
    status, _, body = ask(host, "/vendor/x/a.wasm", If_None_Match=sent["ETag"])
    assert (status, body) == (304, b"")
    assert ask(host, "/vendor/x/a.wasm", If_Modified_Since=sent["Last-Modified"])[0] == 304
    assert ask(host, "/vendor/x/a.wasm", If_None_Match='"other"')[0] == 200


def test_ranges(host: Server) -> None:
    def ranged(value: str) -> tuple[int, str | None, bytes]:
        status, sent, body = ask(host, "/vendor/x/b.whl", Range=value)
        return status, sent.get("Content-Range"), body

    data = bytes(range(200))
    assert ranged("bytes=10-19") == (206, "bytes 10-19/200", data[10:20])
    assert ranged("bytes=190-") == (206, "bytes 190-199/200", data[190:])
    assert ranged("bytes=-5") == (206, "bytes 195-199/200", data[195:])
    assert ranged("bytes=0-9999") == (206, "bytes 0-199/200", data)
    assert ranged("bytes=200-")[:2] == (416, "bytes */200")
    assert ranged("bytes=1-2,4-5") == (200, None, data)


def test_gzip_where_it_is_accepted_and_helps(host: Server) -> None:
    _, sent, body = ask(host, "/vendor/x/a.wasm", Accept_Encoding="gzip, br")
    assert sent["Content-Encoding"] == "gzip" and sent["Vary"] == "Accept-Encoding"
    assert gzip.decompress(body) == b"\0asm" * 1000
    assert "Content-Encoding" not in ask(host, "/vendor/x/b.whl", Accept_Encoding="gzip")[1]
    assert "Content-Encoding" not in ask(host, "/vendor/x/a.wasm", Accept_Encoding="gzip;q=0")[1]
    assert "Content-Encoding" not in ask(host, "/vendor/x/a.wasm")[1]


def test_head_sends_no_body_and_other_methods_are_refused(host: Server) -> None:
    status, sent, body = ask(host, "/", "HEAD")
    assert (status, body, sent["Content-Length"]) == (200, b"", "13")
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        status, sent, _ = ask(host, "/", method, b"data")
        assert (status, sent["Allow"]) == (405, "GET, HEAD")


def test_nothing_outside_the_folder_is_served(host: Server) -> None:
    for path in (
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/licences/../../secret.txt",
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "//etc/passwd",
    ):
        status, _, body = ask(host, path)
        assert status == 404 and b"secret" not in body and b"root:" not in body


def test_what_is_missing_gets_the_page_for_it(host: Server) -> None:
    assert ask(host, "/no/such/page")[::2] == (404, b"<h1>nothing here</h1>")
    assert ask(host, "/index.html/")[0] == 404


def test_a_prefix_moves_the_site(folder: Path) -> None:
    with Server(folder, prefix="/sub/path/") as server:
        assert server.url == f"http://127.0.0.1:{server.port}/sub/path/"
        assert ask(server, "/sub/path/")[0] == 200
        assert ask(server, "/sub/path/vendor/x/a.wasm")[1]["Cache-Control"] == headers.FOREVER
        assert ask(server, "/")[0] == 404
        assert ask(server, "/sub/path")[1]["Location"] == "/sub/path/"


def test_every_request_is_logged_with_the_size_of_its_body(folder: Path) -> None:
    with Server(folder) as server:
        ask(server, "/?q=1")
        ask(server, "/", "POST", b"12345")
        assert server.log == [("GET", "/?q=1", 0), ("POST", "/", 5)]
        assert server.sent[0] == ("/?q=1", 200, 13)


def test_stopping_ends_open_connections_too(folder: Path) -> None:
    server = Server(folder)
    connection = http.client.HTTPConnection(server.host, server.port, timeout=10)
    connection.request("GET", "/")
    connection.getresponse().read()
    server.stop()
    with pytest.raises((http.client.HTTPException, OSError)):
        connection.request("GET", "/")
        connection.getresponse()
    connection.close()


def test_a_taken_port_is_named(host: Server, folder: Path) -> None:
    with pytest.raises(BuildError, match=f"{host.port} cannot be listened on"):
        Server(folder, port=host.port)

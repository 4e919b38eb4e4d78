# SPDX-License-Identifier: AGPL-3.0-or-later
"""Model weights: fetched, prepared, kept in the cache, split into parts that are named by their hash."""

import hashlib
from pathlib import Path
from typing import Any

from . import graphs, node, sources
from .catalogue import Weights
from .errors import BuildError
from .fetch import put
from .layout import Layout
from .report import say, size
from .rows import Catalogue, Model, Prepared

PART = 4 << 20
TOLERANCE = 1e-5


def gather(
    layout: Layout,
    runner: node.Node,
    catalogue: Catalogue,
    chosen: tuple[Model, ...],
    target: Path,
    *,
    keep_going: bool,
) -> tuple[dict[str, Weights], dict[str, str]]:
    """Vendor all of `chosen`; return the weights and the reasons why there are none, both by model.

    Raises `BuildError` at the first model that fails, or with `keep_going` at the end when the one that failed
    is the default plan's.
    """
    hosted: dict[str, Weights] = {}
    failed: dict[str, str] = {}
    for model in chosen:
        try:
            hosted[model.id] = vendor(layout, runner, model, target)
        except BuildError as error:
            failed[model.id] = f"Model {model.id}: {error}"
            if not keep_going:
                raise BuildError(f"{failed[model.id]}{_without(catalogue, model)}") from error
            say(f"  {failed[model.id]}")
    if catalogue.default_plan.model in failed:
        raise BuildError(
            f"{failed[catalogue.default_plan.model]} Without it there is no site: the plan that is used when nobody "
            f"chose, {catalogue.default}, needs it."
        )
    return hosted, failed


def _without(catalogue: Catalogue, model: Model) -> str:
    if model.id == catalogue.default_plan.model:
        return ""
    return f" To do without it, leave {model.id} out of --models, or add --keep-going."


def vendor(layout: Layout, runner: node.Node, model: Model, target: Path) -> Weights:
    """Write the parts of `model` to weights/ in `target`; return what catalogue.json says of them."""
    data = prepared(layout, runner, model).read_bytes()
    used = graphs.names(data, model)
    parts = split(data, target / "weights")
    published = sources.resolve(layout, model).published
    return Weights(_sha256(data), len(data), parts, used.input, used.output, published)


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
    """The graph as it ships, in the cache; made when it is not there.

    Its file is named by its hash, which is checked. Where the row does not name that, the file is named too by the
    hash of the published file and by one of the scripts that prepare it: it is made anew when either changes.
    """
    folder = layout.cache / "models"
    source = sources.resolve(layout, model)
    stem = f"{model.id}-"
    if model.prepared is None:
        stem += f"{sources.digests(source)[0].value[:12]}-{graphs.recipe(layout, model)[:12]}-"
    for path in sorted(folder.glob(f"{stem}{model.prepared.sha256[:12] if model.prepared else '*'}.onnx")):
        found = Prepared(_sha256(path.read_bytes()), path.stat().st_size)
        if path.stem == stem + found.sha256[:12] and found == (model.prepared or found):
            return path
        path.unlink()
    original = sources.graph(layout, runner, model.id, source)
    say(f"Model {model.id}: preparing {size(len(original))}")
    made = graphs.prepare(layout, model, original)
    found = Prepared(_sha256(made), len(made))
    if found != (model.prepared or found):
        raise BuildError(
            f"The prepared graph has sha256 {found.sha256} and {found.bytes} bytes, which models/catalogue.toml does "
            "not name. If a script in models/ was changed on purpose, put the new figures there."
        )
    worst = graphs.difference(original, made, model, layout.site / "static" / "samples" / "cat.jpg")
    say(f"  the prepared graph answers as the original does: largest difference {worst:.2g}")
    if not worst <= TOLERANCE:
        raise BuildError(f"The prepared graph differs from the original by {worst:.2g} > {TOLERANCE:g}.")
    return put(folder / f"{stem}{found.sha256[:12]}.onnx", made)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

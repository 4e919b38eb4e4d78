# SPDX-License-Identifier: AGPL-3.0-or-later
"""The built site with other models in its catalogue, and pictures for them."""

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from PIL import Image

from sitebuild import weights

PART = 256 << 10
"""The largest part, so that a small net has several."""


class MadeSite:
    """A copy of the built site at `folder` that serves the models it is given, and no other."""

    def __init__(self, site: Path, folder: Path) -> None:
        shutil.copytree(site, folder, copy_function=os.link, ignore=shutil.ignore_patterns("weights"))
        self.folder = folder
        [self._path] = folder.glob("r/*/catalogue.json")
        self._rows: dict[str, Any] = json.loads(self._path.read_text("utf-8"))
        self._rows |= {"models": [], "plans": [], "others": []}

    def model(
        self, id: str, graph: bytes, sides: Sequence[int] = (32,), *, output: str = "", plan: str = "", **more: Any
    ) -> None:
        """Serve a net, and, where one is named, a plan that looks at each side.

        The names of its input and output are those of the graph, unless `output` claims another.
        """
        given = onnx.load_model_from_string(graph).graph
        names = {"input_name": given.input[0].name, "output_name": output or given.output[0].name}
        row = self._row(id, graph, sides) | {"sha256": hashlib.sha256(graph).hexdigest(), "precision": "fp32"}
        measured = [{"side": side, "iou": 0.75, "boundary": 0.5, "mae": 0.1, "wasm_ms": 50.0} for side in sides]
        row |= {"parts": weights.split(graph, self.folder / "weights", PART), "measured": measured} | more
        self._rows["models"].append(row | {"contract": row["contract"] | names | {"sides": list(sides)}})
        if plan:
            self.plan(plan, id, sides)

    def plan(self, id: str, model: str, sides: Sequence[int], decisive: float = 1.0) -> None:
        """Add a plan."""
        row = {"id": id, "name": id.capitalize(), "advice": f"Advice of {id}.", "model": model}
        self._rows["plans"].append(row | {"sides": list(sides), "decisive": decisive})

    def other(self, id: str, graph: bytes, *, digest: str = "sha256", without: Sequence[str] = (), **more: Any) -> None:
        """Know a net of 64 x 64 that is not served, by a digest; `without` are left out of its contract."""
        row = self._row(id, graph, (64,)) | {"home": f"https://models.example/{id}"}
        row["contract"] |= {"sides": [64], "input_name": "picture", "output_name": "mask"}
        row["contract"] = {key: value for key, value in row["contract"].items() if key not in without}
        self._rows["others"].append(row | {"published": {digest: hashlib.new(digest, graph).hexdigest()}} | more)

    def write(self, default: str, **texts: str) -> Path:
        """Put the catalogue in its place; return the folder to serve. `texts` stand in the place of every row's own."""
        rows = [row | texts for row in self._rows["models"]]
        others = [row | texts for row in self._rows["others"]]
        old = self._path.read_bytes()
        new = json.dumps(self._rows | {"default": default, "models": rows, "others": others}).encode()
        rewrite(self._path, new)
        # The service worker refuses a file that is not what its list says.
        for listing in (self.folder / "sw.js", self.folder / "release.json"):
            text = listing.read_text("utf-8")
            text = text.replace(hashlib.sha256(old).hexdigest(), hashlib.sha256(new).hexdigest())
            rewrite(listing, text.replace(f"bytes:{len(old)},", f"bytes:{len(new)},").encode())
        return self.folder

    def _row(self, id: str, graph: bytes, sides: Sequence[int]) -> dict[str, Any]:
        family = {key: value for key, value in self._rows["families"]["isnet"].items() if key != "name"}
        return {
            "id": id,
            "name": f"Net {id}",
            "advice": f"Best for tests of {id}.",
            "family": "isnet",
            "licence": "MIT",
            "commercial": True,
            "backends": ["wasm"],
            "bytes": len(graph),
            "contract": family | {"side": sides[0], "multiple": 1},
        }


def rewrite(path: Path, data: bytes) -> None:
    """Write a file anew, so that the one it is a hard link of stays as it is."""
    path.unlink()
    path.write_bytes(data)


def picture(path: Path, seed: int) -> Path:
    """A bright square on a dark, grained ground: the square is the subject. Another seed is another file."""
    pixels = np.random.default_rng(seed).integers(0, 60, (64, 64, 3), dtype=np.uint8)
    pixels[16:48, 16:48] += 170
    Image.fromarray(pixels).save(path)
    return path

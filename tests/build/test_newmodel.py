# SPDX-License-Identifier: AGPL-3.0-or-later
"""A new row is all it takes to add a model of a known family."""

import asyncio
import hashlib
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hosting import Host
from nets import brightness
from offcut import job
from offcut.catalogue import Catalogue
from offcut.native import NativeEngine
from offcut.recipe import Recipe
from sitebuild import catalogue, weights
from sitebuild.layout import Layout
from sitebuild.node import Node

ROW = """
[[plans]]
id = "bright"
name = "Bright"
advice = "For tests."
model = "brightness"
sides = [64]
decisive = 1

[[models]]
id = "brightness"
name = "Brightness"
advice = "Best for white things on black."
family = "u2net"
licence = "AGPL-3.0-or-later"
commercial = true
home = "https://example.org/brightness"
backends = ["wasm"]
side = 64

[models.source]
url = "{url}"
md5 = "{md5}"
"""


def add_row(own: Layout, text: str) -> None:
    """Put `text` at the end of the catalogue and make its plan the default."""
    path = own.models / "catalogue.toml"
    real = path.read_text(encoding="utf-8")
    assert '\ndefault = "balanced"\n' in real
    path.write_text(real.replace('\ndefault = "balanced"\n', '\ndefault = "bright"\n') + text, encoding="utf-8")


@pytest.fixture
def disc() -> bytes:
    """A PNG of 200 x 160: a white disc of radius 50 in the middle of black."""
    rows, columns = np.mgrid[:160, :200]
    inside = (columns - 100) ** 2 + (rows - 80) ** 2 < 50**2
    file = io.BytesIO()
    Image.fromarray(np.where(inside[..., None], 255, 0).astype(np.uint8).repeat(3, axis=2)).save(file, "PNG")
    return file.getvalue()


def test_a_new_row_is_all_it_takes_to_add_a_model_of_a_known_family(
    own: Layout, host: Host, tmp_path: Path, disc: bytes
) -> None:
    """From the row to a cutout, through the build's own functions and the pipeline's."""
    graph = brightness(64)
    add_row(own, ROW.format(url=host.put("b.onnx", graph), md5=hashlib.md5(graph).hexdigest()))

    known = catalogue.read(own.models / "catalogue.toml")
    chosen = known.chosen("brightness")
    runner = Node(tmp_path / "no-node", ())
    hosted, failed = weights.gather(own, runner, known, chosen, tmp_path / "site", keep_going=False)
    published = Catalogue.parse(catalogue.published(known, hosted))

    assert failed == {} and [model.id for model in published.models] == ["brightness"]
    [model] = published.models
    assert (model.contract.input_name, model.contract.output_name) == ("picture", "matte")
    assert (model.contract.side, model.contract.scale, model.contract.activation) == (64, "brightest", "minmax")
    path = tmp_path / "joined.onnx"
    path.write_bytes(b"".join((tmp_path / "site/weights" / f"{part.sha256}.bin").read_bytes() for part in model.parts))
    assert hashlib.sha256(path.read_bytes()).hexdigest() == model.sha256

    engine = NativeEngine({"brightness": path}, threads=1)
    result = asyncio.run(job.run(disc, "disc.png", Recipe(), catalogue=published, engine=engine))
    alpha = np.asarray(Image.open(io.BytesIO(result.data)))[..., 3]
    assert alpha.shape == (160, 200)
    rows, columns = np.mgrid[:160, :200]
    distance = np.hypot(columns - 100, rows - 80)
    assert alpha[distance < 44].min() >= 250 and alpha[distance > 56].max() <= 5

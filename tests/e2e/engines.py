# SPDX-License-Identifier: AGPL-3.0-or-later
"""The engines page as a person uses it, a site of small models for it, and a server that gives parts when let."""

import hashlib
import json
import os
import shutil
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from playwright.sync_api import Locator, Page, expect

from sitebuild import weights

PART = 256 << 10
FAMILIES = {
    "u2net": {
        "name": "U²-Net",
        "side": 320,
        "multiple": 32,
        "resize": "stretch",
        "scale": "fixed",
        "mean": [0.0, 0.0, 0.0],
        "std": [255.0, 255.0, 255.0],
        "layout": "NCHW",
        "activation": "none",
    },
    "isnet": {
        "name": "IS-Net",
        "side": 1024,
        "multiple": 32,
        "resize": "fit",
        "scale": "fixed",
        "mean": [0.0, 0.0, 0.0],
        "std": [255.0, 255.0, 255.0],
        "layout": "NCHW",
        "activation": "minmax",
    },
}


def net(
    *,
    side: int | str = 64,
    shape: Sequence[int | str] | None = None,
    planes: int = 1,
    inputs: int = 1,
    kind: int = TensorProto.FLOAT,
    ballast: int = 0,
    seed: int = 0,
) -> bytes:
    """A graph whose mask is how bright the picture is; `ballast` bytes of weights that only make it heavier."""
    dims = list(shape or [1, 3, side, side])
    names = [f"picture{index or ''}" for index in range(inputs)]
    total = "picture"
    nodes = []
    for name in names[1:]:
        nodes.append(helper.make_node("Add", [total, name], [f"sum_{name}"]))
        total = f"sum_{name}"
    axes = numpy_helper.from_array(np.array([1], np.int64), "axes")
    weight = np.random.default_rng(seed).random(max(1, ballast // 4), np.float32)
    constants = [axes, numpy_helper.from_array(weight, "ballast")]
    if kind == TensorProto.FLOAT:
        # The weights count for nothing, but they are used: ORT complains of those that are not.
        nodes.append(helper.make_node("ReduceMax", ["ballast"], ["most"], keepdims=0))
        nodes.append(helper.make_node("Sub", ["most", "most"], ["nothing"]))
        nodes.append(helper.make_node("Add", [total, "nothing"], ["all"]))
        total = "all"
    else:
        constants.pop()
    if planes == 1:
        nodes.append(helper.make_node("ReduceMean", [total, "axes"], ["mask"], keepdims=1))
    else:
        constants.remove(axes)
        nodes.append(helper.make_node("Identity", [total], ["mask"]))
    out = [dims[0], planes, *dims[2:]] if planes == 1 else dims
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info(name, kind, dims) for name in names],
        [helper.make_tensor_value_info("mask", kind, out)],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    return bytes(model.SerializeToString())


@dataclass(frozen=True)
class Small:
    """One model of the small site."""

    id: str
    data: bytes
    commercial: bool = True

    def row(self, folder: Path) -> dict[str, Any]:
        """Its row of catalogue.json; its parts are written to `folder`."""
        contract = {key: value for key, value in FAMILIES["u2net"].items() if key != "name"}
        return {
            "id": self.id,
            "name": f"{self.id.title()} net",
            "advice": f"Best for tests of {self.id}.",
            "family": "u2net",
            "licence": "MIT" if self.commercial else "Example-NC",
            "commercial": self.commercial,
            "backends": ["wasm"],
            "sha256": hashlib.sha256(self.data).hexdigest(),
            "bytes": len(self.data),
            "parts": weights.split(self.data, folder, PART),
            "contract": contract | {"side": 64, "sides": [64], "input_name": "picture", "output_name": "mask"},
        }


def other(id: str, data: bytes, *, md5: bool = False, commercial: bool = True, names: bool = True) -> dict[str, Any]:
    """A row of a model that is known but not served; its contract may leave the names to the graph."""
    contract: dict[str, Any] = {key: value for key, value in FAMILIES["u2net"].items() if key != "name"}
    contract |= {"side": 64}
    if names:
        contract |= {"sides": [64], "input_name": "picture", "output_name": "mask"}
    return {
        "id": id,
        "name": f"{id.title()} net",
        "advice": f"Best for tests of {id}.",
        "family": "u2net",
        "licence": "MIT" if commercial else "Example-NC",
        "commercial": commercial,
        "home": "https://models.example/" + id,
        "backends": ["wasm"],
        "contract": contract,
        "published": {"md5": hashlib.md5(data).hexdigest()} if md5 else {"sha256": hashlib.sha256(data).hexdigest()},
        "bytes": len(data),
    }


def small_site(
    site: Path, target: Path, models: Sequence[Small], others: Sequence[dict[str, Any]] = (), advice: str = ""
) -> Path:
    """A copy of the built site whose catalogue holds these models and no other; the first is the default.

    `advice`, if any, stands in the place of what each row says of itself.
    """
    shutil.copytree(site, target, copy_function=os.link, ignore=shutil.ignore_patterns("weights"))
    [catalogue] = target.glob("r/*/catalogue.json")
    old = catalogue.read_bytes()
    rows = [model.row(target / "weights") for model in models]
    if advice:
        rows = [row | {"advice": advice} for row in rows]
        others = [row | {"advice": advice} for row in others]
    new = json.dumps(
        {
            "default": "quick",
            "plans": [
                {
                    "id": "quick",
                    "name": "Quick",
                    "advice": "Best for tests.",
                    "model": models[0].id,
                    "sides": [64],
                    "decisive": 1,
                }
            ],
            "models": rows,
            "others": list(others),
            "families": FAMILIES,
        }
    ).encode()
    rewrite(catalogue, new)
    # The service worker refuses a file that is not what its list says.
    for listing in (target / "sw.js", target / "release.json"):
        text = listing.read_text("utf-8")
        text = text.replace(hashlib.sha256(old).hexdigest(), hashlib.sha256(new).hexdigest())
        rewrite(listing, text.replace(f"bytes:{len(old)},", f"bytes:{len(new)},").encode())
    return target


def rewrite(path: Path, data: bytes) -> None:
    """Write a file anew, so that the one it is a hard link of stays as it is."""
    path.unlink()
    path.write_bytes(data)


class Held(list[tuple[str, str, int]]):
    """A server's log that holds every answer to a request for a part back until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self._permits = threading.Semaphore(0)
        self._open = threading.Event()

    def append(self, entry: tuple[str, str, int]) -> None:
        """Note the request; a part's is not answered before its turn."""
        super().append(entry)
        while "/weights/" in entry[1] and not self._open.is_set() and not self._permits.acquire(timeout=0.02):
            pass

    def let(self, count: int) -> None:
        """Let so many parts through."""
        self._permits.release(count)

    def release(self) -> None:
        """Let everything through from now on."""
        self._open.set()

    @property
    def parts(self) -> list[str]:
        """The parts asked for, in order."""
        return [path.rpartition("/")[2] for _, path, _ in list(self) if "/weights/" in path]


class EnginesPage:
    """The engines page. Every method does what a person could do, or reads what one could see."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def open(self) -> "EnginesPage":
        """Go to the page and wait until its list is drawn."""
        self.page.goto(self.url + "engines/")
        expect(self.page.locator("offcut-engine-row .engine").first).to_be_visible()
        return self

    def row(self, id: str) -> Locator:
        """The model's place in the list."""
        return self.page.locator(f".engine[data-model='{id}']")

    def press(self, id: str, name: str) -> "EnginesPage":
        """Press a button of the model's row."""
        self.row(id).get_by_role("button", name=name).click()
        return self

    def wait(self, id: str, state: str) -> "EnginesPage":
        """Wait until the model stands so."""
        expect(self.row(id)).to_have_attribute("data-state", state, timeout=30_000)
        return self

    def says(self, id: str, text: str) -> "EnginesPage":
        """Wait until the model's row says this."""
        expect(self.row(id).locator(".engine-side")).to_contain_text(text, timeout=30_000)
        return self

    def shelf(self) -> set[str]:
        """The names of what is on the shelf."""
        urls: list[str] = self.page.evaluate(
            """async () => (await caches.has("offcut-weights"))
              ? (await (await caches.open("offcut-weights")).keys()).map(({url}) => url) : []"""
        )
        return {url.rpartition("/")[2] for url in urls}

    def give(self, path: Path) -> "EnginesPage":
        """Choose a model file."""
        self.page.locator("#import-file").set_input_files(path)
        return self

    def wait_import(self, step: str) -> "EnginesPage":
        """Wait until the import is at this step."""
        expect(self.page.locator(".import")).to_have_attribute("data-step", step, timeout=60_000)
        return self

    @property
    def import_says(self) -> str:
        """What the import says."""
        return self.page.locator(".import-step").inner_text()

    @property
    def receipt(self) -> Locator:
        """The part of the page that checks whether all is here."""
        return self.page.locator("offcut-receipt")

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The nets of a built site, by themselves: natively and in onnxruntime-web, without the pipeline around them."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import _peer
from playwright.sync_api import Browser

from offcut.catalogue import Model

PAGE = '<!doctype html><html lang="en"><title>Nets</title><link rel="icon" href="data:,"></html>'

TIME = """
async ([file, side, input, runs, threads]) => {
  const ort = await import("./ort/ort.wasm.min.mjs");
  ort.env.wasm.wasmPaths = new URL("ort/", location.href).href;
  ort.env.wasm.numThreads = threads;
  const bytes = new Uint8Array(await (await fetch(file)).arrayBuffer());
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] });
  const pixels = Float32Array.from({ length: 3 * side * side }, (_, index) => Math.sin(index / 999) / 2);
  const spent = [];
  for (let run = 0; run <= runs; run++) {
    const began = performance.now();
    await session.run({ [input]: new ort.Tensor("float32", pixels, [1, 3, side, side]) });
    spent.push(performance.now() - began);
  }
  await session.release();
  return spent.slice(1);
}
"""


@contextlib.contextmanager
def served(site: Path, paths: dict[str, Path], folder: Path) -> Iterator[str]:
    """The URL of a page that can import onnxruntime-web and fetch the models at `paths` by their ids.

    What is served is put into `folder`.
    """
    for id, path in paths.items():
        (folder / f"{id}.onnx").symlink_to(path)
    [ort] = site.glob("vendor/onnxruntime-web-*")
    (folder / "index.html").write_text(PAGE, encoding="utf-8")
    shutil.copytree(ort, folder / "ort")
    with _peer.served(folder) as url:
        yield url


def milliseconds(browser: Browser, url: str, model: Model, side: int, runs: int, threads: int) -> list[float]:
    """How long the net takes in WebAssembly once it is warm, run by run."""
    page = browser.new_page()
    page.set_default_timeout(600_000)
    page.goto(url)
    spent: list[float] = page.evaluate(TIME, [f"{model.id}.onnx", side, model.contract.input_name, runs, threads])
    page.close()
    return spent

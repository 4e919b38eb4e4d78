# SPDX-License-Identifier: AGPL-3.0-or-later
"""The peer, `@imgly/background-removal`, on a page of its own: set up as its README says, isolated, so threaded."""

import base64
import contextlib
import functools
import json
import tarfile
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from sitebuild import assets, catalogue, node, sources
from sitebuild.errors import BuildError
from sitebuild.layout import Layout
from sitebuild.rows import Package

PACKAGE = "@imgly/background-removal"
SIZES = ("small", "medium")
"""Its weights: int8, and fp16, which it takes when nobody asks for another."""

# Only the timer around the session's run is ours; everything else is what the README shows.
SCRIPT = """
import removeBackground from "@imgly/background-removal";
import { InferenceSession } from "onnxruntime-web";

const config = {
  publicPath: new URL("data/", location.href).href,
  model: SIZE,
  output: { format: "image/png" },
};

const run = InferenceSession.prototype.run;
let infer = 0;
InferenceSession.prototype.run = async function (...given) {
  const began = performance.now();
  try {
    return await run.apply(this, given);
  } finally {
    infer = performance.now() - began;
  }
};

globalThis.reset = () => {
  globalThis.ended = new Promise((resolve, reject) => Object.assign(globalThis, { resolve, reject }));
};
globalThis.reset();

document.querySelector("#choose").addEventListener("change", async ({ target }) => {
  const start = performance.now();
  try {
    const blob = await removeBackground(target.files[0], config);
    const ms = performance.now() - start;
    const head = new DataView(await blob.slice(0, 24).arrayBuffer());
    globalThis.resolve({
      ms,
      infer,
      width: head.getUint32(16),
      height: head.getUint32(20),
      mime: blob.type,
      bytes: blob.size,
      blob,
    });
  } catch (error) {
    globalThis.reject(error);
  }
});
"""
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Peer</title><link rel="icon" href="data:,"></head>
<body><input id="choose" type="file"><script src="peer.js"></script></body></html>
"""
RESULT = """
(patience) => Promise.race([
  globalThis.ended,
  new Promise((_, reject) => setTimeout(() => reject(new Error("the peer did not end")), patience)),
])
"""

PNG = f"""
async (patience) => {{
  const {{ blob }} = await ({RESULT})(patience);
  const url = await new Promise((resolve) => {{
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.readAsDataURL(blob);
  }});
  return url.slice(url.indexOf(",") + 1);
}}
"""


def versions(layout: Layout) -> dict[str, str]:
    """The peer's version and that of the onnxruntime-web it brings."""
    own = layout.modules / PACKAGE / "node_modules" / "onnxruntime-web" / "package.json"
    shared = layout.modules / "onnxruntime-web" / "package.json"
    text = (own if own.is_file() else shared).read_text(encoding="utf-8")
    return {
        "package": assets.package_version(layout, PACKAGE),
        "onnxruntime-web": str(json.loads(text)["version"]),
    }


def make(layout: Layout, folder: Path, size: str = "small") -> None:
    """Write the peer's page, script and data with the weights of that size to `folder`."""
    runner = node.find(layout)
    if runner is None:
        raise BuildError("There is no Node; run this as `build.py bench`, which provides one.")
    rows = catalogue.read(layout.models / "catalogue.toml").models
    source = next(
        (row.source for row in rows if isinstance(row.source, Package) and row.source.npm == f"{PACKAGE}-data"), None
    )
    if source is None:
        raise BuildError(f"models/catalogue.toml has no model of {PACKAGE}-data.")
    folder.mkdir(parents=True)
    _unpack(sources.package(layout, runner, source), folder / "data", (f"/models/{size}", "/onnxruntime-web/"))
    options = {
        # Resolved from inside the peer, so that it gets the onnxruntime-web that it asked for.
        "stdin": {
            "contents": SCRIPT,
            "resolveDir": str(layout.modules / PACKAGE / "dist"),
            "sourcefile": "peer.js",
        },
        "define": {"SIZE": json.dumps(size)},
        "bundle": True,
        "minify": True,
        "format": "iife",
        "target": assets.TARGET,
        "outfile": str(folder / "peer.js"),
        "logLevel": "error",
    }
    assets.esbuild(layout, runner, [options])
    (folder / "index.html").write_text(PAGE, encoding="utf-8")


def _unpack(tarball: Path, target: Path, resources: tuple[str, ...]) -> None:
    """The pieces of these resources, and the list of all."""
    target.mkdir()
    with tarfile.open(tarball) as archive:
        members = {member.name.removeprefix("package/dist/"): member for member in archive if member.isfile()}

        def copy(name: str) -> bytes:
            stream = archive.extractfile(members[name])
            assert stream is not None
            data = stream.read()
            (target / name).write_bytes(data)
            return data

        listing = json.loads(copy("resources.json"))
        for resource, entry in listing.items():
            if resource.startswith(resources):
                for chunk in entry["chunks"]:
                    copy(Path(chunk["hash"]).name)


class _Handler(SimpleHTTPRequestHandler):
    """Plain files with the headers that isolation needs, and no policy: the peer's scripts would break one."""

    def end_headers(self) -> None:
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        super().end_headers()

    def log_message(self, format: str, *values: Any) -> None:
        """Nobody reads it."""


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the folder; gives the address of its page."""
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Handler, directory=str(folder))) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_address[1]}/"
        finally:
            http.shutdown()
            thread.join()


def cutout(page: Page, path: Path, patience: int) -> bytes:
    """The PNG that the peer makes of a picture."""
    page.evaluate("() => globalThis.reset()")
    page.locator("#choose").set_input_files(path)
    text: str = page.evaluate(PNG, patience)
    return base64.b64decode(text)


def run(page: Page, path: Path, patience: int) -> dict[str, Any]:
    """Choose a picture on the peer's page and wait for its PNG."""
    page.evaluate("() => globalThis.reset()")
    page.locator("#choose").set_input_files(path)
    result: dict[str, Any] = page.evaluate(RESULT, patience)
    return result

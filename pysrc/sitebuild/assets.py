# SPDX-License-Identifier: AGPL-3.0-or-later
"""Scripts and styles through esbuild; vendored files copied as they are.

Style sheets name the one font file as `url("@inter")`; the right relative path is put in after bundling.
"""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from . import node
from .errors import BuildError
from .layout import Layout

TARGET = "es2022"
FONT_MARK = "@inter"
FONT = "inter-latin-wght-normal.woff2"
WORKERS = ("python", "snapshotter", "inference", "storekeeper", "probe")
ORT = ("ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm")
# The build with WebGPU. Its twin for browsers without JSPI is larger than some hosts take (25.5 MiB) and never answers
# again after the graphics card is lost; there the processor does the work.
ORT_GPU = ("ort.jspi.min.mjs", "ort-wasm-simd-threaded.jspi.mjs", "ort-wasm-simd-threaded.jspi.wasm")


def package_version(layout: Layout, name: str) -> str:
    """The version of an installed npm package."""
    text = (layout.modules / name / "package.json").read_text(encoding="utf-8")
    return str(json.loads(text)["version"])


def vendor_ort(layout: Layout, target: Path) -> str:
    """Copy onnxruntime-web's builds for processor and GPU; return their folder relative to the site root."""
    folder = f"vendor/onnxruntime-web-{package_version(layout, 'onnxruntime-web')}/"
    _copy(layout.modules / "onnxruntime-web" / "dist", ORT + ORT_GPU, target / folder)
    return folder


def vendor_font(layout: Layout, target: Path) -> str:
    """Copy Inter; return its path relative to the site root."""
    name = "@fontsource-variable/inter"
    folder = f"vendor/inter-{package_version(layout, name)}/"
    _copy(layout.modules / name / "files", (FONT,), target / folder)
    return folder + FONT


def _copy(source: Path, names: tuple[str, ...], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        shutil.copyfile(source / name, folder / name)


def bundle_release(layout: Layout, runner: node.Node, folder: Path, assets: dict[str, str], font: str) -> None:
    """Bundle app, workers and styles into `folder` (r/<release>/); `font` is relative to the site root."""
    common: dict[str, Any] = {
        "bundle": True,
        "minify": True,
        "format": "esm",
        "target": TARGET,
        "define": {"ASSETS": json.dumps(assets)},
    }
    app = common | {
        "entryPoints": [str(layout.site / "app" / f"{name}.js") for name in ("main", "engines")],
        "splitting": True,
        "outdir": str(folder),
        # Beside the entries: modules find their release's files from where they lie themselves.
        "chunkNames": "[name]-[hash]",
    }
    workers = common | {
        "entryPoints": [str(layout.site / "workers" / f"{name}.js") for name in WORKERS],
        "outdir": str(folder / "workers"),
    }
    styles = {
        "entryPoints": [
            str(layout.site / "styles" / f"{name}.css") for name in ("main", "engines", "hand", "inspector")
        ],
        "bundle": True,
        "minify": True,
        "target": TARGET,
        "external": [FONT_MARK],
        "outdir": str(folder),
    }
    esbuild(layout, runner, [app, workers, styles])
    sheet = folder / "main.css"
    text = sheet.read_text(encoding="utf-8")
    sheet.write_text(text.replace(FONT_MARK, "../../" + font), encoding="utf-8")


def bundle_service_worker(layout: Layout, runner: node.Node, target: Path, define: dict[str, Any]) -> None:
    """Bundle site/sw.js into the classic script sw.js, with these constants."""
    options = {
        "entryPoints": [str(layout.site / "sw.js")],
        "bundle": True,
        "minify": True,
        "format": "iife",
        "target": TARGET,
        "define": {name: json.dumps(value) for name, value in define.items()},
        "outfile": str(target / "sw.js"),
    }
    esbuild(layout, runner, [options])


def esbuild(layout: Layout, runner: node.Node, runs: list[dict[str, Any]]) -> None:
    """Run esbuild once for each set of options; its own messages name file and line."""
    script = layout.root / "site" / "bundle.mjs"
    done = subprocess.run(
        [str(runner.node), str(script)],
        input=json.dumps({"modules": str(layout.modules), "runs": runs}),
        env=runner.environment(),
        text=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise BuildError("esbuild could not bundle the scripts; its words stand above.")

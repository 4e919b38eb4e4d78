# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole site: everything is written to a folder beside dist, which then takes its place in one step."""

import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

from offcut import recipe

from . import (
    assets,
    catalogue,
    headers,
    icons,
    licences,
    manifest,
    messages,
    node,
    pages,
    precache,
    pyodide,
    weights,
    wheel,
)
from .errors import BuildError
from .layout import Layout
from .report import say, size

MARK = "release.json"


def build(layout: Layout, dist: Path, *, pseudo: bool = False) -> str:
    """Build the site into `dist`; return the id of the release.

    Raises `BuildError`; `dist` is then as it was.
    """
    began = time.monotonic()
    if dist.exists() and any(dist.iterdir()) and not (dist / MARK).is_file():
        raise BuildError(f"{dist} is not empty and was not written by this build. Name another folder with -o.")
    runner = node.find(layout)
    if runner is None:
        raise BuildError("There is no Node; run this through build.py, which provides one.")
    stage = dist.with_name(f"{dist.name}.new-{os.getpid()}")
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    try:
        release = _write(layout, runner, stage, pseudo=pseudo)
        _exchange(stage, dist)
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        raise
    total = sum(path.stat().st_size for path in dist.rglob("*") if path.is_file())
    say(f"{dist}: release {release}, {size(total)}, {time.monotonic() - began:.1f} s")
    return release


def _write(layout: Layout, runner: node.Node, stage: Path, *, pseudo: bool) -> str:
    release_folder = stage / "r" / precache.PLACEHOLDER
    models = catalogue.read(layout.models / "catalogue.toml")

    say("Vendored files: Pyodide, onnxruntime-web, font")
    python = pyodide.vendor(layout, stage)
    ort = assets.vendor_ort(layout, stage)
    font = assets.vendor_font(layout, stage)
    say("Model weights")
    parts = {model.id: weights.vendor(layout, runner, model, stage) for model in models.models}
    say("Python wheel")
    constants = {
        "pyodide": python,
        "ort": ort,
        "wheel": wheel.vendor(layout, stage),
        "version": wheel.version(layout),
    }
    say("Scripts and styles")
    assets.bundle_release(layout, runner, release_folder, constants, font)
    if (layout.site / "static").is_dir():
        shutil.copytree(layout.site / "static", release_folder, dirs_exist_ok=True)
    _json(release_folder / "catalogue.json", catalogue.published(models, parts))
    say("Pages and messages")
    _pages(layout, stage, release_folder, models, constants["version"], pseudo=pseudo)
    icons.write(stage / "icons")
    _json(stage / "manifest.webmanifest", manifest.manifest())
    (stage / "_headers").write_text(headers.netlify(), encoding="utf-8", newline="\n")
    return _seal(layout, runner, stage)


def _pages(
    layout: Layout,
    stage: Path,
    release_folder: Path,
    models: catalogue.Catalogue,
    version: str,
    *,
    pseudo: bool,
) -> None:
    everything, scripts = messages.extracted(layout)
    languages = messages.languages(layout, everything, pseudo=pseudo)
    (release_folder / "locales").mkdir(parents=True)
    for language in languages:
        path = release_folder / "locales" / f"{language.code}.js"
        path.write_text(language.script(scripts), encoding="utf-8", newline="\n")
    shared = {
        "release": f"r/{precache.PLACEHOLDER}/",
        "version": version,
        "dependencies": [row.shown() for row in licences.table(layout)],
        "models": models.models,
        "preset": lambda name: json.dumps(recipe.preset(name).to_dict()),
    }
    pages.render(layout.site / "templates", stage, languages, shared)


def _seal(layout: Layout, runner: node.Node, stage: Path) -> str:
    """Name the release, list its files for the service worker and write that worker last."""
    assets.bundle_service_worker(layout, runner, stage, {"RELEASE": "", "PRECACHE": [], "HEADERS": headers.security()})
    release = precache.release_id(stage, (stage / "sw.js").read_bytes())
    precache.settle(stage, release)
    listing = precache.listing(precache.entries(stage))
    define = {"RELEASE": release, "PRECACHE": listing, "HEADERS": headers.security()}
    assets.bundle_service_worker(layout, runner, stage, define)
    _json(stage / MARK, {"release": release, "files": listing})
    return release


def _exchange(stage: Path, dist: Path) -> None:
    old = dist.with_name(f"{dist.name}.old-{os.getpid()}")
    shutil.rmtree(old, ignore_errors=True)
    if dist.exists():
        dist.rename(old)
    stage.rename(dist)
    shutil.rmtree(old, ignore_errors=True)


def _json(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8", newline="\n")

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole site: everything is written to a folder beside dist, which then takes its place in one step."""

import json
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from offcut import purpose, recipe

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
from .rows import Catalogue, Model, Plan

MARK = "release.json"


@dataclass(frozen=True)
class Built:
    """What a build made: the id of the release, why models are missing that were asked for, by id, and the plans
    that are missing for want of these."""

    release: str
    failed: dict[str, str]
    lost: list[Plan]


def build(
    layout: Layout, dist: Path, *, pseudo: bool = False, models: str = "default", keep_going: bool = False
) -> Built:
    """Build the site into `dist` with the models that `models` names (see `Catalogue.chosen`).

    With `keep_going` a model that cannot be had is left out, unless the default plan needs it.
    Raises `BuildError`; `dist` is then as it was.
    """
    began = time.monotonic()
    if dist.exists() and any(dist.iterdir()) and not (dist / MARK).is_file():
        raise BuildError(f"{dist} is not empty and was not written by this build. Name another folder with -o.")
    runner = node.find(layout)
    if runner is None:
        raise BuildError("There is no Node; run this through build.py, which provides one.")
    known = catalogue.read(layout.models / "catalogue.toml")
    chosen = known.chosen(models)
    stage = dist.with_name(f"{dist.name}.new-{os.getpid()}")
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    try:
        built = _write(layout, runner, stage, known, chosen, pseudo=pseudo, keep_going=keep_going)
        _exchange(stage, dist)
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        raise
    total = sum(path.stat().st_size for path in dist.rglob("*") if path.is_file())
    say(f"{dist}: release {built.release}, {size(total)}, {time.monotonic() - began:.1f} s")
    for reason in built.failed.values():
        say(f"Left out: {reason}")
    return built


def _write(
    layout: Layout,
    runner: node.Node,
    stage: Path,
    known: Catalogue,
    chosen: tuple[Model, ...],
    *,
    pseudo: bool,
    keep_going: bool,
) -> Built:
    release_folder = stage / "r" / precache.PLACEHOLDER

    say("Vendored files: Pyodide, onnxruntime-web, font")
    python = pyodide.vendor(layout, stage)
    ort = assets.vendor_ort(layout, stage)
    font = assets.vendor_font(layout, stage)
    say("Model weights")
    hosted, failed = weights.gather(layout, runner, known, chosen, stage, keep_going=keep_going)
    missing = [plan for plan in known.plans if plan.model not in hosted]
    for plan in missing:
        say(f"  the plan {plan.id} is left out: its model {plan.model} is not hosted")
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
    _json(release_folder / "catalogue.json", catalogue.published(known, hosted))
    _json(release_folder / "rules.json", purpose.listed())
    say("Pages and messages")
    shown = [model for model in known.models if model.id in hosted]
    _pages(layout, stage, release_folder, shown, constants["version"], pseudo=pseudo)
    icons.write(stage / "icons")
    _json(stage / "manifest.webmanifest", manifest.manifest())
    (stage / "_headers").write_text(headers.netlify(), encoding="utf-8", newline="\n")
    release = _seal(layout, runner, stage)
    return Built(release, failed, [plan for plan in missing if plan.model in failed])


def _pages(
    layout: Layout,
    stage: Path,
    release_folder: Path,
    hosted: list[Model],
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
        "dependencies": [row.shown() for row in licences.table(layout, hosted)],
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

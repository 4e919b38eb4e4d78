# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the Python worker calls in, with data and `hooks` (see offcut.hooks), and gets plain data back.

This room, and behind it offcut.hooks and offcut.canvas, know JavaScript; all else stays plain Python. The pictures that
recipes name for their backgrounds are handed in once each, by `keep_still`.
"""

import hashlib
import json
from collections.abc import Awaitable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import count

import js
import numpy as np
from numpy.typing import NDArray
from pyodide.ffi import JsException, to_js

from offcut import job, picture, preview, project, saving, writing
from offcut.album import Album
from offcut.canvas import Canvas, blob, decoder
from offcut.catalogue import Catalogue
from offcut.easel import Easel, Patches
from offcut.errors import describe
from offcut.hooks import Engine, Js, largest_side, rebuilt
from offcut.job import Stage
from offcut.level import Box
from offcut.mattes import MatteCache, digest
from offcut.method import Found, Whole
from offcut.recipe import Recipe
from offcut.sheet import Layout


@dataclass
class _Session:
    """What outlives a job. `easels` holds those that stand, by number, with the digest of the file on them."""

    catalogue: Catalogue | None = None
    mattes: MatteCache = field(default_factory=MatteCache)
    album: Album = field(default_factory=Album)
    easels: dict[int, tuple[bytes, Easel]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def easel(self, digest: bytes) -> Easel | None:
        """An easel with that file on it."""
        return next((easel for known, easel in self.easels.values() if known == digest), None)


_session = _Session()


def configure(catalogue_json: str) -> None:
    """Set the catalogue, once, before any job. Raises CatalogueInvalid."""
    _session.catalogue = Catalogue.parse(json.loads(catalogue_json))


async def run_job(data: Js, name: str, recipe_json: str, hooks: Js) -> Js:
    """Run one job. `data` is the file, an ArrayBuffer or a Uint8Array.

    Returns, and never raises, a JavaScript object: {ok: true, blob, seen, width, height, mime, name, notes, timings,
    plan, model, confidence: number | null, original: [width, height], matrix, head, checks, metadata, sheet: {paper,
    photo, places} | null, palette} or {ok: false, error: {code, details}}; see offcut.job.Result. `head` is {crown,
    chin, x, top, bottom, scale, known} | null, see offcut.lines.Lines.
    """
    return await _answer(_run(data, name, recipe_json, hooks))


async def make_preview(data: Js, name: str, side: int, hooks: Js) -> Js:
    """Make a PNG of at most `side` x `side` pixels of a file that the browser cannot show by itself.

    Returns, and never raises, a JavaScript object: {ok: true, blob} or {ok: false, error: {code, details}}.
    """
    return await _answer(_preview(data, name, side, hooks))


async def open_easel(data: Js, name: str, most: int, hooks: Js) -> Js:
    """Put a file on an easel, on which recipes are tried out, until `close_easel`. A picture of more than `most` pixels
    is held smaller.

    Returns, and never raises, a JavaScript object: {ok: true, easel: number} or {ok: false, error: {code, details}}.
    """
    return await _answer(_open_easel(data, name, most, hooks))


async def sketch(number: int, recipe_json: str, side: int) -> Js:
    """Try a recipe out on all of the picture, in at most `side` x `side` pixels. `pixels` is null where the net's
    answer is not known (any more): only a job can ask for it.

    Returns, and never raises, a JavaScript object: {ok: true, pixels: Uint8ClampedArray | null, width, height, canvas:
    [width, height], matrix, head} or {ok: false, error: {code, details}}. `canvas`, `matrix` and `head`, as that of
    `run_job`, are those of the file; where there are no pixels they are not there.
    """
    return await _answer(_sketch(number, recipe_json, side))


async def patches(number: int, recipe_json: str, side: int, box: Js, since: int, shown: bool, draft: Js) -> Js:
    """What the touches of a recipe changed since the turn `since` in part of the picture: see offcut.easel. `box` is
    [left, top, right, bottom]. `shown` says that the person sees in full what the recipe makes. `patches` is null where
    the net's answer is not known. `draft` is called with the like, at once, where the answer takes its time.

    Returns, and never raises, a JavaScript object: {ok: true, patches: {left, top, width, height, pixels:
    Uint8ClampedArray}[] | null, turn, width, height} or {ok: false, error: {code, details}}.
    """
    return await _answer(_patches(number, recipe_json, side, Box(*box.to_py()), since, shown, draft))


async def pack_project(data: Js, name: str, recipe_json: str, stills: Js, hooks: Js = None) -> Js:
    """A project file (see offcut.project) of a picture. `stills` are the files that the recipe names, as [[sha256,
    Uint8Array], …]. Where the net's answer has been forgotten `hooks` are asked for it once more; what they do not
    give, or without them, the project lacks. Returns, and never raises, {ok: true, blob} or {ok: false, error: {code,
    details}}.
    """
    return await _answer(_pack_project(data, name, recipe_json, stills, hooks))


async def open_project(data: Js) -> Js:
    """What is in a project file. The net's answer that it holds is kept for the recipe that comes with it, and for no
    other of the same picture. Returns, and never raises, {ok: true, blob, name, recipe: JSON, stills: [{image, blob},
    …]} or {ok: false, error: {code, details}}.
    """
    return await _answer(_open_project(data))


def close_easel(number: int) -> None:
    """Take a picture from its easel; one that does not stand is none."""
    _session.easels.pop(number, None)


def knows_still(image: str) -> bool:
    """Whether the picture of that SHA-256 is kept."""
    return _session.album.get(image) is not None


async def keep_still(data: Js, name: str, hooks: Js) -> Js:
    """Keep a picture for backgrounds. Returns, and never raises, {ok: true, image: its SHA-256, width, height} or
    {ok: false, error: {code, details}}.
    """
    return await _answer(_keep_still(data, name, hooks))


async def _answer(work: Awaitable[dict[str, object]]) -> Js:
    try:
        answer: dict[str, object] = {"ok": True, **await work}
    except JsException as error:
        answer = {"ok": False, "error": describe(rebuilt(error) or error)}
    except Exception as error:  # the border: nothing may cross but plain data
        answer = {"ok": False, "error": describe(error)}
    return _js(answer)


def _js(answer: dict[str, object]) -> Js:
    return to_js(answer, dict_converter=js.Object.fromEntries)


async def _run(data: Js, name: str, recipe_json: str, hooks: Js) -> dict[str, object]:
    recipe = Recipe.from_json(recipe_json)

    def progress(stage: Stage, done: int, total: int) -> None:
        hooks.progress(stage.value, done, total)

    result = await job.run(
        data.to_bytes(),
        name,
        recipe,
        catalogue=_catalogue(),
        engine=Engine(hooks),
        decode=await decoder(hooks),
        codec=Canvas(hooks),
        progress=progress,
        cancelled=lambda: bool(hooks.cancelled()),
        mattes=_session.mattes,
        easels=_session.easel,
        stills=_session.album.named(recipe),
        largest_side=largest_side(hooks),
        seen=True,
    )
    return {
        "blob": result.data,
        "seen": result.seen,
        "width": result.width,
        "height": result.height,
        "mime": result.mime,
        "name": result.name,
        "notes": list(result.notes),
        "timings": result.timings,
        "plan": result.plan,
        "model": result.model,
        "confidence": result.confidence,
        "original": list(result.original),
        "matrix": list(result.matrix),
        "head": result.head and result.head.to_dict(),
        "checks": [check.to_dict() for check in result.checks],
        "sheet": None if result.sheet is None else _sheet(result.sheet),
        "palette": [str(colour) for colour in result.palette],
        "metadata": None if result.metadata is None else asdict(result.metadata),
    }


def _sheet(layout: Layout) -> dict[str, object]:
    return {"paper": list(layout.paper), "photo": list(layout.photo), "places": [list(at) for at in layout.places]}


async def _keep_still(data: Js, name: str, hooks: Js) -> dict[str, object]:
    file = data.to_bytes()
    image = hashlib.sha256(file).hexdigest()
    still = _session.album.get(image)
    if still is None:
        still = _session.album.put(image, await picture.read(file, name, await decoder(hooks)))
    width, height = still.size
    return {"image": image, "width": width, "height": height}


async def _pack_project(data: Js, name: str, recipe_json: str, stills: Js, hooks: Js) -> dict[str, object]:
    packed = await saving.saved(
        data.to_bytes(),
        name,
        Recipe.from_json(recipe_json),
        {str(image): content.to_bytes() for image, content in stills},
        catalogue=_catalogue(),
        mattes=_session.mattes,
        engine=None if hooks is None else Engine(hooks),
        decode=None if hooks is None else await decoder(hooks),
        easels=_session.easel,
        largest_side=None if hooks is None else largest_side(hooks),
    )
    return {"blob": blob(packed, project.MIMETYPE)}


async def _open_project(data: Js) -> dict[str, object]:
    found = saving.restored(data.to_bytes(), _session.mattes)
    return {
        "blob": blob(found.data, ""),
        "name": found.name,
        "recipe": json.dumps(found.recipe.to_dict()),
        "stills": [{"image": image, "blob": blob(content, "")} for image, content in found.assets.items()],
    }


def _catalogue() -> Catalogue:
    if _session.catalogue is None:
        raise RuntimeError("configure() was not called")
    return _session.catalogue


async def _preview(data: Js, name: str, side: int, hooks: Js) -> dict[str, object]:
    shown = await picture.read(data.to_bytes(), name, await decoder(hooks))
    return {"blob": blob(preview.png(shown, side), "image/png")}


async def _open_easel(data: Js, name: str, most: int, hooks: Js) -> dict[str, object]:
    file = data.to_bytes()
    known = digest(file)
    easel = _session.easel(known) or Easel(await picture.read(file, name, await decoder(hooks)), most)
    number = next(_session.numbers)
    _session.easels[number] = known, easel
    return {"easel": number}


async def _sketch(number: int, recipe_json: str, side: int) -> dict[str, object]:
    known, easel = _session.easels[number]
    recipe = Recipe.from_json(recipe_json)
    found = _found(known, easel, recipe)
    if found is None:
        return {"pixels": None, "width": 0, "height": 0}
    shown = easel.sketch(found, recipe, side, _session.album.get)
    placement = shown.placement
    return _pixels(writing.shown(shown.composition, recipe.output)) | {
        "canvas": [placement.width, placement.height],
        "matrix": list(placement.matrix),
        "head": shown.head and shown.head.to_dict(),
    }


async def _patches(
    number: int, recipe_json: str, side: int, box: Box, since: int, shown: bool, draft: Js
) -> dict[str, object]:
    known, easel = _session.easels[number]
    recipe = Recipe.from_json(recipe_json)
    found = _found(known, easel, recipe)
    if found is None:
        return {"patches": None, "turn": 0, "width": 0, "height": 0}
    if shown:
        easel.settle(found, recipe)
    return _laid(easel.patches(found, recipe, side, box, since, lambda patches: draft(_js(_laid(patches)))))


def _laid(patches: Patches) -> dict[str, object]:
    turn, (width, height), parts = patches
    given = [{"left": left, "top": top, **_pixels(rgba)} for left, top, rgba in parts]
    return {"patches": given, "turn": turn, "width": width, "height": height}


def _found(known: bytes, easel: Easel, recipe: Recipe) -> Found | None:
    if recipe.method.by == "hand":
        return Whole()
    looked = _session.mattes.get(known, _catalogue().plan(recipe.model).id, recipe.answer)
    return easel.ground(recipe.method.by) or (looked.matte if looked else None)


def _pixels(rgba: NDArray[np.uint8]) -> dict[str, object]:
    pixels = js.Uint8ClampedArray.new(rgba.size)
    pixels.assign(np.ascontiguousarray(rgba).reshape(-1))
    return {"pixels": pixels, "width": rgba.shape[1], "height": rgba.shape[0]}

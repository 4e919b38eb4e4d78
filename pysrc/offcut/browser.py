# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one room that knows JavaScript: the Python worker calls in here, and all else stays plain Python.

`hooks`, a JavaScript object, is all that a job may ask of the browser:

- progress(stage, done, total)
- cancelled() -> boolean
- infer(modelId, Float32Array, dims) -> Promise<{data: Float32Array, dims: number[]}>; rejects with
  an Error that may carry `code` and `details` (an Error it must be: Pyodide never wakes from a promise that
  rejects with anything else)
- decode(Uint8Array, mime) -> Promise<{width, height, band, rows(top) -> Uint8ClampedArray, close()}>, RGBA,
  upright, sRGB, at most `band` rows at a time; takes the array over
- encode(PyBuffer, width, height, mime, quality) -> Promise<Blob>; copies the pixels before it awaits anything; quality
  is 0..1, or -1 where nothing is to be lost
- usesNative: {decode: boolean, encode: boolean}
- largestSide: the largest input of a net that the device takes, 0 where it takes all

The pictures that recipes name for their backgrounds are handed in once each, by `keep_still`.

Pixels cross the border as copies of whole buffers; the only proxy of a Python object that is ever handed out is
that of the pixels to encode, and it is taken back in the same breath.
"""

import hashlib
import io
import json
import math
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field, replace
from itertools import count
from typing import Any

import js
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pyodide.ffi import JsException, create_proxy, to_js

from offcut import job, picture, preview, project
from offcut.catalogue import Catalogue, Model
from offcut.easel import Easel, Patches
from offcut.encode import Pillow
from offcut.errors import (
    Detail,
    EngineFailed,
    JobOutOfMemory,
    ModelContract,
    OffcutError,
    RemoteError,
    describe,
)
from offcut.head import Head
from offcut.job import MatteCache, Stage
from offcut.level import Box
from offcut.look import Look
from offcut.method import Found, Whole
from offcut.picture import Decode, Picture
from offcut.project import Project
from offcut.recipe import Recipe
from offcut.sheet import Layout

Js = Any
"""A JavaScript value, or Pyodide's proxy of one."""


@dataclass
class _Session:
    """What outlives a job. `trusted` holds the outcome of each self-test of the browser's codecs; `easels` those that
    stand, by number, with the digest of the file on them; `stills` the last pictures for backgrounds, by their
    SHA-256."""

    catalogue: Catalogue | None = None
    mattes: MatteCache = field(default_factory=MatteCache)
    trusted: dict[str, bool] = field(default_factory=dict)
    easels: dict[int, tuple[bytes, Easel]] = field(default_factory=dict)
    stills: OrderedDict[str, Picture] = field(default_factory=OrderedDict)

    def easel(self, digest: bytes) -> Easel | None:
        """An easel with that file on it."""
        return next((easel for known, easel in self.easels.values() if known == digest), None)


_session = _Session()

STILLS = 4
"""So many pictures for backgrounds are kept."""

STILL_PIXELS = 16_000_000
"""A picture for a background is held in no more pixels."""
_numbers = count(1)


def configure(catalogue_json: str) -> None:
    """Set the catalogue, once, before any job. Raises CatalogueInvalid."""
    _session.catalogue = Catalogue.parse(json.loads(catalogue_json))


async def run_job(data: Js, name: str, recipe_json: str, hooks: Js) -> Js:
    """Run one job. `data` is the file, an ArrayBuffer or a Uint8Array.

    Returns, and never raises, a JavaScript object: {ok: true, blob, seen, width, height, mime, name, notes, timings,
    plan, model, original: [width, height], matrix, head: [crown, chin, x] | null, checks, metadata, sheet: {paper,
    photo, places} | null, palette} or {ok: false, error: {code, details}}; see offcut.job.Result.
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
    [width, height], matrix, head: [crown, chin, x] | null} or {ok: false, error: {code, details}}. `canvas` and
    `matrix` are those of the file.
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


async def pack_project(data: Js, name: str, recipe_json: str, stills: Js) -> Js:
    """A project file (see offcut.project) of a picture. `stills` are the files that the recipe names, as [[sha256,
    Uint8Array], …]. Returns, and never raises, {ok: true, blob} or {ok: false, error: {code, details}}.
    """
    return await _answer(_pack_project(data, name, recipe_json, stills))


async def open_project(data: Js) -> Js:
    """What is in a project file; the net's answer that it holds is kept for the job to come. Returns, and never raises,
    {ok: true, blob, name, recipe: JSON, stills: [{image, blob}, …]} or {ok: false, error: {code, details}}.
    """
    return await _answer(_open_project(data))


def close_easel(number: int) -> None:
    """Take a picture from its easel; one that does not stand is none."""
    _session.easels.pop(number, None)


def knows_still(image: str) -> bool:
    """Whether the picture of that SHA-256 is kept."""
    return image in _session.stills


async def keep_still(data: Js, name: str, hooks: Js) -> Js:
    """Keep a picture for backgrounds. Returns, and never raises, {ok: true, image: its SHA-256, width, height} or
    {ok: false, error: {code, details}}.
    """
    return await _answer(_keep_still(data, name, hooks))


async def _answer(work: Awaitable[dict[str, object]]) -> Js:
    try:
        answer: dict[str, object] = {"ok": True, **await work}
    except JsException as error:
        answer = {"ok": False, "error": describe(_rebuilt(error) or error)}
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
        engine=_Engine(hooks),
        decode=await _decoder(hooks),
        codec=_Canvas(hooks),
        progress=progress,
        cancelled=lambda: bool(hooks.cancelled()),
        mattes=_session.mattes,
        easels=_session.easel,
        stills=_still,
        largest_side=int(hooks.largestSide) or None,
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
        "original": list(result.original),
        "matrix": list(result.matrix),
        "head": _head(result.head),
        "checks": [check.to_dict() for check in result.checks],
        "sheet": None if result.sheet is None else _sheet(result.sheet),
        "palette": [str(colour) for colour in result.palette],
        "metadata": None if result.metadata is None else asdict(result.metadata),
    }


def _sheet(layout: Layout) -> dict[str, object]:
    return {"paper": list(layout.paper), "photo": list(layout.photo), "places": [list(at) for at in layout.places]}


def _head(head: Head | None) -> list[float] | None:
    return None if head is None else [head.crown, head.chin, head.x]


async def _keep_still(data: Js, name: str, hooks: Js) -> dict[str, object]:
    file = data.to_bytes()
    image = hashlib.sha256(file).hexdigest()
    if image not in _session.stills:
        still = await picture.read(file, name, await _decoder(hooks))
        share = math.sqrt(STILL_PIXELS / math.prod(still.size))
        if share < 1:
            size = (math.floor(still.size[0] * share), math.floor(still.size[1] * share))
            small = np.array(Image.fromarray(still.rgba).resize(size, Image.Resampling.BOX))
            still = replace(still, rgba=small)
        _session.stills[image] = still
        if len(_session.stills) > STILLS:
            _session.stills.popitem(last=False)
    width, height = _session.stills[image].size
    return {"image": image, "width": width, "height": height}


async def _pack_project(data: Js, name: str, recipe_json: str, stills: Js) -> dict[str, object]:
    file = data.to_bytes()
    recipe = Recipe.from_json(recipe_json)
    assets = {str(image): content.to_bytes() for image, content in stills}
    plan = _catalogue().plan(recipe.model)
    looked = None if recipe.method.by == "hand" else _session.mattes.get(job.digest(file), plan.id)
    matte = None if looked is None else (plan.id, looked.matte)
    packed = project.packed(Project(file, name, replace(recipe, model=plan.id), assets, matte))
    return {"blob": _blob(packed, project.MIMETYPE)}


async def _open_project(data: Js) -> dict[str, object]:
    found = project.opened(data.to_bytes())
    if found.matte is not None:
        plan, matte = found.matte
        _session.mattes.put(job.digest(found.data), plan, Look(matte, ()))
    return {
        "blob": _blob(found.data, ""),
        "name": found.name,
        "recipe": json.dumps(found.recipe.to_dict()),
        "stills": [{"image": image, "blob": _blob(content, "")} for image, content in found.assets.items()],
    }


def _still(image: str) -> Picture | None:
    return _session.stills.get(image)


def _catalogue() -> Catalogue:
    if _session.catalogue is None:
        raise RuntimeError("configure() was not called")
    return _session.catalogue


async def _preview(data: Js, name: str, side: int, hooks: Js) -> dict[str, object]:
    shown = await picture.read(data.to_bytes(), name, await _decoder(hooks))
    return {"blob": _Canvas(hooks).blob(preview.png(shown, side), "image/png")}


async def _open_easel(data: Js, name: str, most: int, hooks: Js) -> dict[str, object]:
    file = data.to_bytes()
    known = job.digest(file)
    easel = _session.easel(known) or Easel(await picture.read(file, name, await _decoder(hooks)), most)
    number = next(_numbers)
    _session.easels[number] = known, easel
    return {"easel": number}


async def _sketch(number: int, recipe_json: str, side: int) -> dict[str, object]:
    known, easel = _session.easels[number]
    recipe = Recipe.from_json(recipe_json)
    found = _found(known, easel, recipe)
    if found is None:
        return {"pixels": None, "width": 0, "height": 0}
    shown = easel.sketch(found, recipe, side, _still)
    placement = shown.placement
    return _pixels(shown.composition.merged()) | {
        "canvas": [placement.width, placement.height],
        "matrix": list(placement.matrix),
        "head": _head(shown.head),
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
    looked = _session.mattes.get(known, _catalogue().plan(recipe.model).id)
    return easel.ground(recipe.method.by) or (looked.matte if looked else None)


def _pixels(rgba: NDArray[np.uint8]) -> dict[str, object]:
    pixels = js.Uint8ClampedArray.new(rgba.size)
    pixels.assign(np.ascontiguousarray(rgba).reshape(-1))
    return {"pixels": pixels, "width": rgba.shape[1], "height": rgba.shape[0]}


class _Engine:
    """onnxruntime-web behind hooks.infer."""

    def __init__(self, hooks: Js) -> None:
        self._hooks = hooks

    async def run(self, model: Model, tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        """See `offcut.engine.Engine.run`."""
        array = js.Float32Array.new(tensor.size)
        array.assign(tensor.reshape(-1))
        try:
            answer = await self._hooks.infer(model.id, array, to_js(list(tensor.shape)))
        except JsException as error:
            raise _rebuilt(error) or EngineFailed(reason=str(error)[:200]) from None
        dims = [int(size) for size in answer.dims]
        output = np.empty(dims, np.float32)
        if answer.data.length != output.size:
            raise ModelContract(model=model.id, expected=str(dims), got=str(answer.data.length))
        answer.data.assign_to(output.reshape(-1))
        return output


def _rebuilt(error: Js) -> OffcutError | None:
    """A JavaScript error that carries one of our codes, or speaks of memory, as an OffcutError."""
    code = getattr(error, "code", None)
    if isinstance(code, str) and re.fullmatch(r"[a-z]+(\.[a-z-]+)?", code):
        details = getattr(error, "details", None)
        plain: dict[object, object] = details.to_py() if details is not None else {}
        kept: dict[str, Detail] = {str(k): v for k, v in plain.items() if isinstance(v, str | int | float)}
        return RemoteError(code, kept)
    if re.search(r"out of memory|allocation failed|allocate memory", str(error), re.IGNORECASE):
        return JobOutOfMemory()
    return None


async def _decoder(hooks: Js) -> Decode | None:
    """The browser's decoder, if there is one and it gave a noisy PNG back bit for bit."""
    if not hooks.usesNative.decode:
        return None

    async def decode(data: bytes, mime: str) -> NDArray[np.uint8]:
        frame = await hooks.decode(_array(data), mime)
        try:
            rgba = np.empty((frame.height, frame.width, 4), np.uint8)
            for top in range(0, frame.height, frame.band):
                frame.rows(top).assign_to(rgba[top : top + frame.band].reshape(-1))
        finally:
            frame.close()
        return rgba

    async def faithful() -> bool:
        rgba = _noise(64)
        rgba[..., 3] = 255
        file = io.BytesIO()
        Image.fromarray(rgba).convert("RGB").save(file, "PNG")
        return np.array_equal(await decode(file.getvalue(), "image/png"), rgba)

    return decode if await _trusted("decode", faithful) else None


class _Canvas:
    """The browser's encoders, where they are there and have kept what they must; else Pillow's."""

    def __init__(self, hooks: Js) -> None:
        self._hooks = hooks
        self._pillow = Pillow()

    async def encode(self, rgba: NDArray[np.uint8], mime: str, quality: int | None) -> Js:
        """See offcut.encode.Codec.encode."""
        if await self._trusts(mime, quality):
            try:
                return await self._blob_of(rgba, mime, quality)
            except JsException:  # past some size every canvas fails; Pillow does not
                pass
        return self.blob(await self._pillow.encode(rgba, mime, quality), mime)

    async def head(self, blob: Js, length: int) -> bytes:
        """See offcut.encode.Codec.head."""
        data: bytes = (await blob.slice(0, length).arrayBuffer()).to_bytes()
        return data

    def spliced(self, blob: Js, start: int, end: int, data: bytes) -> Js:
        """See offcut.encode.Codec.spliced."""
        parts = js.Array.of(blob.slice(0, start), _array(data), blob.slice(end))
        return js.Blob.new(parts, type=blob.type)

    def size(self, blob: Js) -> int:
        """See offcut.encode.Codec.size."""
        return int(blob.size)

    def blob(self, data: bytes, mime: str) -> Js:
        """See offcut.encode.Codec.blob."""
        return _blob(data, mime)

    async def _blob_of(self, rgba: NDArray[np.uint8], mime: str, quality: int | None) -> Js:
        height, width = rgba.shape[:2]
        proxy = create_proxy(rgba)
        pixels = proxy.getBuffer("u8")
        try:
            return await self._hooks.encode(pixels, width, height, mime, -1 if quality is None else quality / 100)
        finally:
            pixels.release()
            proxy.destroy()

    async def _trusts(self, mime: str, quality: int | None) -> bool:
        """Whether the browser's encoder keeps every bit under low alphas, or, where it may lose some, is near."""
        if not self._hooks.usesNative.encode or (mime == "image/webp" and quality is None):
            return False

        async def exact() -> bool:
            rgba = _noise(32)
            rgba[..., 3] //= 4
            rgba[rgba[..., 3] == 0] = 0
            return np.array_equal(await self._seen(rgba, mime, None), rgba)

        async def near() -> bool:
            slope = np.linspace(0, 255, 64, dtype=np.uint8)
            rgba = np.empty((64, 64, 4), np.uint8)
            rgba[..., 0], rgba[..., 1], rgba[..., 2], rgba[..., 3] = slope, slope[:, np.newaxis], 128, 255
            if mime == "image/webp":
                rgba[:, :32, 3] = 128
            seen = await self._seen(rgba, mime, 90)
            return seen.shape == rgba.shape and float(np.abs(seen.astype(np.int16) - rgba).mean()) < 4

        return await _trusted(f"encode {mime}", exact if quality is None else near)

    async def _seen(self, rgba: NDArray[np.uint8], mime: str, quality: int | None) -> NDArray[np.uint8]:
        blob = await self._blob_of(rgba, mime, quality)
        if blob.type != mime:
            raise RuntimeError(f"encoded {blob.type}")
        with Image.open(io.BytesIO((await blob.arrayBuffer()).to_bytes())) as image:
            if mime == "image/png" and image.mode != "RGBA":
                raise RuntimeError(f"encoded {image.mode}")
            return np.asarray(image.convert("RGBA"))


async def _trusted(codec: str, faithful: Callable[[], Awaitable[bool]]) -> bool:
    """The outcome of a self-test, run once a session. Browsers that blur canvases against tracking fail."""
    if codec not in _session.trusted:
        try:
            _session.trusted[codec] = await faithful()
        except Exception:  # a codec that fails on its first picture is not used again
            _session.trusted[codec] = False
    return _session.trusted[codec]


def _noise(side: int) -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(0, 256, (side, side, 4), dtype=np.uint8)


def _blob(data: bytes, mime: str) -> Js:
    return js.Blob.new(js.Array.of(_array(data)), type=mime)


def _array(data: bytes) -> Js:
    array = js.Uint8Array.new(len(data))
    array.assign(data)
    return array

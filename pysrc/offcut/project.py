# SPDX-License-Identifier: AGPL-3.0-or-later
"""A project: a picture and its recipe in one file, with all that the result depends on.

The file is a zip (see offcut.package):

    mimetype          application/vnd.offcut.project
    project.json      {"version": 1, "app": "…", "name": "…", "original": {"sha256": "…", "bytes": n},
                       "assets": [{"sha256": "…", "bytes": n}, …],
                       "matte": null | {"plan": "…", "width": n, "height": n, "sha256": "…",
                                        "notes": ["…", …]}}
    recipe.json       the recipe, with every field
    original          the picture file
    assets/<sha256>   files that the recipe names by that
    matte.f32         where "matte" is not null: float32, little-endian, row by row
"""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from offcut import __version__
from offcut.catalogue import LARGEST_SIDE
from offcut.errors import OffcutError, ProjectNewer, ProjectTampered, ProjectUnreadable, RecipeInvalid
from offcut.look import LITTLE_MEMORY, SMALL_DEVICE, Look
from offcut.matte import Matte
from offcut.nesting import shallow
from offcut.package import package
from offcut.plain import Table
from offcut.recipe import Recipe

VERSION: Literal[1] = 1

MIMETYPE = "application/vnd.offcut.project"

LARGEST = 512 << 20
"""No part is larger than this many bytes."""

LARGEST_JSON = 64 << 20
"""Nor a part of JSON than this: strokes of some three million points. Read, it takes ten times as much memory."""

LARGEST_WHOLE = 1 << 30
"""Nor are all parts together."""

LONGEST_NAME = 200
"""Names are cut to so many characters."""

_PIECE = 1 << 20
_HEAD = 30
"""Bytes of a zip's local header before the name."""

_PARTS = ("mimetype", "project.json", "recipe.json", "original")


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """What is needed to get to the same pixels again.

    `data` is the original file and `name` what it was called. `assets` are the files that the recipe names, by the hex
    sha256 by which it names them. `matte` is the id of a plan and the answer that it gave, so that no net has to be
    asked, which on another device would answer a little differently; None where none was. It is `answer` by which a
    recipe can name it.
    """

    data: bytes
    name: str
    recipe: Recipe
    assets: Mapping[str, bytes]
    matte: tuple[str, Look] | None

    @property
    def answer(self) -> str | None:
        """The SHA-256 of the answer, in hex."""
        return None if self.matte is None else _digest(_bytes(self.matte[1].matte))


def is_project(head: bytes) -> bool:
    """Whether a file that begins with `head`, 128 bytes or more, is a project."""
    start = _HEAD + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    return (
        head[:4] == b"PK\x03\x04"
        and head[_HEAD:].startswith(b"mimetype")
        and int.from_bytes(head[22:26], "little") == len(MIMETYPE)
        and head[start:].startswith(MIMETYPE.encode())
    )


def packed(project: Project) -> bytes:
    """The project as a file; `opened` gives the same project back. Equal projects give equal bytes.

    Raises ValueError where `opened` would refuse the file: an asset under another digest than its own, a matte that is
    none, parts that are too large.
    """
    recipe = _written(project.recipe.to_dict())
    parts = {"original": project.data}
    for name, asset in sorted(project.assets.items()):
        if _digest(asset) != name:
            raise ValueError(f"an asset is not {name}")
        parts[f"assets/{name}"] = asset
    matte: dict[str, object] | None = None
    if project.matte is not None:
        plan, look = project.matte
        if not plan or not _is_matte(look.matte.alpha) or max(look.matte.alpha.shape) > LARGEST_SIDE:
            raise ValueError("the matte is none")
        parts["matte.f32"] = _bytes(look.matte)
        height, width = look.matte.alpha.shape
        told = {"sha256": _digest(parts["matte.f32"]), "notes": list(look.notes)}
        matte = {"plan": plan, "width": width, "height": height, **told}
    manifest = _written(
        {
            "version": VERSION,
            "app": __version__,
            "name": _clean(project.name),
            "original": _told(project.data),
            "assets": [_told(asset) for _, asset in sorted(project.assets.items())],
            "matte": matte,
        }
    )
    parts = {"project.json": manifest, "recipe.json": recipe, **parts}
    sizes = {name: len(content) for name, content in parts.items()}
    if not _fitting(sizes) or not shallow(recipe):
        raise ValueError("the project is too large")
    return package(MIMETYPE, parts.items(), {"project.json", "recipe.json", "matte.f32"})


def opened(data: bytes) -> Project:
    """The project in a file, which may be anything.

    Raises ProjectUnreadable for what is no project, is damaged, lacks a part or has one too many; ProjectNewer for a
    newer format; ProjectTampered when the original, an asset or the matte is not what it was; RecipeInvalid.
    """
    if not is_project(data[:128]):
        raise ProjectUnreadable(reason="not a project")
    with _untrusted(), zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [entry.filename for entry in archive.infolist()]
        if len(set(names)) != len(names):
            raise ProjectUnreadable(reason="a part is there twice")
        table = Table.of(_json(archive, "project.json"), "project", RecipeInvalid)
        version = table.whole("version", 1, 1 << 31)
        if version > VERSION:
            raise ProjectNewer(version=version)
        table.only(("version", "app", "name", "original", "assets", "matte"))
        table.text("app")
        name = _clean(table.text("name"))
        assets = {"assets/" + row.sha256("sha256"): row for row in table.tables("assets", empty=True)}
        matte = None if table.get("matte") is None else table.table("matte")
        if {*names} != {*_PARTS, *assets, *(() if matte is None else ("matte.f32",))}:
            raise ProjectUnreadable(reason="its parts are not those that it names")
        if not _fitting({entry.filename: entry.file_size for entry in archive.infolist()}):
            raise ProjectUnreadable(reason="it is too large")
        original = _checked(archive, "original", table.table("original"))
        contents = {part.removeprefix("assets/"): _checked(archive, part, row) for part, row in assets.items()}
        answer = None if matte is None else (matte.text("plan"), _look(archive, matte))
        recipe = _json(archive, "recipe.json")
    return Project(original, name, Recipe.parse(recipe), contents, answer)


@contextmanager
def _untrusted() -> Iterator[None]:
    """Whatever reading an archive raises becomes a ProjectError; faults of project.json too. MemoryError passes."""
    try:
        yield
    except RecipeInvalid as error:
        raise ProjectUnreadable(reason=f"{error.details['field']} {error.details['reason']}") from error
    except (OffcutError, MemoryError):
        raise
    except Exception as error:  # BadZipFile, zlib.error, NotImplementedError, RuntimeError, struct.error, …
        raise ProjectUnreadable(reason=f"a damaged zip: {type(error).__name__}") from error


def _fitting(sizes: Mapping[str, int]) -> bool:
    """Whether parts of these sizes are small enough to be read."""
    largest = {name: LARGEST_JSON if name.endswith(".json") else LARGEST for name in sizes}
    return sum(sizes.values()) <= LARGEST_WHOLE and all(sizes[name] <= largest[name] for name in sizes)


def _read(archive: zipfile.ZipFile, part: str) -> bytes:
    """The bytes of a part: piece by piece, so that one that claims to be small cannot become large."""
    entry = archive.getinfo(part)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or not _fitting({part: entry.file_size}):
        raise ProjectUnreadable(reason=f"{part} is too large, or compressed in an unknown way")
    with archive.open(entry) as file:
        return b"".join(iter(lambda: file.read(_PIECE), b""))


def _json(archive: zipfile.ZipFile, part: str) -> object:
    content = _read(archive, part)
    if not shallow(content):
        raise ProjectUnreadable(reason=f"{part} is nested too deeply")
    try:
        return json.loads(content.decode())
    except ValueError:
        raise ProjectUnreadable(reason=f"{part} is not JSON") from None


def _checked(archive: zipfile.ZipFile, part: str, row: Table) -> bytes:
    """The bytes of a part that has the digest and the size in `row`."""
    row.only(("sha256", "bytes"))
    told = {"sha256": row.sha256("sha256"), "bytes": row.whole("bytes", 0)}
    content = _read(archive, part)
    if _told(content) != told:
        raise ProjectTampered(part=part)
    return content


def _look(archive: zipfile.ZipFile, row: Table) -> Look:
    row.only(("plan", "width", "height", "sha256", "notes"))
    notes = row.choices("notes", (SMALL_DEVICE, LITTLE_MEMORY)) if row.data.get("notes") else ()
    width, height = (row.whole(key, 1, LARGEST_SIDE) for key in ("width", "height"))
    content = _read(archive, "matte.f32")
    if _digest(content) != row.sha256("sha256"):
        raise ProjectTampered(part="matte.f32")
    if len(content) != width * height * 4:
        raise ProjectUnreadable(reason="the matte is not of its size")
    alpha = np.frombuffer(content, "<f4").astype(np.float32).reshape(height, width)
    if not _is_matte(alpha):
        raise ProjectUnreadable(reason="the matte is not 0 to 1")
    return Look(Matte(alpha), notes)


def _bytes(matte: Matte) -> bytes:
    return matte.alpha.astype("<f4").tobytes()


def _is_matte(alpha: NDArray[np.float32]) -> bool:
    """Whether these are numbers of 0 to 1; NaN is none."""
    return alpha.ndim == 2 and alpha.size > 0 and bool(((alpha >= 0) & (alpha <= 1)).all())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _told(content: bytes) -> dict[str, Any]:
    return {"sha256": _digest(content), "bytes": len(content)}


def _written(data: object) -> bytes:
    return json.dumps(data, separators=(",", ":")).encode()


def _clean(name: str) -> str:
    """A file name without folders and what is not printable."""
    last = re.split(r"[\\/]", name)[-1]
    return "".join(sign for sign in last if sign.isprintable()).strip()[:LONGEST_NAME].strip() or "picture"

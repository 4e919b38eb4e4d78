# SPDX-License-Identifier: AGPL-3.0-or-later
"""A recipe is the whole truth: with the net's answer given, CPython and the browser make the same pixels of it."""

import asyncio
import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from offcut import job, project
from offcut import picture as pictures
from offcut.cli.library import Library
from offcut.engine import Engine
from offcut.look import Look
from offcut.matte import Matte
from offcut.mattes import MatteCache, digest
from offcut.native import NativeEngine
from offcut.project import Project
from offcut.recipe import Recipe

from .inspector import downloaded
from .workbench import Workbench

BRUSH = {"tool": "brush", "mode": "erase", "size": 60, "hardness": 0.4, "points": [80, 90, 1, 200, 140, 0.5]}
SCRIBBLE = {"tool": "scribble", "mode": "keep", "size": 12, "points": [150, 200, 220, 240]}

RECIPES: dict[str, dict[str, object]] = {
    "edges": {"edges": {"smooth": 0.3, "shift": -2, "feather": 3, "despill": 0.6}},
    "by hand": {"touches": [BRUSH, SCRIBBLE]},
    "shadows, outline, tone": {
        "scene": {
            "backdrop": {"gradient": {"shape": "radial", "start": "#ffffff", "end": "#334455"}},
            "drop": {},
            "contact": {},
            "rim": {"width": 0.02},
            "tone": {"brightness": 0.1, "contrast": 0.2, "saturation": -0.4},
        }
    },
    "the original, blurred": {"scene": {"backdrop": {"original": {"blur": 0.5, "grey": 0.3}}}},
    "a picture behind, turned": {
        "scene": {"backdrop": {"image": {"image": "", "fit": "place", "zoom": 0.8, "x": 0.1}}},
        "frame": {"turn": 7, "margin": 0.05},
    },
    "a square of millimetres": {
        "frame": {
            "fit": "subject",
            "margin": 0.1,
            "flip": True,
            "canvas": {"width": 40, "height": 40, "unit": "mm", "dpi": 300},
        },
        "scene": {"backdrop": {"colour": "#ffffff"}},
    },
    "a head": {"frame": {"fit": "head", "canvas": {"width": 35, "height": 45, "unit": "mm", "dpi": 300}}},
    "a sheet": {
        "frame": {"fit": "head", "canvas": {"width": 35, "height": 45, "unit": "mm", "dpi": 300}},
        "output": {"sheet": {"paper": "10x15"}},
    },
    "a mask": {"output": {"format": "mask"}},
    "layers": {"output": {"format": "ora"}, "scene": {"backdrop": {"colour": "#ffcc00"}, "drop": {}}},
}
LABELS = {"mask": "Mask", "ora": "Layers"}


def matte() -> Matte:
    """An answer as nets give it: a blob with a soft rim, where the portrait's subject is."""
    y, x = np.mgrid[:256, :256].astype(np.float32)
    away = np.hypot((x - 112) / 78, (y - 140) / 126)
    return Matte(np.clip((1.05 - away) * 8, 0, 1).astype(np.float32))


@pytest.mark.parametrize("name", RECIPES)
def test_the_browser_makes_of_a_recipe_what_cpython_makes(
    workbench: Workbench, site: Path, photos: dict[str, Path], tmp_path: Path, name: str
) -> None:
    original, still = photos["astronaut"].read_bytes(), photos["coffee"].read_bytes()
    portrait = io.BytesIO()
    Image.open(io.BytesIO(original)).convert("RGB").save(portrait, "PNG")  # two decoders of JPEG may differ by a level
    data, image = portrait.getvalue(), hashlib.sha256(still).hexdigest()
    told = {"version": 1, **RECIPES[name]}
    if name.startswith("a picture behind"):
        told["scene"] = {"backdrop": {"image": {"image": image, "fit": "place", "zoom": 0.8, "x": 0.1}}}
    library = Library.of(site)
    plan = library.catalogue.plan("default")
    recipe = Recipe.parse(told | {"model": plan.id})
    stills = {image: still} if name.startswith("a picture behind") else {}
    saved = tmp_path / "portrait.offcut"
    saved.write_bytes(project.packed(Project(data, "portrait.png", recipe, stills, (plan.id, Look(matte(), ())))))
    format = recipe.output.format
    found = downloaded(workbench.choose(saved).wait("done"), LABELS.get(format, "PNG"))
    engine: Engine = NativeEngine({})

    async def made() -> job.Result:
        mattes = MatteCache()
        mattes.put(digest(data), plan.id, Look(matte(), ()))
        known = {each: await pictures.read(content, "still.png") for each, content in stills.items()}
        return await job.run(
            data, "portrait.png", recipe, catalogue=library.catalogue, engine=engine, mattes=mattes, stills=known.get
        )

    with ThreadPoolExecutor(1) as other:  # Playwright's loop lives in this thread
        result = other.submit(asyncio.run, made()).result()
    assert "infer" not in result.timings
    if format == "ora":
        assert found.data == result.data
        return
    one, two = (np.asarray(Image.open(io.BytesIO(each))) for each in (found.data, result.data))
    assert one.shape == two.shape
    assert np.array_equal(one, two), np.abs(one.astype(int) - two).max()

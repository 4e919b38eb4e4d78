# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever comes in, what comes out is an answer or one of our errors: never another exception, never a hang."""

import io
import json

import numpy as np
import pytest
from helpers import run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from offcut.colour import Colour
from offcut.cutout import cut
from offcut.errors import OffcutError, RecipeInvalid, describe
from offcut.matte import Matte
from offcut.picture import Picture, read
from offcut.recipe import Recipe
from offcut.sizes import Sizes
from offcut.tone import Tone
from offcut.touches import Area, Brush, Fill, Refine, Scribble, Touch
from offcut.touchup import Touchup
from offcut.upsample import upsample

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def sample(format: str) -> bytes:
    """A small file of this format, with an alpha where it can have one."""
    noise = np.random.default_rng(1).integers(0, 256, (24, 31, 4), np.uint8)
    image = Image.fromarray(noise)
    file = io.BytesIO()
    (image.convert("RGB") if format == "JPEG" else image).save(file, format)
    return file.getvalue()


@given(plain)
def test_any_plain_data_is_a_recipe_or_an_invalid_recipe(data: object) -> None:
    try:
        recipe = Recipe.parse(data)
    except RecipeInvalid as error:
        assert error.code == "recipe.invalid"
    else:
        assert Recipe.parse(recipe.to_dict()) == recipe


@given(st.text(min_size=1, max_size=20), st.floats(0, 1), st.none() | colours)
def test_a_recipe_survives_being_written_and_read(model: str, despill: float, backdrop: str | None) -> None:
    scene = {"backdrop": None if backdrop is None else {"colour": backdrop}}
    recipe = Recipe.parse({"version": 1, "model": model, "edges": {"despill": despill}, "scene": scene})
    assert Recipe.parse(recipe.to_dict()) == recipe
    assert recipe.to_dict()["scene"] == scene | {"drop": None, "contact": None, "rim": None, "tone": Tone().to_dict()}


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "ICO", "AVIF"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(format: str, data: st.DataObject) -> None:
    file = bytearray(sample(format))
    for _ in range(data.draw(st.integers(0, 6))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(file)))
    try:
        picture = run(read(bytes(file[:end]), "damaged"))
    except OffcutError as error:
        assert describe(error)["code"] == error.code
    else:
        assert picture.rgba.dtype == np.uint8
        assert picture.rgba.shape == (*picture.size[::-1], 4)
        assert picture.opaque == bool((picture.rgba[..., 3] == 255).all())


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(OffcutError):
        run(read(data, "anything"))


@settings(deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 700), st.integers(1, 700), st.integers(0, 2**32 - 1))
def test_a_cutout_has_the_pictures_size_and_no_hidden_colour(
    across: int, down: int, width: int, height: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    matte = Matte(random.random((down, across), np.float32))
    rgba = random.integers(0, 256, (height, width, 4), np.uint8)
    rgba[..., 3] = 255
    rgb = rgba[..., :3]
    found = cut(Picture(rgba, True, None, "x", ()), upsample(matte, width, height))
    assert found.rgba.shape == (height, width, 4)
    assert not found.rgb[found.alpha == 0].any()
    assert (found.rgb[found.alpha > 0] == rgb[found.alpha > 0]).all()


far = st.floats(-1e6, 1e6)
near = st.floats(-40, 80)
unit = st.floats(0, 1)
sizes = st.just(0.0) | st.floats(0, 60) | st.just(1e6)


def coordinates(each: int, last: st.SearchStrategy[float] | None = None) -> st.SearchStrategy[tuple[float, ...]]:
    """Up to eight points of `each` numbers, most of them near the picture."""
    place = near | far
    point = st.tuples(*[place] * (each - (last is not None)), *([last] if last is not None else []))
    return st.lists(point, max_size=8).map(lambda points: tuple(value for point in points for value in point))


brushes = st.builds(
    Brush, st.sampled_from(["erase", "restore", "protect", "release"]), sizes, unit, coordinates(3, unit)
)
areas = st.builds(Area, st.sampled_from(["erase", "restore"]), coordinates(2))
fills = st.builds(
    Fill,
    st.sampled_from(["erase", "restore"]),
    st.tuples(near | far, near | far),
    st.sampled_from([0.0, 1.0]) | unit,
    st.booleans(),
    st.none() | st.builds(Colour, *[st.integers(0, 255)] * 3),
)
scribbles = st.builds(Scribble, st.sampled_from(["keep", "drop"]), sizes, coordinates(2))
refines = st.builds(Refine, sizes, coordinates(2))
touches = st.lists(brushes | areas | fills | scribbles | refines, max_size=4).map(tuple)


@given(touches)
def test_touches_survive_being_written_and_read(done: tuple[Touch, ...]) -> None:
    recipe = Recipe(touches=done)
    assert Recipe.from_json(json.dumps(recipe.to_dict())) == recipe


def matte(width: int, height: int, *, blank: bool) -> tuple[Touchup, NDArray[np.uint8]]:
    """A matte to be touched up, of a noisy picture, and what it was."""
    rng = np.random.default_rng(width * 100 + height)
    rgba = rng.integers(0, 256, (height, width, 4), np.uint8)
    rgba[..., 3] = 255
    rgba[:, : width // 2, :3] //= 8
    base = np.full((height, width), 255, np.uint8) if blank else rng.integers(0, 256, (height, width), np.uint8)
    views = Sizes(Picture(rgba, True, None, "test", ()))
    return Touchup(base, views, views.largest, blank=blank), base.copy()


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.integers(1, 70), st.integers(1, 70), st.booleans(), st.lists(touches, min_size=1, max_size=4))
def test_whatever_is_done_and_undone_the_last_recipe_is_what_counts(
    width: int, height: int, blank: bool, recipes: list[tuple[Touch, ...]]
) -> None:
    work, base = matte(width, height, blank=blank)
    for done in recipes:
        work.bring(done)
    fresh, _ = matte(width, height, blank=blank)
    fresh.bring(recipes[-1])
    assert np.array_equal(work.alpha, fresh.alpha)
    work.bring(())
    assert np.array_equal(work.alpha, base)

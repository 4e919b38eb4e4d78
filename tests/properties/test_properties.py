# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever comes in, what comes out is an answer or one of our errors: never another exception, never a hang."""

import io

import numpy as np
import pytest
from helpers import run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from offcut.cutout import cut
from offcut.errors import OffcutError, RecipeInvalid, describe
from offcut.matte import Matte
from offcut.picture import Picture, read
from offcut.recipe import Recipe
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
    assert recipe.to_dict()["scene"] == scene


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

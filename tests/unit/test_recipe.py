# SPDX-License-Identifier: AGPL-3.0-or-later
import json

import pytest

from offcut.edges import Edges
from offcut.errors import RecipeInvalid
from offcut.method import Method
from offcut.recipe import Output, Recipe, preset
from offcut.scene import Colour, Scene
from offcut.touches import Area


def test_a_version_is_all_a_recipe_needs():
    assert Recipe.parse({"version": 1}) == Recipe("default", Method(), Edges(), (), Scene(None), Output("png"), 1)


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(),
        Recipe(
            "isnet",
            Method("colour", "kept"),
            Edges(False, "largest", False, 0.5, -2, 0.1, 3, 0.25),
            (Area("erase", (0.0, 1.0, 5.0, 1.0, 5.0, 9.0)),),
            Scene(Colour(1, 2, 3)),
        ),
    ],
)
def test_a_recipe_survives_json(recipe):
    assert Recipe.from_json(json.dumps(recipe.to_dict())) == recipe


@pytest.mark.parametrize("text", ["", "{", "3", "[]", '{"version": NaN}'])
def test_text_that_is_no_recipe_is_refused(text):
    with pytest.raises(RecipeInvalid):
        Recipe.from_json(text)


def test_the_preset_auto_is_the_plain_recipe():
    assert preset("auto") == Recipe()


@pytest.mark.parametrize("name", ["none", "", "../recipe", "Auto", "auto.toml"])
def test_an_unknown_preset_is_refused(name):
    with pytest.raises(RecipeInvalid):
        preset(name)


@pytest.mark.parametrize(
    ("obj", "field"),
    [
        (None, "recipe"),
        ([], "recipe"),
        ({}, "recipe.version"),
        ({"version": 2}, "recipe.version"),
        ({"version": True}, "recipe.version"),
        ({"version": "1"}, "recipe.version"),
        ({"version": 1, "modle": "x"}, "recipe.modle"),
        ({"version": 1, "model": 3}, "recipe.model"),
        ({"version": 1, "edges": {"despil": 1}}, "recipe.edges.despil"),
        ({"version": 1, "edges": {"despill": "1"}}, "recipe.edges.despill"),
        ({"version": 1, "edges": {"despill": 1.1}}, "recipe.edges.despill"),
        ({"version": 1, "edges": {"despill": -1}}, "recipe.edges.despill"),
        ({"version": 1, "method": {"by": "foot"}}, "recipe.method.by"),
        ({"version": 1, "method": {"enclosed": True}}, "recipe.method.enclosed"),
        ({"version": 1, "method": {"net": "isnet"}}, "recipe.method.net"),
        ({"version": 1, "edges": {"follow": 0}}, "recipe.edges.follow"),
        ({"version": 1, "edges": {"tidy": 1}}, "recipe.edges.tidy"),
        ({"version": 1, "edges": {"subject": "both"}}, "recipe.edges.subject"),
        ({"version": 1, "edges": {"smooth": -0.1}}, "recipe.edges.smooth"),
        ({"version": 1, "edges": {"shift": 51}}, "recipe.edges.shift"),
        ({"version": 1, "edges": {"contrast": True}}, "recipe.edges.contrast"),
        ({"version": 1, "edges": {"feather": -1}}, "recipe.edges.feather"),
        ({"version": 1, "edges": {"blur": 1}}, "recipe.edges.blur"),
        ({"version": 1, "scene": 3}, "recipe.scene"),
        ({"version": 1, "scene": {"shadow": 1}}, "recipe.scene.shadow"),
        ({"version": 1, "scene": {"backdrop": "red"}}, "recipe.scene.backdrop"),
        ({"version": 1, "scene": {"backdrop": {}}}, "recipe.scene.backdrop.colour"),
        ({"version": 1, "scene": {"backdrop": {"colour": "red"}}}, "recipe.scene.backdrop.colour"),
        ({"version": 1, "scene": {"backdrop": {"colour": "#12345"}}}, "recipe.scene.backdrop.colour"),
        ({"version": 1, "scene": {"backdrop": {"colour": "#123456", "a": 1}}}, "recipe.scene.backdrop.a"),
        ({"version": 1, "output": {"format": "gif"}}, "recipe.output.format"),
        ({"version": 1, "output": {"quality": 1}}, "recipe.output.quality"),
    ],
)
def test_a_fault_is_found_and_its_path_named(obj, field):
    with pytest.raises(RecipeInvalid) as caught:
        Recipe.parse(obj)
    assert caught.value.details["field"] == field

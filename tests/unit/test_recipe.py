# SPDX-License-Identifier: AGPL-3.0-or-later
import json

import pytest

from offcut.backdrop import Gradient, Original, Still
from offcut.colour import Colour
from offcut.edges import Edges
from offcut.errors import RecipeInvalid
from offcut.frame import Canvas, Frame, HeadFit, Ratio
from offcut.method import Method
from offcut.output import Output
from offcut.recipe import Recipe, preset
from offcut.rim import Rim
from offcut.scene import Scene
from offcut.shadow import Contact, Drop
from offcut.tone import Tone
from offcut.touches import Area


def test_a_version_is_all_a_recipe_needs():
    assert Recipe.parse({"version": 1}) == Recipe(
        "default", Method(), Edges(), (), Scene(None), Frame(), Output("png"), None, 1
    )


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
        Recipe(
            scene=Scene(
                Gradient("radial", Colour(1, 2, 3), Colour(4, 5, 6), 30),
                Drop(0.1, -0.1, 0, 1, Colour(9, 9, 9)),
                Contact(1, 0.25),
                Rim(0.02, Colour(0, 0, 1)),
                Tone(0.5, -0.5, 1),
            ),
            frame=Frame("subject", Canvas(35, 45, "mm", 600), 0.1, -12.5, True, 2, 0.25, -0.5),
            output=Output("jpeg", 55, False, 9000, 100, "keep", "{name} on white"),
        ),
        Recipe(scene=Scene(Still("0" * 64, "place", 2, -1, 1)), frame=Frame("cover", Ratio(4, 5))),
        Recipe(scene=Scene(Original(0.5, 1)), frame=Frame("head", head=HeadFit(0.5, 0.2, 10, 90, 50))),
        Recipe(output=Output("webp", lossless=True)),
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
        (
            {"version": 1, "scene": {"backdrop": {"colour": "#123456", "original": {}}}},
            "recipe.scene.backdrop.original",
        ),
        (
            {"version": 1, "scene": {"backdrop": {"gradient": {"shape": "linear"}}}},
            "recipe.scene.backdrop.gradient.start",
        ),
        ({"version": 1, "scene": {"backdrop": {"image": {"image": "../x"}}}}, "recipe.scene.backdrop.image.image"),
        ({"version": 1, "scene": {"backdrop": {"original": {"blur": 2}}}}, "recipe.scene.backdrop.original.blur"),
        ({"version": 1, "scene": {"drop": {"opacity": -1}}}, "recipe.scene.drop.opacity"),
        ({"version": 1, "scene": {"contact": {"colour": "black"}}}, "recipe.scene.contact.colour"),
        ({"version": 1, "scene": {"rim": {"width": 0.2}}}, "recipe.scene.rim.width"),
        ({"version": 1, "scene": {"tone": {"contrast": 2}}}, "recipe.scene.tone.contrast"),
        ({"version": 1, "frame": {"fit": "tight"}}, "recipe.frame.fit"),
        ({"version": 1, "frame": {"margin": 0.5}}, "recipe.frame.margin"),
        ({"version": 1, "frame": {"zoom": 0}}, "recipe.frame.zoom"),
        ({"version": 1, "frame": {"canvas": {"width": 0, "height": 1, "unit": "px"}}}, "recipe.frame.canvas.width"),
        ({"version": 1, "frame": {"canvas": {"width": 9, "height": 2e6, "unit": "px"}}}, "recipe.frame.canvas.height"),
        ({"version": 1, "frame": {"canvas": {"width": 35, "height": 45, "unit": "cm"}}}, "recipe.frame.canvas.unit"),
        ({"version": 1, "frame": {"canvas": {"width": 1, "height": 99}}}, "recipe.frame.canvas.width"),
        ({"version": 1, "frame": {"head": {"crown": 9, "chin": 9}}}, "recipe.frame.head.chin"),
        ({"version": 1, "output": {"quality": 0}}, "recipe.output.quality"),
        ({"version": 1, "output": {"most": 0}}, "recipe.output.most"),
        ({"version": 1, "output": {"most": 10, "least": 11}}, "recipe.output.least"),
        ({"version": 1, "output": {"metadata": True}}, "recipe.output.metadata"),
    ],
)
def test_a_fault_is_found_and_its_path_named(obj, field):
    with pytest.raises(RecipeInvalid) as caught:
        Recipe.parse(obj)
    assert caught.value.details["field"] == field


def test_json_that_is_nested_too_deeply_is_refused_before_it_is_read():
    deep = '{"version": 1, "touches": ' + "[" * 100_000 + "]" * 100_000 + "}"
    for text in (deep, "[" * 100_000, '{"a":' * 50_000):
        with pytest.raises(RecipeInvalid) as caught:
            Recipe.from_json(text)
        assert caught.value.details == {"field": "recipe", "reason": "is nested too deeply"}


def test_brackets_in_a_name_are_no_nesting():
    recipe = Recipe(output=Output(name="[" * 100 + "{name} 图"))
    assert Recipe.from_json(json.dumps(recipe.to_dict())) == recipe

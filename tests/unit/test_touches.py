# SPDX-License-Identifier: AGPL-3.0-or-later
import json

import pytest

from offcut.colour import Colour
from offcut.errors import RecipeInvalid
from offcut.recipe import Recipe
from offcut.touches import POINTS, Area, Brush, Fill, Refine, Scribble

BRUSH = {"tool": "brush", "mode": "erase", "size": 40, "hardness": 0.5, "points": [1, 2, 0.5, 3, 4.25, 1]}
FILL = {"tool": "fill", "mode": "erase", "at": [3, 4], "tolerance": 0.1, "contiguous": True, "colour": None}

EVERY = (
    Brush("erase", 40.0, 0.5, (1.0, 2.0, 0.5, 3.0, 4.25, 1.0)),
    Brush("protect", 0.0, 1.0, ()),
    Area("restore", (0.0, 0.0, 10.0, 0.0, 10.0, 10.0)),
    Fill("erase", (3.0, -4.0), 0.1, True, None),
    Fill("restore", (3.0, 4.0), 1.0, False, Colour(1, 2, 255)),
    Scribble("keep", 12.0, (1.0, 2.0)),
    Refine(30.5, (1.0, 2.0, 5.0, 6.0)),
)


def parsed(touch):
    return Recipe.parse({"version": 1, "touches": [touch]}).touches[0]


def test_a_recipe_with_touches_comes_back_from_json_as_it_was():
    recipe = Recipe(touches=EVERY)
    assert Recipe.from_json(json.dumps(recipe.to_dict())) == recipe


def test_without_touches_there_are_none():
    assert Recipe.parse({"version": 1}).touches == ()
    assert Recipe.parse({"version": 1, "touches": []}).touches == ()


@pytest.mark.parametrize(
    ("touch", "field"),
    [
        ({"tool": "chisel"}, "tool"),
        ({}, "tool"),
        (BRUSH | {"mode": "keep"}, "mode"),
        (BRUSH | {"size": -1}, "size"),
        (BRUSH | {"size": 1e7}, "size"),
        (BRUSH | {"size": True}, "size"),
        (BRUSH | {"hardness": 1.01}, "hardness"),
        (BRUSH | {"points": [1, 2]}, "points"),
        (BRUSH | {"points": [1, 2, 1.5]}, "points"),
        (BRUSH | {"points": [1, 2, "1"]}, "points"),
        (BRUSH | {"points": [1, 2e6, 1]}, "points"),
        (BRUSH | {"points": [1, float("nan"), 1]}, "points"),
        (BRUSH | {"points": [10**400, 1, 1]}, "points"),
        (BRUSH | {"points": None}, "points"),
        (BRUSH | {"colour": "#ffffff"}, "colour"),
        ({"tool": "area", "mode": "protect", "points": []}, "mode"),
        ({"tool": "area", "mode": "erase", "points": [1, 2, 3]}, "points"),
        (FILL | {"at": [1]}, "at"),
        (FILL | {"tolerance": 1.5}, "tolerance"),
        (FILL | {"contiguous": 1}, "contiguous"),
        (FILL | {"colour": "red"}, "colour"),
        ({"tool": "scribble", "mode": "erase", "size": 3, "points": []}, "mode"),
        ({"tool": "refine", "size": 3, "points": [1, 2, 3]}, "points"),
    ],
)
def test_what_is_wrong_with_a_touch_is_named(touch, field):
    with pytest.raises(RecipeInvalid) as caught:
        parsed(touch)
    assert caught.value.details["field"] == f"recipe.touches[0].{field}"


def test_a_million_points_are_read_and_one_more_is_refused():
    assert len(parsed(BRUSH | {"points": [1.5, 2, 1] * POINTS}).points) == 3 * POINTS
    with pytest.raises(RecipeInvalid):
        parsed(BRUSH | {"points": [1.5, 2, 1] * (POINTS + 1)})


def test_touches_that_are_no_list_are_refused():
    with pytest.raises(RecipeInvalid):
        Recipe.parse({"version": 1, "touches": {"tool": "brush"}})

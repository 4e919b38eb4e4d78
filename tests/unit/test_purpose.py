# SPDX-License-Identifier: AGPL-3.0-or-later
import math

import numpy as np
import pytest

from offcut.backdrop import Original
from offcut.check import Made
from offcut.colour import WHITE
from offcut.documents import documents
from offcut.errors import RecipeInvalid
from offcut.marketplaces import marketplaces
from offcut.purpose import Purpose, listed
from offcut.recipe import Recipe, preset, presets

EVERY = [
    *(Purpose("marketplace", each.id) for each in marketplaces()),
    *(Purpose("document", each.id) for each in documents()),
]


def size_check(purpose, width, height, dpi):
    made = Made(np.full((height, width, 4), 255, np.uint8), None, None, None, 1.0, "jpeg", None, False, dpi)
    return next((check for check in purpose.checked(made) if check.id == "size"), None)


@pytest.mark.parametrize("purpose", EVERY, ids=lambda purpose: purpose.id)
def test_what_a_recipe_begins_with_has_a_size_that_its_rules_take(purpose):
    scene, frame, output = purpose.beginning()
    width, height = frame.canvas.pixels
    check = size_check(purpose, width, height, frame.canvas.dpi)
    if purpose.id == "india-passport":  # printed square, uploaded upright: it begins with the print
        assert (check.state, check.details["reason"]) == ("warn", "print-only")
    else:
        assert check is None or check.state == "pass", check
    recipe = Recipe(scene=scene, frame=frame, output=output, purpose=purpose)
    assert Recipe.parse(recipe.to_dict()) == recipe


@pytest.mark.parametrize("document", documents(), ids=lambda document: document.id)
def test_a_print_is_as_large_as_it_is_to_be(document):
    canvas = Purpose("document", document.id).beginning()[1].canvas
    if document.print_mm is not None:
        assert all(math.isclose(a, b, abs_tol=0.6) for a, b in zip(canvas.mm, document.print_mm, strict=True))


def test_who_refuses_altered_photos_gets_the_pictures_own_background():
    for document in documents():
        scene, _, output = Purpose("document", document.id).beginning()
        assert (scene.backdrop == Original()) == (document.refuses_altered or not document.backgrounds)
        assert output.format == "jpeg"


def test_a_marketplace_begins_on_white_with_the_fill_that_it_asks_for():
    for market in marketplaces():
        scene, frame, _ = Purpose("marketplace", market.id).beginning()
        assert scene.backdrop == WHITE and frame.fit == "subject"
        if market.fill is not None:
            assert market.fill.miss(1 - 2 * frame.margin) == 0


def test_what_pages_are_told_makes_a_recipe():
    rules = listed()
    assert {len(rows) for rows in rules.values()} == {len(marketplaces()), len(documents())}
    for row in (*rules["marketplaces"], *rules["documents"]):
        recipe = Recipe.parse({"version": 1, **row["wish"]})
        assert recipe.purpose is not None and recipe.purpose.id == row["id"]


@pytest.mark.parametrize(
    "purpose",
    [
        {},
        {"marketplace": "none"},
        {"document": "amazon"},
        {"shop": "amazon"},
        {"marketplace": "amazon", "document": "uk"},
        3,
    ],
)
def test_an_unknown_purpose_is_refused(purpose):
    with pytest.raises(RecipeInvalid):
        Recipe.parse({"version": 1, "purpose": purpose})


def test_every_preset_is_a_recipe():
    assert {"auto", "manual", "change-background", "product-photo", "id-photo"} <= set(presets())
    for name in presets():
        assert Recipe.parse(preset(name).to_dict()) == preset(name)

# SPDX-License-Identifier: AGPL-3.0-or-later
import dataclasses
import math

import numpy as np
import pytest

from offcut.backdrop import Original
from offcut.check import Made
from offcut.colour import WHITE
from offcut.documents import document, documents
from offcut.errors import RecipeInvalid
from offcut.marketplaces import marketplace, marketplaces
from offcut.purpose import Purpose, listed
from offcut.recipe import Recipe, preset, presets
from offcut.scene import Scene

EVERY = [
    *(Purpose("marketplace", each.id) for each in marketplaces()),
    *(Purpose("document", each.id) for each in documents()),
]


def size_check(purpose, width, height, dpi):
    made = Made(np.full((height, width, 4), 255, np.uint8), None, None, None, 1.0, "jpeg", None, False, (dpi, dpi))
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


@pytest.mark.parametrize("rules", documents(), ids=lambda rules: rules.id)
def test_a_print_is_as_large_as_it_is_to_be(rules):
    canvas = Purpose("document", rules.id).beginning()[1].canvas
    if rules.print_mm is not None:
        assert all(math.isclose(a, b, abs_tol=0.6) for a, b in zip(canvas.mm, rules.print_mm, strict=True))


def test_who_refuses_altered_photos_gets_the_pictures_own_background():
    for rules in documents():
        scene, _, output = Purpose("document", rules.id).beginning()
        assert (scene.backdrop == Original()) == (rules.refuses_altered or not rules.backgrounds)
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
def test_no_purpose_two_or_an_unknown_one_is_refused(purpose):
    with pytest.raises(RecipeInvalid) as caught:
        Recipe.parse({"version": 1, "purpose": purpose})
    assert caught.value.details["field"].startswith("recipe.purpose")


@pytest.mark.parametrize("purpose", [{}, {"marketplace": "amazon", "document": "uk"}])
def test_that_one_purpose_is_to_be_named_is_said_where_none_is_and_where_two_are(purpose):
    with pytest.raises(RecipeInvalid) as caught:
        Recipe.parse({"version": 1, "purpose": purpose})
    assert caught.value.details == {"field": "recipe.purpose", "reason": "must name one marketplace or one document"}


def test_every_preset_is_a_recipe():
    assert presets() == (
        "auto",
        "change-background",
        "id-photo",
        "manual",
        "passport-photo",
        "product-photo",
        "transparent-png",
    )
    for name in presets():
        assert Recipe.parse(preset(name).to_dict()) == preset(name)


def begun(purpose, **changes):
    scene, frame, output = purpose.beginning()
    return dataclasses.replace(Recipe(scene=scene, frame=frame, output=output, purpose=purpose), **changes)


def test_the_preset_for_id_photos_is_what_a_recipe_for_them_begins_with():
    assert preset("id-photo") == begun(Purpose("document", "icao"))


def test_the_preset_for_passport_photos_is_the_same_with_the_pictures_own_background():
    recipe = preset("passport-photo")
    output = dataclasses.replace(recipe.output, name="{name}-icao")
    assert dataclasses.replace(recipe, output=output) == begun(Purpose("document", "icao"), scene=Scene(Original()))


def test_no_preset_begins_with_a_background_that_its_own_rules_doubt():
    for recipe in map(preset, presets()):
        if recipe.purpose is None or isinstance(recipe.scene.backdrop, Original):
            continue
        rgba = np.full((531, 413, 4), (*recipe.scene.backdrop.rgb, 255), np.uint8)
        made = Made(rgba, None, np.zeros((531, 413), np.uint8), None, 1.0, "jpeg", None, True, None)
        checks = {check.id: check for check in recipe.purpose.checked(made)}
        assert checks["background"].state == "pass"


def test_pages_are_told_of_what_nobody_can_measure():
    rules = listed()
    shops = {row["id"]: row for row in rules["marketplaces"]}
    papers = {row["id"]: row for row in rules["documents"]}
    assert shops["amazon"]["without"] == list(marketplace("amazon").without) != []
    assert shops["shopify"]["note"] == marketplace("shopify").origin.note != ""
    assert papers["icao"]["note"] == document("icao").origin.note != ""
    assert papers["china-visa"]["head_width_mm"] == {"least": 15, "most": 22}
    assert all("note" in row and "conflict" in row for row in (*shops.values(), *papers.values()))

# SPDX-License-Identifier: AGPL-3.0-or-later
import json

import pytest

from offcut.bounds import Bounds
from offcut.errors import CatalogueInvalid, RecipeInvalid
from offcut.marketplaces import marketplace, marketplaces, parse

ROW = {
    "id": "stall",
    "name": "Stall",
    "background": "white",
    "canvas": [100, 100],
    "margin": 0.1,
    "format": "jpeg",
    "source": "Somebody",
    "read": "2026-11",
    "second_hand": True,
}


def only(**changes):
    row = {key: value for key, value in (ROW | changes).items() if value is not None}
    return parse({"marketplaces": [row]})[0]


def test_every_marketplace_of_the_table_of_facts_is_there():
    ids = ["amazon", "ebay", "etsy", "shopify", "walmart", "google-merchant", "taobao"]
    assert [each.id for each in marketplaces()] == ids


def test_the_rules_are_those_of_the_table_of_facts():
    amazon, google, taobao = marketplace("amazon"), marketplace("google-merchant"), marketplace("taobao")
    assert amazon.background == "white" and amazon.fill == Bounds(0.85) and amazon.side == Bounds(1000, 10_000)
    assert google.fill == Bounds(0.75, 0.9) and google.megapixels == 64 and google.background == "any"
    assert taobao.exact == (800, 800) and taobao.formats == ("jpeg",) and taobao.bytes == Bounds(38 * 1024, 300_000)
    assert marketplace("etsy").shorter == Bounds(2000) and "differ" in marketplace("etsy").origin.conflict


def test_what_a_recipe_begins_with_keeps_the_rules():
    for each in marketplaces():
        width, height = each.canvas
        for bounds, value in ((each.side, width), (each.side, height), (each.shorter, min(width, height))):
            assert bounds is None or bounds.miss(value) == 0, each.id
        assert each.advised is None or max(width, height) >= each.advised, each.id
        assert each.fill is None or each.fill.miss(1 - 2 * each.margin) == 0, each.id
        assert each.subject is None or each.subject.miss(min(width, height) * (1 - 2 * each.margin)) == 0, each.id
        assert not each.square or width == height, each.id
        assert each.megapixels is None or width * height <= each.megapixels * 1e6, each.id


def test_every_marketplace_tells_whose_word_it_is_and_when_it_was_read():
    assert all(each.origin.source and each.origin.read == "2026-11" for each in marketplaces())
    assert all(each.origin.second_hand for each in marketplaces())


def test_a_page_gets_plain_data():
    for each in marketplaces():
        data = each.to_dict()
        assert json.loads(json.dumps(data)) == data
    assert marketplace("taobao").to_dict()["without"] == ["shadow", "logo"]


def test_an_unknown_marketplace_is_a_fault_of_the_recipe():
    with pytest.raises(RecipeInvalid) as caught:
        marketplace("bazaar")
    assert caught.value.details["field"] == "purpose"


def test_what_is_not_known_is_absent():
    stall = only()
    assert stall.fill is stall.side is stall.exact is stall.bytes is stall.advised is None
    assert stall.formats == stall.without == () and not stall.square and stall.origin.home == ""


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": None}, "name"),
        ({"pixels": 3}, "pixels"),
        ({"background": "black"}, "background"),
        ({"fill": 0.85}, "fill"),
        ({"fill": {"least": 0.9, "most": 0.8}}, "fill"),
        ({"exact": [100, 200]}, "canvas"),
        ({"canvas": None}, "canvas"),
        ({"canvas": [100, 0]}, "canvas"),
        ({"canvas": [100.5, 100]}, "canvas"),
        ({"margin": 0.5}, "margin"),
        ({"format": "gif"}, "format"),
        ({"formats": ["png"]}, "format"),
        ({"formats": []}, "formats"),
        ({"without": ["cats"]}, "without"),
        ({"advised": 0}, "advised"),
        ({"megapixels": -1}, "megapixels"),
        ({"square": 1}, "square"),
        ({"read": None}, "read"),
    ],
)
def test_what_is_wrong_with_a_row_is_named(changes, field):
    with pytest.raises(CatalogueInvalid) as caught:
        only(**changes)
    assert caught.value.details["field"] == f"rules.marketplaces[0].{field}"


def test_two_marketplaces_of_one_id_are_refused():
    with pytest.raises(CatalogueInvalid):
        parse({"marketplaces": [ROW, ROW]})

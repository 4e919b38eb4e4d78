# SPDX-License-Identifier: AGPL-3.0-or-later
import copy
import json
import tomllib
from importlib import resources

import pytest

from offcut.bounds import Bounds
from offcut.documents import EYES, document, documents, parse
from offcut.errors import CatalogueInvalid, RecipeInvalid
from offcut.upload import shaped

ROWS = tomllib.loads((resources.files("offcut") / "rules" / "documents.toml").read_text("utf-8"))

ROW = {
    "id": "here",
    "name": "Here",
    "country": "US",
    "print_mm": [40, 50],
    "head_mm": {"least": 30, "most": 35},
    "backgrounds": ["white"],
    "altered": "unsaid",
    "source": "Somebody",
    "read": "2026-11",
    "second_hand": True,
}


def rules(**changes):
    row = {key: value for key, value in (ROW | changes).items() if value is not None}
    return {"refusing": ["US"], "colours": {"white": "#ffffff", "blue": ["#0000ff", "#4040ff"]}, "documents": [row]}


def only(**changes):
    return parse(rules(**changes))[0]


def test_every_document_of_the_table_of_facts_is_there():
    assert [each.id for each in documents()] == [
        *("us-passport", "us-visa", "uk", "schengen", "germany", "icao", "china-visa", "china-1-inch", "china-2-inch"),
        *("india-passport", "india-evisa", "japan", "canada-passport", "canada-pr", "australia", "brazil", "singapore"),
        "new-zealand",
    ]


@pytest.mark.parametrize(
    ("id", "dpi", "size"),
    [
        ("us-passport", 300, (602, 602)),
        ("uk", 300, (413, 531)),
        ("uk", 600, (827, 1063)),
        ("china-visa", 300, (390, 567)),
        ("china-1-inch", 300, (295, 413)),
        ("china-2-inch", 300, (413, 626)),
        ("china-2-inch", 600, (826, 1252)),
        ("canada-pr", 300, (591, 827)),
    ],
)
def test_a_print_has_as_many_pixels_as_its_millimetres_ask(id, dpi, size):
    assert document(id).size_px(dpi) == size


def test_what_is_never_printed_begins_with_a_size_of_the_shape_that_is_asked_for():
    zealand = document("new-zealand")
    assert zealand.size_px(300) == zealand.size_px(96) == zealand.upload_px
    assert zealand.upload.takes(*zealand.size_px(300))


def test_a_size_for_the_upload_is_one_that_is_taken():
    sizes = {each.id: each.upload_px for each in documents() if each.upload_px is not None}
    assert all(document(id).upload.takes(*size) for id, size in sizes.items())
    assert sizes["singapore"] == (400, 514) and sizes["india-passport"] == (630, 810)
    assert sizes["us-visa"][0] == sizes["us-visa"][1]


def test_a_size_for_the_upload_has_the_shape_of_the_print_where_that_is_allowed():
    for id in ("uk", "china-visa", "canada-pr", "singapore"):
        assert shaped(*document(id).upload_px, document(id).print_mm), id


def test_millimetres_of_the_head_become_shares_of_the_height():
    america, japan = document("us-passport"), document("japan")
    assert (america.head.least, america.head.most) == pytest.approx((25 / 51, 35 / 51))
    assert (america.eyes.least, america.eyes.most) == pytest.approx((28 / 51, 35 / 51))
    assert (japan.top.least, japan.top.most) == pytest.approx((4 / 45, 6 / 45))
    assert document("icao").head == Bounds(0.7, 0.8)


def test_a_head_begins_in_the_middle_of_what_is_allowed():
    assert document("schengen").head_share == pytest.approx(34 / 45)
    assert document("india-passport").head_share == pytest.approx(0.825)


def test_where_no_head_is_given_it_is_no_larger_than_that_of_the_icao_in_any_respect():
    assert document("singapore").head_share == pytest.approx(0.75)  # the same paper
    assert document("canada-pr").head_share * 70 == pytest.approx(33.75)  # the same mm on a larger one
    assert document("china-1-inch").head_share * 413 / 295 == pytest.approx(33.75 / 35)  # as broad on a narrow one
    assert document("new-zealand").head_share == pytest.approx(0.75 * 33.75 / 35)


def test_a_given_gap_above_the_crown_is_where_the_head_begins():
    assert document("japan").top_share == pytest.approx(5 / 45)


def test_the_eyes_come_to_the_middle_of_where_they_may_be():
    for each in documents():
        if each.eyes is not None:
            assert 1 - each.top_share - EYES * each.head_share == pytest.approx(each.eyes.middle), each.id


def test_elsewhere_there_is_twice_as_much_room_below_the_chin_as_above_the_crown():
    germany = document("germany")
    assert 1 - germany.top_share - germany.head_share == pytest.approx(2 * germany.top_share)


def test_every_head_begins_inside_of_its_picture_and_of_its_bounds():
    for each in documents():
        assert 0.03 < each.top_share < 1 - each.head_share, each.id
        assert each.head is None or each.head.miss(each.head_share) == 0, each.id


def test_documents_of_countries_that_refuse_altered_photos_say_so():
    refused = {each.id for each in documents() if each.refuses_altered}
    assert refused == {"us-passport", "us-visa", "canada-passport", "canada-pr", "australia", "india-passport"}


def test_conflicts_between_sources_are_told_and_the_first_size_is_the_one_to_begin_with():
    india, brazil = document("india-passport"), document("brazil")
    assert india.print_mm == (51, 51) and india.other_mm == ((35, 45),) and "35 x 45" in india.origin.conflict
    assert brazil.print_mm == (50, 70) and brazil.other_mm == ((35, 45),) and "35 x 45" in brazil.origin.conflict
    assert [each.id for each in documents() if each.other_mm] == [
        each.id for each in documents() if each.origin.conflict
    ]


def test_every_document_tells_whose_word_it_is_and_when_it_was_read():
    assert all(each.origin.source and each.origin.read == "2026-11" for each in documents())
    assert all(each.origin.second_hand for each in documents())


def test_colours_that_may_be_a_range_have_both_ends():
    blue = document("china-1-inch").backgrounds[1]
    assert (blue.name, str(blue.colour), str(blue.to)) == ("blue", "#438edb", "#628bce")
    assert [ground.name for ground in document("uk").backgrounds] == ["cream", "light grey"]


def test_bytes_are_bounded_so_that_either_meaning_of_a_kilobyte_is_kept():
    assert document("china-visa").upload.bytes == Bounds(40 * 1024, 120 * 1000)


def test_a_page_gets_plain_data():
    for each in documents():
        data = each.to_dict()
        assert json.loads(json.dumps(data)) == data
    data = document("us-visa").to_dict()
    assert data["upload"]["width"] == {"least": 600, "most": 1200} and data["upload"]["bytes"] == {"most": 240_000}
    assert data["refuses_altered"] is True and data["print_mm"] == [51, 51] and data["source"]


def test_an_unknown_document_is_a_fault_of_the_recipe():
    with pytest.raises(RecipeInvalid) as caught:
        document("atlantis")
    assert caught.value.details["field"] == "purpose"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": ""}, "id"),
        ({"colour": "white"}, "colour"),
        ({"print_mm": [40]}, "print_mm"),
        ({"print_mm": [40, 0]}, "print_mm"),
        ({"print_mm": None, "head_mm": None}, "print_mm"),
        ({"start_px": [30, 40]}, "print_mm"),
        ({"print_mm": None, "print_px": [400, 500]}, "print_dpi"),
        ({"print_mm": None, "print_px": [400.5, 500], "print_dpi": 300}, "print_px"),
        ({"print_mm": None, "start_px": [30, 40]}, "head_mm"),
        ({"head_share": {"least": 0.7}}, "head_mm"),
        ({"head_mm": {"least": 30, "most": 50}}, "head"),
        ({"head_mm": {"least": 36, "most": 35}}, "head_mm"),
        ({"head_mm": {}}, "head_mm"),
        ({"head_mm": {"least": -1}}, "head_mm"),
        ({"head_mm": {"least": "30"}}, "head_mm.least"),
        ({"head_mm": {"about": 30}}, "head_mm.about"),
        ({"other_mm": [[40, 50], [1]]}, "other_mm"),
        ({"other_mm": "40x50"}, "other_mm"),
        ({"backgrounds": ["mauve"]}, "backgrounds"),
        ({"upload": {"pixels": 3}}, "upload.pixels"),
        ({"upload": {"ratio": [3, 4.5]}}, "upload.ratio"),
        ({"altered": "maybe"}, "altered"),
        ({"altered": "refused", "country": "FR"}, "altered"),
        ({"source": None}, "source"),
        ({"home": "ftp://example.org"}, "home"),
        ({"second_hand": "yes"}, "second_hand"),
    ],
)
def test_what_is_wrong_with_a_row_is_named(changes, field):
    assert only().id == "here"
    with pytest.raises(CatalogueInvalid) as caught:
        only(**changes)
    assert caught.value.details["field"] == f"rules.documents[0].{field}"


@pytest.mark.parametrize(
    ("key", "value"), [("refusing", "US"), ("refusing", [1]), ("colours", {"red": "red"}), ("colours", {"red": []})]
)
def test_what_is_wrong_beside_the_rows_is_named(key, value):
    with pytest.raises(CatalogueInvalid) as caught:
        parse(rules() | {key: value})
    assert caught.value.details["field"].startswith(f"rules.{key}")


def test_two_documents_of_one_id_are_refused():
    rows = copy.deepcopy(ROWS)
    rows["documents"].append(rows["documents"][0])
    with pytest.raises(CatalogueInvalid):
        parse(rows)


def test_a_pixel_is_not_yet_another_shape_and_three_in_a_hundred_are():
    assert shaped(413, 531, (35, 45)) and shaped(295, 413, (295, 413)) and shaped(51, 50, (1, 1))
    assert not shaped(412, 400, (1, 1)) and not shaped(600, 450, (3, 4))

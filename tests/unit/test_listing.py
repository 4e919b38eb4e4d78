# SPDX-License-Identifier: AGPL-3.0-or-later
import dataclasses

import pytest
from finished import listing, product

from offcut.check import Check
from offcut.listing import of_marketplace
from offcut.marketplaces import marketplace, marketplaces


def test_a_picture_that_keeps_all_rules_passes_at_every_marketplace():
    for rules in marketplaces():
        width, height = rules.canvas
        share = rules.fill.middle if rules.fill is not None else 0.8
        left, top = round(width * (1 - share) / 2), round(height * (1 - share) / 2)
        made = product(rules.canvas, (left, top, width - left, height - top))
        checks = of_marketplace(rules, made)
        assert not [check for check in checks if check.state != "pass"]


def test_checks_come_in_one_order_and_only_where_there_is_a_rule():
    order = [
        "size",
        "square",
        "background",
        "transparency",
        "fill",
        "subject-size",
        "cut-off",
        "enlarged",
        "bytes",
        "format",
    ]
    for rules in marketplaces():
        ids = [check.id for check in of_marketplace(rules, product())]
        assert ids == [id for id in order if id in ids], rules.id
    assert [check.id for check in of_marketplace(marketplace("ebay"), product())] == [
        "size",
        "cut-off",
        "enlarged",
        "bytes",
    ]


@pytest.mark.parametrize(
    ("id", "size", "state", "reason"),
    [
        ("amazon", (1000, 1600), "pass", None),
        ("amazon", (1599, 1200), "warn", "advised"),
        ("amazon", (1700, 999), "warn", "one-side"),
        ("amazon", (999, 999), "fail", "side"),
        ("taobao", (800, 801), "fail", "exact"),
        ("shopify", (4473, 100), "fail", "side"),
        ("shopify", (4472, 4472), "pass", None),
        ("etsy", (3000, 1999), "warn", "shorter"),
        ("ebay", (499, 499), "fail", "side"),
        ("google-merchant", (10, 10), "pass", None),
    ],
)
def test_the_size_is_judged(id, size, state, reason):
    check = listing(id, product(size, (1, 1, 5, 5)), "size")
    assert (check.state, check.details.get("reason")) == (state, reason)
    assert (check.details["width"], check.details["height"]) == size


def test_a_rule_about_the_shorter_side_on_which_sources_agree_is_a_fault_to_break():
    etsy = marketplace("etsy")
    agreed = dataclasses.replace(etsy, origin=dataclasses.replace(etsy.origin, conflict=""))
    assert of_marketplace(agreed, product((3000, 1999)))[0].state == "fail"


def test_more_megapixels_than_are_taken_are_a_fault():
    few = dataclasses.replace(marketplace("google-merchant"), megapixels=1)
    assert of_marketplace(few, product((1000, 1000)))[0].state == "pass"
    assert of_marketplace(few, product((1001, 1000)))[0].details["reason"] == "megapixels"


def test_a_square_that_is_only_advised_is_no_fault_to_miss():
    assert listing("shopify", product((2048, 2000)), "square").state == "warn"
    assert listing("taobao", product((800, 700)), "square").state == "fail"


def test_one_pixel_of_the_ground_that_is_not_pure_white_is_a_fault():
    made = product()
    assert listing("amazon", made, "background").state == "pass"
    made.rgba[0, 0, 2] = 254
    check = listing("amazon", made, "background")
    assert (check.state, check.details["pixels"]) == ("fail", 1)


def test_of_a_file_that_loses_something_it_is_said_that_white_was_told_before():
    made = product(compressed=True)
    assert listing("amazon", made, "background").details == {"share": 0, "pixels": 0, "compressed": 1}
    assert "compressed" not in listing("amazon", product(), "background").details


def test_pixels_of_the_soft_edge_may_be_of_any_colour():
    made = product()
    made.cover[99], made.rgba[99, :, :3] = 1, 200
    assert listing("amazon", made, "background").state == "pass"


def test_a_shadow_beside_the_subject_is_told_with_its_share():
    made = product()
    made.rgba[1900:, 1000:, :3] = 240
    share = listing("amazon", made, "background").details["share"]
    assert share == pytest.approx(100 * 1000 / (2000**2 - 1800**2), abs=1e-4)


def test_where_nothing_was_cut_the_border_must_be_white_as_far_as_the_subject_leaves_it():
    made = product(box=(100, 100, 1900, 2000), cover=None)
    assert listing("amazon", made, "background").state == "pass"
    made.rgba[5, 5, :3] = 0
    assert listing("amazon", made, "background").state == "pass"
    made.rgba[1999, [50, 1000, 1950], :3] = 0
    assert listing("amazon", made, "background").details["pixels"] == 2


def test_a_subject_that_leaves_no_ground_is_not_said_to_stand_on_white():
    full = product(box=(0, 0, 2000, 2000))
    for made in (full, dataclasses.replace(full, cover=None)):
        assert listing("amazon", made, "background") == Check("background", "warn", {"reason": "no-ground"})


def test_transparency_is_a_fault_only_where_white_is_wanted():
    made = product()
    made.rgba[:20, :, 3] = 0
    assert listing("amazon", made, "transparency") == Check("transparency", "fail", {"share": 0.01})
    assert listing("amazon", made, "background").state == "fail"
    assert listing("ebay", made, "transparency") is None


@pytest.mark.parametrize(
    ("id", "box", "state"),
    [
        ("amazon", (150, 900, 1850, 1100), "pass"),
        ("amazon", (900, 150, 1100, 1850), "pass"),
        ("amazon", (160, 160, 1840, 1840), "fail"),
        ("google-merchant", (90, 90, 1910, 1910), "fail"),
        ("google-merchant", (250, 250, 1750, 1750), "pass"),
        ("google-merchant", (260, 260, 1740, 1740), "fail"),
        ("amazon", (2100, 0, 4000, 100), "fail"),
    ],
)
def test_the_subject_fills_as_much_of_the_frame_as_is_asked_one_way_or_the_other(id, box, state):
    assert listing(id, product(subject=box), "fill").state == state


def test_only_what_is_inside_of_the_frame_fills_it():
    check = listing("amazon", product(subject=(-1000, 500, 1000, 1500)), "fill")
    assert check.details["share"] == 0.5 and check.details["least"] == 0.85


def test_without_a_subject_nothing_is_said_of_how_it_lies():
    checks = {check.id: check for check in of_marketplace(marketplace("amazon"), product(subject=None))}
    assert checks["fill"].state == "warn" and "cut-off" not in checks


def test_a_subject_that_the_frame_cuts_off_is_told_with_the_sides():
    check = listing("ebay", product(subject=(-3, 5, 1990, 2000)), "cut-off")
    assert (check.state, check.details["sides"]) == ("warn", "left, bottom")


def test_the_subject_itself_may_have_to_be_of_some_size():
    assert listing("taobao", product((800, 800), (100, 100, 700, 400)), "subject-size").state == "fail"
    assert listing("taobao", product((800, 800), (100, 100, 700, 401)), "subject-size").state == "pass"


def test_the_format_is_judged_where_it_is_known_and_what_is_no_picture_always():
    assert listing("taobao", product(format="png"), "format").details == {"got": "png", "wanted": "jpeg"}
    assert listing("taobao", product(), "format").state == "pass"
    assert listing("ebay", product(format="webp"), "format") is None
    assert listing("ebay", product(format="ora"), "format").state == "fail"

# SPDX-License-Identifier: AGPL-3.0-or-later
import dataclasses
import itertools

import numpy as np
import pytest
from finished import checked, photo
from helpers import noise

from offcut.check import Check
from offcut.documents import document, documents
from offcut.portrait import of_document


def test_a_photo_that_keeps_all_rules_passes_for_every_document():
    for rules in documents():
        checks = of_document(rules, photo(rules.id, dpi=600))
        wrong = {check.id: check for check in checks if check.state != "pass"}
        # Of some the print is no upload, and the other way round.
        assert set(wrong) <= {"size"}, (rules.id, wrong)


def test_checks_of_documents_come_in_one_order_and_only_where_there_is_a_rule():
    order = ["size", "head", "head-size", "head-top", "eyes", "centring", "background", "evenness", "sharpness"]
    order.insert(order.index("background"), "head-width")
    order += ["enlarged", "bytes", "format", "altered"]
    for rules in documents():
        ids = [check.id for check in of_document(rules, photo(rules.id, bytes=1000, format="mask"))]
        assert ids == [id for id in order if id in ids], rules.id
        lost = of_document(rules, dataclasses.replace(photo(rules.id, bytes=1000, format="mask"), head=None))
        assert [check.id for check in lost] == ids
    assert {"head-size", "head-top", "head-width", "eyes", "altered", "bytes", "format"}.isdisjoint(
        check.id for check in of_document(document("china-1-inch"), photo("china-1-inch", bytes=1000))
    )


def sized(id, width, height, **changes):
    made = dataclasses.replace(photo(id), rgba=np.full((height, width, 4), 255, np.uint8), cover=None, head=None)
    return checked(id, dataclasses.replace(made, **changes), "size")


@pytest.mark.parametrize(
    ("id", "size", "changes", "state", "word"),
    [
        ("germany", (413, 531), {}, "pass", "print"),
        ("germany", (413, 531), {"dpi": None}, "pass", "print"),
        ("germany", (826, 1062), {"dpi": (600.0, 600.0)}, "pass", "print"),
        ("germany", (826, 1062), {"dpi": (600.0, 300.0)}, "warn", "dpi"),
        ("germany", (826, 1062), {}, "warn", "dpi"),
        ("germany", (350, 450), {"dpi": None}, "warn", "density"),
        ("germany", (450, 450), {"dpi": None}, "fail", "shape"),
        ("us-visa", (602, 602), {}, "pass", "both"),
        ("us-visa", (1199, 1199), {}, "pass", "upload"),
        ("us-visa", (1300, 1300), {"dpi": None}, "warn", "print-only"),
        ("us-visa", (1300, 1300), {"dpi": None, "format": "pdf"}, "pass", "print"),
        ("us-visa", (700, 650), {}, "fail", "shape"),
        ("singapore", (400, 514), {}, "pass", "upload"),
        ("singapore", (413, 531), {}, "warn", "print-only"),
        ("india-passport", (602, 602), {}, "warn", "print-only"),
        ("india-passport", (630, 810), {}, "pass", "upload"),
        ("brazil", (591, 827), {}, "pass", "print"),
        ("brazil", (413, 531), {}, "warn", "disputed"),
        ("australia", (413, 531), {}, "pass", "print"),
        ("australia", (472, 591), {}, "pass", "print"),
        ("australia", (591, 591), {}, "fail", "shape"),
        ("new-zealand", (900, 1200), {}, "pass", "upload"),
        ("new-zealand", (900, 900), {}, "fail", "upload"),
    ],
)
def test_the_size_is_right_for_an_upload_or_for_a_print_or_what_it_lacks_is_told(id, size, changes, state, word):
    check = sized(id, *size, **changes)
    assert check.state == state
    assert check.details.get("reason", check.details.get("use")) == word


def test_a_size_that_is_not_taken_is_told_with_those_that_are():
    details = sized("us-visa", 500, 400).details
    assert (details["least_width"], details["most_height"], details["ratio"]) == (600, 1200, "1:1")
    assert sized("germany", 500, 500).details["wanted_mm_height"] == 45


@pytest.mark.parametrize("id", ["japan", "icao", "china-visa", "new-zealand"])
def test_of_a_head_that_was_not_found_every_rule_about_it_is_in_doubt_for_that_reason(id):
    seen = {check.id for check in of_document(document(id), photo(id))}
    lost = of_document(document(id), dataclasses.replace(photo(id), head=None))
    about = {"head", "head-size", "head-top", "eyes", "centring", "head-width", "sharpness"} & seen
    assert {"head", "centring", "sharpness"} <= about
    told = {check.id: (check.state, check.details) for check in lost if check.id in about}
    assert told == dict.fromkeys(about, ("warn", {"reason": "not-found"}))
    assert not any(check.details.get("reason") == "not-found" for check in lost if check.id not in about)


@pytest.mark.parametrize(
    ("ears", "state", "mm"), [(0.0, "pass", 22.0), (0.1, "warn", 28.1), (-0.13, "warn", 14.0), (-0.1, "pass", 15.9)]
)
def test_how_wide_the_head_is_in_print_is_told_where_there_is_a_rule_and_never_more_than_a_doubt(ears, state, mm):
    made = photo("china-visa", dpi=600)
    crown, chin, across = made.head
    rows, columns = np.mgrid[: made.size[1], : made.size[0]]
    wide = (0.36 + ears) * (chin - crown)
    oval = ((columns - across) / wide) ** 2 + ((rows - (crown + chin) / 2) / ((chin - crown) / 2)) ** 2 < 1
    check = checked(
        "china-visa", dataclasses.replace(made, cover=np.where(oval, 255, 0).astype(np.uint8)), "head-width"
    )
    assert check.state == state
    assert check.details == {"mm": pytest.approx(mm, abs=0.11), "least": 15, "most": 22}
    assert checked("germany", photo(), "head-width") is None


def test_how_wide_the_head_is_cannot_be_told_where_nothing_was_cut():
    made = dataclasses.replace(photo("china-visa"), cover=None)
    assert checked("china-visa", made, "head-width") == Check("head-width", "warn", {"reason": "no-subject"})


@pytest.mark.parametrize("format", ["png", "jpeg", "webp", "pdf"])
def test_of_a_photo_that_can_be_printed_or_uploaded_the_format_is_no_matter(format):
    assert checked("germany", photo(format=format), "format") is None


@pytest.mark.parametrize("format", ["mask", "ora"])
def test_what_is_no_photo_to_an_authority_is_a_fault(format):
    check = checked("germany", photo(format=format), "format")
    assert (check.state, check.details) == ("fail", {"got": format, "wanted": "jpeg, png, webp, pdf"})


def test_a_head_that_the_frame_cuts_off_is_a_fault():
    for head in ((-2.0, 300.0, 206.0), (300.0, 540.0, 206.0), (40.0, 440.0, -1.0)):
        assert checked("germany", dataclasses.replace(photo(), head=head), "head").state == "fail"


def test_a_head_that_the_original_cuts_off_is_a_doubt_unless_the_frame_cuts_it_off_too():
    made = photo(head_cut=True)
    cut = {"reason": "cut-off"}
    assert checked("germany", made, "head") == Check("head", "warn", cut)
    assert checked("germany", dataclasses.replace(made, head=(-2.0, 300.0, 206.0)), "head") == Check(
        "head", "fail", cut
    )
    assert checked("germany", photo(), "head") == Check("head", "pass", {})


@pytest.mark.parametrize(
    ("share", "state"),
    [(0.70, "warn"), (0.715, "pass"), (0.79, "pass"), (0.81, "warn"), (0.83, "fail"), (0.68, "fail")],
)
def test_the_head_is_as_high_as_is_asked_or_in_doubt_or_not(share, state):
    check = checked("germany", photo(head=share, top=0.05), "head-size")
    assert check.state == state and check.details["share"] == pytest.approx(share, abs=1e-4)


@pytest.mark.parametrize(("top", "state"), [(0.11, "pass"), (0.08, "warn"), (0.15, "warn"), (0.06, "fail")])
def test_the_gap_above_the_crown_is_judged_where_there_is_a_rule(top, state):
    assert checked("japan", photo("japan", top=top, head=0.72), "head-top").state == state
    assert checked("germany", photo(top=top, head=0.72), "head-top") is None


def test_eyes_that_may_lie_where_they_must_are_at_most_a_doubt():
    states = [checked("us-passport", photo("us-passport", top=top), "eyes").state for top in np.arange(0.0, 0.3, 0.01)]
    assert [state for state, _ in itertools.groupby(states)] == ["warn", "pass", "warn", "fail"]
    assert checked("us-passport", photo("us-passport", top=0.3, head=0.6), "eyes").state == "fail"
    assert checked("germany", photo(), "eyes") is None


@pytest.mark.parametrize(("across", "state"), [(0.5, "pass"), (0.525, "pass"), (0.45, "warn"), (0.57, "fail")])
def test_the_face_is_in_the_middle_or_how_far_off_it_is_told(across, state):
    check = checked("germany", photo(across=across), "centring")
    assert check.state == state and check.details["share"] == pytest.approx(abs(across - 0.5), abs=1e-4)


@pytest.mark.parametrize(
    ("id", "colour", "state", "wanted"),
    [
        ("us-passport", (255, 255, 255), "pass", "white"),
        ("us-passport", (240, 239, 234), "pass", "off-white"),
        ("us-passport", (212, 212, 210), "warn", "off-white"),
        ("us-passport", (165, 140, 125), "fail", "off-white"),
        ("germany", (217, 217, 217), "pass", "light grey"),
        ("germany", (255, 255, 255), "warn", "light grey"),
        ("uk", (240, 232, 215), "pass", "cream"),
        ("china-1-inch", (80, 140, 213), "pass", "blue"),
        ("china-1-inch", (215, 69, 50), "pass", "red"),
        ("china-1-inch", (60, 160, 60), "fail", None),
    ],
)
def test_the_ground_has_one_of_the_colours_that_are_allowed_or_how_far_it_is_from_the_nearest(
    id, colour, state, wanted
):
    check = checked(id, photo(id, ground=colour), "background")
    assert check.state == state
    assert wanted is None or check.details["wanted"] == wanted
    assert check.details["got"] == "#{:02x}{:02x}{:02x}".format(*colour)


def test_a_ground_anywhere_between_two_colours_is_right():
    for colour in ((67, 142, 219), (82, 140, 213), (98, 139, 206)):
        assert checked("china-1-inch", photo("china-1-inch", ground=colour), "background").details["difference"] < 1


def test_where_no_colour_is_known_none_is_asked_for_and_an_uneven_ground_is_only_a_doubt():
    ground = np.repeat(np.repeat(noise(15, 20), 100, axis=0), 100, axis=1)
    made = photo("new-zealand", ground=ground)
    assert checked("new-zealand", made, "background") is None
    assert checked("new-zealand", made, "evenness").state == "warn"


def test_a_ground_that_can_be_seen_through_is_a_fault_and_not_said_to_be_even():
    made = photo()
    made.rgba[made.cover == 0] = 0
    assert checked("germany", made, "background") == Check("background", "fail", {"reason": "transparent"})
    assert checked("germany", made, "evenness") is None


def test_an_altered_photo_is_a_fault_where_it_is_known_to_be_refused():
    assert checked("us-visa", photo("us-visa", altered=True), "altered").state == "fail"
    assert checked("us-visa", photo("us-visa"), "altered").state == "pass"
    assert checked("germany", photo(altered=True), "altered") is None

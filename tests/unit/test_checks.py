# SPDX-License-Identifier: AGPL-3.0-or-later
import dataclasses
import itertools

import numpy as np
import pytest
from helpers import noise
from PIL import Image, ImageDraw, ImageFilter

from offcut.bounds import Bounds
from offcut.checks import Check, Made, of_document, of_marketplace, worst
from offcut.documents import document, documents
from offcut.focus import focus
from offcut.lab import distance, lab
from offcut.marketplaces import marketplace, marketplaces
from offcut.wall import wall


def product(size=(2000, 2000), box=(100, 100, 1900, 1900), **changes):
    """A grey box on pure white, as a finished JPEG."""
    width, height = size
    cover = np.zeros((height, width), np.uint8)
    left, top, right, bottom = box
    cover[max(top, 0) : bottom, max(left, 0) : right] = 255
    rgba = np.full((height, width, 4), 255, np.uint8)
    rgba[cover > 0, :3] = 90
    return dataclasses.replace(Made(rgba, box, cover, None, 1.0, "jpeg", 200_000, True, None), **changes)


def face(size, crown, chin, across):
    """A drawn head on clear ground, with eyes, mouth and freckles: an image, and its alpha."""
    head = chin - crown
    image = Image.new("RGB", size, (225, 225, 225))
    cover = Image.new("L", size)
    left, right = across - 0.36 * head, across + 0.36 * head
    ImageDraw.Draw(cover).ellipse((left, crown, right, chin), fill=255)
    ImageDraw.Draw(cover).ellipse((across - head, chin - 0.05 * head, across + head, chin + 2 * head), fill=255)
    image.paste((205, 160, 135), mask=cover)
    draw = ImageDraw.Draw(image)
    draw.chord((left, crown, right, chin), 180, 360, fill=(45, 35, 30))
    freckles = np.random.default_rng(1).uniform(-1, 1, (60, 2))
    for x, y in freckles * (0.25 * head, 0.2 * head) + (across, crown + 0.75 * head):
        draw.ellipse((x - 0.01 * head, y - 0.01 * head, x + 0.01 * head, y + 0.01 * head), fill=(120, 80, 60))
    for side in (-1, 1):
        x, y = across + side * 0.15 * head, crown + 0.53 * head
        draw.ellipse((x - 0.06 * head, y - 0.03 * head, x + 0.06 * head, y + 0.03 * head), fill=(250, 250, 250))
        draw.ellipse((x - 0.025 * head, y - 0.025 * head, x + 0.025 * head, y + 0.025 * head), fill=(30, 20, 15))
    draw.line((across - 0.1 * head, crown + 0.83 * head, across + 0.1 * head, crown + 0.83 * head), (130, 40, 40), 4)
    return image, cover


def photo(id="germany", dpi=300, across=0.5, head=None, top=None, ground=None, blur=0.0, **changes):
    """A finished photo that keeps the rules of the document `id`, but for what is changed."""
    rules = document(id)
    width, height = rules.size_px(dpi)
    crown = (rules.top_share if top is None else top) * height
    chin = crown + (rules.head_share if head is None else head) * height
    image, cover = face((width, height), crown, chin, across * width)
    if ground is None:
        ground = np.array(
            (rules.backgrounds[0].colour if rules.backgrounds else document("uk").backgrounds[1].colour).rgb
        )
    shown = np.where(np.asarray(cover)[..., None] > 0, np.asarray(image), ground).astype(np.uint8)
    image = Image.fromarray(shown).filter(ImageFilter.GaussianBlur(blur * (chin - crown)))
    rgba = np.array(image.convert("RGBA"))
    cover = np.asarray(Image.fromarray(np.asarray(cover)).filter(ImageFilter.GaussianBlur(2 * blur * (chin - crown))))
    made = Made(rgba, None, cover, (crown, chin, across * width), 1.0, "jpeg", None, False, float(dpi))
    return dataclasses.replace(made, **changes)


def listing(id, made, check):
    found = [each for each in of_marketplace(marketplace(id), made) if each.id == check]
    return found[0] if found else None


def checked(id, made, check):
    found = [each for each in of_document(document(id), made) if each.id == check]
    return found[0] if found else None


def even(ground, check="evenness", **changes):
    return checked("germany", photo(ground=ground, **changes), check)


def slope(across, down, base=(220, 219, 216), shape=(531, 413)):
    """A wall that is lit from one side: so many levels darker across and down it."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    fall = across * columns / shape[1] + down * rows / shape[0]
    return np.clip(np.array(base) - fall[..., None], 0, 255)


# Marketplaces


def test_a_picture_that_keeps_all_rules_passes_at_every_marketplace():
    for rules in marketplaces():
        width, height = rules.canvas
        share = rules.fill.middle if rules.fill is not None else 0.8
        left, top = round(width * (1 - share) / 2), round(height * (1 - share) / 2)
        made = product(rules.canvas, (left, top, width - left, height - top))
        checks = of_marketplace(rules, made)
        assert worst(checks) == "pass", [check for check in checks if check.state != "pass"]


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


@pytest.mark.parametrize(("scale", "state"), [(0.3, "pass"), (1, "pass"), (1.3, "warn"), (2, "warn"), (2.01, "fail")])
def test_pixels_that_the_original_did_not_have_are_told(scale, state):
    assert listing("ebay", product(scale=scale), "enlarged").state == state
    assert checked("germany", photo(scale=scale), "enlarged").state == state


def test_the_file_is_weighed_once_it_is_written():
    assert listing("taobao", product(bytes=38_911), "bytes").state == "fail"
    assert listing("taobao", product(bytes=38_912), "bytes").state == "pass"
    assert listing("taobao", product(bytes=300_001), "bytes").state == "fail"
    assert listing("taobao", product(bytes=None), "bytes") is None
    assert checked("china-visa", photo("china-visa", bytes=120_001), "bytes").state == "fail"
    assert checked("germany", photo(bytes=10**9), "bytes") is None


def test_the_format_is_judged_where_it_is_known_and_what_is_no_picture_always():
    assert listing("taobao", product(format="png"), "format").details == {"got": "png", "wanted": "jpeg"}
    assert listing("taobao", product(), "format").state == "pass"
    assert listing("ebay", product(format="webp"), "format") is None
    assert listing("ebay", product(format="ora"), "format").state == "fail"


# Documents


def test_a_photo_that_keeps_all_rules_passes_for_every_document():
    for rules in documents():
        checks = of_document(rules, photo(rules.id, dpi=600))
        wrong = {check.id: check for check in checks if check.state != "pass"}
        # Of some the print is no upload, and the other way round.
        assert set(wrong) <= {"size"}, (rules.id, wrong)


def test_checks_of_documents_come_in_one_order_and_only_where_there_is_a_rule():
    order = ["size", "head", "head-size", "head-top", "eyes", "centring", "background", "evenness", "sharpness"]
    order += ["enlarged", "bytes", "altered"]
    for rules in documents():
        ids = [check.id for check in of_document(rules, photo(rules.id, bytes=1000))]
        assert ids == [id for id in order if id in ids], rules.id
    assert {"head-size", "head-top", "eyes", "altered", "bytes"}.isdisjoint(
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
        ("germany", (826, 1062), {"dpi": 600.0}, "pass", "print"),
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


def test_a_head_that_was_not_found_is_a_doubt_and_nothing_else_is_said_of_it():
    checks = {check.id: check for check in of_document(document("japan"), photo("japan", head=0.75))}
    assert {"head", "head-size", "head-top", "centring", "sharpness"} <= set(checks)
    checks = {
        check.id: check for check in of_document(document("japan"), dataclasses.replace(photo("japan"), head=None))
    }
    assert checks["head"].state == "warn"
    assert {"head-size", "head-top", "eyes", "centring", "sharpness"}.isdisjoint(checks)


def test_a_head_that_the_frame_cuts_off_is_a_fault():
    for head in ((-2.0, 300.0, 206.0), (300.0, 540.0, 206.0), (40.0, 440.0, -1.0)):
        assert checked("germany", dataclasses.replace(photo(), head=head), "head").state == "fail"


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
        ("germany", (217, 217, 217), "pass", "light-grey"),
        ("germany", (255, 255, 255), "warn", "light-grey"),
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


@pytest.mark.parametrize("ground", [slope(0, 0), slope(8, 0), slope(0, 20), slope(15, 10)])
def test_a_wall_with_the_noise_of_a_camera_is_even_though_light_falls_on_it_from_one_side(ground):
    grain = np.random.default_rng(2).normal(0, 3, ground.shape)
    assert even(np.clip(ground + grain, 0, 255)).state == "pass"


def test_a_replaced_ground_is_perfectly_even():
    check = even((217, 217, 217))
    assert check.state == "pass" and check.details["fall"] == check.details["rest"] == check.details["step"] == 0


def test_much_light_from_one_side_is_a_doubt_and_very_much_a_fault():
    assert even(slope(0, 60)).details["reason"] == even(slope(60, 0)).details["reason"] == "light"
    assert [even(slope(0, down)).state for down in (60, 170)] == ["warn", "fail"]


def test_a_shadow_on_the_wall_is_a_doubt():
    rows, columns = np.mgrid[:531, :413]
    shadow = 70 * np.exp(-(((columns - 330) / 60) ** 2) - ((rows - 60) / 70) ** 2)
    check = even(slope(0, 0) - shadow[..., None])
    assert (check.state, check.details["reason"]) == ("warn", "shadows")


def test_a_small_thing_on_the_wall_is_a_doubt_and_a_large_one_a_fault():
    socket, painting = slope(0, 0), slope(0, 0)
    socket[60:90, 20:50] -= 20
    painting[:200, :90] -= 120
    assert (even(socket).state, even(socket).details["reason"]) == ("warn", "things")
    assert (even(painting).state, even(painting).details["reason"]) == ("fail", "things")


def test_a_busy_room_is_a_fault_with_and_without_a_cover():
    room = np.repeat(np.repeat(noise(9, 12), 50, axis=0), 50, axis=1)[:531, :413]
    made = photo(ground=room)
    assert checked("germany", made, "evenness").state == "fail"
    assert checked("germany", dataclasses.replace(made, cover=None), "evenness").state == "fail"


def test_where_nothing_was_cut_the_ground_is_looked_for_around_the_head():
    made = dataclasses.replace(photo("us-passport"), cover=None)
    assert checked("us-passport", made, "background").state == "pass"
    assert checked("us-passport", made, "evenness").state == "pass"
    for check in ("background", "evenness"):
        assert checked("us-passport", dataclasses.replace(made, head=None), check).details == {"reason": "no-ground"}


def test_a_ground_that_can_be_seen_through_is_a_fault_and_not_said_to_be_even():
    made = photo()
    made.rgba[made.cover == 0] = 0
    assert checked("germany", made, "background") == Check("background", "fail", {"reason": "transparent"})
    assert checked("germany", made, "evenness") is None


@pytest.mark.parametrize("dpi", [200, 300, 600, 1200])
def test_a_sharp_face_passes_and_a_blurred_one_fails_at_any_size(dpi):
    states = [checked("germany", photo(dpi=dpi, blur=blur), "sharpness").state for blur in (0, 0.015)]
    assert states == ["pass", "fail"]


def test_sharpness_falls_with_every_blur_and_the_same_blur_counts_the_same_at_any_contrast():
    made = [photo(dpi=600, blur=blur) for blur in (0, 0.004, 0.0075, 0.01, 0.015)]
    values = [focus(each.rgba, each.head) for each in made]
    assert values == sorted(values, reverse=True)
    dim = made[1].rgba // 2 + 60
    assert focus(dim, made[1].head) == pytest.approx(values[1], rel=0.05)


def test_the_edge_of_a_cutout_does_not_make_a_blurred_face_sharp():
    blurred, sharp = photo(dpi=600, blur=0.015), photo(dpi=600)
    cut = blurred.rgba.copy()
    cut[sharp.cover == 0] = 255
    assert focus(cut, blurred.head) == pytest.approx(focus(blurred.rgba, blurred.head), rel=0.3)


def test_only_the_oval_of_the_face_counts():
    made = photo(dpi=600)
    crown, chin, across = made.head
    size = chin - crown
    rows, columns = np.mgrid[: made.size[1], : made.size[0]]
    oval = ((rows - crown) / size / 0.31 - 0.61 / 0.31) ** 2 + ((columns - across) / size / 0.22) ** 2
    noisy = np.where((oval > 1.1)[..., None], noise(*made.size, 4), made.rgba)
    assert focus(noisy, made.head) == pytest.approx(focus(made.rgba, made.head), rel=0.02)


def test_a_face_that_shows_nothing_is_a_doubt():
    made = photo()
    made.rgba[...] = 200
    assert checked("germany", made, "sharpness") == Check("sharpness", "warn", {"reason": "no-face"})


def test_an_altered_photo_is_a_fault_where_it_is_known_to_be_refused():
    assert checked("us-visa", photo("us-visa", altered=True), "altered").state == "fail"
    assert checked("us-visa", photo("us-visa"), "altered").state == "pass"
    assert checked("germany", photo(altered=True), "altered") is None


# Both


def test_the_worst_state_is_that_of_the_worst_check():
    good, doubtful, bad = (Check("size", state, {}) for state in ("pass", "warn", "fail"))
    assert worst(()) == worst((good,)) == "pass"
    assert worst((doubtful, good)) == "warn" and worst((good, bad, doubtful)) == "fail"


def test_a_page_gets_plain_data():
    assert Check("size", "warn", {"width": 3}).to_dict() == {"id": "size", "state": "warn", "details": {"width": 3}}


SIZES = [(1, 1), (2, 1), (1, 40), (3, 500), (64, 64)]
HEADS = [
    None,
    (0.0, 0.0, 0.0),
    (5.0, 2.0, 1.0),
    (-900.0, -100.0, 9e5),
    (0.4, 0.6, 0.5),
    (-1e6, 1e6, 20.0),
    (3.0, 60.0, 30.0),
]
SUBJECTS = [None, (0.0, 0.0, 0.0, 0.0), (-1e9, -1e9, 1e9, 1e9), (30.0, 40.0, 10.0, 20.0), (700.0, 700.0, 900.0, 900.0)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("pixels", [0, None])
@pytest.mark.parametrize("cover", [None, 0, 255])
def test_nothing_is_so_strange_that_it_cannot_be_checked(size, pixels, cover):
    width, height = size
    rgba = noise(width, height, 4) if pixels is None else np.full((height, width, 4), pixels, np.uint8)
    covered = None if cover is None else np.full((height, width), cover, np.uint8)
    for head, subject in itertools.chain(((head, None) for head in HEADS), ((None, box) for box in SUBJECTS)):
        made = Made(rgba, subject, covered, head, 0.0, "png", 0, False, 0.0)
        for id in ("us-visa", "japan", "new-zealand"):
            assert all(_plain(check) for check in of_document(document(id), made))
        for id in ("amazon", "taobao", "shopify"):
            assert all(_plain(check) for check in of_marketplace(marketplace(id), made))


def _plain(check):
    return check.state in ("pass", "warn", "fail") and all(
        type(value) in (str, int) or (type(value) is float and np.isfinite(value)) for value in check.details.values()
    )


def test_pixels_that_are_a_view_into_something_else_are_read_as_they_look():
    large = product((400, 400), (50, 50, 350, 350))
    wide = np.zeros((400, 800, 4), np.uint8)
    wide[:, ::2] = large.rgba
    view = dataclasses.replace(large, rgba=wide[:, ::2], cover=np.asfortranarray(large.cover))
    assert of_marketplace(marketplace("amazon"), view) == of_marketplace(marketplace("amazon"), large)
    assert of_document(document("japan"), view) == of_document(document("japan"), large)


def test_nothing_is_written_into_the_picture():
    made = photo()
    made.rgba.flags.writeable = False
    before = made.rgba.copy()
    of_document(document("us-visa"), made)
    of_marketplace(marketplace("amazon"), made)
    assert np.array_equal(made.rgba, before)


def test_lab_gives_the_colours_that_the_standard_gives():
    known = {
        (255, 255, 255): (100, 0, 0),
        (0, 0, 0): (0, 0, 0),
        (255, 0, 0): (53.24, 80.09, 67.20),
        (0, 255, 0): (87.73, -86.18, 83.18),
        (0, 0, 255): (32.30, 79.19, -107.86),
        (119, 119, 119): (50.03, 0, 0),
    }
    assert lab(list(known)) == pytest.approx(np.array(list(known.values())), abs=0.05)


def test_a_colour_between_two_that_are_allowed_is_no_distance_away():
    start, end = lab((67, 142, 219)), lab((98, 139, 206))
    assert distance((start + end) / 2, start, end) == pytest.approx(0, abs=1e-9)
    assert distance(2 * end - start, start, end) == pytest.approx(np.linalg.norm(end - start))
    assert distance(end, start, start) == pytest.approx(np.linalg.norm(end - start))


def test_bounds_tell_how_far_off_a_value_is_and_which_is_the_nearest():
    assert [Bounds(2, 5).miss(value) for value in (1, 2, 5, 7)] == [1, 0, 0, 2]
    assert [Bounds(2, 5).nearest(value) for value in (1, 3, 7)] == [2, 3, 5]
    assert Bounds(2).miss(99) == Bounds(None, 5).miss(0) == 0
    assert (Bounds(2).middle, Bounds(2, 5).middle, Bounds(None, 5).middle) == (2, 3.5, 5)


def test_a_ground_of_a_few_pixels_is_none():
    cover = np.full((64, 64), 255, np.uint8)
    cover[20:25, 20:25] = 0
    assert wall(np.full((64, 64, 4), 255, np.uint8), cover, None) is None
    cover[20:30, 20:30] = 0
    assert wall(np.full((64, 64, 4), 255, np.uint8), cover, None) is not None

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What jobs tell of their results to the rules of their purpose."""

from dataclasses import replace

import numpy as np
import pytest
from helpers import catalogue, noise, opened, run, saved
from PIL import Image, ImageDraw

from offcut import job
from offcut.backdrop import Original
from offcut.colour import WHITE
from offcut.edges import Edges
from offcut.frame import Canvas, Frame, HeadFit
from offcut.head import Head
from offcut.method import Method
from offcut.output import Output
from offcut.purpose import Purpose
from offcut.recipe import Recipe
from offcut.scene import Scene
from offcut.sheet import Sheet
from offcut.touches import Area


class Box:
    """A net that finds a box: from three to five eighths of the picture, both ways."""

    async def run(self, model, tensor):
        side = tensor.shape[3]
        output = np.zeros((1, 1, side, side), np.float32)
        output[..., side * 3 // 8 : side * 5 // 8, side * 3 // 8 : side * 5 // 8] = 1
        return output


def picture(width=800, height=800, wall=(240, 240, 240)):
    image = Image.new("RGB", (width, height), wall)
    box = (width * 3 // 8, height * 3 // 8, width * 5 // 8 - 1, height * 5 // 8 - 1)
    ImageDraw.Draw(image).rectangle(box, (30, 60, 160))
    grain = Image.fromarray(noise(width, height, 3))
    return Image.blend(image, grain, 0.05)


DATA = saved(picture(), "PNG")


def wished(kind, id, **changes):
    purpose = Purpose(kind, id)
    scene, frame, output = purpose.beginning()
    edges = Edges(follow=False, tidy=False)
    recipe = Recipe(method=Method("net"), edges=edges, scene=scene, frame=frame, output=output, purpose=purpose)
    return replace(recipe, **changes)


def made(recipe, data=DATA):
    return run(job.run(data, "cup.png", recipe, catalogue=catalogue(), engine=Box()))


def checked(recipe, data=DATA):
    return {check.id: check for check in made(recipe, data).checks}


def states(recipe, data=DATA):
    return {id: check.state for id, check in checked(recipe, data).items()}


AMAZON = wished("marketplace", "amazon")
US = wished("document", "us-passport")
ICAO = wished("document", "icao")
LINES = HeadFit(0.7, 0.1, crown=100, chin=500, x=400)


@pytest.fixture(autouse=True)
def nobody(monkeypatch):
    """A head that is found in no picture, unless the test says where."""
    seen = []
    monkeypatch.setattr("offcut.head.found", lambda alpha, picture: seen[-1] if seen else None)
    return seen


def test_without_a_purpose_nothing_is_checked():
    assert made(replace(AMAZON, purpose=None)).checks == ()


def test_a_product_is_checked_as_it_lies_on_its_canvas():
    result = made(AMAZON)
    checks = {check.id: check for check in result.checks}
    assert {id: check.state for id, check in checks.items()} == {
        "size": "pass",
        "background": "pass",
        "transparency": "pass",
        "fill": "pass",
        "cut-off": "pass",
        "enlarged": "fail",
    }
    assert checks["fill"].details["share"] == pytest.approx(0.9, abs=0.01)
    assert checks["enlarged"].details["scale"] == pytest.approx(result.matrix[0], abs=1e-4)
    assert checks["size"].details == {"width": 2000, "height": 2000}


def test_a_marketplace_that_limits_its_files_is_told_how_many_bytes_there_are():
    recipe = wished("marketplace", "taobao")
    result = made(recipe)
    checks = {check.id: check for check in result.checks}
    assert checks["bytes"].details["got"] == len(result.data) and checks["bytes"].state == "pass"
    assert checks["format"].state == "pass"
    assert states(replace(recipe, output=Output("png")))["format"] == "fail"


def test_what_a_jpeg_makes_white_is_white_to_the_rules_and_what_a_png_leaves_clear_is_not():
    bare = replace(AMAZON, scene=Scene())
    checks = checked(bare)
    assert (checks["background"].state, checks["transparency"].state) == ("pass", "pass")
    assert checks["background"].details["compressed"] == 1
    clear = checked(replace(bare, output=Output("png")))
    assert (clear["background"].state, clear["transparency"].state) == ("fail", "fail")
    assert "compressed" not in clear["background"].details
    on_paper = replace(bare, output=Output("png", sheet=Sheet("10x15")))
    assert checked(replace(on_paper, frame=Frame(canvas=Canvas(300, 300))))["transparency"].state == "pass"


def test_where_nothing_was_cut_no_subject_is_measured_and_the_border_is_looked_at():
    by_hand = replace(AMAZON, method=Method("hand"), frame=Frame())
    checks = checked(by_hand, saved(picture(wall=(255, 255, 255)).convert("L").convert("RGB"), "PNG"))
    assert checks["fill"].details == {"reason": "no-subject"} and "cut-off" not in checks
    assert checks["background"].state == "fail"
    white = picture()
    white.paste((255, 255, 255), (0, 0, 800, 290))
    white.paste((255, 255, 255), (0, 510, 800, 800))
    white.paste((255, 255, 255), (0, 0, 290, 800))
    white.paste((255, 255, 255), (510, 0, 800, 800))
    assert checked(by_hand, saved(white, "PNG"))["background"].details["pixels"] == 0
    corner = Area("erase", (0.0, 0.0, 200.0, 0.0, 200.0, 200.0, 0.0, 200.0))
    assert checked(replace(by_hand, touches=(corner,)))["fill"].details["share"] == 1


def test_a_head_that_was_not_found_passes_no_check_however_it_is_framed():
    for frame in (ICAO.frame, Frame("subject", ICAO.frame.canvas), Frame(canvas=ICAO.frame.canvas)):
        checks = checked(replace(ICAO, frame=frame))
        for id in ("head", "head-size", "eyes", "centring", "sharpness"):
            assert (checks[id].state, checks[id].details) == ("warn", {"reason": "not-found"})
    result = made(ICAO)
    assert result.head is not None and not result.head.known


def test_a_head_of_which_the_person_says_where_it_is_counts_as_found():
    assert states(replace(ICAO, frame=replace(ICAO.frame, head=replace(LINES, x=None, chin=None))))["head"] == "warn"
    checks = checked(replace(ICAO, frame=replace(ICAO.frame, head=LINES)))
    assert (checks["head"].state, checks["head-size"].details["share"]) == ("pass", pytest.approx(0.7, abs=0.001))


def test_a_head_that_the_original_cuts_off_is_told_until_the_person_says_where_its_top_would_be(nobody):
    nobody.append(Head(0.0, 500.0, 400.0, cut=True))
    assert made(ICAO).head.cut
    check = checked(ICAO)["head"]
    assert (check.state, check.details) == ("warn", {"reason": "cut-off"})
    assert states(replace(ICAO, frame=replace(ICAO.frame, head=replace(LINES, crown=-30))))["head"] == "pass"


def test_a_head_that_was_found_is_checked_where_it_lies_though_something_else_is_framed(nobody):
    nobody.append(Head(100.0, 500.0, 440.0))
    canvas = Canvas(35, 45, "mm")
    checks = checked(replace(ICAO, frame=Frame("cover", canvas)))
    assert checks["head-size"].details["share"] == pytest.approx(400 / 800, abs=0.002)
    assert checks["centring"].details["share"] == pytest.approx(40 / (800 * 35 / 45), abs=0.002)
    assert checks["eyes"].details["share"] == pytest.approx(1 - (100 + 0.53 * 400) / 800, abs=0.002)


@pytest.mark.parametrize("turn", [0, 10, -15, 90, 187])
@pytest.mark.parametrize("flip", [False, True])
def test_a_head_that_is_turned_is_framed_and_checked_by_its_middle(nobody, turn, flip):
    nobody.append(Head(200.0, 500.0, 300.0))
    frame = replace(US.frame, turn=float(turn), flip=flip)
    checks = checked(replace(US, frame=frame))
    assert checks["centring"].details["share"] == pytest.approx(0, abs=1e-3)
    assert checks["head-size"].details["share"] == pytest.approx(frame.head.height, abs=1e-3)
    assert checks["eyes"].state == "pass"


def test_by_hand_a_plain_wall_around_the_head_is_a_ground():
    recipe = replace(US, method=Method("hand"), frame=replace(US.frame, head=LINES), edges=Edges())
    checks = checked(recipe, saved(picture(), "PNG"))
    assert checks["background"].state == "pass" and checks["background"].details["wanted"].endswith("white")
    assert checks["evenness"].state == "pass"
    assert states(replace(recipe, frame=Frame("cover", US.frame.canvas)))["background"] == "warn"


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "pass"),
        ({"scene": Scene(WHITE)}, "fail"),
        ({"scene": Scene(Original(grey=0.1))}, "fail"),
        ({"frame": replace(US.frame, flip=True)}, "fail"),
        ({"frame": replace(US.frame, turn=4.0, zoom=1.1)}, "pass"),
    ],
)
def test_a_photo_is_altered_where_its_background_is_or_where_it_is_mirrored_and_not_where_it_is_cropped(changes, state):
    assert states(replace(US, **changes))["altered"] == state


PRINT = saved(picture(413, 531), "PNG", dpi=(72, 72))
GERMANY = wished("document", "germany", frame=Frame())


@pytest.mark.parametrize(
    ("output", "data", "reason"),
    [
        (Output("jpeg"), PRINT, "dpi"),
        (Output("webp"), PRINT, None),
        (Output("pdf"), PRINT, "dpi"),
        (Output("jpeg"), saved(picture(413, 531), "PNG", dpi=(300, 300)), None),
        (Output("jpeg"), saved(picture(413, 531), "PNG", dpi=(300, 150)), "dpi"),
        (Output("jpeg"), saved(picture(413, 531), "PNG"), None),
        (Output("pdf"), saved(picture(413, 531), "PNG"), None),
        (Output("jpeg", sheet=Sheet("a4")), saved(picture(413, 531), "PNG"), None),
    ],
)
def test_the_size_in_print_is_that_which_the_file_says(output, data, reason):
    check = checked(replace(GERMANY, output=output), data)["size"]
    assert check.details.get("reason") == reason
    if reason == "dpi":
        width, height = opened(data).info["dpi"]
        assert check.details["mm_width"] == pytest.approx(413 / width * 25.4, abs=0.1)
        assert check.details["mm_height"] == pytest.approx(531 / height * 25.4, abs=0.1)


def test_a_silhouette_is_no_photo():
    for format in ("mask", "ora"):
        assert states(replace(US, output=Output(format)))["format"] == "fail"
    for format in ("png", "jpeg", "webp", "pdf"):
        assert "format" not in states(replace(US, output=Output(format)))


def test_of_a_head_how_wide_it_is_is_told_from_what_was_cut(nobody):
    nobody.append(Head(300.0, 500.0, 400.0))
    visa = wished("document", "china-visa")
    mm = visa.frame.head.height * 48 / 200  # in print, for each pixel of the picture
    check = checked(visa)["head-width"]
    assert check.state == "warn" and 200 * mm < check.details["mm"] < 220 * mm  # the net's edge is soft
    assert checked(replace(visa, scene=Scene(Original())))["head-width"] == check
    uncut = checked(replace(visa, scene=Scene(Original()), method=Method("hand")))["head-width"]
    assert uncut.details == {"reason": "no-subject"}

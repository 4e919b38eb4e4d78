# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
import pytest
from helpers import noise

from offcut.fitting import placed
from offcut.frame import Canvas, Frame, HeadFit
from offcut.head import Head
from offcut.laying import laid
from offcut.lines import Lines, known, meant, quarters, upright

SIZE = (80, 60)
SUBJECT = np.array([[10, 20], [50, 20], [10, 50], [50, 50], [30, 35]], np.float64)
HEAD = Head(22.0, 42.0, 30.0)


@pytest.mark.parametrize(
    ("turn", "flip", "turns"),
    [
        (0, False, 0),
        (44, False, 0),
        (-44, True, 0),
        (46, False, 1),
        (90, False, 1),
        (90, True, 3),
        (-90, False, 3),
        (-90, True, 1),
        (170, False, 2),
        (-180, True, 2),
    ],
)
def test_a_picture_stands_upright_after_the_quarter_that_is_nearest_to_its_turn(turn, flip, turns):
    frame = Frame(turn=turn, flip=flip)
    assert quarters(frame) == turns
    rgba = noise(31, 22, 4)
    rgba[..., 3] = 255
    assert np.array_equal(laid(rgba, upright(frame, (31, 22))), np.rot90(rgba, -turns))


@pytest.mark.parametrize("turn", [0, 90, 180, -90])
@pytest.mark.parametrize("flip", [False, True])
def test_in_a_picture_that_stands_upright_up_is_up_on_the_canvas(turn, flip):
    frame = Frame(canvas=Canvas(500, 400), turn=turn, flip=flip)
    made = placed(frame, SIZE, SUBJECT)
    higher, lower = made.points(upright(frame, SIZE).back(np.array([[20.0, 10.0], [20.0, 30.0]])))
    assert higher[0] == pytest.approx(lower[0]) and higher[1] < lower[1]


@pytest.mark.parametrize(
    ("fit", "head", "found"),
    [
        (HeadFit(), HEAD, HEAD),
        (HeadFit(crown=5, chin=25, x=7), HEAD, Head(5, 25, 7)),
        (HeadFit(crown=5), HEAD, Head(5, 42, 30)),
        (HeadFit(x=7.5), HEAD, Head(22, 42, 7.5)),
        (HeadFit(crown=50), HEAD, Head(50, 51, 30)),
        (HeadFit(), Head(0, 42, 30, True), Head(0, 42, 30, True)),
        (HeadFit(chin=40, x=31), Head(0, 42, 30, True), Head(0, 40, 31, True)),
        (HeadFit(crown=-4), Head(0, 42, 30, True), Head(-4, 42, 30, False)),
        (HeadFit(), None, Head(20, 38, 30)),
        (HeadFit(chin=33), None, Head(20, 33, 30)),
    ],
)
def test_what_the_person_says_of_the_head_counts_before_what_was_found(fit, head, found):
    assert meant(Frame("head", head=fit), SIZE, SUBJECT, head) == found


@pytest.mark.parametrize(
    ("turn", "flip", "head"),
    [
        (90, False, Head(10, 28, 25)),
        (90, True, Head(30, 48, 35)),
        (-90, False, Head(30, 48, 35)),
        (180, False, Head(10, 28, 50)),
        (20, False, Head(20, 38, 30)),
    ],
)
def test_a_head_that_was_not_found_is_guessed_in_the_upper_part_of_the_subject_as_it_stands_upright(turn, flip, head):
    assert meant(Frame("head", turn=turn, flip=flip), SIZE, SUBJECT, None) == head


@pytest.mark.parametrize(
    ("fit", "found", "sure"),
    [
        (HeadFit(), HEAD, True),
        (HeadFit(crown=3), HEAD, True),
        (HeadFit(), None, False),
        (HeadFit(crown=3), None, False),
        (HeadFit(chin=3, x=9), None, False),
        (HeadFit(crown=3, chin=9), None, True),
        (HeadFit(crown=0.0, chin=9), None, True),
    ],
)
def test_a_head_is_known_where_it_was_found_or_crown_and_chin_are_told(fit, found, sure):
    assert known(Frame("head", head=fit), found) is sure


@pytest.mark.parametrize("turn", [0, 6, 90, -100, 180])
@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("zoom", [1, 2])
def test_a_line_that_is_dragged_by_so_many_pixels_of_the_canvas_moves_the_crown_by_so_many_of_the_picture(
    turn, flip, zoom
):
    frame = Frame("picture", Canvas(300, 300), 0.1, turn, flip, zoom)
    placement = placed(frame, SIZE, SUBJECT)
    before = Lines.of(HEAD, frame, SIZE, placement, known=True)
    after = Lines.of(Head(HEAD.crown - 5, HEAD.chin + 5, HEAD.x), frame, SIZE, placement, known=True)
    assert before.scale == pytest.approx(placement.scale)
    assert before.bottom - before.top == pytest.approx(20 * before.scale)
    assert (before.top - after.top, after.bottom - before.bottom) == pytest.approx((5 * before.scale,) * 2)
    assert after.middle == pytest.approx(before.middle)


def test_a_page_is_told_where_the_lines_are_and_what_they_mean():
    frame = Frame("head", Canvas(200, 200), head=HeadFit(0.5, 0.2))
    told = Lines.of(HEAD, frame, SIZE, placed(frame, SIZE, SUBJECT, HEAD), known=False).to_dict()
    assert told == {
        "crown": 22.0,
        "chin": 42.0,
        "x": 30.0,
        "top": pytest.approx(40),
        "bottom": pytest.approx(140),
        "scale": 5.0,
        "known": False,
    }

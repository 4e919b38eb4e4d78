# SPDX-License-Identifier: AGPL-3.0-or-later
import math

import numpy as np
import pytest

from offcut.fitting import placed
from offcut.frame import Canvas, Frame, Ratio
from offcut.placement import Placement, turned

SUBJECT = np.array([[10, 20], [50, 20], [10, 50], [50, 50], [30, 35]], np.float64)
FRAMES = [Frame(), Frame("subject", Canvas(35, 45, "mm"), 0.1, 33, True, 2, 0.1)]


def place(frame, size=(80, 60)):
    return placed(frame, size, SUBJECT)


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("side", [1, 50, 333, 5000])
def test_a_point_goes_to_the_same_place_in_every_size_of_canvas_and_picture(frame, side):
    full = place(frame)
    small = full.within(side)
    assert max(small.width, small.height) == min(side, max(full.width, full.height))
    where = full.points(SUBJECT) / (full.width, full.height)
    assert small.points(SUBJECT) / (small.width, small.height) == pytest.approx(where)
    assert small.of(0.25, 0.5).points(SUBJECT * (0.25, 0.5)) == pytest.approx(small.points(SUBJECT))
    assert small.dpi == full.dpi


@pytest.mark.parametrize("frame", [*FRAMES, Frame(turn=-90, flip=True)])
def test_a_point_that_goes_to_the_canvas_comes_back_to_where_it_was(frame):
    made = place(frame)
    assert made.back(made.points(SUBJECT)) == pytest.approx(SUBJECT)


def test_the_scale_is_that_of_lengths_whatever_the_turn():
    assert Placement(1, 1, (3, -4, 0, 4, 3, 0)).scale == 5


@pytest.mark.parametrize(
    ("turn", "flip", "size"),
    [(0, False, (80, 60)), (0, True, (80, 60)), (90, False, (60, 80)), (-90, True, (60, 80)), (180, False, (80, 60))],
)
def test_a_picture_that_is_turned_lies_on_the_smallest_canvas_that_holds_it(turn, flip, size):
    made = turned((80, 60), turn, flip)
    assert (made.width, made.height) == size
    corners = made.points(np.array([[0, 0], [80, 0], [0, 60], [80, 60]], np.float64))
    assert corners.min(axis=0).tolist() == [0, 0] and corners.max(axis=0).tolist() == list(size)


def test_a_turn_by_less_than_a_quarter_takes_more_room():
    made = turned((80, 60), 45)
    assert made.width == made.height == math.ceil(140 / math.sqrt(2))


@pytest.mark.parametrize(
    ("frame", "dpi", "told"),
    [
        (Frame(), (300, 100), (300, 100)),
        (Frame(flip=True), (300, 100), (300, 100)),
        (Frame(turn=180), (300, 100), (300, 100)),
        (Frame(turn=90), (300, 100), (100, 300)),
        (Frame(turn=-90, flip=True), (300, 100), (100, 300)),
        (Frame(turn=10), (300, 100), None),
        (Frame(turn=10), (300, 300), (300, 300)),
        (Frame(canvas=Ratio(1, 1)), (300, 300), (300, 300)),
        (Frame(zoom=2), (300, 300), None),
        (Frame(), None, None),
        (Frame(canvas=Canvas(80, 60, dpi=72), turn=90), (300, 100), (72, 72)),
        (Frame(canvas=Canvas(20, 20, dpi=72)), None, (72, 72)),
    ],
)
def test_a_file_says_the_frames_resolution_or_the_pictures_turned_with_it_where_its_pixels_keep_their_size(
    frame, dpi, told
):
    assert place(frame).resolution(dpi) == told

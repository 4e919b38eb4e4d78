# SPDX-License-Identifier: AGPL-3.0-or-later
import math
import tracemalloc

import numpy as np
import pytest
from helpers import noise
from PIL import Image

from offcut.fitting import placed
from offcut.frame import Frame
from offcut.laying import laid
from offcut.placement import Placement

NOBODY = np.zeros((1, 2))


def place(width, height, matrix):
    return Placement(width, height, matrix)


def about(size, canvas, scale, turn=0.0, x=0.0, y=0.0):
    """The middle of a picture in the middle of the canvas, but for (x, y)."""
    cos, sin = scale * math.cos(math.radians(turn)), scale * math.sin(math.radians(turn))
    c = canvas[0] / 2 - cos * size[0] / 2 + sin * size[1] / 2 + x
    f = canvas[1] / 2 - sin * size[0] / 2 - cos * size[1] / 2 + y
    return Placement(*canvas, (cos, -sin, c, sin, cos, f)) if turn else Placement(*canvas, (cos, 0, c, 0, cos, f))


def block(width=120, height=90, left=30, top=20, right=80, bottom=70, around=(0, 255, 0)):
    """A red rectangle; what is around it is clear, and has a colour all the same."""
    rgba = np.zeros((height, width, 4), np.uint8)
    rgba[..., :3] = around
    rgba[top:bottom, left:right] = (200, 0, 0, 255)
    return rgba


def test_where_nothing_moves_the_picture_itself_is_the_result():
    rgba = noise(31, 22, 4)
    assert laid(rgba, place(31, 22, (1, 0, 0, 0, 1, 0))) is rgba


@pytest.mark.parametrize("x", [-31, -30, -5, 0, 7, 39, 40])
@pytest.mark.parametrize("y", [-22, -3, 0, 4, 40])
def test_whole_pixels_are_copied_and_what_lies_outside_is_clear(x, y):
    rgba = noise(31, 22, 4)
    wide = np.zeros((122, 131, 4), np.uint8)
    wide[50 + y : 72 + y, 50 + x : 81 + x] = rgba
    assert np.array_equal(laid(rgba, place(40, 30, (1, 0, x, 0, 1, y))), wide[50:80, 50:90])


@pytest.mark.parametrize(
    ("frame", "same"),
    [
        (Frame(turn=90), lambda rgba: np.rot90(rgba, -1)),
        (Frame(turn=-90), lambda rgba: np.rot90(rgba)),
        (Frame(turn=180), lambda rgba: rgba[::-1, ::-1]),
        (Frame(flip=True), lambda rgba: rgba[:, ::-1]),
        (Frame(flip=True, turn=180), lambda rgba: rgba[::-1]),
        (Frame(flip=True, turn=90), lambda rgba: np.rot90(rgba[:, ::-1], -1)),
        (Frame(flip=True, turn=-90), lambda rgba: np.rot90(rgba[:, ::-1])),
    ],
)
def test_quarter_turns_and_flips_keep_every_pixel(frame, same):
    rgba = noise(31, 22, 4)
    before = rgba.copy()
    assert np.array_equal(laid(rgba, placed(frame, (31, 22), NOBODY, None)), same(rgba))
    assert np.array_equal(rgba, before)


def resized(size):
    """All of an opaque picture in that size, by `laid` and by Pillow."""
    rgba = noise(120, 90, 4)
    rgba[..., 3] = 255
    made = laid(rgba, place(*size, (size[0] / 120, 0, 0, 0, size[1] / 90, 0)))
    return made, np.asarray(Image.fromarray(rgba).resize(size, Image.Resampling.BICUBIC))


@pytest.mark.parametrize("size", [(60, 45), (40, 30), (21, 16), (240, 180)])
def test_all_of_a_picture_is_resized_as_pillow_does_it(size):
    made, wanted = resized(size)
    assert np.array_equal(made, wanted)


@pytest.mark.parametrize("size", [(19, 14), (13, 10), (7, 5), (2, 2), (1, 1)])
def test_what_becomes_much_smaller_hardly_differs_from_that(size):
    made, wanted = resized(size)
    assert (made[..., 3] == 255).all()
    assert np.abs(made.astype(int) - wanted).max() <= 12


@pytest.mark.parametrize("scale", [0.3, 0.5, 2, 3])
@pytest.mark.parametrize(("left", "top"), [(7, 4), (0, 20), (-9, -6), (15, -3)])
def test_a_part_shows_what_the_whole_shows_there(scale, left, top):
    rgba = noise(120, 90, 4, seed=3)
    rgba[..., 3] = 255
    width, height = round(120 * scale), round(90 * scale)
    whole = laid(rgba, place(width + 60, height + 60, (scale, 0, 30, 0, scale, 30)))
    part = laid(rgba, place(25, 18, (scale, 0, -left, 0, scale, -top)))
    seen = whole[30 + top : 48 + top, 30 + left : 55 + left].astype(int)
    inside = (slice(max(0, 2 - top), None), slice(max(0, 2 - left), None))  # where both know all neighbours
    assert np.abs(part.astype(int) - seen)[inside].max() <= 1
    assert not part[: max(0, -top)].any() and not part[:, : max(0, -left)].any()


@pytest.mark.parametrize("turn", [17, -60, 135])
@pytest.mark.parametrize("scale", [0.13, 0.37, 0.9, 1.6, 3.3])
def test_a_small_canvas_shows_of_a_turned_picture_what_a_large_one_shows_there(turn, scale):
    """Only what is seen is worked on."""
    rgba = np.asarray(Image.fromarray(noise(40, 30, 4)).resize((400, 300)))
    large = about((400, 300), (600, 500), scale, turn)
    a, b, c, d, e, f = large.matrix
    seen = laid(rgba, place(40, 30, (a, b, c - 290, d, e, f - 230))).astype(int)
    wanted = laid(rgba, large)[230:260, 290:330]
    assert np.abs(seen[..., 3] - wanted[..., 3]).max() <= 1
    sure = wanted[..., 3] > 64
    assert sure.any() and np.abs(seen - wanted)[sure].max() <= 4


TURNS = [0, 17, -60, 90, 135]
SCALES = [0.045, 0.13, 0.37, 0.9, 1, 1.6, 3.3]


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("scale", SCALES)
def test_around_a_hard_edge_nothing_but_two_pixels_is_soft(turn, scale):
    rgba = block()
    placement = about((120, 90), (400, 400), scale, turn, 0.3, -0.4)
    alpha = laid(rgba, placement)[..., 3]
    rows, columns = np.mgrid[:400, :400] + 0.5
    a, b, c, d, e, f = placement.matrix
    back = np.linalg.inv([[a, b, c], [d, e, f], [0, 0, 1]])
    x, y = (back[row, 0] * columns + back[row, 1] * rows + back[row, 2] for row in (0, 1))
    inside = np.minimum(np.minimum(x - 30, 80 - x), np.minimum(y - 20, 70 - y)) * scale
    reach = max(2, 2 * scale)  # of canvas and of picture pixels
    assert not alpha[inside < -reach].any()
    assert (alpha[inside > reach] == 255).all()


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("scale", SCALES)
def test_everything_lies_where_the_placement_says(turn, scale):
    placement = about((120, 90), (400, 400), scale, turn, 0.3, -0.4)
    alpha = laid(block(), placement)[..., 3].astype(float)
    rows, columns = np.mgrid[:400, :400] + 0.5
    middle = ((columns * alpha).sum() / alpha.sum(), (rows * alpha).sum() / alpha.sum())
    assert middle == pytest.approx(placement.points(np.array([[55.0, 45.0]]))[0], abs=0.15)
    assert alpha.sum() / 255 == pytest.approx(2500 * scale**2, rel=0.02, abs=3)


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("scale", SCALES)
def test_the_colour_of_what_is_clear_does_not_bleed_and_alpha_stays_straight(turn, scale):
    made = laid(block(), about((120, 90), (400, 400), scale, turn, 0.3, -0.4)).astype(int)
    seen = made[made[..., 3] > 0]
    assert not seen[:, 1:3].any()
    sure = seen[seen[:, 3] >= 32]
    assert sure[:, 0].min() >= 200 - 16  # no dark line: premultiplied and back again 8 bits are that exact
    assert (made[made[..., 3] == 0] == 0).all()


@pytest.mark.parametrize("turn", TURNS)
def test_what_is_smaller_than_a_pixel_is_seen_as_its_mean(turn):
    rgba = np.full((400, 400, 4), 255, np.uint8)
    rgba[..., :3] = (np.indices((400, 400)).sum(axis=0) % 2 * 200)[..., np.newaxis]
    made = laid(rgba, about((400, 400), (60, 60), 0.1, turn))
    sure = made[made[..., 3] == 255]
    assert len(sure) > 600
    assert np.abs(sure[:, :3].astype(int) - 100).max() <= 8


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize(("x", "y"), [(2000, 0), (0, -2000), (-2000, 2000)])
def test_a_picture_that_lies_beside_the_canvas_leaves_it_clear(turn, x, y):
    made = laid(noise(120, 90, 4), about((120, 90), (50, 40), 1.5, turn, x, y))
    assert made.shape == (40, 50, 4) and not made.any()


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("size", [(1, 1), (1, 50), (50, 1)])
def test_the_smallest_pictures_and_canvases_can_be_laid(turn, size):
    rgba = np.full((size[1], size[0], 4), 255, np.uint8)
    made = laid(rgba, about(size, (9, 7), 0.01, turn))
    assert made.shape == (7, 9, 4)
    assert laid(rgba, about(size, (1, 1), 40, turn))[0, 0].tolist() == [255, 255, 255, 255]


@pytest.mark.parametrize(
    "matrix", [(0.37, 0, 1.3, 0, 0.37, 2.2), (1.6, 0, -20, 0, 1.6, -20), (0.9, -0.3, 40, 0.3, 0.9, 9)]
)
def test_no_line_brighter_or_darker_than_the_subject_runs_along_its_edge(matrix):
    rgba = np.zeros((200, 200, 4), np.uint8)
    rgba[50:150, 50:150] = (200, 30, 30, 255)
    made = laid(rgba, place(300, 300, matrix))
    seen = made[made[..., 3] > 0].astype(int)
    assert len(seen) > 500
    assert np.abs(seen[:, :3] - (200, 30, 30)).max() <= 4


@pytest.mark.parametrize(("size", "canvas", "scale"), [((150, 2), (1, 1), 3e-5), ((9, 9), (40, 30), 1e-12)])
@pytest.mark.parametrize("turn", TURNS)
def test_what_is_next_to_nothing_on_the_canvas_is_not_seen_and_takes_no_room(size, canvas, scale, turn):
    assert not laid(noise(*size, 4), about(size, canvas, scale, turn)).any()


@pytest.mark.parametrize("size", [(31, 29), (27, 390), (130, 77), (395, 399), (399, 25)])
@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("x", [0, 0.3, -0.45])
def test_what_becomes_small_covers_as_much_as_it_has_area_and_lies_where_it_should(size, turn, x):
    placement = about(size, (30, 30), 0.05, turn, x, 2 * x)
    alpha = laid(np.full((size[1], size[0], 4), 255, np.uint8), placement)[..., 3].astype(float)
    # A filter with negative lobes, which are cut off, makes what is hardly a pixel wide a little stronger.
    assert 0.75 < alpha.sum() / 255 / (size[0] * size[1] * 0.05**2) < 1.6
    rows, columns = np.mgrid[:30, :30] + 0.5
    middle = ((columns * alpha).sum() / alpha.sum(), (rows * alpha).sum() / alpha.sum())
    assert middle == pytest.approx((15 + x, 15 + 2 * x), abs=0.3)


@pytest.mark.parametrize("turn", [0, 90, 17])
def test_little_room_is_needed_to_make_a_picture_small(turn):
    rgba = np.full((1500, 2000, 4), 200, np.uint8)
    placement = about((2000, 1500), (32, 32), 0.0008, turn)
    tracemalloc.start()
    try:
        made = laid(rgba, placement)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 1 < made[..., 3].sum() / 200 / (2000 * 1500 * 0.0008**2) < 1.5  # negative lobes are cut off
    assert most < 3 * rgba.nbytes

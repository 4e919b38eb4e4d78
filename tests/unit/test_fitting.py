# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
import pytest

from offcut.errors import FrameTooLarge
from offcut.fitting import outer, placed
from offcut.frame import Canvas, Frame, HeadFit, Ratio
from offcut.head import Head
from offcut.lines import Lines, upright

SIZE = (80, 60)
SUBJECT = np.array([[10, 20], [50, 20], [10, 50], [50, 50], [30, 35]], np.float64)
"""40 x 30 pixels, not in the middle."""

HEAD = Head(22.0, 42.0, 30.0)


def place(frame, size=SIZE, head=HEAD):
    return placed(frame, size, SUBJECT, head)


def box(placement, points=SUBJECT):
    """Where points lie on the canvas: (left, top, right, bottom)."""
    moved = placement.points(np.asarray(points, np.float64))
    return (*moved.min(axis=0).tolist(), *moved.max(axis=0).tolist())


CORNERS = [[0, 0], [80, 0], [0, 60], [80, 60]]
SQUARE = Canvas(200, 200)


@pytest.mark.parametrize(
    ("frame", "size", "points", "where"),
    [
        (Frame(), (80, 60), CORNERS, (0, 0, 80, 60)),
        (Frame(canvas=SQUARE), (200, 200), CORNERS, (0, 25, 200, 175)),
        (Frame(canvas=Ratio(1, 1)), (80, 80), CORNERS, (0, 10, 80, 70)),
        (Frame(canvas=Ratio(1, 2)), (80, 160), CORNERS, (0, 50, 80, 110)),
        (Frame(margin=0.25), (160, 120), CORNERS, (40, 30, 120, 90)),
        (Frame("cover"), (80, 60), CORNERS, (0, 0, 80, 60)),
        (Frame("cover", SQUARE), (200, 200), CORNERS, (-100 / 3, 0, 700 / 3, 200)),
        (Frame("cover", Ratio(1, 1)), (60, 60), CORNERS, (-10, 0, 70, 60)),
        (Frame("cover", Ratio(2, 1)), (80, 40), CORNERS, (0, -10, 80, 50)),
        (Frame("subject"), (40, 30), SUBJECT, (0, 0, 40, 30)),
        (Frame("subject", SQUARE), (200, 200), SUBJECT, (0, 25, 200, 175)),
        (Frame("subject", Ratio(1, 1)), (40, 40), SUBJECT, (0, 5, 40, 35)),
        (Frame("subject", SQUARE, 0.1), (200, 200), SUBJECT, (20, 40, 180, 160)),
    ],
)
def test_what_is_fitted_lies_in_the_middle(frame, size, points, where):
    made = place(frame)
    assert (made.width, made.height) == size
    assert box(made, points) == pytest.approx(where)


def test_all_of_a_picture_without_a_frame_is_the_canvas():
    made = place(Frame())
    assert made.identity(SIZE) and made.scale == 1 and made.dpi is None
    assert not made.identity((80, 61))
    assert not place(Frame(x=0.1)).identity(SIZE)


@pytest.mark.parametrize("canvas", [Canvas(35, 45, "mm"), Canvas(2, 2.5, "in", 72), Canvas(640, 480, dpi=150)])
def test_a_canvas_in_numbers_has_its_pixels_and_says_how_many_an_inch(canvas):
    made = place(Frame(canvas=canvas))
    assert (made.width, made.height) == canvas.pixels and made.dpi == canvas.dpi


@pytest.mark.parametrize("fit", ["picture", "cover", "subject"])
@pytest.mark.parametrize("margin", [0, 0.08, 0.2, 0.45])
@pytest.mark.parametrize("canvas", [None, SQUARE, Canvas(90, 300), Ratio(5, 4), Ratio(1, 3)])
def test_a_margin_leaves_that_share_free_on_each_side(fit, margin, canvas):
    made = place(Frame(fit, canvas, margin))
    left, top, right, bottom = box(made, SUBJECT if fit == "subject" else CORNERS)
    shares = [(right - left) / made.width, (bottom - top) / made.height]
    filled = min(shares) if fit == "cover" else max(shares)
    assert filled == pytest.approx(1 - 2 * margin, abs=1e-9 if isinstance(canvas, Canvas) else 0.02)
    assert abs(left + right - made.width) <= 1 and abs(top + bottom - made.height) <= 1


@pytest.mark.parametrize(
    ("frame", "size", "matrix"),
    [
        (Frame(turn=90), (60, 80), (0, -1, 60, 1, 0, 0)),
        (Frame(turn=-90), (60, 80), (0, 1, 0, -1, 0, 80)),
        (Frame(turn=180), (80, 60), (-1, 0, 80, 0, -1, 60)),
        (Frame(turn=-180), (80, 60), (-1, 0, 80, 0, -1, 60)),
        (Frame(flip=True), (80, 60), (-1, 0, 80, 0, 1, 0)),
        (Frame(flip=True, turn=90), (60, 80), (0, -1, 60, -1, 0, 80)),
    ],
)
def test_a_picture_is_first_flipped_and_then_turned_clockwise(frame, size, matrix):
    made = place(frame)
    assert (made.width, made.height) == size and made.matrix == matrix


@pytest.mark.parametrize("turn", [0, 90, -90, 180])
@pytest.mark.parametrize("margin", [0, 0.03, 0.1])
@pytest.mark.parametrize(("x", "y"), [(0, 0), (0.013, -0.21)])
def test_pixel_for_pixel_means_whole_pixels(turn, margin, x, y):
    for fit, canvas in [("subject", None), ("picture", Ratio(7, 5)), ("cover", Ratio(5, 7)), ("subject", Ratio(1, 1))]:
        made = place(Frame(fit, canvas, margin, turn, x=x, y=y), (81, 57))
        assert made.scale == 1
        assert all(value == round(value) for value in made.matrix)


@pytest.mark.parametrize("turn", [-170, -45, -3, 0.5, 12, 60, 135])
@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("margin", [0, 0.1])
@pytest.mark.parametrize("canvas", [None, Canvas(300, 100), Ratio(1, 1)])
def test_the_subject_is_inside_after_any_turn_and_fills_the_canvas(turn, flip, margin, canvas):
    made = place(Frame("subject", canvas, margin, turn, flip))
    left, top, right, bottom = box(made)
    assert left >= margin * made.width - 1e-6 and right <= (1 - margin) * made.width + 1e-6
    assert top >= margin * made.height - 1e-6 and bottom <= (1 - margin) * made.height + 1e-6
    free = min(made.width * (1 - 2 * margin) - (right - left), made.height * (1 - 2 * margin) - (bottom - top))
    assert free <= 1


@pytest.mark.parametrize("turn", [0, 90, -7, 5, 45, 110, 170])
@pytest.mark.parametrize("margin", [0, 0.1])
@pytest.mark.parametrize("canvas", [None, SQUARE, Canvas(300, 100), Ratio(2, 3), Ratio(3, 1)])
def test_a_picture_that_covers_leaves_no_corner_of_the_canvas_free_after_any_turn(turn, margin, canvas):
    made = place(Frame("cover", canvas, margin, turn), (800, 600))
    a, b, c, d, e, f = made.matrix
    inverse = np.linalg.inv([[a, b, c], [d, e, f], [0, 0, 1]])
    across, down = np.array([margin, 1 - margin]) * made.width, np.array([margin, 1 - margin]) * made.height
    seen = inverse[:2] @ np.array([[x, y, 1] for x in across for y in down]).T
    beyond = np.concatenate([-seen.min(axis=1), seen.max(axis=1) - (800, 600)])
    assert -2 < beyond.max() < 1e-3  # the canvas is one of whole pixels


@pytest.mark.parametrize("fit", ["picture", "cover", "subject", "head"])
@pytest.mark.parametrize("turn", [0, 20])
def test_zoom_is_about_the_middle_of_the_canvas_and_shifts_are_shares_of_it(fit, turn):
    canvas = Canvas(300, 200)
    plain, near = (place(Frame(fit, canvas, 0.1, turn, zoom=zoom, x=x, y=y)) for zoom, x, y in [(1, 0, 0), (3, 0, 0)])
    moved = place(Frame(fit, canvas, 0.1, turn, zoom=3, x=0.25, y=-0.5))
    assert near.scale == pytest.approx(3 * plain.scale)
    assert near.points(SUBJECT) - (150, 100) == pytest.approx(3 * (plain.points(SUBJECT) - (150, 100)))
    assert moved.points(SUBJECT) - near.points(SUBJECT) == pytest.approx(np.full((5, 2), (75, -100)))


def test_a_subject_is_measured_by_the_corners_of_what_is_seen_of_it():
    alpha = np.zeros((20, 30), np.uint8)
    alpha[4:9, 7:12], alpha[8, 20], alpha[15, 25] = 255, 32, 31
    points = outer(alpha)
    assert (*points.min(axis=0), *points.max(axis=0)) == (7, 4, 21, 9)
    assert [21.0, 8.0] in points.tolist() and [21.0, 4.0] not in points.tolist()


def test_where_there_is_no_subject_all_counts():
    assert sorted(outer(np.zeros((20, 30), np.uint8)).tolist()) == [[0, 0], [0, 20], [30, 0], [30, 20]]


@pytest.mark.parametrize("canvas", [Canvas(35, 45, "mm"), Canvas(51, 51, "mm"), Canvas(200, 100)])
@pytest.mark.parametrize("turn", [0, -8, 15, 30])
@pytest.mark.parametrize("flip", [False, True])
def test_a_head_lies_where_its_fit_says_and_the_middle_of_the_face_in_the_middle(canvas, turn, flip):
    frame = Frame("head", canvas, 0.2, turn, flip, head=HeadFit(0.6, 0.15))
    made = place(frame)
    (face,) = made.points(np.array([[30.0, 32.0]]))
    assert face == pytest.approx((made.width / 2, 0.45 * made.height))
    lines = Lines.of(HEAD, frame, SIZE, made, known=True)
    assert (lines.middle, lines.top, lines.bottom) == pytest.approx(
        (made.width / 2, 0.15 * made.height, 0.75 * made.height)
    )


@pytest.mark.parametrize("turn", [90, -90, 180])
@pytest.mark.parametrize("flip", [False, True])
def test_the_head_of_a_picture_that_lies_on_its_side_is_framed_as_that_of_an_upright_one(turn, flip):
    frame = Frame("head", SQUARE, 0, turn, flip, head=HeadFit(0.6, 0.15))
    made = place(frame)
    crown, chin = made.points(upright(frame, SIZE).back(np.array([[30.0, 22.0], [30.0, 42.0]])))
    assert crown == pytest.approx((100, 30)) and chin == pytest.approx((100, 150))


@pytest.mark.parametrize(
    ("canvas", "size"), [(None, (100, 50)), (Ratio(1, 1), (50, 50)), (Ratio(4, 5), (40, 50)), (Ratio(2, 1), (100, 50))]
)
@pytest.mark.parametrize("flip", [False, True])
def test_a_head_without_a_canvas_has_its_own_pixels_and_as_much_room_around_it_as_its_fit_says(canvas, size, flip):
    """The subject reaches 30 pixels to the left of the face and 50 to the right, and far below the canvas."""
    subject = np.array([[100, 100], [130, 120], [180, 130], [0, 900], [800, 900]], np.float64)
    frame = Frame("head", canvas, 0.3, flip=flip, head=HeadFit(0.4, 0.2))
    made = placed(frame, (800, 900), subject, Head(100.0, 120.0, 130.0))
    assert (made.width, made.height) == size and made.scale == 1
    assert all(value == round(value) for value in made.matrix)
    assert made.points(np.array([[130.0, 110.0]]))[0] == pytest.approx((size[0] / 2, 20), abs=0.5)


def test_a_head_beside_which_nothing_is_seen_has_a_canvas_as_wide_as_itself_is_high():
    made = placed(Frame("head"), (80, 60), SUBJECT + 1000.0, HEAD)
    assert (made.width, made.height) == (20, 29)


@pytest.mark.parametrize(
    ("canvas", "broken"),
    [
        (Canvas(20_001, 10), {"width": 20_001, "height": 10, "limit_side": 20_000}),
        (Canvas(10, 20_001), {"width": 10, "height": 20_001, "limit_side": 20_000}),
        (Canvas(20_001, 20_001), {"width": 20_001, "height": 20_001, "limit_side": 20_000}),
        (Canvas(12_000, 10_000), {"width": 12_000, "height": 10_000, "limit_megapixels": 100}),
    ],
)
@pytest.mark.parametrize("fit", ["picture", "cover", "subject", "head"])
def test_a_canvas_that_is_asked_for_in_numbers_and_too_large_is_refused_by_the_limit_that_it_breaks(
    fit, canvas, broken
):
    with pytest.raises(FrameTooLarge) as caught:
        place(Frame(fit, canvas))
    assert caught.value.details == broken


def test_a_canvas_at_the_limits_is_taken():
    assert place(Frame(canvas=Canvas(20_000, 5_000))).width == 20_000
    assert place(Frame(canvas=Canvas(10_000, 10_000))).height == 10_000


@pytest.mark.parametrize("turn", [0, 90, 180])
def test_a_picture_with_a_longer_side_than_any_canvas_keeps_its_pixels(turn):
    made = place(Frame(turn=turn), (30_000, 2_000))
    assert sorted((made.width, made.height)) == [2_000, 30_000] and made.scale == 1


@pytest.mark.parametrize(
    ("frame", "size", "canvas"),
    [
        (Frame(margin=0.45), (3000, 100), (20_000, 666)),
        (Frame(canvas=Ratio(20, 1)), (100, 1001), (20_000, 999)),
        (Frame(canvas=Ratio(1, 20)), (30_000, 2_000), (1_500, 30_000)),
        (Frame(margin=0.25), (6000, 5000), (10_954, 9_128)),
        (Frame(turn=45), (10_000, 10_000), (10_000, 10_000)),
        (Frame("head", head=HeadFit(0.05, 0.1, 0, 5_000, 40)), (80, 60), (12, 20_000)),
    ],
)
def test_a_canvas_of_which_nobody_gave_numbers_is_made_smaller_until_it_can_be_written(frame, size, canvas):
    head = Head(0.0, 5_000.0, 40.0)
    made = placed(frame, size, SUBJECT, head)
    assert (made.width, made.height) == pytest.approx(canvas, rel=0.01, abs=2)
    assert made.width * made.height <= 100_000_000 and max(made.width, made.height) <= max(20_000, *size)
    assert made.scale < 1
    if frame.fit == "picture":
        left, top, right, bottom = box(made, [[0, 0], [size[0], 0], [0, size[1]], size])
        free = 1 - 2 * frame.margin
        assert left >= -1 and top >= -1 and right <= made.width + 1 and bottom <= made.height + 1
        assert max((right - left) / made.width, (bottom - top) / made.height) == pytest.approx(free, abs=0.01)
        assert abs(left + right - made.width) <= 2 and abs(top + bottom - made.height) <= 2

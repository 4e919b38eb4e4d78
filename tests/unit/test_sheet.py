# SPDX-License-Identifier: AGPL-3.0-or-later
import itertools
import math

import numpy as np
import pytest
from helpers import noise
from PIL import Image

from offcut.errors import RecipeInvalid
from offcut.plain import Table
from offcut.sheet import CLEAR, GREY, MARGIN, MOST, PAPERS, TICK, Layout, Sheet, drawn, laid

SIZES = ((35, 45), (51, 51), (50.8, 50.8), (33, 48), (25, 35), (50, 70), (94, 144), (30, 40), (12.7, 90), (101, 90))
GAPS = (0, 0.4, 1.7, 2, 5, 20)
EVERY = tuple(itertools.product(SIZES, PAPERS, GAPS))


def parsed(data):
    return Sheet.parse(Table.of(data, "sheet", RecipeInvalid))


def every(**changes):
    """Layouts of many sizes, papers and gaps, with the sheets they come from."""
    for mm, paper, gap in EVERY:
        sheet = Sheet(paper, gap, **changes)
        try:
            yield mm, sheet, laid(mm, sheet)
        except ValueError:
            continue


def boxes(layout):
    w, h = layout.photo
    return [(x, y, x + w, y + h) for x, y in layout.places]


def common(one, other):
    """How far two boxes reach into each other, in the direction in which they do so less; 0 or less: not at all."""
    return min(
        min(one[2], other[2]) - max(one[0], other[0]),
        min(one[3], other[3]) - max(one[1], other[1]),
    )


def painted(layout, dpi):
    """The sheet with black photos, and which of its pixels are photo and which are marks."""
    width, height = (math.floor(side * dpi / 25.4 + 0.5) for side in layout.photo)
    page = drawn(np.zeros((height, width, 3), np.uint8), layout, dpi)
    return page, (page == 0).all(axis=2), (page == GREY).all(axis=2)


def grown(mask):
    wide = np.pad(mask, 1)
    return np.logical_or.reduce(
        [wide[a : a + mask.shape[0], b : b + mask.shape[1]] for a in range(3) for b in range(3)]
    )


def test_a_sheet_comes_back_from_plain_data_as_it_was():
    for sheet in (Sheet(), Sheet("a4", 0.5, False, 7), Sheet("letter", 20, True, None)):
        assert parsed(sheet.to_dict()) == sheet
    assert parsed({}) == Sheet()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"paper": "a3"}, "paper"),
        ({"gap": 20.1}, "gap"),
        ({"gap": -1}, "gap"),
        ({"gap": float("nan")}, "gap"),
        ({"marks": 1}, "marks"),
        ({"count": 0}, "count"),
        ({"count": MOST + 1}, "count"),
        ({"count": 2.0}, "count"),
        ({"margin": 1}, "margin"),
    ],
)
def test_what_is_wrong_with_a_sheet_is_named(data, field):
    with pytest.raises(RecipeInvalid) as caught:
        parsed(data)
    assert caught.value.details["field"] == f"sheet.{field}"


def test_photos_never_overlap_and_keep_their_gap_and_the_printers_margin():
    seen = 0
    for _, sheet, layout in every():
        for one, other in itertools.combinations(boxes(layout), 2):
            assert common(one, other) <= -sheet.gap + 1e-6
        for left, top, right, bottom in boxes(layout):
            assert min(left, top) >= MARGIN - 1e-6
            assert right <= layout.paper[0] - MARGIN + 1e-6 and bottom <= layout.paper[1] - MARGIN + 1e-6
        seen += 1
    assert seen > 200


def test_no_other_way_of_turning_the_paper_holds_more():
    for mm, sheet, layout in every():
        counts = []
        for paper in (PAPERS[sheet.paper], PAPERS[sheet.paper][::-1]):
            sides = []
            for whole, side in zip(paper, mm, strict=True):
                n = 0
                while (n + 1) * side + n * sheet.gap <= whole - 2 * MARGIN + 1e-9:
                    n += 1
                sides.append(n)
            counts.append(math.prod(sides))
        assert len(layout.places) == max(counts)


@pytest.mark.parametrize("mm", [(94.1, 144), (94, 144.1), (10, 145), (0, 10), (-5, 5), (math.nan, 5), (5, math.inf)])
def test_what_does_not_fit_inside_the_margin_is_refused(mm):
    with pytest.raises(ValueError, match="photo"):
        laid(mm, Sheet("10x15"))


def test_what_just_fits_is_not_refused():
    assert len(laid((94, 144), Sheet("10x15")).places) == len(laid((144, 94), Sheet("10x15")).places) == 1


@pytest.mark.parametrize(
    ("mm", "paper", "count"),
    [
        ((35, 45), "10x15", 6),
        ((35, 45), "a4", 30),
        ((51, 51), "4x6", 2),
        ((51, 51), "letter", 15),
        ((25, 35), "4x6", 12),
    ],
)
def test_common_photos_on_common_papers(mm, paper, count):
    assert len(laid(mm, Sheet(paper)).places) == count


def test_the_photos_lie_in_the_middle_of_the_paper_however_few_they_are():
    for count in (None, 1, 2, 3, 5):
        for _, _, layout in every(count=count):
            left, top = (min(place[axis] for place in layout.places) for axis in (0, 1))
            right, bottom = (max(place[axis] for place in layout.places) + layout.photo[axis] for axis in (0, 1))
            assert left == pytest.approx(layout.paper[0] - right) and top == pytest.approx(layout.paper[1] - bottom)


def test_no_more_photos_than_wanted_and_a_last_row_begins_at_the_left():
    layout = laid((35, 45), Sheet("a4", 2, True, 7))
    assert len(layout.places) == 7
    assert layout.places[0][0] == layout.places[5][0] and layout.places[5][1] - layout.places[0][1] == pytest.approx(47)
    assert len(laid((35, 45), Sheet("10x15", count=1000)).places) == 6


def test_photos_of_a_size_that_nobody_cuts_do_not_become_endless():
    layout = laid((0.5, 0.5), Sheet("a4", 0))
    assert len(layout.places) == MOST


def test_no_mark_touches_a_photo_or_leaves_the_paper():
    seen = 0
    for count in (None, 1, 5, 7):
        for _, _, layout in every(count=count):
            for x0, y0, x1, y1 in layout.marks:
                assert (x0 == x1) != (y0 == y1) and x0 <= x1 and y0 <= y1
                assert x1 - x0 + y1 - y0 <= TICK - CLEAR + 1e-6
                assert min(x0, y0) >= -1e-6 and x1 <= layout.paper[0] + 1e-6 and y1 <= layout.paper[1] + 1e-6
                assert all(common((x0, y0, x1, y1), box) <= -CLEAR + 1e-6 for box in boxes(layout))
                seen += 1
    assert seen > 10_000


def test_every_cut_across_the_sheet_has_a_mark_at_both_ends():
    for _, _, layout in every():
        for axis in (0, 1):
            first, last = (pick(place[1 - axis] for place in layout.places) for pick in (min, max))
            cuts = {round(box[side], 3) for box in boxes(layout) for side in (axis, axis + 2)}
            lines = [mark for mark in layout.marks if mark[axis] == mark[axis + 2]]
            before = {round(mark[axis], 3) for mark in lines if mark[3 - axis] < first}
            behind = {round(mark[axis], 3) for mark in lines if mark[1 - axis] > last + layout.photo[1 - axis]}
            assert cuts == before == behind


def test_a_last_row_that_is_not_full_has_its_own_marks_and_none_runs_along_a_photo():
    layout = laid((35, 45), Sheet("10x15", 0, count=5))
    (left, _), (right, lower) = layout.places[0], layout.places[-1]
    assert right == left and len(layout.places) == 5
    ends = {
        (round(x0 - left, 3), round(y0 - lower, 3)) for x0, y0, x1, y1 in layout.marks if x0 == x1 and y0 > lower - 1
    }
    assert ends == {(0, 45 + CLEAR), (35, 45 + CLEAR), (70, CLEAR), (105, CLEAR), (140, CLEAR)}


def test_without_a_gap_marks_stand_around_the_photos_only_and_none_twice():
    layout = laid((35, 45), Sheet("10x15", 0))
    assert layout.paper == (150, 100) and len(layout.places) == 8
    assert len(layout.marks) == 2 * (5 + 3)


def test_marks_go_through_a_gap_that_is_wide_enough():
    layout = laid((35, 45), Sheet("10x15", 2))
    through = [mark for mark in layout.marks if all(MARGIN < value < 147 for value in mark)]
    assert any(x1 - x0 == pytest.approx(2 - 2 * CLEAR) for x0, y0, x1, y1 in through)
    assert laid((35, 45), Sheet("10x15", 2, marks=False)).marks == ()


@pytest.mark.parametrize("dpi", [150, 300, 317.3, 600])
def test_photos_lie_where_they_should_to_half_a_pixel(dpi):
    for mm, gap in (((35, 45), 2), ((33, 48), 0), ((51, 51), 0.4)):
        layout = laid(mm, Sheet("10x15", gap))
        page, photo, _ = painted(layout, dpi)
        scale = dpi / 25.4
        assert page.shape[:2] == tuple(math.floor(side * scale + 0.5) for side in layout.paper[::-1])
        for x, y in layout.places:
            lefts = np.flatnonzero(np.diff(photo[round((y + mm[1] / 2) * scale)].astype(int)) == 1) + 1
            tops = np.flatnonzero(np.diff(photo[:, round((x + mm[0] / 2) * scale)].astype(int)) == 1) + 1
            if gap:
                assert np.abs(lefts - x * scale).min() <= 0.5 + 1e-6
                assert np.abs(tops - y * scale).min() <= 0.5 + 1e-6
        right = max(x for x, _ in layout.places) + mm[0]
        assert abs(np.flatnonzero(photo.any(axis=0))[0] - min(x for x, _ in layout.places) * scale) <= 0.5 + 1e-6
        assert abs(np.flatnonzero(photo.any(axis=0))[-1] + 1 - right * scale) <= 1


@pytest.mark.parametrize("gap", [0, 0.7, 2])
@pytest.mark.parametrize("dpi", [150, 300, 600])
def test_between_a_mark_and_a_photo_there_is_white(gap, dpi):
    _, photo, marks = painted(laid((33, 48), Sheet("10x15", gap, count=5)), dpi)
    assert marks.any() and photo.any()
    assert not (grown(photo) & marks).any()


def test_a_mark_points_along_the_side_of_its_photo():
    layout = laid((35, 45), Sheet("10x15", 2))
    _, _, marks = painted(layout, 300)
    columns = np.flatnonzero(marks[: round(layout.places[0][1] * 300 / 25.4) - 1].any(axis=0))
    sides = sorted({x + side for x, _ in layout.places for side in (0, 35)})
    assert np.abs(columns + 0.5 - np.array(sides) * 300 / 25.4).max() <= 0.5 + 1e-6


def test_a_photo_of_the_right_size_is_on_the_sheet_bit_for_bit():
    photo = noise(413, 531)
    layout = laid((35, 45), Sheet())
    page = drawn(photo, layout, 300)
    for x, y in layout.places:
        row, column = (math.floor(value * 300 / 25.4 + 0.5) for value in (y, x))
        assert np.array_equal(page[row : row + 531, column : column + 413], photo)


def test_a_photo_of_another_size_is_made_to_fit():
    photo = noise(200, 260)
    layout = laid((35, 45), Sheet(count=1))
    page = drawn(photo, layout, 300)
    wanted = np.asarray(Image.fromarray(photo).resize((413, 531), Image.Resampling.LANCZOS))
    row, column = (math.floor(value * 300 / 25.4 + 0.5) for value in layout.places[0][::-1])
    assert np.array_equal(page[row : row + 531, column : column + 413], wanted)


def test_neighbours_without_a_gap_touch_and_none_loses_more_than_a_pixel():
    photo = np.empty((567, 390, 3), np.uint8)
    photo[...] = (np.arange(390) % 251)[:, None]
    layout = laid((33, 48), Sheet("10x15", 0, marks=False))
    page = drawn(photo, layout, 300)
    row = page[round(layout.places[0][1] * 300 / 25.4) + 50, :, 0].astype(int)
    starts = [math.floor(x * 300 / 25.4 + 0.5) for x, y in layout.places if y == layout.places[0][1]]
    assert len(starts) > 1 and set(np.diff(starts)) <= {389, 390}
    for start, end in itertools.pairwise(starts):
        assert np.array_equal(row[start:end], photo[0, : end - start, 0])


def test_a_layout_by_hand_is_drawn_too():
    layout = Layout((25.4, 25.4), (12.7, 12.7), ((0.0, 0.0),), ((12.7, 19.05, 25.4, 19.05),))
    page = drawn(np.zeros((50, 50, 3), np.uint8), layout, 100)
    assert (page[:50, :50] == 0).all() and (page[:50, 50:] == 255).all()
    assert (page[75, 50:] == GREY).all() or (page[74, 50:] == GREY).all()

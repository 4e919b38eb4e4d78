# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
import pytest
from helpers import plain

from offcut.scribbles import drawn, solved
from offcut.segment import Segmenter
from offcut.sizes import Sizes
from offcut.touches import Scribble

SIZE = (200, 280)


def truth(height=SIZE[0], width=SIZE[1]):
    """A leaning ellipse, and a smaller one beside it."""
    y, x = np.mgrid[:height, :width].astype(float)
    one = ((x - 0.4 * width) / (0.2 * width)) ** 2 + ((y - 0.5 * height + 0.2 * (x - 0.4 * width)) / 60) ** 2 < 1
    return one, ((x - 0.8 * width) / 25) ** 2 + ((y - 0.5 * height) / 25) ** 2 < 1


def picture():
    """Two reddish things of uneven colour on an uneven greenish ground."""
    one, other = truth()
    rng = np.random.default_rng(3)
    y, x = np.mgrid[: SIZE[0], : SIZE[1]]
    waves = 18 * np.sin(x / 17) + 14 * np.cos(y / 11)
    ground = np.dstack([70 + waves, 120 + waves, 80 + waves])
    thing = np.dstack([170 + waves, 70 + waves, 60 - waves])
    rgb = np.where((one | other)[..., np.newaxis], thing, ground) + rng.normal(0, 2, (*SIZE, 3))
    return plain(np.clip(rgb, 0, 255).astype(np.uint8))


KEEP = Scribble("keep", 8, (80, 90, 140, 110))
DROP = Scribble("drop", 8, (10, 10, 270, 10, 270, 190, 10, 190, 10, 10))
WHOLE = np.full(SIZE, 255, np.uint8)


def overlap(alpha, mask):
    found = alpha >= 128
    return (found & mask).sum() / (found | mask).sum()


def done(*given, alpha=WHOLE, blank=True, side=280, draft=False):
    sizes = Sizes(picture())
    solution = solved(given, alpha, sizes, blank=blank)
    return alpha if solution is None else drawn(solution, alpha, sizes.within(side), draft=draft)


def test_two_lines_cut_a_thing_out():
    one, other = truth()
    apart = Scribble("drop", 8, (205, 40, 205, 160))
    assert overlap(done(KEEP, DROP), one | other) > 0.95 or overlap(done(KEEP, DROP), one) > 0.95
    assert overlap(done(KEEP, DROP, apart, Scribble("drop", 20, (224, 88, 224, 112))), one) > 0.95


def test_what_a_line_covers_is_as_it_says_and_the_later_of_two_counts():
    cross = Scribble("drop", 12, (110, 60, 110, 140))
    alpha = done(KEEP, DROP, cross)
    assert alpha[70, 110] < 128
    assert done(KEEP, DROP, cross, Scribble("keep", 12, (110, 60, 110, 140)))[70, 110] >= 128


def test_with_a_matte_there_a_line_mends_what_hangs_together_and_leaves_the_rest():
    one, other = truth()
    soft = np.where(one | other, 255, 0).astype(np.uint8)
    soft[:20] = 77
    alpha = done(Scribble("drop", 16, (215, 100, 232, 100)), alpha=soft, blank=False)
    assert overlap(alpha, one) > 0.95
    assert (alpha[:20] == 77).all()
    back = done(Scribble("keep", 8, (215, 100, 232, 100)), alpha=np.where(one, 255, 0).astype(np.uint8), blank=False)
    assert overlap(back, one | other) > 0.95


def test_what_was_erased_of_a_blank_picture_stays_away():
    erased = WHOLE.copy()
    erased[:, 190:] = 0
    one, _ = truth()
    assert overlap(done(KEEP, DROP, alpha=erased), one) > 0.95


def test_what_was_solved_before_makes_no_difference():
    sizes, one = Sizes(picture()), np.where(truth()[0], 255, 0).astype(np.uint8)
    back, away = Scribble("keep", 8, (215, 100, 232, 100)), Scribble("drop", 8, (215, 100, 232, 100))
    asked = [(KEEP, DROP, back), (back,), (KEEP, DROP, away), (KEEP, DROP, back)]

    def answer(given, sizes):
        blank = len(given) > 1
        return solved(given, WHOLE if blank else one, sizes, blank=blank).found

    answers = [answer(given, sizes) for given in asked]
    for given, found in zip(asked, answers, strict=True):
        assert (found == answer(given, Sizes(picture()))).all()
    assert len({found.tobytes() for found in answers}) == 3


def test_lines_without_length_or_elsewhere_change_nothing():
    soft = np.full(SIZE, 99, np.uint8)
    for nothing in (Scribble("keep", 5, ()), Scribble("drop", 0, (5, 5, 50, 50)), Scribble("drop", 5, (-900, -900))):
        assert done(nothing, alpha=soft, blank=False) is soft


def test_in_another_size_the_same_is_kept():
    whole = done(KEEP, DROP).astype(int)
    small = done(KEEP, DROP, alpha=np.full((100, 140), 255, np.uint8), side=140)
    assert small.shape == (100, 140)
    assert ((whole.reshape(100, 2, 140, 2).mean(axis=(1, 3)) >= 128) != (small >= 128)).mean() < 0.02


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (2, 2), (7, 3), (8, 8)])
@pytest.mark.parametrize("prior", [None, 0.5])
@pytest.mark.parametrize("lines", ["none", "all keep", "all drop", "both", "one"])
def test_no_picture_is_too_small_and_no_lines_are_too_many(shape, prior, lines):
    rgb = np.random.default_rng(1).integers(0, 256, (*shape, 3), np.uint8)
    keep = np.full(shape, lines in ("all keep", "both"))
    drop = np.full(shape, lines in ("all drop", "both"))
    if lines == "one":
        keep[0, 0] = True
    before = None if prior is None else np.full(shape, prior, np.float32)
    found = Segmenter(rgb).solve(keep, drop, before)
    assert found.shape == shape and found.dtype == np.float32
    assert np.isfinite(found).all() and 0 <= found.min() <= found.max() <= 1
    assert (found[drop] == 0).all() and (found[keep & ~drop] == 1).all()


@pytest.mark.parametrize("blank", [True, False])
def test_a_draft_is_what_the_answer_is_but_for_the_course_of_the_edge(blank):
    alpha = WHOLE.copy()
    alpha[:, 200:] = 0
    draft, exact = (done(KEEP, DROP, alpha=alpha, blank=blank, draft=each) for each in (True, False))
    assert overlap(draft, exact >= 128) > 0.97
    assert (draft != exact).mean() < 0.1

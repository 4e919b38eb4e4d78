# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
import pytest
from helpers import noise, plain

from offcut.sizes import Sizes
from offcut.touches import Area, Brush, Fill, Scribble
from offcut.touchup import TILE, Touchup

HALF = np.full((150, 200), 128, np.uint8)


def erase(x, y, size=40.0, hardness=1.0, mode="erase"):
    return Brush(mode, size, hardness, (x, y, 1))


def touchup(base=HALF, *, blank=False):
    height, width = base.shape
    sizes = Sizes(plain(noise(width, height)))
    return Touchup(base, sizes, sizes.largest, blank=blank)


def touched(*touches, base=HALF):
    work = touchup(base)
    work.bring(touches)
    return work.alpha


def test_erase_restore_and_the_share_between():
    alpha = touched(erase(50, 50), erase(120, 50, mode="restore"), erase(50, 110, 60.0, 0.0))
    assert alpha[50, 50] == 0
    assert alpha[50, 120] == 255
    assert alpha[75, 190] == 128
    assert 0 < alpha[110, 65] < 128
    assert (alpha[100] == alpha[119]).all()


def test_later_touches_win_over_earlier_ones():
    assert touched(erase(50, 50), erase(50, 50, mode="restore"))[50, 50] == 255
    assert touched(erase(50, 50, mode="restore"), erase(50, 50))[50, 50] == 0


def test_what_is_protected_nothing_eats_before_or_after_until_it_is_released():
    shield, everything = erase(50, 50, mode="protect"), Area("erase", (0, 0, 200, 0, 200, 150, 0, 150))
    for touches in [(shield, everything), (everything, shield), (shield, Fill("erase", (50, 50), 1.0, True, None))]:
        assert touched(*touches)[50, 50] == 255
    assert touched(shield, everything)[75, 150] == 0
    assert touched(shield, everything, erase(50, 50, 80.0, mode="release"))[50, 50] == 0
    assert touched(erase(50, 50, mode="release"), shield)[50, 50] == 255


def test_the_base_is_never_changed():
    base = HALF.copy()
    touched(erase(50, 50), base=base)
    assert np.array_equal(base, HALF)


TOUCHES = (
    erase(50, 50),
    erase(120, 60, 90.0, 0.3, "restore"),
    erase(60, 60, 70.0, 0.5, "protect"),
    Area("erase", (10, 10, 190, 20, 100, 140)),
    Fill("restore", (5, 5), 0.4, False, None),
    erase(60, 60, 30.0, 0.5, "release"),
    erase(160, 100, 50.0, 0.0),
)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_the_way_there_the_same_touches_make_the_same_matte(seed):
    rng = np.random.default_rng(seed)
    work = touchup()
    for _ in range(12):
        chosen = tuple(TOUCHES[i] for i in rng.permutation(len(TOUCHES))[: rng.integers(0, len(TOUCHES) + 1)])
        if rng.random() < 0.5:
            chosen = work.touches[: rng.integers(0, len(work.touches) + 1)]
        work.bring(chosen)
        assert work.touches == chosen
        assert np.array_equal(work.alpha, touched(*chosen))


def test_tiles_tell_when_they_were_changed():
    work = touchup()
    before, tiles = work.turn, work.turns.copy()
    work.bring((erase(10, 10, 8.0),))
    assert work.turn > before
    assert work.turns[0, 0] == work.turn
    assert np.array_equal(work.turns.ravel()[1:], tiles.ravel()[1:])
    assert work.turns.shape == (-(-150 // TILE), -(-200 // TILE))
    last = work.turn
    work.bring(work.touches)
    assert work.turn == last
    work.bring(())
    assert work.turns[0, 0] == work.turn > last


def test_what_is_forgotten_is_done_again(monkeypatch):
    monkeypatch.setattr("offcut.touchup.KEPT", 200)
    work = touchup()
    work.bring(TOUCHES)
    for end in (len(TOUCHES) - 1, 2, 5, 0):
        work.bring(TOUCHES[:end])
        assert np.array_equal(work.alpha, touched(*TOUCHES[:end]))


@pytest.mark.parametrize("touch", [Brush("erase", 0, 1, (5, 5, 1)), Area("erase", ()), Scribble("drop", 5, ())])
def test_what_touches_nothing_changes_nothing(touch):
    assert np.array_equal(touched(touch), HALF)

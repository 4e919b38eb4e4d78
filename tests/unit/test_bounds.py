# SPDX-License-Identifier: AGPL-3.0-or-later
from offcut.bounds import Bounds


def test_bounds_tell_how_far_off_a_value_is_and_which_is_the_nearest():
    assert [Bounds(2, 5).miss(value) for value in (1, 2, 5, 7)] == [1, 0, 0, 2]
    assert [Bounds(2, 5).nearest(value) for value in (1, 3, 7)] == [2, 3, 5]
    assert Bounds(2).miss(99) == Bounds(None, 5).miss(0) == 0
    assert (Bounds(2).middle, Bounds(2, 5).middle, Bounds(None, 5).middle) == (2, 3.5, 5)

# SPDX-License-Identifier: AGPL-3.0-or-later
import math

import numpy as np
import pytest

from offcut.matte import NOTHING_SHARE, Matte, nothing_found, uncertainty


def matte(share, low=0.0, high=1.0):
    """A matte of which `share` is `high`."""
    alpha = np.full(100 * 100, low, np.float32)
    alpha[: round(share * alpha.size)] = high
    return Matte(alpha.reshape(100, 100))


@pytest.mark.parametrize("share", [0, NOTHING_SHARE / 2, 1 - NOTHING_SHARE / 2, 1])
def test_nothing_is_found_where_next_to_all_is_subject_or_ground(share):
    assert nothing_found(matte(share))


@pytest.mark.parametrize("share", [2 * NOTHING_SHARE, 0.5, 1 - 2 * NOTHING_SHARE])
def test_a_small_subject_and_a_small_ground_are_found(share):
    assert not nothing_found(matte(share))


def test_nothing_is_found_in_an_answer_that_is_the_same_everywhere():
    assert nothing_found(matte(0.5, 0.45, 0.55))
    assert not nothing_found(matte(0.5, 0.3, 0.7))


def test_an_answer_in_which_nothing_is_found_is_the_most_doubtful():
    assert uncertainty(matte(0)) == math.inf
    assert uncertainty(matte(0.5)) == 0
    assert uncertainty(matte(0.5, 0.25)) == pytest.approx(0.25)

# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
import pytest

from offcut.clean import DOUBTFUL, clean, largest
from offcut.matte import Matte


def matte(fill: float = 0) -> np.ndarray:
    """An empty plane of 100 x 100."""
    return np.full((100, 100), fill, np.float32)


def disc(centre: tuple[int, int], radius: float) -> np.ndarray:
    rows, columns = np.mgrid[:100, :100]
    return np.asarray(np.hypot(rows - centre[0], columns - centre[1]) <= radius)


def test_a_speck_goes_and_a_second_subject_stays() -> None:
    alpha = matte()
    alpha[disc((50, 30), 20)] = 1
    alpha[disc((50, 75), 10)] = 1
    kept = alpha.copy()
    alpha[5:7, 90:92] = 1
    assert np.array_equal(clean(Matte(alpha)).alpha, kept)


def test_the_largest_part_alone_is_kept_where_that_is_wanted_with_its_soft_edge() -> None:
    alpha = matte()
    alpha[disc((50, 30), 20)] = 0.3
    alpha[disc((50, 30), 18)] = 1
    kept = alpha.copy()
    alpha[disc((50, 75), 10)] = 1
    assert np.array_equal(largest(Matte(alpha)).alpha, kept)


def test_a_part_that_hangs_on_by_faint_hair_is_no_part_of_its_own() -> None:
    alpha = matte()
    alpha[disc((50, 30), 20)] = 1
    alpha[50, 50:60] = 0.15
    alpha[50, 60] = 1
    assert np.array_equal(clean(Matte(alpha)).alpha, alpha)


def test_a_doubtful_hole_is_filled_and_a_sure_one_stays_open() -> None:
    alpha = matte()
    alpha[disc((50, 50), 40)] = 1
    doubtful, sure = disc((40, 40), 4), disc((60, 60), 4)
    alpha[sure] = 0.02
    expected = alpha.copy()
    alpha[doubtful] = DOUBTFUL + 0.05
    assert np.array_equal(clean(Matte(alpha)).alpha, expected)


def test_a_large_doubtful_hole_stays_open() -> None:
    alpha = matte()
    alpha[disc((50, 50), 40)] = 1
    alpha[disc((50, 50), 20)] = 0.4
    assert np.array_equal(clean(Matte(alpha)).alpha, alpha)


@pytest.mark.parametrize("turns", range(4))
def test_what_is_open_at_the_border_is_no_hole(turns: int) -> None:
    alpha = matte(1)
    alpha[0:5, 48:52] = 0.4
    turned = np.rot90(alpha, turns).copy()
    assert np.array_equal(clean(Matte(turned)).alpha, turned)


@pytest.mark.parametrize("turns", range(4))
def test_a_subject_that_touches_the_border_is_kept_whole(turns: int) -> None:
    alpha = matte()
    alpha[40:100, 20:80] = 1
    alpha[disc((70, 50), 10)] = 0
    turned = np.rot90(alpha, turns).copy()
    assert np.array_equal(clean(Matte(turned)).alpha, turned)


@pytest.mark.parametrize("level", [0, 0.5, 1])
def test_a_flat_matte_comes_back_as_it_is(level: float) -> None:
    whole = Matte(matte(level))
    assert clean(whole) is whole


def test_a_clean_matte_is_not_copied() -> None:
    alpha = matte()
    alpha[disc((50, 50), 30)] = 1
    whole = Matte(alpha)
    assert clean(whole) is whole

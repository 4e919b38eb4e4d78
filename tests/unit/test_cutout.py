# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
import pytest
from helpers import noise, plain

from offcut.cutout import cut, divide_by_255


def test_the_removed_background_is_really_gone():
    rgb = np.full((3, 4, 3), 200, np.uint8)
    alpha = np.array([[0, 1, 128, 255]] * 3, np.uint8)
    cutout = cut(plain(rgb), alpha)
    assert cutout.rgba.shape == (3, 4, 4)
    assert (cutout.rgb[:, 0] == 0).all() and (cutout.rgb[:, 1:] == 200).all()
    assert np.array_equal(cutout.alpha, alpha)


def test_the_pictures_own_alpha_counts():
    alpha, own = noise(300, 700, 1), noise(300, 700, 1, seed=1)
    cutout = cut(plain(noise(300, 700), own), alpha)
    assert np.array_equal(cutout.alpha, np.rint(alpha.astype(float) * own / 255))
    assert (cutout.rgba[cutout.alpha == 0] == 0).all()


def test_the_picture_is_left_as_it_was():
    rgb = noise(5, 4)
    before = rgb.copy()
    cut(plain(rgb), np.zeros((4, 5), np.uint8))
    assert np.array_equal(rgb, before)


def test_an_alpha_of_another_size_is_refused():
    with pytest.raises(ValueError, match="does not fit"):
        cut(plain(noise(5, 4)), np.zeros((5, 4), np.uint8))


def test_division_by_255_is_exact():
    values = np.arange(255 * 255 + 1, dtype=np.uint16)
    expected = np.rint(values / 255)
    assert np.array_equal(divide_by_255(values), expected)

# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
import pytest
from helpers import noise, plain

from offcut.matting import matted_anew
from offcut.mend import mended
from offcut.sizes import Sizes
from offcut.touches import Refine

FRONT, BACK = np.array([210.0, 150, 60]), np.array([40.0, 60, 120])


def hairs():
    """A head of one colour with hairs of two pixels, before a ground that grows darker: picture and truth."""
    truth = np.zeros((160, 200), np.float32)
    truth[:, :80] = 1
    for row in range(10, 150, 9):
        truth[row : row + 2, 80 : 120 + row % 20] = 0.85
    shade = np.linspace(0.7, 1.1, 160)[:, np.newaxis, np.newaxis]
    rgb = truth[..., np.newaxis] * FRONT + (1 - truth[..., np.newaxis]) * (BACK * shade)
    rgb = rgb + np.random.default_rng(0).normal(0, 1.5, rgb.shape)
    return plain(np.clip(rgb, 0, 255).astype(np.uint8)), truth


def coarse(truth):
    """What a net makes of it: no hairs."""
    alpha = np.zeros(truth.shape, np.uint8)
    alpha[:, :90] = 255
    return alpha


LINE = Refine(90, (110, -20, 110, 180))


def test_hair_is_found_under_the_line_and_nothing_else_changes():
    picture, truth = hairs()
    sizes = Sizes(picture)
    before = coarse(truth)
    top, left, part = mended(LINE, before, sizes.largest)
    after = before.copy()
    after[top : top + part.shape[0], left : left + part.shape[1]] = part
    under = np.s_[5:155, 70:150]
    error = [np.abs(alpha[under] / 255 - truth[under]).mean() for alpha in (before, after)]
    assert error[1] < 0.2 * error[0]
    assert np.array_equal(after[:, 160:], before[:, 160:])
    assert np.array_equal(after[:, :60], before[:, :60])
    assert np.array_equal(before, coarse(truth))


def test_in_a_smaller_size_the_same_edge_is_found():
    picture, truth = hairs()
    sizes = Sizes(picture)
    small = sizes.within(100)
    _, _, whole = mended(LINE, coarse(truth), sizes.largest)
    _, _, half = mended(LINE, coarse(truth)[::2, ::2].copy(), small)
    assert abs(whole.mean() - half.mean()) < 12


@pytest.mark.parametrize("line", [Refine(0, (50, 50)), Refine(20, ()), Refine(20, (-500, -500, -400, -400))])
def test_a_line_that_covers_nothing_changes_nothing(line):
    picture, truth = hairs()
    assert mended(line, coarse(truth), Sizes(picture).largest) is None


def test_where_nothing_is_known_all_stays():
    picture, truth = hairs()
    _, _, part = mended(Refine(1e6, (100, 80)), coarse(truth), Sizes(picture).largest)
    assert np.array_equal(part, coarse(truth))


def test_where_only_one_side_is_known_it_spreads():
    rgb = np.full((60, 60, 3), 128, np.uint8)
    unknown = np.zeros((60, 60), np.bool_)
    unknown[20:40, 20:40] = True
    alpha = np.where(unknown, 90, 255).astype(np.uint8)
    assert (matted_anew(rgb, alpha, unknown) == 255).all()


@pytest.mark.parametrize("shape", [(1, 1), (2, 9), (3, 3), (4, 70), (33, 5)])
def test_no_picture_is_too_small(shape):
    rgb = noise(shape[1], shape[0])
    alpha = np.full(shape, 100, np.uint8)
    unknown = np.zeros(shape, np.bool_)
    unknown[: (shape[0] + 1) // 2] = True
    found = matted_anew(rgb, alpha, unknown)
    assert found.shape == shape and found.dtype == np.uint8
    assert (found[~unknown] == 100).all()


def test_much_to_find_is_found_smaller_and_follows_the_picture():
    picture, truth = hairs()
    rgb = picture.rgb.repeat(5, axis=0).repeat(5, axis=1)
    alpha = coarse(truth).repeat(5, axis=0).repeat(5, axis=1)
    unknown = np.zeros(alpha.shape, np.bool_)
    unknown[:, 350:750] = True
    found = matted_anew(np.ascontiguousarray(rgb), alpha, unknown)
    wanted = truth.repeat(5, axis=0).repeat(5, axis=1)
    assert np.abs(found / 255 - wanted)[:, 350:750].mean() < 0.2 * np.abs(alpha / 255 - wanted)[:, 350:750].mean()

# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
import pytest

from offcut.rim import Rim, widened


def discs(radius, *middles, width=400, height=300):
    """Discs whose edge is soft over one pixel."""
    rows, columns = np.mgrid[:height, :width] + 0.5
    inside = [radius - np.hypot(columns - x, rows - y) for x, y in middles]
    return np.rint(np.clip(np.max(inside, axis=0) + 0.5, 0, 1) * 255).astype(np.uint8)


def radius_of(alpha):
    return float(np.sqrt(alpha.sum(dtype=np.int64) / 255 / np.pi))


@pytest.mark.parametrize("pixels", [0.5, 1, 2, 3.5, 6, 10, 14, 20, 25, 30])
def test_a_rim_is_as_wide_as_is_asked(pixels):
    wide = widened(discs(80, (200, 150)), Rim(pixels / 300))
    assert radius_of(wide) - 80 == pytest.approx(pixels, abs=1)
    for row, column in [(150, slice(None)), (slice(None), 200)]:
        assert wide[row, column].sum(dtype=np.int64) / 255 / 2 - 80 == pytest.approx(pixels, abs=1)
    slanted = np.array([wide[150 + step, 200 + step] for step in range(-150, 150)])
    assert slanted.sum(dtype=np.int64) / 255 / 2 * np.sqrt(2) - 80 == pytest.approx(pixels, abs=1.5)


@pytest.mark.parametrize("pixels", [1, 4, 12, 40, 90])
def test_a_rim_is_as_wide_along_a_straight_edge(pixels):
    alpha = np.zeros((900, 1000), np.uint8)
    alpha[:, 500:] = 255
    edge = 1000 - widened(alpha, Rim(pixels / 900))[450].sum(dtype=np.int64) / 255
    assert 500 - edge == pytest.approx(pixels, abs=1)


@pytest.mark.parametrize("pixels", [2, 8, 20, 30])
def test_a_rim_has_a_crisp_edge(pixels):
    wide = widened(discs(80, (200, 150)), Rim(pixels / 300))
    for line in (wide[150], wide[:, 200]):
        assert ((line > 12) & (line < 243)).sum() <= 2 * 4


def test_without_width_the_matte_itself_is_the_result():
    alpha = discs(80, (200, 150))
    assert widened(alpha, Rim(0)) is alpha


@pytest.mark.parametrize("pixels", [1, 6, 25])
def test_the_subject_is_covered_whatever_it_is(pixels):
    rng = np.random.default_rng(1)
    alpha = np.where(rng.random((300, 400)) < 0.002, 255, 0).astype(np.uint8)
    before = alpha.copy()
    assert (widened(alpha, Rim(pixels / 300)) >= alpha).all()
    assert np.array_equal(alpha, before)


@pytest.mark.parametrize(("pixels", "joined"), [(2, False), (8, True), (20, True)])
def test_the_rims_of_two_parts_join_where_they_meet(pixels, joined):
    wide = widened(discs(60, (135, 150), (265, 150)), Rim(pixels / 300))
    assert (wide[150, 200] == 255) == joined
    assert (wide[150, 200] == 0) != joined


def test_a_subject_that_the_canvas_cuts_off_has_no_rim_along_the_cut():
    alpha = np.zeros((300, 400), np.uint8)
    alpha[150:, 100:300] = 255
    wide = widened(alpha, Rim(12 / 300))
    assert np.ptp(wide[200:], axis=0).max() <= 1
    assert wide[299].sum(dtype=np.int64) / 255 == pytest.approx(224, abs=2)


@pytest.mark.parametrize("level", [0, 255])
def test_where_all_is_subject_or_none_nothing_changes(level):
    alpha = np.full((45, 61), level, np.uint8)
    assert np.array_equal(widened(alpha, Rim(0.1)), alpha)

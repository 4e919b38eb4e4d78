# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
import pytest
from PIL import Image

from offcut.adjust import adjust, shifted, smoothed, steepened
from offcut.edges import Edges


def disc(radius: float, side: int = 200) -> np.ndarray:
    """A disc in the middle whose edge is soft over one pixel."""
    rows, columns = np.mgrid[:side, :side] + 0.5 - side / 2
    return np.rint(np.clip(radius - np.hypot(rows, columns) + 0.5, 0, 1) * 255).astype(np.uint8)


def area(alpha: np.ndarray) -> float:
    return float(alpha.sum(dtype=np.int64)) / 255


def test_nothing_wanted_gives_the_same_array_back() -> None:
    alpha = disc(50)
    assert adjust(alpha, Edges()) is alpha


@pytest.mark.parametrize("distance", [-10, -2.5, -1, -0.5, 0.5, 1, 3.25, 10])
def test_an_edge_is_shifted_by_as_much_as_is_asked(distance: float) -> None:
    radius = np.sqrt(area(shifted(disc(50), distance)) / np.pi)
    assert radius - 50 == pytest.approx(distance, abs=0.1 + 0.06 * abs(distance))


@pytest.mark.parametrize("distance", [-7, -1.5, 2, 9])
def test_tiles_leave_no_seam_where_an_edge_is_shifted(distance: float, monkeypatch: pytest.MonkeyPatch) -> None:
    alpha = disc(60)
    whole = shifted(alpha, distance)
    monkeypatch.setattr("offcut.adjust.TILE", 16)
    assert np.array_equal(shifted(alpha, distance), whole)


def test_shifting_in_leaves_a_subject_that_the_border_cuts_off_its_side_there() -> None:
    alpha = np.zeros((60, 60), np.uint8)
    alpha[20:] = 255
    inwards = shifted(alpha, -5)
    assert (inwards[25:] == 255).all() and (inwards[:24] == 0).all()


def test_smoothing_takes_teeth_from_an_outline_and_leaves_its_place_and_its_sharpness() -> None:
    alpha = np.zeros((200, 200), np.uint8)
    alpha[100:] = 255
    alpha[97:100, ::6] = 255
    alpha[97:100, 1::6] = 255
    smooth = smoothed(alpha, 4)
    edge = (smooth > 127).argmax(axis=0)[20:-20]
    assert np.ptp(edge) == 0 and 97 <= edge[0] <= 100
    soft = ((smooth > 5) & (smooth < 250)).sum(axis=0)
    assert soft.max() <= 3


def test_smoothing_keeps_a_straight_edge_where_it_is() -> None:
    alpha = np.zeros((80, 80), np.uint8)
    alpha[:, 40:] = 255
    assert np.abs(smoothed(alpha, 5).astype(int) - alpha).max() <= 70
    assert np.array_equal(smoothed(alpha, 5) > 127, alpha > 127)


def test_contrast_makes_an_edge_steeper_about_one_half_and_at_its_end_a_hard_cut() -> None:
    ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
    twice = steepened(ramp, 2).ravel()
    assert twice[[0, 64, 127, 128, 191, 255]].tolist() == [0, 0, 126, 128, 254, 255]
    assert set(np.unique(adjust(ramp, Edges(contrast=1)))) == {0, 255}


def test_feather_is_a_gaussian_of_that_deviation_and_spares_the_border() -> None:
    alpha = np.zeros((120, 120), np.uint8)
    alpha[60:] = 255
    soft = adjust(alpha, Edges(feather=6))
    assert soft[60 - 6, 60] == pytest.approx(255 * 0.1587, abs=8)
    assert soft[60 + 6, 60] == pytest.approx(255 * 0.8413, abs=8)
    assert (soft[-1] == 255).all() and (soft == soft[:, :1]).all()


def test_a_small_version_of_a_picture_shows_what_the_full_one_will_be() -> None:
    edges = Edges(smooth=0.3, shift=-6, contrast=0.2, feather=4)
    alpha = disc(140, 400)
    full, small = adjust(alpha, edges), adjust(disc(35, 100), edges, 0.25)
    assert np.sqrt(area(full)) / 4 == pytest.approx(np.sqrt(area(small)), rel=0.01)
    assert np.abs(np.asarray(Image.fromarray(full).reduce(4)).astype(int) - small).max() <= 40

# SPDX-License-Identifier: AGPL-3.0-or-later
from itertools import pairwise

import numpy as np
import pytest

from offcut.shadow import Contact, Drop, dropped, touching


def block(left, top, right, bottom, width=200, height=100):
    alpha = np.zeros((height, width), np.uint8)
    alpha[top:bottom, left:right] = 255
    return alpha


def centre(plane):
    """(x, y) of the middle of what is dark."""
    rows, columns = np.mgrid[: plane.shape[0], : plane.shape[1]] + 0.5
    total = plane.sum(dtype=np.int64)
    return (columns * plane).sum() / total, (rows * plane).sum() / total


@pytest.mark.parametrize(("x", "y", "across", "down"), [(0.1, 0.05, 10, 5), (-0.2, -0.1, -20, -10), (0, 0.3, 0, 30)])
def test_a_drop_shadow_is_the_outline_moved_by_shares_of_the_shorter_side(x, y, across, down):
    dark = dropped(block(80, 40, 120, 60), Drop(x, y, 0, 1))
    assert np.array_equal(dark, block(80 + across, 40 + down, 120 + across, 60 + down))
    tall = dropped(block(80, 40, 120, 60).T, Drop(y, x, 0, 1))
    assert np.array_equal(tall, dark.T)


def test_what_is_moved_off_the_canvas_is_gone_and_does_not_come_back_on_the_other_side():
    dark = dropped(block(150, 0, 200, 100), Drop(0.5, 0, 0, 1))
    assert not dark.any()
    assert not dropped(block(0, 0, 10, 10, 60, 100), Drop(-0.5, -0.5, 0, 1)).any()


@pytest.mark.parametrize("opacity", [0, 0.2, 0.35, 1])
@pytest.mark.parametrize("blur", [0, 0.02])
def test_a_drop_shadow_is_as_dark_as_its_opacity(opacity, blur):
    dark = dropped(block(40, 20, 160, 80), Drop(0, 0, blur, opacity))
    assert dark.max() == dark[50, 100] == round(255 * opacity)


@pytest.mark.parametrize("sigma", [2, 3.5, 8, 20, 57])
def test_a_drop_shadow_is_blurred_by_that_deviation_about_the_same_edge(sigma):
    dark = dropped(block(300, 0, 600, 600, 600, 600), Drop(0, 0, sigma / 600, 1))
    profile = dark[300].astype(float) / 255
    where = np.interp([0.1587, 0.5, 0.8413], profile, np.arange(600) + 0.5)
    assert where[1] == pytest.approx(300, abs=0.5)
    assert (where[2] - where[0]) / 2 == pytest.approx(sigma, rel=0.05, abs=0.2)


@pytest.mark.parametrize("sigma", [3, 20])
def test_a_subject_that_the_canvas_cuts_off_throws_its_shadow_as_if_it_went_on(sigma):
    dark = dropped(block(150, 200, 450, 601, 601, 601), Drop(0, 0, sigma / 601, 1))
    assert np.ptp(dark[400:, 300]) == 0 and dark[600, 300] == 255
    assert np.array_equal(dark[450], dark[600])


@pytest.mark.parametrize("size", [(200, 100), (37, 91), (1, 1), (3, 500)])
@pytest.mark.parametrize("shadow", [Drop(0.1, 0.1, 0.2, 1), Drop()])
def test_without_a_subject_nothing_is_dark(size, shadow):
    empty = block(0, 0, 0, 0, *size)
    for dark in (dropped(empty, shadow), touching(empty, Contact(1, 1))):
        assert dark.shape == empty.shape and dark.dtype == np.uint8 and not dark.any()


@pytest.mark.parametrize("size", [0, 0.1, 0.5, 1])
@pytest.mark.parametrize("opacity", [0.2, 0.5, 1])
def test_a_contact_shadow_lies_at_the_foot_and_is_as_dark_as_its_opacity(size, opacity):
    dark = touching(block(300, 100, 500, 300, 800, 400), Contact(size, opacity))
    assert dark.max() == round(255 * opacity)
    x, y = centre(dark)
    assert x == pytest.approx(400, abs=1)
    half = 1 + 16 * size  # of the height of what is laid flat
    assert y == pytest.approx(300, abs=half)
    assert abs(int(dark.max(axis=1).argmax()) - 300) <= half


def test_a_contact_shadow_leaves_what_is_above_and_beside_the_foot_alone():
    dark = touching(block(300, 100, 500, 300, 800, 400), Contact(0.5, 1))
    assert not dark[:250].any() and not dark[360:].any()
    assert not dark[:, :230].any() and not dark[:, 570:].any()


def test_the_larger_a_contact_shadow_is_the_further_it_reaches():
    alpha = block(300, 100, 500, 300, 800, 400)
    reach = [(touching(alpha, Contact(size, 1)) > 25).sum() for size in (0, 0.25, 0.5, 0.75, 1)]
    assert all(wider > 1.2 * narrower for narrower, wider in pairwise(reach))


def test_a_contact_shadow_is_told_from_what_is_near_the_ground():
    """A tree throws it at its trunk and not below its crown."""
    alpha = np.maximum(block(200, 50, 600, 150, 800, 400), block(390, 150, 410, 350, 800, 400))
    dark = touching(alpha, Contact(0.3, 1))
    assert dark[340:360, 400].max() == 255
    assert dark[350, 250] == dark[350, 550] == 0


@pytest.mark.parametrize("edges", [(300, 200, 500, 400), (0, 100, 200, 300), (600, 100, 800, 300), (0, 0, 800, 400)])
def test_a_subject_at_the_rim_of_the_canvas_throws_a_contact_shadow_too(edges):
    dark = touching(block(*edges, 800, 400), Contact(0.5, 0.5))
    assert dark.shape == (400, 800)
    assert dark.max() == 128
    assert abs(int(dark.max(axis=1).argmax()) - min(edges[3], 399)) <= 16


@pytest.mark.parametrize("foot", [1, 2, 5, 20, 60])
@pytest.mark.parametrize("size", [0, 0.5, 1])
def test_what_is_seen_below_the_upper_rim_throws_the_contact_shadow_that_it_throws_anywhere(foot, size):
    high, low = (
        touching(block(100, top, 1100, top + foot, 1200, 1400), Contact(size, 1)).astype(int) for top in (0, 700)
    )
    assert high.max() == 255
    assert np.abs(high[:700] - low[700:]).max() <= 8


def test_a_contact_shadow_that_shows_nothing_is_not_drawn():
    assert not touching(block(80, 40, 120, 60), Contact(1, 0)).any()


@pytest.mark.parametrize("shadow", [Drop(0.1, 0.1, 0, 1), Drop(0.1, 0.1, 0.1, 1)])
def test_the_matte_is_left_as_it_was(shadow):
    alpha = block(80, 40, 120, 60)
    before = alpha.copy()
    dropped(alpha, shadow)
    touching(alpha, Contact())
    assert np.array_equal(alpha, before)

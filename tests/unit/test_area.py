# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
import pytest

from offcut import area


def drawn(points, width=200, height=150):
    plane = np.zeros((height, width), np.uint8)
    for top, left, cover in area.marks(points, width, height):
        plane[top : top + cover.shape[0], left : left + cover.shape[1]] = cover
    return plane


def test_a_rectangle_covers_its_pixels_and_shares_of_those_at_its_rim():
    plane = drawn((10.25, 20, 50, 20, 50, 40.5, 10.25, 40.5))
    assert (plane[20:40, 11:50] == 255).all()
    assert (plane[20:40, 10] == 191).all()
    assert (plane[40, 11:50] == 128).all()
    assert plane[40, 10] == 96
    assert plane.sum() == plane[20:41, 10:50].sum()


@pytest.mark.parametrize("seed", range(8))
def test_any_polygon_covers_what_many_samples_of_each_pixel_say(seed):
    rng = np.random.default_rng(seed)
    around = np.sort(rng.random(9)) * 2 * np.pi
    reach = rng.uniform(20, 160, 9)
    corners = np.stack([100 + reach * np.cos(around), 75 + reach * np.sin(around)], axis=1)
    if seed % 2:
        corners = corners[::-1]
    y, x = (np.mgrid[: 150 * 16, : 200 * 16] + 0.5) / 16
    inside = np.zeros(x.shape, np.bool_)
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        inside ^= ((ay > y) != (by > y)) & (x < ax + (y - ay) * (bx - ax) / (by - ay))
    wanted = inside.reshape(150, 16, 200, 16).mean(axis=(1, 3)) * 255
    plane = drawn(corners.ravel())
    assert np.abs(plane - wanted).max() <= 12
    assert plane.sum() == pytest.approx(wanted.sum(), rel=0.001)


def test_both_loops_of_an_eight_are_inside():
    plane = drawn((20, 20, 180, 130, 180, 20, 20, 130))
    assert plane[75, 30] == plane[75, 170] == 255
    assert not plane[30, 100]


@pytest.mark.parametrize(
    "points",
    [
        (),
        (1, 1, 20, 20),
        (10, 10, 10, 10, 10, 10),
        (10, 10, 40, 40, 80, 80),
        (-50, -50, -10, -50, -10, -10),
        (500, 10, 600, 10, 600, 90),
        (10, 500, 60, 500, 60, 900),
    ],
)
def test_what_has_no_area_or_lies_elsewhere_covers_nothing(points):
    assert not drawn(points).any()


def test_a_polygon_around_the_picture_covers_all():
    assert (drawn((-1e6, -1e6, 1e6, -1e6, 1e6, 1e6, -1e6, 1e6)) == 255).all()


@pytest.mark.parametrize("tiny", [5e-324, 2.2e-311, 1e-300, 1e-9])
def test_corners_that_all_but_touch_cover_what_they_would_if_they_did(tiny):
    assert np.array_equal(
        drawn((0.0, 0.0, 0.0, tiny, 40.0, 0.0, 40.0, 40.0, 0.0, 40.0)), drawn((0, 0, 40, 0, 40, 40, 0, 40))
    )

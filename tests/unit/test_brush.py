# SPDX-License-Identifier: AGPL-3.0-or-later
from itertools import pairwise

import numpy as np
import pytest

from offcut import brush


def painted(points, radius, hardness=1.0, width=200, height=150):
    plane = np.zeros((height, width), np.uint8)
    for top, left, cover in brush.marks(points, radius, hardness, width, height):
        part = plane[top : top + cover.shape[0], left : left + cover.shape[1]]
        assert part.shape == cover.shape
        assert not part.any()
        part[...] = cover
    return plane


def truth(points, radius, hardness, width=200, height=150):
    """The same, pixel by pixel and piece by piece."""
    y, x = np.mgrid[:height, :width] + 0.5
    best = np.zeros((height, width))
    triples = np.reshape(points, (-1, 3))
    for a, b in pairwise(triples):
        way = b[:2] - a[:2]
        along = np.clip(((x - a[0]) * way[0] + (y - a[1]) * way[1]) / max(way @ way, 1e-9), 0, 1)
        off = np.hypot(x - a[0] - along * way[0], y - a[1] - along * way[1])
        r = radius * (a[2] + along * (b[2] - a[2]))
        part = (r + 0.5 - off) / (r * (1 - hardness) + 1)
        best = np.maximum(best, np.minimum(part, 2 * r))
    best = np.clip(best, 0, 1)
    return 255 * (best if hardness == 1 else best * best * (3 - 2 * best))


ZIGZAG = (20, 20, 1, 150, 40, 0.6, 30, 100, 0.2, 190, 140, 1)


@pytest.mark.parametrize("hardness", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("radius", [0.3, 2.5, 20.0, 90.0])
def test_a_stroke_covers_what_the_formula_says(radius, hardness):
    assert np.abs(painted(ZIGZAG, radius, hardness) - truth(ZIGZAG, radius, hardness)).max() <= 1


def test_a_dot_is_a_disc_of_its_area():
    assert painted((100, 75, 1), 40.0).sum() / 255 == pytest.approx(np.pi * 40**2, rel=0.002)


def test_a_stroke_over_itself_covers_once():
    once, thrice = (30, 75, 1, 170, 75, 1), (30, 75, 1, 170, 75, 1, 30, 75, 1, 170, 75, 1)
    assert np.array_equal(painted(once, 12.0, 0.3), painted(thrice, 12.0, 0.3))


@pytest.mark.parametrize(
    ("points", "radius"),
    [
        ((), 10.0),
        ((50, 50, 1), 0.0),
        ((50, 50, 0, 90, 90, 0), 10.0),
        ((-500, -500, 1, -400, 20, 1), 10.0),
        ((1e6, 1e6, 1, 1e6, -1e6, 1), 10.0),
    ],
)
def test_no_points_no_size_no_pressure_or_elsewhere_covers_nothing(points, radius):
    assert not painted(points, radius).any()


def test_a_stroke_that_begins_and_ends_outside_covers_what_lies_between():
    plane = painted((-1e6, 75, 1, 1e6, 75, 1), 10.0)
    assert (plane[66:84] == 255).all()
    assert not plane[:64].any()


def test_a_brush_larger_than_the_picture_covers_all():
    assert (painted((100, 75, 1), 1e6) == 255).all()


def test_a_million_points_are_painted():
    points = np.random.default_rng(0).normal((100, 75, 1), (60, 40, 0), (1_000_000, 3)).astype(np.float32)
    plane = painted(points.ravel(), 3.0)
    assert (plane[20:130, 20:180] == 255).all()

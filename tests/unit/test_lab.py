# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
import pytest

from offcut.lab import distance, lab


def test_lab_gives_the_colours_that_the_standard_gives():
    known = {
        (255, 255, 255): (100, 0, 0),
        (0, 0, 0): (0, 0, 0),
        (255, 0, 0): (53.24, 80.09, 67.20),
        (0, 255, 0): (87.73, -86.18, 83.18),
        (0, 0, 255): (32.30, 79.19, -107.86),
        (119, 119, 119): (50.03, 0, 0),
    }
    assert lab(list(known)) == pytest.approx(np.array(list(known.values())), abs=0.05)


def test_a_colour_between_two_that_are_allowed_is_no_distance_away():
    start, end = lab((67, 142, 219)), lab((98, 139, 206))
    assert distance((start + end) / 2, start, end) == pytest.approx(0, abs=1e-9)
    assert distance(2 * end - start, start, end) == pytest.approx(np.linalg.norm(end - start))
    assert distance(end, start, start) == pytest.approx(np.linalg.norm(end - start))

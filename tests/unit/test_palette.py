# SPDX-License-Identifier: AGPL-3.0-or-later
"""offcut.palette: the colours that a subject is mostly made of."""

import numpy as np
import pytest

from offcut.colour import Colour
from offcut.cutout import Cutout
from offcut.palette import COUNT, main

RED, GREEN, BLUE = (200, 30, 40), (20, 160, 60), (30, 50, 180)


def cutout(*fields, height=40):
    """Stripes of (colour, width, alpha), side by side."""
    stripes = [np.broadcast_to((*colour, alpha), (height, width, 4)) for colour, width, alpha in fields]
    return Cutout(np.ascontiguousarray(np.hstack(stripes).astype(np.uint8)))


def test_what_covers_most_comes_first():
    assert main(cutout((RED, 30, 255), (BLUE, 60, 255), (GREEN, 10, 255))) == tuple(
        Colour(*colour) for colour in (BLUE, RED, GREEN)
    )


@pytest.mark.parametrize("height", [1, 40, 900])
def test_what_was_removed_or_is_hardly_there_has_no_say(height):
    found = main(cutout((RED, 30, 255), ((0, 0, 0), 600, 0), (GREEN, 200, 60), height=height))
    assert found == (Colour(*RED),)


def test_of_much_the_same_colours_there_is_one():
    shades = [((120 + i, 80, 70), 10, 255) for i in range(10)]
    assert len(main(cutout(*shades))) == 1


def test_there_are_never_more_than_a_few():
    rng = np.random.default_rng(1)
    noise = rng.integers(0, 256, (200, 300, 4), dtype=np.uint8)
    noise[..., 3] = 255
    found = main(Cutout(noise))
    assert 1 <= len(found) <= COUNT
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (3000, 2)])
def test_a_subject_of_any_shape_has_colours_and_none_has_none(size):
    rgba = np.full((*size, 4), 255, np.uint8)
    assert main(Cutout(rgba)) == (Colour(255, 255, 255),)
    assert main(Cutout(np.zeros_like(rgba))) == ()

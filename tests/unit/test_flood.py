# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
import pytest
from helpers import noise, plain

from offcut.colour import Colour
from offcut.flood import filled
from offcut.sizes import Sizes
from offcut.touches import Fill

GROUND, DISC, FRAME = (240, 238, 230), (30, 60, 140), (10, 10, 10)


def scene():
    """A disc with a soft rim on a light ground, and a black frame that cuts off a corner of it."""
    y, x = np.mgrid[:120, :160] + 0.5
    share = np.clip(30.5 - np.hypot(x - 60, y - 60), 0, 1)[..., np.newaxis]
    rgb = np.rint(share * DISC + (1 - share) * GROUND).astype(np.uint8)
    rgb[:, 130] = FRAME
    return rgb, share[..., 0]


def cover(rgb, x, y, tolerance=0.1, contiguous=True, colour=None, barred=None, side=None):
    sizes = Sizes(plain(rgb))
    here = sizes.within(side or max(rgb.shape))
    return filled(Fill("erase", (x, y), tolerance, contiguous, colour), sizes, here, barred)


def test_what_hangs_together_is_filled_and_its_rim_as_far_as_it_is_the_grounds():
    rgb, share = scene()
    found = cover(rgb, 5, 5)
    assert (found[share == 0][:, np.newaxis] >= 0).all()
    assert np.abs(found[:, :128] / 255 - (1 - share[:, :128])).max() < 0.06
    assert not found[:, 131:].any()
    everywhere = cover(rgb, 5, 5, contiguous=False)
    assert (everywhere[:, 133:] == 255).all()
    assert not everywhere[60, 60]


def test_a_pixel_that_is_an_odd_one_out_is_filled_from_its_neighbours():
    rgb, _ = scene()
    rgb[5, 5] = (120, 20, 20)
    assert cover(rgb, 5.5, 5.5)[100, 100] == 255


def test_the_ends_of_the_tolerance():
    rgb, _ = scene()
    assert (cover(rgb, 5, 5, 1.0) == 255).all()
    rgb[:, :60] = noise(60, 120)
    exact = cover(rgb, 150, 50, 0.0)
    assert (exact[:, 133:] == 255).all()
    assert not exact[:, :129].any()


@pytest.mark.parametrize("at", [(-5, 5), (5, -0.1), (160, 5), (5, 1e6)])
def test_a_point_outside_fills_nothing_unless_a_colour_is_given_for_everywhere(at):
    rgb, _ = scene()
    assert cover(rgb, *at) is None
    assert cover(rgb, *at, contiguous=False) is None
    assert cover(rgb, *at, colour=Colour(*GROUND)) is None
    assert cover(rgb, *at, contiguous=False, colour=Colour(*GROUND))[100, 100] == 255


def test_a_given_colour_counts_and_not_that_at_the_point():
    rgb, _ = scene()
    assert cover(rgb, 60, 60, contiguous=False, colour=Colour(*GROUND))[5, 5] == 255
    assert cover(rgb, 60, 60, colour=Colour(*GROUND)) is None


def test_what_is_barred_is_not_passed():
    rgb = np.full((100, 100, 3), 200, np.uint8)
    barred = np.zeros((100, 100), np.uint8)
    barred[:, 50] = 255
    found = cover(rgb, 10, 10, barred=barred)
    assert (found[:, :49] == 255).all()
    assert not found[:, 53:].any()


def test_in_another_size_the_same_parts_are_filled():
    rgb, _ = scene()
    rgb = rgb.repeat(4, axis=0).repeat(4, axis=1)
    whole, small = cover(rgb, 20, 20), cover(rgb, 20, 20, side=160)
    assert whole.shape == (480, 640)
    assert small.shape == (120, 160)
    middles = whole.reshape(120, 4, 160, 4).mean(axis=(1, 3))
    assert np.abs(middles - small).mean() < 3


def test_a_line_of_one_pixel_in_a_large_picture_holds():
    rgb = np.full((1500, 3000, 3), 230, np.uint8)
    rgb[:, 1501] = 20
    found = cover(rgb, 10, 10)
    assert (found[:, :1499] == 255).all()
    assert not found[:, 1504:].any()

# SPDX-License-Identifier: AGPL-3.0-or-later
import math

import numpy as np
import pytest
from helpers import noise, plain

from offcut.album import STILL_PIXELS, Album
from offcut.backdrop import Still
from offcut.colour import WHITE
from offcut.picture import Picture
from offcut.recipe import Recipe
from offcut.scene import Scene

A, B = "a" * 64, "b" * 64


def naming(image):
    return Recipe(scene=Scene(Still(image)))


def test_a_small_picture_is_kept_as_it_is():
    album, picture = Album(), plain(noise(40, 30))
    assert album.put(A, picture) is picture and album.get(A) is picture
    assert album.get(B) is None


@pytest.mark.parametrize("size", [(5000, 4000), (STILL_PIXELS + 1, 1), (1, STILL_PIXELS + 1), (9_000_000, 2)])
def test_a_large_picture_is_held_smaller_in_its_shape_and_never_without_a_pixel(size):
    rgba = np.broadcast_to(np.array([10, 20, 30, 255], np.uint8), (size[1], size[0], 4))
    kept = Album().put(A, Picture(np.ascontiguousarray(rgba), True, None, "large", ()))
    width, height = kept.size
    assert width >= 1 and height >= 1 and width * height <= STILL_PIXELS
    if min(size) > 2:
        assert width / height == pytest.approx(size[0] / size[1], rel=1e-3)
        assert width * height > 0.99 * STILL_PIXELS
    assert kept.rgba[height // 2, width // 2].tolist() == [10, 20, 30, 255]


def test_a_picture_that_is_in_use_outlives_those_that_are_tried_out():
    album, picture = Album(2), plain(noise(4, 3))
    album.put(A, picture)
    for other in "cdef":
        album.put(other * 64, plain(noise(4, 3)))
        assert album.get(A) is picture


def test_work_that_waits_keeps_the_picture_that_it_began_with():
    album, picture = Album(2), plain(noise(4, 3))
    album.put(A, picture)
    stills = album.named(naming(A))
    for other in "cdef":
        album.put(other * 64, plain(noise(4, 3)))
    assert album.get(A) is None and stills(A) is picture


def test_only_what_a_recipe_names_and_is_there_is_held_for_it():
    album = Album()
    album.put(A, plain(noise(4, 3)))
    assert album.named(naming(B))(B) is None
    assert album.named(Recipe(scene=Scene(WHITE)))(A) is None
    assert math.prod(album.named(naming(A))(A).size) == 12

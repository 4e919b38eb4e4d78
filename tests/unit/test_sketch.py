# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
import pytest
from helpers import plain
from PIL import Image

from offcut.edges import Edges
from offcut.matte import Matte
from offcut.method import Method, ground_of
from offcut.recipe import Recipe
from offcut.refine import by_colour, by_net
from offcut.scene import Colour, Scene
from offcut.sketch import Sketch


def disc(side):
    rows, columns = np.mgrid[:side, :side] + 0.5 - side / 2
    return Matte(np.clip(side * 0.3 - np.hypot(rows, columns) + 0.5, 0, 1).astype(np.float32))


def picture(side):
    """A red subject on a green ground, of soft edge."""
    share = np.asarray(Image.fromarray(disc(64).alpha).resize((side, side)))[..., np.newaxis]
    return plain(np.rint(share * (200, 30, 40) + (1 - share) * (30, 180, 60)).astype(np.uint8))


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(method=Method("net")),
        Recipe(method=Method("net"), edges=Edges(shift=-8, feather=4)),
        Recipe(method=Method("net"), scene=Scene(Colour(0, 0, 255))),
    ],
)
def test_a_sketch_shows_what_the_job_will_make(recipe):
    full = picture(640)
    matte = disc(64)
    drawn = Sketch(full, 160).draw(matte, recipe)
    assert drawn.shape == (160, 160, 4)
    made = Image.fromarray(by_net(matte, full, recipe).rgba)
    if recipe.scene.backdrop:
        ground = Image.new("RGBA", made.size, (0, 0, 255, 255))
        ground.alpha_composite(made)
        made = ground
    small = np.asarray(made.reduce(4)).astype(int)
    assert np.abs(drawn[..., 3] - small[..., 3]).mean() < 2
    both = (drawn[..., 3] > 200) & (small[..., 3] > 200)
    assert np.abs(drawn[both].astype(int) - small[both]).mean() < 3


def test_a_small_picture_keeps_its_size_and_its_own_alpha():
    own = np.full((40, 60), 255, np.uint8)
    own[:, :20] = 0
    drawn = Sketch(plain(np.full((40, 60, 3), 90, np.uint8), own), 1000).draw(disc(60), Recipe())
    assert drawn.shape == (40, 60, 4)
    assert not drawn[:, :20].any()


@pytest.mark.parametrize("edges", [Edges(), Edges(shift=-8, feather=4)])
def test_a_sketch_of_a_graphic_shows_what_colour_will_cut(edges):
    share = np.asarray(Image.fromarray(disc(2560).alpha).reduce(4))[..., np.newaxis]
    full = plain(np.rint(share * (200, 30, 40) + (1 - share) * (30, 180, 60)).astype(np.uint8))
    drawn = Sketch(full, 160).draw(None, Recipe(edges=edges))
    made = np.asarray(Image.fromarray(by_colour(ground_of(full, "auto"), full, Recipe(edges=edges)).rgba).reduce(4))
    assert np.abs(drawn.astype(int) - made)[..., 3].mean() < 2


def test_without_the_nets_answer_only_a_graphic_can_be_drawn():
    sketch = Sketch(picture(100), 50)
    assert sketch.draw(None, Recipe(method=Method("net"))) is None
    assert sketch.draw(None, Recipe()).shape == (50, 50, 4)

# SPDX-License-Identifier: AGPL-3.0-or-later
import tracemalloc

import numpy as np
import pytest
from helpers import noise, plain
from PIL import Image

from offcut.backdrop import Gradient, Original, Still
from offcut.colour import BLACK, WHITE, Colour
from offcut.errors import BackdropMissing
from offcut.fitting import placed
from offcut.frame import Canvas, Frame
from offcut.ground import no_stills, painted
from offcut.placement import Placement

SHA = "a" * 64
SHARP = np.array([30, 180, 60])


def canvas(width, height):
    return Placement(width, height, (1, 0, 0, 0, 1, 0))


def paint(backdrop, placement, rgba=None, alpha=None, stills=no_stills):
    rgba = noise(placement.width, placement.height, 4) if rgba is None else rgba
    alpha = np.zeros(rgba.shape[:2], np.uint8) if alpha is None else alpha
    return painted(backdrop, placement, rgba, alpha, stills)


def test_a_colour_is_itself():
    assert paint(Colour(1, 2, 3), canvas(5, 4)) == Colour(1, 2, 3)


START, END = Colour(0, 100, 250), Colour(200, 100, 50)


@pytest.mark.parametrize(
    ("gradient", "first", "last"),
    [
        (Gradient("linear", START, END), (0, 100), (200, 100)),
        (Gradient("linear", START, END, 180), (0, 10), (200, 10)),
        (Gradient("linear", START, END, 0), (200, 100), (0, 100)),
        (Gradient("linear", START, END, 90), (100, 0), (100, 300)),
        (Gradient("linear", START, END, -90), (100, 300), (100, 0)),
        (Gradient("linear", START, END, 45), (200, 0), (0, 300)),
        (Gradient("linear", START, END, 135), (0, 0), (200, 300)),
        (Gradient("linear", START, END, -45), (200, 300), (0, 0)),
        (Gradient("radial", START, END), (100, 150), (0, 0)),
        (Gradient("radial", START, END), (100, 150), (200, 300)),
    ],
)
def test_a_gradient_runs_from_one_colour_to_the_other(gradient, first, last):
    """On a canvas of 301 x 201; where is (row, column)."""
    made = paint(gradient, canvas(301, 201))
    assert made.shape == (201, 301, 4) and (made[..., 3] == 255).all()
    assert np.abs(made[first][:3].astype(int) - START.rgb).max() <= 2
    assert np.abs(made[last][:3].astype(int) - END.rgb).max() <= 2
    half = made[tuple((a + b) // 2 for a, b in zip(first, last, strict=True))][:3]
    assert np.abs(half.astype(int) - (100, 100, 150)).max() <= 2


def test_a_gradient_is_even_on_the_way():
    column = paint(Gradient("linear", BLACK, WHITE), canvas(3, 256))[:, 1, 0].astype(int)
    assert np.abs(column - np.arange(256)).max() <= 1 and (np.diff(column) >= 0).all()
    row = paint(Gradient("radial", BLACK, WHITE), canvas(400, 400))[200, 200:, 0].astype(int)
    assert np.abs(row - np.linspace(0, 255 / np.sqrt(2), 200)).max() <= 2


def still(backdrop, width, height, picture):
    return paint(backdrop, canvas(width, height), stills={SHA: picture}.get)


PICTURE = plain(noise(40, 20))


@pytest.mark.parametrize(
    ("backdrop", "size", "rows", "columns", "top", "left"),
    [
        (Still(SHA), (20, 20), slice(None), slice(10, 30), 0, 0),
        (Still(SHA, "cover"), (40, 10), slice(5, 15), slice(None), 0, 0),
        (Still(SHA, "contain"), (40, 60), slice(None), slice(None), 20, 0),
        (Still(SHA, "contain"), (60, 20), slice(None), slice(None), 0, 10),
        (Still(SHA, "place"), (20, 20), slice(None), slice(10, 30), 0, 0),
        (Still(SHA, "place", x=0.25), (20, 20), slice(None), slice(5, 25), 0, 0),
        (Still(SHA, "place", x=1, y=-0.5), (20, 20), slice(10, None), slice(0, 10), 0, 10),
        (Still(SHA, "place", 0.5), (40, 40), slice(None), slice(None), 10, 0),
        (Still(SHA, "cover", 0.5, 1, 1), (20, 20), slice(None), slice(10, 30), 0, 0),
    ],
)
def test_a_picture_of_the_persons_own_lies_where_its_fit_says(backdrop, size, rows, columns, top, left):
    made = still(backdrop, *size, PICTURE)
    wanted = np.zeros((size[1], size[0], 4), np.uint8)
    seen = PICTURE.rgba[rows, columns]
    wanted[top : top + seen.shape[0], left : left + seen.shape[1]] = seen
    assert np.array_equal(made, wanted)


@pytest.mark.parametrize("size", [(33, 91), (200, 50), (7, 7)])
def test_a_picture_that_covers_leaves_nothing_clear(size):
    made = still(Still(SHA), *size, PICTURE)
    assert made.shape == (size[1], size[0], 4) and (made[..., 3] == 255).all()


def test_a_picture_that_is_not_at_hand_is_named():
    with pytest.raises(BackdropMissing) as caught:
        paint(Still(SHA), canvas(4, 4))
    assert caught.value.details == {"image": SHA}


def scene(width=240, height=160, radius=45, soft=0.5):
    """A red disc on green, and its matte: the edge is mixed in both alike."""
    rows, columns = np.mgrid[:height, :width] + 0.5
    share = np.clip((radius - np.hypot(columns - width / 2, rows - height / 2)) / (2 * soft) + 0.5, 0, 1)
    alpha = np.rint(share * 255).astype(np.uint8)
    share = share[..., np.newaxis]
    rgb = np.rint(share * (220, 20, 30) + (1 - share) * SHARP).astype(np.uint8)
    return plain(rgb).rgba, alpha


@pytest.mark.parametrize("blur", [0.02, 0.1, 0.4, 1])
@pytest.mark.parametrize("soft", [0.01, 0.5, 2])
def test_a_blurred_ground_has_no_halo_of_the_subject(blur, soft):
    rgba, alpha = scene(soft=soft)
    made = paint(Original(blur), canvas(240, 160), rgba, alpha)
    assert (made[..., 3] == 255).all()
    off = np.abs(made[..., :3].astype(int) - SHARP).max(axis=-1)
    assert off[alpha == 0].max() <= 5 + 4 * soft  # of 190; all that is seen of it
    assert off[alpha == 255].max() <= 40 and off.mean() <= 3


@pytest.mark.parametrize("frame", [Frame(canvas=Canvas(300, 300)), Frame(canvas=Canvas(400, 100), turn=30)])
@pytest.mark.parametrize("blur", [0.05, 1])
def test_beyond_the_picture_a_blurred_ground_goes_on(frame, blur):
    rgba, alpha = scene()
    placement = placed(frame, (240, 160), np.zeros((1, 2)), None)
    made = paint(Original(blur), placement, rgba, alpha)
    assert made.shape == (placement.height, placement.width, 4) and (made[..., 3] == 255).all()
    for corner in made[[0, 0, -1, -1], [0, -1, 0, -1], :3].astype(int):
        assert np.abs(corner - SHARP).max() <= 6


@pytest.mark.parametrize("blur", [0.25, 0.5, 1])
def test_blur_is_a_gaussian_of_a_share_of_the_shorter_side(blur):
    rgba = plain(np.zeros((400, 500, 3), np.uint8)).rgba
    rgba[:, 250:, :3] = 255
    profile = paint(Original(blur), canvas(500, 400), rgba)[200, :, 0].astype(float) / 255
    low, middle, high = np.interp([0.1587, 0.5, 0.8413], profile, np.arange(500) + 0.5)
    assert middle == pytest.approx(250, abs=0.6)
    assert (high - low) / 2 == pytest.approx(blur * 0.04 * 400, rel=0.08)


def test_a_picture_that_is_all_subject_leaves_a_plain_ground():
    made = paint(Original(0.5), canvas(30, 20), noise(30, 20, 4), np.full((20, 30), 255, np.uint8))
    assert (made == (128, 128, 128, 255)).all()


def test_what_was_clear_in_the_picture_has_no_say_in_its_blurred_ground():
    rgba, alpha = scene()
    rgba[:, :60] = (255, 0, 255, 0)
    made = paint(Original(0.3), canvas(240, 160), rgba, alpha)
    assert (made[..., 3] == 255).all()
    assert np.abs(made[:, :60, :3].astype(int) - SHARP).max() <= 6


def test_a_ground_that_is_neither_blurred_nor_grey_is_the_picture_itself():
    rgba = noise(30, 20, 4)
    assert paint(Original(), canvas(30, 20), rgba) is rgba
    moved = placed(Frame("picture", turn=90), (30, 20), np.zeros((1, 2)), None)
    assert np.array_equal(paint(Original(), moved, rgba), np.rot90(rgba, -1))


def test_grey_is_grey_and_half_of_it_half_way():
    rgba = noise(30, 20, 4)
    before = rgba.copy()
    made = paint(Original(grey=1), canvas(30, 20), rgba)
    luma = np.asarray(Image.fromarray(rgba).convert("RGB").convert("L"))
    assert np.array_equal(made, np.dstack([luma, luma, luma, rgba[..., 3]]))
    half = paint(Original(grey=0.5), canvas(30, 20), rgba)
    assert np.abs(half - (rgba.astype(float) + made) / 2).max() <= 1
    assert np.array_equal(rgba, before)


def test_blur_and_grey_go_together():
    rgba, alpha = scene()
    made = paint(Original(0.5, 1), canvas(240, 160), rgba, alpha)
    assert np.array_equal(made[..., 0], made[..., 1]) and np.array_equal(made[..., 0], made[..., 2])
    assert np.abs(made[alpha == 0][:, 0].astype(int) - round(SHARP @ (0.299, 0.587, 0.114))).max() <= 4


@pytest.mark.parametrize("blur", [0.002, 0.02, 0.3])
def test_little_blur_takes_no_more_room_than_much(blur):
    rgba, alpha = scene(1500, 1000, 300)
    tracemalloc.start()
    try:
        made = paint(Original(blur), canvas(1500, 1000), rgba, alpha)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert np.abs(made[..., :3].astype(int) - SHARP).mean() <= 3
    assert most < 5 * rgba.nbytes


def test_the_bands_that_a_ground_is_blurred_in_are_not_seen():
    rgb = np.repeat(np.repeat(noise(60, 70, seed=4), 10, axis=0), 10, axis=1)
    rgba = plain(rgb).rgba
    made = paint(Original(0.2), canvas(600, 700), rgba)
    turned = paint(Original(0.2), canvas(700, 600), np.ascontiguousarray(np.rot90(rgba)))
    assert np.abs(np.rot90(turned, -1).astype(int) - made).max() <= 3

# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
import pytest
from helpers import noise, plain
from PIL import Image

from offcut.adjust import steepened
from offcut.follow import GAIN, follow, unknown
from offcut.matte import Matte
from offcut.upsample import TILE, upsample

SIDE = 640


def photograph():
    """A dark disc, its rim soft over one pixel, on a bright ground, both a little rough; and its true alpha."""
    rows, columns = np.mgrid[:SIDE, :SIDE] + 0.5 - SIDE / 2
    alpha = np.clip(SIDE * 0.3 - np.hypot(rows, columns) + 0.5, 0, 1).astype(np.float32)
    rough = noise(SIDE, SIDE).astype(np.float32) / 16
    front, back = rough + np.array([60, 40, 30]), rough + np.array([180, 200, 190])
    rgb = alpha[..., np.newaxis] * front + (1 - alpha[..., np.newaxis]) * back
    return plain(np.rint(rgb).astype(np.uint8)), alpha


def coarse(alpha, side, shift=0):
    """What a net of `side` pixels says, `shift` of its pixels beside the truth."""
    small = np.asarray(Image.fromarray(alpha).resize((side, side), Image.Resampling.BOX))
    return Matte(np.roll(small, shift, axis=1))


def error(found, alpha):
    return np.abs(found / np.float32(255) - alpha).mean()


@pytest.mark.parametrize("shift", [0, 1])
def test_an_edge_that_the_net_saw_roughly_is_drawn_where_the_picture_has_it(shift):
    picture, alpha = photograph()
    matte = coarse(alpha, 64, shift)
    assert error(follow(matte, picture), alpha) < error(upsample(matte, SIDE, SIDE), alpha) / 3


def test_where_the_picture_has_no_edge_the_net_is_believed():
    _, alpha = photograph()
    picture = plain(np.full((SIDE, SIDE, 3), 120, np.uint8))
    matte = coarse(alpha, 64)
    apart = (follow(matte, picture) > 127) != (upsample(matte, SIDE, SIDE) > 127)
    assert apart.mean() < 0.015


def test_tiles_leave_no_seam(monkeypatch):
    picture, alpha = photograph()
    matte = coarse(alpha, 64)
    whole = follow(matte, picture)
    for tile in (TILE // 4, SIDE):
        monkeypatch.setattr("offcut.follow.TILE", tile)
        assert np.abs(follow(matte, picture).astype(int) - whole).max() <= 8


def test_outside_the_unknown_band_nothing_is_solved():
    picture, alpha = photograph()
    matte = coarse(alpha, 64)
    band = np.asarray(Image.fromarray(unknown(matte)).resize((SIDE, SIDE), Image.Resampling.NEAREST)) > 0
    plain_enlarged = steepened(upsample(matte, SIDE, SIDE), GAIN)
    assert 0.05 < band.mean() < 0.5
    assert np.array_equal(follow(matte, picture)[~band], plain_enlarged[~band])


def test_the_unknown_band_is_around_doubt_and_around_edges_however_sharp():
    plane = np.zeros((40, 60), np.float32)
    plane[:, 40:] = 1
    plane[20, 10] = 0.6
    plane[5, 5] = 0.01
    rows, columns = np.nonzero(unknown(Matte(plane))[:, :30])
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (16, 24, 6, 14)
    columns = np.nonzero(unknown(Matte(plane))[:, 30:])[1] + 30
    assert (columns.min(), columns.max()) == (36, 43)


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (200, 3), (7, 5), (400, 300)])
@pytest.mark.parametrize("side", [1, 16, 64])
def test_any_size_is_taken(size, side):
    matte = Matte(np.random.default_rng(1).random((side, side)).astype(np.float32))
    found = follow(matte, plain(noise(*size)))
    assert found.shape == size[::-1] and found.dtype == np.uint8


@pytest.mark.parametrize("level", [0, 0.5, 1])
def test_a_flat_matte_stays_flat(level):
    picture, _ = photograph()
    assert len(np.unique(follow(Matte(np.full((64, 64), level, np.float32)), picture))) == 1

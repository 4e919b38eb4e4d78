# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
import pytest
from helpers import noise, plain

from offcut import foreground
from offcut.cutout import cut
from offcut.foreground import unmixed

RED, GREEN = np.array([200, 30, 20]), np.array([10, 220, 60])


def disc(side=96, soft=12.0):
    """Alpha of a disc whose edge is `soft` pixels wide."""
    rows, columns = np.mgrid[:side, :side] - (side - 1) / 2
    return np.rint(np.clip((side / 3 - np.hypot(rows, columns)) / soft + 0.5, 0, 1) * 255).astype(np.uint8)


def mixed(front, back, alpha):
    share = alpha[..., None] / 255
    return np.rint(front * share + back * (1 - share)).astype(np.uint8)


def test_two_plain_colours_are_told_apart():
    alpha = disc()
    soft, front, back = unmixed(mixed(RED, GREEN, alpha), alpha)
    assert np.array_equal(soft, np.flatnonzero((alpha > 5) & (alpha < 250)))
    share = alpha.ravel()[soft] / 255
    assert np.abs(front - RED)[share > 0.1].max() <= 6
    assert np.abs(back - GREEN)[share < 0.9].max() <= 6


def test_colours_that_change_along_the_edge_are_followed():
    alpha = disc(160)
    across = np.linspace(0, 1, 160)[None, :, None]
    front = RED * across + np.array([40, 60, 250]) * (1 - across)
    rgb = mixed(front, GREEN, alpha)
    soft, found, _ = unmixed(rgb, alpha)
    share = alpha.ravel()[soft] / 255
    truth = np.broadcast_to(front, (160, 160, 3)).reshape(-1, 3)[soft]
    wrong = np.abs(found - truth).mean(axis=1) * share
    fringe = np.abs(rgb.reshape(-1, 3)[soft] - truth).mean(axis=1) * share
    assert wrong.mean() < 2 and fringe.mean() > 20


def test_front_and_back_explain_what_is_seen():
    alpha = disc()
    rgb = mixed(RED, 96 + noise(96, 96) // 4, alpha)
    soft, front, back = unmixed(rgb, alpha)
    share = alpha.ravel()[soft][:, None] / 255
    assert np.abs(front * share + back * (1 - share) - rgb.reshape(-1, 3)[soft]).mean() < 3


@pytest.mark.parametrize("value", [0, 255])
def test_where_nothing_is_soft_there_is_nothing_to_do(value):
    soft, front, back = unmixed(noise(20, 30), np.full((30, 20), value, np.uint8))
    assert soft.size == 0 and front.shape == back.shape == (0, 3)


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (300, 1), (2, 2), (257, 3)])
def test_any_size_is_taken(size):
    rgb, alpha = noise(*size), noise(*size, 1, seed=1)
    soft, front, _ = unmixed(rgb, alpha.reshape(size[::-1]))
    assert len(front) == len(soft) == ((alpha > 5) & (alpha < 250)).sum()


def test_leaving_out_what_nobody_sees_changes_next_to_nothing(monkeypatch):
    alpha = disc(200)
    rgb = mixed(RED, noise(200, 200), alpha)
    _, sparse, _ = unmixed(rgb, alpha)
    monkeypatch.setattr(foreground, "WHOLE", 1000)
    soft, whole, _ = unmixed(rgb, alpha)
    share = alpha.ravel()[soft][:, None] / 255
    assert (np.abs(sparse.astype(int) - whole) * share).mean() < 0.5


def test_past_the_finest_level_colours_stay_near_those_of_a_full_solution(monkeypatch):
    alpha = disc(400)
    across = np.linspace(0, 1, 400)[None, :, None]
    front = RED * across + np.array([40, 60, 250]) * (1 - across) + noise(400, 400, seed=2) // 16
    rgb = mixed(front, GREEN, alpha)
    soft, whole, _ = unmixed(rgb, alpha)
    monkeypatch.setattr(foreground, "FINEST", 100)
    _, short, back = unmixed(rgb, alpha)
    share = alpha.ravel()[soft][:, None] / 255
    assert (np.abs(short.astype(int) - whole) * share).mean() < 3
    assert np.abs(short * share + back * (1 - share) - rgb.reshape(-1, 3)[soft]).mean() < 1


def test_a_soft_pixel_that_coarser_levels_pass_over_is_found_all_the_same():
    alpha = np.full((169, 13), 255, np.uint8)
    alpha[160:, 12] = 0
    alpha[160, 12] = 128
    rgb = mixed(RED, GREEN, alpha)
    soft, front, _ = unmixed(rgb, alpha)
    assert soft.tolist() == [160 * 13 + 12]
    assert np.abs(front[0].astype(int) - RED).max() <= 12


def test_what_there_is_to_do_is_bounded_however_soft_a_picture_is(monkeypatch):
    alpha = np.rint(np.linspace(10, 245, 300 * 400)).astype(np.uint8).reshape(300, 400)
    rgb = mixed(RED, GREEN, alpha)
    worked = []
    solved = foreground._solved

    def counted(rgb, alpha, width, height, *more):
        worked.append(width * height)
        return solved(rgb, alpha, width, height, *more)

    monkeypatch.setattr(foreground, "_solved", counted)
    _, front, _ = unmixed(rgb, alpha, effort=10_000)
    assert max(worked) <= 10_000
    share = alpha.reshape(-1, 1) / 255
    assert (np.abs(front.astype(int) - RED) * share).mean() < 4


def test_a_cutout_of_full_despill_shows_the_subject_alone_and_none_leaves_the_picture():
    alpha = disc()
    rgb = mixed(RED, GREEN, alpha)
    seen = alpha > 40
    whole, half, none = (cut(plain(rgb), alpha, despill) for despill in (1, 0.5, 0))
    assert np.abs(whole.rgb[seen].astype(int) - RED).max() <= 6
    assert np.array_equal(none.rgb[seen], rgb[seen])
    middle = (whole.rgb[seen].astype(int) + none.rgb[seen]) / 2
    assert np.abs(half.rgb[seen] - middle).max() <= 1
    assert np.array_equal(whole.rgb[alpha == 255], rgb[alpha == 255])
    assert np.array_equal(whole.alpha, alpha)


def test_what_the_pictures_own_alpha_hides_stays_hidden():
    alpha = disc()
    own = np.full_like(alpha, 255)
    own[:48] = 0
    cutout = cut(plain(mixed(RED, GREEN, alpha), own), alpha, 1)
    assert not cutout.rgba[:48].any()
    seen = (alpha > 40) & (own == 255)
    assert np.abs(cutout.rgb[seen].astype(int) - RED).max() <= 6

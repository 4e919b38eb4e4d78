# SPDX-License-Identifier: AGPL-3.0-or-later
"""The measures of the benchmark, where the answer is known."""

import _metrics
import numpy as np
import pytest
from _metrics import Plane
from numpy.typing import NDArray


def square(side: int = 64, margin: int = 16) -> Plane:
    """1 in a square in the middle, 0 around it."""
    plane = np.zeros((side, side), np.float32)
    plane[margin:-margin, margin:-margin] = 1
    return plane


def cutout(alpha: Plane, colour: tuple[int, int, int]) -> NDArray[np.uint8]:
    """A cutout of one colour."""
    rgba = np.empty((*alpha.shape, 4), np.uint8)
    rgba[...] = (*colour, 0)
    rgba[..., 3] = np.rint(alpha * 255)
    return rgba


@pytest.mark.parametrize("name", ["mae", "mse", "sad", "gradient", "connectivity"])
def test_the_truth_itself_has_no_error(name: str) -> None:
    assert getattr(_metrics, name)(square(), square()) == 0


def test_differences_are_summed_in_thousands_and_averaged() -> None:
    answer = np.full((50, 40), 0.5, np.float32)
    truth = np.zeros_like(answer)
    assert _metrics.sad(answer, truth) == 1.0
    assert _metrics.mae(answer, truth) == 0.5
    assert _metrics.mse(answer, truth) == 0.25


def test_a_blurred_edge_costs_gradient_and_a_flat_offset_does_not() -> None:
    truth = square()
    blurred = sum(np.roll(truth, shift, axis=1) for shift in range(-4, 5)) / np.float32(9)
    assert _metrics.gradient(np.asarray(blurred), truth) > 1e-3
    assert _metrics.gradient(truth * 0 + 0.5, truth * 0) == pytest.approx(0, abs=1e-9)


def test_an_island_apart_costs_connectivity_and_the_same_pixels_at_the_subject_do_not() -> None:
    truth = square()
    truth[2:6, 2:6] = 1
    apart, joined = square(), square()
    apart[2:6, 2:6] = 1
    joined[16:20, 12:16] = 1
    assert _metrics.connectivity(apart, square()) == pytest.approx(16 / 1000)
    assert _metrics.connectivity(truth, truth) == 0
    assert _metrics.sad(apart, square()) == pytest.approx(_metrics.sad(joined, square()))


def test_overlap_of_the_whole_and_of_the_boundary() -> None:
    truth, moved = square(), np.roll(square(), 8, axis=1)
    assert _metrics.iou(moved, truth) == pytest.approx(24 / 40)
    assert _metrics.boundary_iou(truth, truth) == 1
    assert _metrics.boundary_iou(moved, truth) < 0.5 * _metrics.iou(moved, truth)
    assert _metrics.iou(truth * 0, truth * 0) == 1


def test_a_subject_that_touches_the_border_has_no_boundary_there() -> None:
    half = np.zeros((64, 64), np.float32)
    half[:, :32] = 1
    assert _metrics.edge(half).sum() == 64 * 2


def test_a_fringe_is_seen_on_new_grounds_and_only_at_the_edge() -> None:
    alpha = square()
    alpha[:, 15] = alpha[:, 48] = 0.5
    alpha[:15] = alpha[49:] = 0
    truth = cutout(alpha, (200, 30, 20))
    assert _metrics.fringe(truth, truth) == 0
    spilt = truth.copy()
    spilt[:, (15, 48), 1] = 200
    within = truth.copy()
    within[30:34, 30:34] = (0, 255, 0, 255)
    assert _metrics.fringe(spilt, truth) > 1
    assert _metrics.fringe(within, truth) == 0
    assert _metrics.fringe(cutout(alpha * 0, (0, 0, 0)), cutout(alpha * 0, (0, 0, 0))) == 0

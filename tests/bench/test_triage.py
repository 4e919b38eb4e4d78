# SPDX-License-Identifier: AGPL-3.0-or-later
"""The figures of the benchmark, where the answer is known."""

import numpy as np
import pytest
import triage

IOUS: triage.Floats = np.linspace(0, 1, 100).astype(np.float64)


def test_a_confidence_that_is_the_truth_finds_all_of_the_worst() -> None:
    assert triage.line(IOUS, IOUS) == ["100", "0.500", "0.500", "0.000", "1.000", "10 of 10"]


def test_a_confidence_that_is_the_wrong_way_round_finds_none() -> None:
    assert triage.worst_found(1 - IOUS, IOUS) == (0, 10)
    assert triage.rank(1 - IOUS, IOUS) == pytest.approx(-1)


def test_chance_finds_a_fifth_of_the_worst() -> None:
    random = np.random.default_rng(1)
    found = [triage.worst_found(random.random(100), IOUS)[0] for _ in range(200)]
    assert np.mean(found) == pytest.approx(2, abs=0.3)


def test_the_weight_is_chosen_on_one_half_and_measured_on_the_other() -> None:
    table = np.array([1 - IOUS, IOUS, IOUS * 0])
    assert triage.other_half(table, IOUS)[3:5] == ["0.000", "1.000"]


def test_fifths_come_from_the_least_trusted_to_the_most() -> None:
    rows = triage.fifths(IOUS, IOUS)
    assert [row[1] for row in rows] == ["20"] * 5 and rows[0][0] == "0.000 to 0.192" and rows[4][5] == "0.808"

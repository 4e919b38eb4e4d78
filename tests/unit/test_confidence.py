# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
import pytest

from offcut.confidence import BESIDE, confidence
from offcut.matte import Matte


def trust(subject=1.0, beside=0.0, ground=0.0, side=100, share=0.3):
    """The confidence in a matte: the subject in the first `share` of its columns, and as much beside it."""
    alpha = np.full((side, side), ground, np.float32)
    width = round(share * side)
    alpha[:, :width], alpha[:, width : 2 * width] = subject, beside
    return confidence(Matte(alpha))


def test_an_answer_without_doubt_is_trusted_in_full():
    assert trust() == 1


@pytest.mark.parametrize("levels", [(0, 0), (0.4, 0.4), (1, 1, 1), (0.6, 0.6, 0.6), (0.55, 0.45, 0.45)])
def test_an_answer_in_which_nothing_is_found_is_not_trusted(levels):
    assert trust(*levels, share=0.5) == 0


def test_the_more_was_seen_beside_the_subject_the_less_it_is_trusted():
    seen = [trust(beside=level) for level in (0, 0.001, 0.05, 0.2, 0.45)]
    assert seen == sorted(seen, reverse=True) and len(set(seen)) == 5
    assert seen[-1] == pytest.approx(1 / (1 + BESIDE * 0.45))


def test_the_less_was_seen_of_the_subject_the_less_it_is_trusted():
    seen = [trust(level) for level in (1, 0.99, 0.8, 0.55)]
    assert seen == sorted(seen, reverse=True) and len(set(seen)) == 4
    assert seen[-1] == pytest.approx(1 / 1.45)


def test_doubt_beside_the_subject_weighs_more_than_doubt_within():
    assert trust(beside=0.3) < trust(0.7) < 1


def test_a_shadow_of_doubt_over_all_of_the_ground_counts_most_for_a_small_subject():
    assert trust(beside=0.1, ground=0.1, share=0.1) < trust(beside=0.1, ground=0.1, share=0.4)


def test_the_size_of_the_answer_does_not_matter():
    assert trust(0.9, 0.2, side=100) == pytest.approx(trust(0.9, 0.2, side=1000), rel=1e-6)


def test_a_soft_edge_is_little_doubt():
    alpha = np.clip((np.hypot(*np.mgrid[-256:256, -256:256]) - 120) / -4 + 0.5, 0, 1).astype(np.float32)
    assert 0.93 < confidence(Matte(alpha)) < 1

# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
import pytest
from helpers import catalogue, plan, run

from offcut import errors
from offcut.look import LITTLE_MEMORY, SMALL_DEVICE, look, within
from offcut.matte import Matte

SIDES = [8, 16, 32, 48]


def looking(sides, decisive=0.0, limit=None, *, full=99):
    """The sides that were asked for, and the look; memory runs out at `full`, and every answer is grey in part."""
    rows = catalogue(plan(sides=sides, decisive=decisive), sides=SIDES)
    asked = []

    async def ask(side):
        asked.append(side)
        if side >= full:
            raise errors.RemoteError("job.out-of-memory", {})
        alpha = np.full((8, 8), 0.9, np.float32)
        alpha[:, : 48 // side] = 0.2
        return Matte(alpha)

    chosen = rows.plans[0]
    return asked, run(look(chosen, rows.model(chosen.model), ask, limit))


def test_a_device_without_a_limit_looks_at_every_side():
    asked, found = looking([8, 16, 32])
    assert asked == [8, 16, 32] and found.notes == ()


def test_sides_above_the_limit_are_passed_over_and_that_is_noted():
    asked, found = looking([8, 16, 32], limit=16)
    assert asked == [8, 16] and found.notes == (SMALL_DEVICE,)


def test_a_decisive_answer_within_the_limit_leaves_nothing_to_note():
    asked, found = looking([8, 16, 32], decisive=9.0, limit=16)
    assert asked == [8] and found.notes == ()


@pytest.mark.parametrize(("sides", "limit", "kept"), [([32], 20, (16,)), ([32, 48], 4, (8,)), ([8, 16], None, (8, 16))])
def test_where_no_side_fits_one_of_the_models_takes_its_place(sides, limit, kept):
    rows = catalogue(sides=SIDES)
    assert within(tuple(sides), rows.models[0], limit) == kept


def test_when_memory_runs_out_at_first_a_smaller_side_is_tried_once():
    asked, found = looking([48], full=48)
    assert asked == [48, 32] and found.notes == (LITTLE_MEMORY,)
    with pytest.raises(errors.RemoteError):
        looking([48], full=32)


def test_when_memory_runs_out_later_the_answer_before_is_kept():
    asked, found = looking([8, 48], full=48)
    assert asked == [8, 48] and found.notes == (LITTLE_MEMORY,) and found.matte is not None


def test_without_a_smaller_side_the_error_stays():
    with pytest.raises(errors.RemoteError):
        looking([8], full=8)

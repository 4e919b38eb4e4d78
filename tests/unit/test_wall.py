# SPDX-License-Identifier: AGPL-3.0-or-later
import dataclasses

import numpy as np
import pytest
from finished import checked, photo
from helpers import noise

from offcut.wall import wall


def even(ground, check="evenness", **changes):
    return checked("germany", photo(ground=ground, **changes), check)


def slope(across, down, base=(220, 219, 216), shape=(531, 413)):
    """A wall that is lit from one side: so many levels darker across and down it."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    fall = across * columns / shape[1] + down * rows / shape[0]
    return np.clip(np.array(base) - fall[..., None], 0, 255)


@pytest.mark.parametrize("ground", [slope(0, 0), slope(8, 0), slope(0, 20), slope(15, 10)])
def test_a_wall_with_the_noise_of_a_camera_is_even_though_light_falls_on_it_from_one_side(ground):
    grain = np.random.default_rng(2).normal(0, 3, ground.shape)
    assert even(np.clip(ground + grain, 0, 255)).state == "pass"


def test_a_replaced_ground_is_perfectly_even():
    check = even((217, 217, 217))
    assert check.state == "pass" and check.details["fall"] == check.details["rest"] == check.details["step"] == 0


def test_much_light_from_one_side_is_a_doubt_and_very_much_a_fault():
    assert even(slope(0, 60)).details["reason"] == even(slope(60, 0)).details["reason"] == "light"
    assert [even(slope(0, down)).state for down in (60, 170)] == ["warn", "fail"]


def test_a_shadow_on_the_wall_is_a_doubt():
    rows, columns = np.mgrid[:531, :413]
    shadow = 70 * np.exp(-(((columns - 330) / 60) ** 2) - ((rows - 60) / 70) ** 2)
    check = even(slope(0, 0) - shadow[..., None])
    assert (check.state, check.details["reason"]) == ("warn", "shadows")


def test_a_small_thing_on_the_wall_is_a_doubt_and_a_large_one_a_fault():
    socket, painting = slope(0, 0), slope(0, 0)
    socket[60:90, 20:50] -= 20
    painting[:200, :90] -= 120
    assert (even(socket).state, even(socket).details["reason"]) == ("warn", "things")
    assert (even(painting).state, even(painting).details["reason"]) == ("fail", "things")


def test_a_busy_room_is_a_fault_with_and_without_a_cover():
    room = np.repeat(np.repeat(noise(9, 12), 50, axis=0), 50, axis=1)[:531, :413]
    made = photo(ground=room)
    assert checked("germany", made, "evenness").state == "fail"
    assert checked("germany", dataclasses.replace(made, cover=None), "evenness").state == "fail"


def test_where_nothing_was_cut_the_ground_is_looked_for_around_the_head():
    made = dataclasses.replace(photo("us-passport"), cover=None)
    assert checked("us-passport", made, "background").state == "pass"
    assert checked("us-passport", made, "evenness").state == "pass"
    for check in ("background", "evenness"):
        assert checked("us-passport", dataclasses.replace(made, head=None), check).details == {"reason": "no-ground"}


def test_a_ground_of_a_few_pixels_is_none():
    cover = np.full((64, 64), 255, np.uint8)
    cover[20:25, 20:25] = 0
    assert wall(np.full((64, 64, 4), 255, np.uint8), cover, None) is None
    cover[20:30, 20:30] = 0
    assert wall(np.full((64, 64, 4), 255, np.uint8), cover, None) is not None

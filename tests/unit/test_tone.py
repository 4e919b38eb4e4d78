# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
import pytest
from helpers import noise

from offcut.tone import Tone, toned


def pixel(*rgba):
    return np.array([[rgba]], np.uint8)


def grey(level, tone):
    """What becomes of an opaque grey."""
    made = toned(pixel(level, level, level, 255), tone)[0, 0]
    assert made[0] == made[1] == made[2] and made[3] == 255
    return int(made[0])


def test_nothing_wanted_gives_the_same_array_back():
    rgba = noise(9, 7, 4)
    assert toned(rgba, Tone()) is rgba


@pytest.mark.parametrize("brightness", [-1, -0.3, 0.2, 1])
def test_black_and_white_stay_under_brightness_and_nothing_changes_places(brightness):
    levels = [grey(level, Tone(brightness=brightness)) for level in range(256)]
    assert levels[0] == 0 and levels[255] == 255
    assert levels == sorted(levels)
    assert all(after >= before if brightness > 0 else after <= before for before, after in enumerate(levels))


@pytest.mark.parametrize(("brightness", "level"), [(1, 128), (0.5, 96), (-0.5, 36), (-1, 16)])
def test_brightness_is_a_gamma_of_two_to_the_power_of_it(brightness, level):
    assert grey(64, Tone(brightness=brightness)) == level


@pytest.mark.parametrize(
    ("contrast", "dark", "light"),
    [(1, 73, 183), (0.5, 86, 169), (-0.5, 114, 141), (-1, 128, 128)],
)
def test_contrast_moves_values_from_the_middle_or_to_it(contrast, dark, light):
    assert abs(grey(100, Tone(contrast=contrast)) - dark) <= 1
    assert abs(grey(155, Tone(contrast=contrast)) - light) <= 1


def test_contrast_ends_at_black_and_white():
    assert grey(10, Tone(contrast=1)) == 0 and grey(245, Tone(contrast=1)) == 255


def test_without_saturation_all_is_as_grey_as_it_is_bright():
    rgba = noise(40, 30, 4)
    rgba[..., 3] = 255
    made = toned(rgba, Tone(saturation=-1))
    assert np.array_equal(made[..., 0], made[..., 1]) and np.array_equal(made[..., 0], made[..., 2])
    assert np.abs(made[..., 0] - rgba[..., :3] @ (0.299, 0.587, 0.114)).max() <= 0.51


def test_saturation_moves_colours_twice_as_far_from_grey():
    assert toned(pixel(120, 100, 90, 255), Tone(saturation=1))[0, 0].tolist() == [135, 95, 75, 255]
    assert toned(pixel(250, 10, 10, 255), Tone(saturation=1))[0, 0].tolist() == [255, 0, 0, 255]


@pytest.mark.parametrize("saturation", [-0.5, 0.7, 1])
def test_greys_have_no_colour_to_saturate(saturation):
    assert [grey(level, Tone(saturation=saturation)) for level in range(256)] == list(range(256))


@pytest.mark.parametrize("tone", [Tone(1, -1, 1), Tone(contrast=-1), Tone(saturation=-1), Tone(-0.5)])
def test_alpha_stays_and_what_is_clear_stays_without_colour(tone):
    rgba = noise(40, 30, 4)
    rgba[::2, :, 3] = 0
    rgba[rgba[..., 3] == 0] = 0
    before = rgba.copy()
    made = toned(rgba, tone)
    assert np.array_equal(made[..., 3], rgba[..., 3])
    assert not made[rgba[..., 3] == 0].any()
    assert np.array_equal(rgba, before)


def test_bands_leave_no_seam(monkeypatch):
    rgba, tone = noise(20, 50, 4), Tone(0.3, 0.2, -0.4)
    whole = toned(rgba, tone)
    monkeypatch.setattr("offcut.tone.BAND", 7)
    assert np.array_equal(toned(rgba, tone), whole)

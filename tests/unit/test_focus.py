# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
import pytest
from finished import checked, photo
from helpers import noise

from offcut.check import Check
from offcut.focus import focus


@pytest.mark.parametrize("dpi", [200, 300, 600, 1200])
def test_a_sharp_face_passes_and_a_blurred_one_fails_at_any_size(dpi):
    states = [checked("germany", photo(dpi=dpi, blur=blur), "sharpness").state for blur in (0, 0.015)]
    assert states == ["pass", "fail"]


def test_sharpness_falls_with_every_blur_and_the_same_blur_counts_the_same_at_any_contrast():
    made = [photo(dpi=600, blur=blur) for blur in (0, 0.004, 0.0075, 0.01, 0.015)]
    values = [focus(each.rgba, each.head) for each in made]
    assert values == sorted(values, reverse=True)
    dim = made[1].rgba // 2 + 60
    assert focus(dim, made[1].head) == pytest.approx(values[1], rel=0.05)


def test_the_edge_of_a_cutout_does_not_make_a_blurred_face_sharp():
    blurred, sharp = photo(dpi=600, blur=0.015), photo(dpi=600)
    cut = blurred.rgba.copy()
    cut[sharp.cover == 0] = 255
    assert focus(cut, blurred.head) == pytest.approx(focus(blurred.rgba, blurred.head), rel=0.3)


def test_only_the_oval_of_the_face_counts():
    made = photo(dpi=600)
    crown, chin, across = made.head
    size = chin - crown
    rows, columns = np.mgrid[: made.size[1], : made.size[0]]
    oval = ((rows - crown) / size / 0.31 - 0.61 / 0.31) ** 2 + ((columns - across) / size / 0.22) ** 2
    noisy = np.where((oval > 1.1)[..., None], noise(*made.size, 4), made.rgba)
    assert focus(noisy, made.head) == pytest.approx(focus(made.rgba, made.head), rel=0.02)


def test_a_face_that_shows_nothing_is_a_doubt():
    made = photo()
    made.rgba[...] = 200
    assert checked("germany", made, "sharpness") == Check("sharpness", "warn", {"reason": "no-face"})

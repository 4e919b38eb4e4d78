# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np
import pytest

from offcut.breadth import breadth

HEAD = (20.0, 60.0, 50.0)


def covered(*boxes, size=(100, 90)):
    """A matte of boxes: left, top, right, bottom."""
    cover = np.zeros(size[::-1], np.uint8)
    for left, top, right, bottom in boxes:
        cover[top:bottom, left:right] = 255
    return cover


@pytest.mark.parametrize(
    ("boxes", "wide"),
    [
        ([(35, 20, 66, 90)], 31),
        ([(50, 20, 51, 90)], 1),
        ([(40, 20, 60, 60), (30, 40, 70, 42)], 40),
        ([(40, 20, 60, 60), (0, 60, 100, 90)], 20),
        ([(40, 20, 60, 60), (0, 51, 100, 60)], 20),
        ([(40, 20, 60, 60), (0, 0, 100, 30)], 20),
        ([(40, 20, 60, 60), (62, 20, 100, 60)], 20),
        ([(40, 20, 60, 60), (60, 40, 90, 41)], 50),
        ([(0, 0, 100, 90)], 100),
        ([(40, 35, 60, 36)], 20),
    ],
)
def test_a_head_is_as_wide_as_what_crosses_the_face_on_the_middle_half_of_its_height(boxes, wide):
    assert breadth(covered(*boxes), HEAD) == wide


def test_the_softer_half_of_an_edge_does_not_count():
    cover = covered((40, 20, 60, 60))
    cover[:, 39], cover[:, 60] = 128, 127
    assert breadth(cover, HEAD) == 21


@pytest.mark.parametrize(
    "head", [(20.0, 60.0, -1.0), (20.0, 60.0, 100.0), (-300.0, -200.0, 50.0), (500.0, 600.0, 50.0), (30.0, 30.0, 50.0)]
)
def test_a_head_beside_the_picture_has_no_width(head):
    assert breadth(covered((0, 0, 100, 90)), head) is None


def test_where_nothing_crosses_the_face_nothing_is_told():
    assert breadth(covered((0, 0, 49, 90), (51, 0, 100, 90)), HEAD) is None

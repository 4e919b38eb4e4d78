# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest

from offcut.frame import Canvas


@pytest.mark.parametrize(
    ("canvas", "pixels"),
    [
        (Canvas(35, 45, "mm"), (413, 531)),
        (Canvas(35, 45, "mm", 600), (827, 1063)),
        (Canvas(2, 2, "in"), (600, 600)),
        (Canvas(2, 2.5, "in", 72), (144, 180)),
        (Canvas(640, 480), (640, 480)),
        (Canvas(0.01, 0.01, "mm"), (1, 1)),
    ],
)
def test_a_canvas_in_any_unit_has_pixels_and_millimetres(canvas, pixels):
    assert canvas.pixels == pixels
    assert canvas.mm == pytest.approx([side / canvas.dpi * 25.4 for side in pixels])

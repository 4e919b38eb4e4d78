# SPDX-License-Identifier: AGPL-3.0-or-later
import random

import numpy as np
import pytest
from PIL import Image

from offcut import snapshot


def draws() -> tuple[float, float]:
    return random.random(), float(np.random.rand())


def test_two_visits_from_one_snapshot_draw_different_numbers() -> None:
    seen = set()
    for _ in range(2):
        random.seed(1)
        np.random.seed(1)
        snapshot.revive()
        seen.add(draws())
    assert len(seen) == 2
    assert len({number for pair in seen for number in pair}) == 4


def test_a_pillow_that_gives_wrong_pixels_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Image.new("L", (2, 2), 8)
    monkeypatch.setattr(Image, "new", lambda *_: wrong)
    with pytest.raises(RuntimeError, match="do not work"):
        snapshot.revive()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""offcut.graphic on real graphics, and on photographs that are none."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from offcut.graphic import drawn, recognised
from offcut.picture import Picture

EVALSET = Path(__file__).parents[3] / "shared" / "evalset"
REAL = {"gfx_05", "gfx_06", "gfx_08", "gfx_11"}
"""Those of the evaluation pictures that are graphics on a flat ground; gfx_10 is one on a photograph."""


@pytest.mark.skipif(not EVALSET.is_dir(), reason="There are no evaluation pictures here.")
def test_of_the_evaluation_pictures_the_graphics_are_recognised_and_cut_to_a_hair_and_no_photograph_is():
    for row in json.loads((EVALSET / "manifest.json").read_text("utf-8")):
        with Image.open(EVALSET / row["image"]) as image:
            picture = Picture(np.array(image.convert("RGB").convert("RGBA")), True, None, row["id"], ())
        on = recognised(picture)
        assert (on is not None) == (row["id"] in REAL), row["id"]
        if on is not None:
            with Image.open(EVALSET / row["mask"]) as mask:
                truth = np.asarray(mask.convert("L")).astype(int)
            assert np.abs(drawn(picture, on)[..., 3] - truth).mean() < 0.02, row["id"]

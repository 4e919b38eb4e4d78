# SPDX-License-Identifier: AGPL-3.0-or-later
"""Real awkward files, where the evaluation set stands beside the repository."""

import json
from pathlib import Path

import pytest
from helpers import look

from offcut.errors import OffcutError, PictureFormatUnsupported, PictureUnreadable
from offcut.header import PILLOW_READS_AVIF

EVALSET = Path(__file__).parents[3] / "shared" / "evalset"
ENTRIES = json.loads((EVALSET / "edge.json").read_text("utf-8")) if (EVALSET / "edge.json").exists() else []


@pytest.mark.skipif(not ENTRIES, reason=f"no evaluation set at {EVALSET}")
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: Path(entry["file"]).name)
def test_an_awkward_file_is_treated_as_expected(entry):
    data = (EVALSET / entry["file"]).read_bytes()
    match entry["expect"]:
        case "reject":
            with pytest.raises(OffcutError):
                look(data)
        case "unsupported":
            with pytest.raises((PictureFormatUnsupported, PictureUnreadable)):
                look(data)
        case "either":
            try:
                picture = look(data)
            except OffcutError:
                return
            assert "upright" not in entry or list(picture.rgb.shape[1::-1]) == entry["upright"]
        case "decode" if entry["format"] == "AVIF" and not PILLOW_READS_AVIF:
            with pytest.raises(PictureFormatUnsupported):  # the browser's decoder, absent here, reads these
                look(data)
        case "decode":
            assert list(look(data).rgb.shape[1::-1]) == entry["upright"]

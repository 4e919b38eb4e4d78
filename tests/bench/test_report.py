# SPDX-License-Identifier: AGPL-3.0-or-later
from pathlib import Path

import _report
import pytest

TEXT = """Before.
<!-- made by `python build.py bench one --write` -->
old
<!-- end -->
Between.
<!-- made by `python build.py bench two --write` -->
<!-- end -->
After.
"""


@pytest.fixture
def readme(tmp_path: Path) -> Path:
    path = tmp_path / "README.md"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_tables_stand_between_their_own_marks(readme: Path) -> None:
    _report.write(readme, "two", [("Title", [["a", "b"], ["1", "2"]])], "About.")
    text = readme.read_text(encoding="utf-8")
    before, _, after = text.partition("<!-- made by `python build.py bench two --write` -->")
    assert before == TEXT.partition("<!-- made by `python build.py bench two --write` -->")[0]
    assert after == "\n\nAbout.\n\n**Title**\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n<!-- end -->\nAfter.\n"


def test_writing_again_changes_nothing(readme: Path) -> None:
    for _ in range(2):
        _report.write(readme, "one", [("Title", [["a"], ["1"]])], "About.")
        once = readme.read_text(encoding="utf-8")
        assert "old" not in once and once.count("**Title**") == 1 and "Between." in once
    assert once.endswith("After.\n")


def test_a_file_without_marks_is_left_alone(readme: Path) -> None:
    with pytest.raises(ValueError, match="no marks for three"):
        _report.write(readme, "three", [], "About.")
    assert readme.read_text(encoding="utf-8") == TEXT

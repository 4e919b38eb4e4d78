# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command line and the built site."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sitebuild import cli, distribution, icons, pyodide
from sitebuild.errors import BuildError
from sitebuild.layout import Layout


@pytest.mark.parametrize("command", ["", *cli.NEEDS])
def test_every_command_has_a_manual_page(layout: Layout, command: str) -> None:
    arguments = [sys.executable, str(layout.root / "build.py"), *filter(None, [command]), "--help"]
    shown = subprocess.run(arguments, capture_output=True, text=True, encoding="utf-8")
    assert shown.returncode == 0
    assert "examples:" in shown.stdout and "exit codes:" in shown.stdout


def test_what_follows_test_goes_to_pytest() -> None:
    assert cli.parse(["test", "-k", "cancel", "-x"]).rest == ["-k", "cancel", "-x"]
    assert cli.parse(["bench", "peer", "--runs", "3"]).rest == ["--runs", "3"]


def test_an_error_is_one_sentence_and_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> int:
        raise BuildError("a.whl is missing.")

    assert cli._guarded(fail, debug=False) == 1
    assert capsys.readouterr().err == "Error: a.whl is missing.\n"


def test_a_foreign_folder_is_not_overwritten(layout: Layout, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(BuildError, match="not empty"):
        distribution.build(layout, tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_the_trimmed_lock_names_nothing_that_is_not_there() -> None:
    row = {"depends": ["numpy", "scipy"]}
    kept = pyodide.trim({name: dict(row) for name in ("numpy", "pillow", "micropip", "packaging", "scipy")})
    assert set(kept) == {"numpy", "pillow", "micropip", "packaging"}
    assert all(each["depends"] == ["numpy"] for each in kept.values())


def test_the_mark_is_drawn_in_one_colour_at_every_size() -> None:
    small = icons.draw(icons.BITMAPS[0])
    assert small.size == (16, 16)
    colours = {colour[:3] for _, colour in small.getcolors(256) or [] if isinstance(colour, tuple)}
    assert colours == {(0xC8, 0x37, 0x1B)}
    assert small.getpixel((0, 0)) == (0xC8, 0x37, 0x1B, 0) and small.getpixel((5, 10)) == (
        0xC8,
        0x37,
        0x1B,
        255,
    )


def test_the_mark_of_the_maskable_icon_stays_in_the_safe_circle() -> None:
    bitmap = next(each for each in icons.BITMAPS if "maskable" in each.name)
    far = max(((x - 32) ** 2 + (y - 32) ** 2) ** 0.5 for shape in icons.SHAPES for x, y in shape)
    assert far / icons.GRID * bitmap.scale <= 0.4


def test_the_built_site_is_whole(site: Path) -> None:
    """Every listed file is there with its size, and every page points at files that are there."""
    release = json.loads((site / "release.json").read_text(encoding="utf-8"))
    for entry in release["files"]:
        name = entry["url"] + "index.html" if entry["url"].endswith("/") or not entry["url"] else entry["url"]
        assert (site / name).stat().st_size == entry["bytes"]
    assert release["release"] in (site / "sw.js").read_text(encoding="utf-8")
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "@@release@@" not in text
        for address in re.findall(r'<(?:script|link|img)\b[^>]*?(?:src|href)="([^"]+)"', text):
            assert (page.parent / address).resolve().exists(), f"{page.name}: {address}"


def test_the_weights_of_the_built_site_are_those_of_its_catalogue(site: Path) -> None:
    catalogue = json.loads(next(site.glob("r/*/catalogue.json")).read_text(encoding="utf-8"))
    assert [model["id"] for model in catalogue["models"]] == ["isnet-int8", "isnet-fp16"]
    for model in catalogue["models"]:
        sizes = [(site / "weights" / f"{part['sha256']}.bin").stat().st_size for part in model["parts"]]
        assert sizes == [part["bytes"] for part in model["parts"]]
        assert sum(sizes) == model["bytes"] and max(sizes) <= 16 << 20

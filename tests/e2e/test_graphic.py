# SPDX-License-Identifier: AGPL-3.0-or-later
"""Graphics are not photographs: cut by colour at once, and the other way round where somebody says so."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from .conftest import pixels
from .workbench import PATIENCE_MS, Workbench

INK, PAPER = (20, 60, 160), (255, 255, 255)


@pytest.fixture
def logo(tmp_path: Path) -> Path:
    """A ring of one ink on white, its edges soft over a pixel."""
    large = Image.new("RGB", (2400, 1600), PAPER)
    pen = ImageDraw.Draw(large)
    pen.ellipse((600, 200, 1800, 1400), fill=INK)
    pen.ellipse((900, 500, 1500, 1100), fill=PAPER)
    path = tmp_path / "logo.png"
    large.reduce(4).save(path)
    return path


def test_a_logo_is_cut_by_colour_and_may_keep_what_it_encloses(workbench: Workbench, logo: Path) -> None:
    page = workbench.page
    workbench.choose(logo).wait("done")
    found = pixels(workbench.download())
    assert found[5, 5, 3] == 0 and found[200, 300, 3] == 0
    assert tuple(found[200, 190]) == (*INK, 255)
    seen = found[..., 3] > 40
    assert np.abs(found[seen][:, :3].astype(int) - INK).max() <= 12
    assert "cut by its colours" in workbench.notes
    expect(page.locator(".facts").first).to_contain_text("cut by colour")
    if not page.locator("offcut-edges details[open]").count():
        page.locator("offcut-edges summary").click()
    page.get_by_role("checkbox", name="Keep what the drawing encloses").check()
    expect(page.get_by_role("link", name="Download PNG")).to_have_count(0)
    expect(page.get_by_role("link", name="Download PNG")).to_be_visible(timeout=PATIENCE_MS)
    kept = pixels(workbench.download())
    assert tuple(kept[200, 300]) == (*PAPER, 255) and kept[5, 5, 3] == 0


def test_what_it_is_can_be_said_by_hand(workbench: Workbench, photos: dict[str, Path]) -> None:
    page = workbench.page
    workbench.choose(photos["coffee"]).wait("done")
    if not page.locator("offcut-edges details[open]").count():
        page.locator("offcut-edges summary").click()
    expect(page.get_by_role("radio", name="Find out")).to_be_checked()
    page.get_by_role("radio", name="Graphic").check(force=True)
    expect(page.locator(".panel-note")).to_contain_text("cut by its colours", timeout=PATIENCE_MS)
    expect(page.get_by_role("slider", name="Clear old colour")).to_have_count(0)
    page.get_by_role("radio", name="Photo", exact=True).check(force=True)
    expect(page.locator(".panel-note")).to_have_count(0, timeout=PATIENCE_MS)
    expect(page.get_by_role("slider", name="Clear old colour")).to_be_visible()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Awkward files through the real page, its codecs and its encoder; only the net is a stand-in that keeps nearly all."""

import json
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Page

from conftest import Complaints
from sitebuild import headers
from sitebuild.serve import Server

from .conftest import pixels
from .files import Awkward, awkward, corners
from .workbench import Workbench

FAKE = Path(__file__).with_name("fake_engine.js")
EVALSET = Path(__file__).parents[3] / "shared" / "evalset"
ENTRIES = json.loads((EVALSET / "edge.json").read_text("utf-8")) if (EVALSET / "edge.json").exists() else []


@pytest.fixture(scope="module")
def reader_page(browser: Browser, site: Path) -> Iterator[Page]:
    """A page whose inference worker is the stand-in."""
    with Server(site) as server, browser.new_context(accept_downloads=True, service_workers="block") as context:
        page = context.new_page()
        page.route(
            "**/workers/inference.js",
            lambda route: route.fulfill(
                body=FAKE.read_text("utf-8"), content_type="text/javascript", headers=headers.security()
            ),
        )
        Workbench(page, server.url).open().wait_engine()
        yield page


@pytest.fixture
def reader(reader_page: Page, complaints: Complaints) -> Iterator[Workbench]:
    """The workbench with the stand-in, empty."""
    # The browser says on the console when an <img> cannot show a blob; the page has a sentence for it.
    reader_page.on("pageerror", complaints.error)
    workbench = Workbench(reader_page, reader_page.url)
    yield workbench
    workbench.clear()
    reader_page.remove_listener("pageerror", complaints.error)
    assert complaints.left() == []


def kept(pixels: NDArray[np.int_]) -> NDArray[np.int_]:
    """All but the quarter in whose corner the stand-in sees the ground: [n,4]."""
    height, width = pixels.shape[:2]
    rows, columns = np.mgrid[:height, :width]
    seen: NDArray[np.int_] = pixels[(rows < height - height // 4) | (columns < width - width // 4)]
    return seen


@pytest.mark.parametrize("file", awkward(), ids=lambda file: file.name)
def test_an_awkward_file_is_read_right_or_refused_with_a_sentence(
    reader: Workbench, tmp_path: Path, file: Awkward
) -> None:
    path = tmp_path / file.name
    path.write_bytes(file.data)
    state = reader.choose(path).wait_settled()
    if file.pixels is None:
        assert state == "failed"
        assert file.sentence in reader.trouble
        return
    assert state == "done", reader.trouble
    found = pixels(reader.download())
    assert found.shape == file.pixels.shape
    difference = kept(np.abs(found.astype(int) - file.pixels))
    # Edges between flat colours ring under lossy codecs; the flat parts tell whether a colour is right.
    assert np.percentile(difference, 97) <= file.tolerance, f"off by {difference.max()}"
    assert (difference <= file.tolerance).mean() > 0.9
    if file.tolerance == 0:
        assert difference.max() == 0
    assert file.note in reader.notes


def test_a_picture_just_within_the_limit_keeps_every_pixel(reader: Workbench, tmp_path: Path) -> None:
    """The page promises 100 megapixels; this has 96."""
    path = tmp_path / "wall.jpg"
    Image.fromarray(corners(120, 80)).resize((12000, 8000), Image.Resampling.BILINEAR).save(path)
    assert reader.choose(path).wait_settled(timeout=180_000) == "done", reader.trouble
    head = reader.download()[:24]
    assert (head[:8], struct.unpack(">II", head[16:24])) == (b"\x89PNG\r\n\x1a\n", (12000, 8000))


@pytest.mark.skipif(not ENTRIES, reason="the evaluation set does not stand beside the repository")
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: Path(entry["file"]).name)
def test_a_real_awkward_file_is_treated_as_expected(reader: Workbench, entry: dict[str, Any]) -> None:
    state = reader.choose(EVALSET / entry["file"]).wait_settled(timeout=60_000)
    expected = entry["expect"]
    if state == "failed":
        assert expected != "decode", reader.trouble
        assert "went wrong inside" not in reader.trouble
        if expected == "unsupported":
            assert re.search("cannot be read here|not a picture", reader.trouble)
        return
    assert expected in ("decode", "either")
    width, height = entry["upright"] if "upright" in entry else pixels(reader.download()).shape[1::-1]
    assert f"{width:,} × {height:,} pixels" in reader.page.locator(".facts").first.inner_text()

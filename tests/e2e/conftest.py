# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fixtures of the browser journeys: the workbench, and the same pipeline run natively as the truth."""

import asyncio
import io
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page

from offcut import job
from offcut.catalogue import Catalogue
from offcut.native import NativeEngine
from offcut.recipe import Recipe
from pictures import large_photo
from sitebuild.serve import Server

from .workbench import Workbench


@pytest.fixture
def workbench(page: Page, server: Server) -> Workbench:
    """The workbench, opened at the site's root."""
    return Workbench(page, server.url).open()


@pytest.fixture(scope="session")
def native(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], NDArray[np.uint8]]:
    """Runs a picture through the pipeline on CPython with the weights that the site serves; gives RGBA."""
    [published] = site.glob("r/*/catalogue.json")
    rows = json.loads(published.read_text("utf-8"))
    catalogue = Catalogue.parse(rows)
    model = catalogue.model("default")
    path = tmp_path_factory.mktemp("weights") / f"{model.id}.onnx"
    parts = (site / "weights" / f"{part.sha256}.bin" for part in model.parts)
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    engine = NativeEngine({model.id: path})

    def cut(picture: Path) -> NDArray[np.uint8]:
        work = job.run(picture.read_bytes(), picture.name, Recipe(), catalogue=catalogue, engine=engine)
        # Playwright's loop lives in this thread.
        with ThreadPoolExecutor(1) as other:
            return pixels(other.submit(asyncio.run, work).result().data)

    return cut


@pytest.fixture(scope="session")
def twelve_megapixels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photograph of 4000 x 3000 pixels."""
    return large_photo(tmp_path_factory.mktemp("large"), 12)


def pixels(png: bytes) -> NDArray[np.uint8]:
    """A PNG's pixels as it stores them; the file must be RGBA."""
    image = Image.open(io.BytesIO(png))
    assert (image.format, image.mode) == ("PNG", "RGBA")
    return np.asarray(image)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fixtures of the browser journeys: the workbench, and the same pipeline run natively as the truth."""

import asyncio
import contextlib
import hashlib
import io
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Page

from conftest import Complaints
from offcut import job
from offcut import picture as pictures
from offcut.cli.library import Library
from offcut.edges import Edges
from offcut.mattes import MatteCache
from offcut.native import NativeEngine
from offcut.recipe import Recipe
from pictures import large_photo
from sitebuild.serve import Server

from .workbench import Workbench

Unseen = Callable[[str], Path]
PLAIN = Edges()


class Native(Protocol):
    """The pipeline on CPython."""

    def __call__(self, picture: Path, edges: Edges = PLAIN, recipe: Recipe | None = None) -> NDArray[np.uint8]:
        """The cutout of a file, uint8 [h,w,4], with other edges or by a recipe."""
        ...


class NativeFile(Protocol):
    """The same, to the file."""

    def __call__(self, picture: Path, recipe: Recipe, stills: Sequence[Path] = ()) -> job.Result:
        """What a recipe makes of a file; `stills` are the files of the pictures that it names."""
        ...


@contextlib.contextmanager
def ready_page(browser: Browser, site: Path, **options: Any) -> Iterator[Page]:
    """A page over `site` in a profile of its own, its engine ready."""
    with Server(site) as server, browser.new_context(accept_downloads=True, **options) as context:
        page = context.new_page()
        Workbench(page, server.url).open().wait_engine()
        yield page


@pytest.fixture(scope="session")
def warm_page(browser: Browser, site: Path) -> Iterator[Page]:
    """A page whose engine is ready, shared by journeys that need no first visit."""
    with ready_page(browser, site) as page:
        yield page


@contextlib.contextmanager
def watched(page: Page, complaints: Complaints) -> Iterator[Workbench]:
    """The workbench of a page that tests share; it is cleared behind them. Errors on its console or in its scripts fail
    the test."""
    page.on("console", complaints.console)
    page.on("pageerror", complaints.error)
    workbench = Workbench(page, page.url)
    yield workbench
    workbench.clear()
    page.remove_listener("console", complaints.console)
    page.remove_listener("pageerror", complaints.error)
    assert complaints.left() == []


@pytest.fixture
def workbench(warm_page: Page, complaints: Complaints) -> Iterator[Workbench]:
    """The workbench, empty and warm."""
    with watched(warm_page, complaints) as workbench:
        yield workbench


def default_parts(site: Path) -> list[Path]:
    """The parts of the model that a visitor gets who chose none, in order."""
    catalogue = Library.of(site).catalogue
    model = catalogue.model(catalogue.plan("default").model)
    return [site / "weights" / f"{part.sha256}.bin" for part in model.parts]


@pytest.fixture(scope="session")
def native_file(site: Path) -> NativeFile:
    """Runs a picture through the pipeline on CPython with the weights that the site serves."""
    library = Library.of(site)
    catalogue = library.catalogue
    model = catalogue.model(catalogue.plan("default").model)
    engine = NativeEngine({model.id: library.weights(model)})
    mattes = MatteCache()

    async def made(picture: Path, recipe: Recipe, stills: Sequence[Path]) -> job.Result:
        known = {
            hashlib.sha256(still.read_bytes()).hexdigest(): await pictures.read(still.read_bytes(), still.name)
            for still in stills
        }
        data = picture.read_bytes()
        return await job.run(
            data, picture.name, recipe, catalogue=catalogue, engine=engine, mattes=mattes, stills=known.get
        )

    def run(picture: Path, recipe: Recipe, stills: Sequence[Path] = ()) -> job.Result:
        # Playwright's loop lives in this thread.
        with ThreadPoolExecutor(1) as other:
            return other.submit(asyncio.run, made(picture, recipe, stills)).result()

    return run


@pytest.fixture(scope="session")
def native(native_file: NativeFile) -> Native:
    """The same, for the pixels of a cutout."""

    def cut(picture: Path, edges: Edges = PLAIN, recipe: Recipe | None = None) -> NDArray[np.uint8]:
        return pixels(native_file(picture, recipe or Recipe(edges=edges)).data)

    return cut


@pytest.fixture(scope="session")
def twelve_megapixels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photograph of 4000 x 3000 pixels."""
    return large_photo(tmp_path_factory.mktemp("large"), 12)


@pytest.fixture
def unseen(photos: dict[str, Path], tmp_path: Path) -> Unseen:
    """Gives a photograph that no test before has shown: mattes of known files are not inferred again."""

    def make(name: str) -> Path:
        picture = np.array(Image.open(photos[name]).convert("RGB"))
        picture[0, :8] = np.frombuffer(uuid.uuid4().bytes + uuid.uuid4().bytes[:8], np.uint8).reshape(8, 3)
        path = tmp_path / photos[name].with_suffix(".png").name
        Image.fromarray(picture).save(path)
        return path

    return make


def pixels(png: bytes) -> NDArray[np.uint8]:
    """A PNG's pixels as it stores them; the file must be RGBA."""
    image = Image.open(io.BytesIO(png))
    assert (image.format, image.mode) == ("PNG", "RGBA")
    return np.asarray(image)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Shared fixtures: the built site, a server over it, a browser, a strict page, real photographs."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sitebuild import browser as chromium
from sitebuild import distribution
from sitebuild.layout import Layout
from sitebuild.serve import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page


@pytest.fixture(scope="session")
def layout() -> Layout:
    """The paths of this checkout."""
    return Layout.here()


@pytest.fixture(scope="session")
def site(layout: Layout) -> Path:
    """The built site; `build.py test` has built it already, a bare pytest builds it here."""
    dist = layout.root / "dist"
    if os.environ.get("OFFCUT_BUILT") != "1":
        distribution.build(layout, dist)
    return dist


@pytest.fixture
def server(site: Path) -> Iterator[Server]:
    """A server of the test's own over the built site, with all headers."""
    with Server(site) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One headless Chromium for the whole run."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=os.environ.get("OFFCUT_CHROMIUM") or chromium.system(), args=list(chromium.FLAGS)
        )
        yield launched
        launched.close()


@pytest.fixture
def context(browser: "Browser") -> Iterator["BrowserContext"]:
    """A fresh profile: empty caches, no service worker."""
    made = browser.new_context(accept_downloads=True)
    yield made
    made.close()


@dataclass
class Complaints:
    """What a page complained of; complaints that hold one of the `allowed` pieces are no failure."""

    allowed: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    def console(self, message: "ConsoleMessage") -> None:
        """Note an error on the console."""
        if message.type == "error":
            self.heard.append(f"console: {message.text} ({message.location.get('url', '')})")

    def error(self, error: "Error") -> None:
        """Note an exception that nobody caught."""
        self.heard.append(f"page error: {error}")

    def left(self) -> list[str]:
        """Those that no test allowed."""
        return [each for each in self.heard if not any(piece in each for piece in self.allowed)]


@pytest.fixture
def complaints() -> Complaints:
    """The complaints of `page`."""
    return Complaints()


@pytest.fixture
def allow_console(complaints: Complaints) -> list[str]:
    """Append a piece of a console or page error here and it will not fail the test."""
    return complaints.allowed


@pytest.fixture
def page(context: "BrowserContext", complaints: Complaints) -> Iterator["Page"]:
    """A page in a fresh profile; errors on its console or in its scripts fail the test."""
    opened = context.new_page()
    opened.on("console", complaints.console)
    opened.on("pageerror", complaints.error)
    yield opened
    opened.close()
    assert complaints.left() == []


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Real photographs in the public domain: astronaut.jpg (person), chelsea.jpg (cat), coffee.png (cup)."""
    import numpy as np
    from PIL import Image
    from skimage import data

    folder = tmp_path_factory.mktemp("photos")
    made = {}
    for name, suffix in (("astronaut", "jpg"), ("chelsea", "jpg"), ("coffee", "png")):
        made[name] = folder / f"{name}.{suffix}"
        picture = Image.fromarray(np.asarray(getattr(data, name)()))
        picture.save(made[name], quality=92, subsampling=0) if suffix == "jpg" else picture.save(made[name])
    return made

# SPDX-License-Identifier: AGPL-3.0-or-later
"""A Chromium for tests and benchmarks: found, or installed where that is possible."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from .errors import BuildError
from .report import say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def ensure() -> str | None:
    """The path of a browser, or None where Playwright's own is to be used.

    Raises `BuildError` when there is none and none can be installed.
    """
    if named := os.environ.get("OFFCUT_CHROMIUM"):
        if shutil.which(named) is None:
            raise BuildError(f"OFFCUT_CHROMIUM names {named}, which cannot be run.")
        return named
    if found := system():
        return found
    if _playwright_has_one() or _install_playwright():
        return None
    if sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get"):
        say("Browser: apt-get install chromium")
        for command in (["apt-get", "-qq", "update"], ["apt-get", "-qq", "install", "-y", "chromium"]):
            subprocess.run(command, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, check=False)
        if found := system():
            return found
    raise BuildError("There is no Chromium and none could be installed. Install one, or name it in OFFCUT_CHROMIUM.")


def system() -> str | None:
    """The system's own Chromium or Chrome."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _playwright_has_one() -> bool:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def _install_playwright() -> bool:
    say("Browser: playwright install chromium")
    done = subprocess.run(
        [sys.executable, "-m", "playwright", "install", "chromium"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode == 0 and _playwright_has_one()

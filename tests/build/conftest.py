# SPDX-License-Identifier: AGPL-3.0-or-later
"""What several tests of the build share: a host, and a checkout whose models and cache are the test's own."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hosting import Host
from sitebuild.layout import Layout


@pytest.fixture
def host() -> Iterator[Host]:
    """A host without files."""
    with Host() as running:
        yield running


@pytest.fixture
def own(layout: Layout, tmp_path: Path) -> Layout:
    """This checkout with an empty cache, and with models/ as a copy that a test may change."""
    models = tmp_path / "models"
    shutil.copytree(layout.models, models, ignore=shutil.ignore_patterns("__pycache__"))
    return replace(layout, models=models, cache=tmp_path / "cache")

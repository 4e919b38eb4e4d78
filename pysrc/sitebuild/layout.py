# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where things lie: every path of the repository in one frozen value."""

from dataclasses import dataclass, field
from pathlib import Path

from offcut.cli.cache import cache_home


@dataclass(frozen=True)
class Layout:
    """The rooms of one checkout; a test may move `site` or `cache` elsewhere."""

    root: Path
    site: Path
    modules: Path
    models: Path
    cache: Path = field(default_factory=cache_home)

    @classmethod
    def at(cls, root: Path) -> "Layout":
        """The layout of the checkout whose top folder is `root`."""
        site = root / "site"
        return cls(root=root, site=site, modules=site / "node_modules", models=root / "models")

    @classmethod
    def here(cls) -> "Layout":
        """The layout of the checkout that this file belongs to."""
        return cls.at(Path(__file__).resolve().parents[2])

    @property
    def venv(self) -> Path:
        """The virtual environment that build.py keeps."""
        return self.root / ".venv"

    @property
    def locks(self) -> Path:
        """One pip lock file for each dependency group."""
        return self.root / "pysrc" / "locks"

    @property
    def locales(self) -> Path:
        """The message catalogues."""
        return self.site / "locales"

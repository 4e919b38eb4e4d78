# SPDX-License-Identifier: AGPL-3.0-or-later
"""The catalogue, and the weights of a model, on a machine without a browser.

Weights are known by their SHA-256 and looked for shelf by shelf: the folder that --models names, the cache that
the build keeps, the parts of a built site, and at last the build itself, which fetches and prepares them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from offcut.catalogue import Catalogue, Model
from offcut.cli.cache import cache_home
from offcut.cli.shelves import Build, Cache, Folder, Shelf, Site, file_name
from offcut.errors import CatalogueInvalid, CatalogueMissing, WeightsMismatch, WeightsMissing

CHECKOUT = Path(__file__).resolve().parents[3]
"""The checkout that this file belongs to, where it belongs to one."""


@dataclass(frozen=True)
class Library:
    """A catalogue, where it came from, and the shelves on which its weights are looked for, in order."""

    catalogue: Catalogue
    origin: str
    shelves: Sequence[Shelf]

    @classmethod
    def of(cls, site: Path | None = None, models: Path | None = None, checkout: Path = CHECKOUT) -> "Library":
        """The library of a built `site`, else of the checkout: its dist/ where it was built, else its sources.

        `models` is a folder of .onnx files to look in first. Raises CatalogueMissing, CatalogueInvalid.
        """
        cache = Cache(cache_home() / "models")
        first: list[Shelf] = [*([Folder(models)] if models else []), cache]
        if site is not None:
            catalogue = _published(site)
            if catalogue is None:
                raise CatalogueMissing(places=str(site))
            return cls(catalogue, str(site), [*first, Site(site, cache)])
        sources = checkout / "models" / "catalogue.toml"
        dist = checkout / "dist"
        if not sources.is_file():
            raise CatalogueMissing(places=str(checkout))
        build = Build(checkout)
        catalogue = _published(dist)
        if catalogue is not None:
            return cls(catalogue, str(dist), [*first, Site(dist, cache), build])
        return cls(build.catalogue(sources), str(sources), [*first, build])

    def weights(self, model: Model) -> Path:
        """The .onnx file of `model`, verified. Raises WeightsMissing, WeightsMismatch, FileUnwritable."""
        spoilt: WeightsMismatch | None = None
        reason = ""
        for shelf in self.shelves:
            try:
                path = shelf.find(model)
            except WeightsMismatch as error:
                if not isinstance(shelf, Cache):
                    raise
                spoilt, path = error, None  # the cache is ours: what comes from another shelf takes its place
            except WeightsMissing as error:
                reason, path = str(error.details["reason"]), None
            if path is not None:
                return path
        if spoilt is not None:
            raise spoilt
        places = ", ".join(shelf.place for shelf in self.shelves)
        raise WeightsMissing(model=model.id, file=file_name(model), places=places, reason=reason)


def _published(site: Path) -> Catalogue | None:
    """The catalogue of the site's release; None where this is no built site. Raises CatalogueInvalid."""
    try:
        release = json.loads((site / "release.json").read_text("utf-8"))["release"]
        path = site / "r" / release / "catalogue.json"
        rows = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CatalogueInvalid(field=str(site), reason=f"cannot be read: {error}") from error
    return Catalogue.parse(rows)

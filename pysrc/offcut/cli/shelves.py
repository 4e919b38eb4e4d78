# SPDX-License-Identifier: AGPL-3.0-or-later
"""Places that may hold the weights of a model. Every file is verified before it is given out."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from offcut.catalogue import Catalogue, Model
from offcut.cli.files import replacing, words
from offcut.errors import CatalogueInvalid, FileUnwritable, WeightsMismatch, WeightsMissing


class Shelf(Protocol):
    """A place that may hold weights."""

    @property
    def place(self) -> str:
        """What people call it."""
        ...

    def find(self, model: Model) -> Path | None:
        """The verified file of the model's weights, or None where they are not here.

        Raises WeightsMismatch when what is here is not what the catalogue names, FileUnwritable when it cannot
        be brought to the cache, WeightsMissing when it should come from here and does not.
        """
        ...


@dataclass(frozen=True)
class Folder:
    """`<model id>.onnx` files that the user keeps."""

    folder: Path

    @property
    def place(self) -> str:
        """See `Shelf.place`."""
        return str(self.folder)

    def find(self, model: Model) -> Path | None:
        """See `Shelf.find`."""
        return _verified(self.folder / f"{model.id}.onnx", model)


@dataclass(frozen=True)
class Cache:
    """Whole graphs as the build keeps them, named by their hash."""

    folder: Path

    @property
    def place(self) -> str:
        """See `Shelf.place`."""
        return str(self.folder)

    def file(self, model: Model) -> Path:
        """Where the weights of a model lie, or would."""
        return self.folder / file_name(model)

    def find(self, model: Model) -> Path | None:
        """See `Shelf.find`."""
        return _verified(self.file(model), model)


@dataclass(frozen=True)
class Site:
    """The parts in the weights/ of a built site, joined into the cache once."""

    folder: Path
    cache: Cache

    @property
    def place(self) -> str:
        """See `Shelf.place`."""
        return str(self.folder / "weights")

    def find(self, model: Model) -> Path | None:
        """See `Shelf.find`."""
        parts = [(part.sha256, self.folder / "weights" / f"{part.sha256}.bin") for part in model.parts]
        if not all(path.is_file() for _, path in parts):
            return None
        target = self.cache.file(model)
        whole = hashlib.sha256()
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with replacing(target) as file:
                for digest, path in parts:
                    data = path.read_bytes()
                    found = hashlib.sha256(data).hexdigest()
                    if found != digest:
                        raise WeightsMismatch(model=model.id, file=str(path), found=found)
                    whole.update(data)
                    file.write(data)
                if whole.hexdigest() != model.sha256:
                    raise WeightsMismatch(model=model.id, file=self.place, found=whole.hexdigest())
        except OSError as error:
            raise FileUnwritable(target=str(target), reason=words(error)) from error
        return target


@dataclass(frozen=True)
class Build:
    """The build of a checkout, which knows how to fetch a graph and make it fit to ship."""

    checkout: Path

    @property
    def place(self) -> str:
        """See `Shelf.place`."""
        return f"the build of {self.checkout}"

    def catalogue(self, sources: Path) -> Catalogue:
        """The catalogue as the build would publish it, with the models whose graph it names; each is one part.

        Raises CatalogueInvalid.
        """
        from sitebuild import catalogue
        from sitebuild.errors import BuildError

        try:
            rows = catalogue.read(sources)
            return Catalogue.parse(catalogue.published(rows, catalogue.pinned(rows)))
        except BuildError as error:
            raise CatalogueInvalid(field=str(sources), reason=str(error)) from error

    def find(self, model: Model) -> Path | None:
        """See `Shelf.find`."""
        try:
            from sitebuild import catalogue, node, weights
            from sitebuild.errors import BuildError
            from sitebuild.layout import Layout
        except ImportError:
            return None
        layout = Layout.at(self.checkout)
        try:
            rows = catalogue.read(layout.models / "catalogue.toml").models
            row = next((each for each in rows if each.prepared and each.prepared.sha256 == model.sha256), None)
            runner = node.find(layout)
            if row is None:
                return None
            if runner is None:
                raise BuildError("it needs Node to fetch them, and there is none")
            return weights.prepared(layout, runner, row)
        except (BuildError, ImportError, OSError) as error:
            reason = f": {str(error).rstrip('.')}"
            raise WeightsMissing(model=model.id, file=file_name(model), places=self.place, reason=reason) from error


def file_name(model: Model) -> str:
    """What the build calls the file of a model's weights."""
    return f"{model.id}-{model.sha256[:12]}.onnx"


def _verified(path: Path, model: Model) -> Path | None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
    if found != model.sha256:
        raise WeightsMismatch(model=model.id, file=str(path), found=found)
    return path

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every error that Offcut raises on purpose.

OffcutError
├── PictureError
│   ├── PictureEmpty              picture.empty
│   ├── PictureUnreadable         picture.unreadable
│   ├── PictureTruncated          picture.truncated
│   ├── PictureFormatUnsupported  picture.format-unsupported  format
│   ├── PictureTooLarge           picture.too-large           width, height, limit_megapixels
│   └── PictureDepthUnsupported   picture.depth-unsupported
├── MatteError
│   ├── MatteNothingFound         matte.nothing-found
│   └── MatteNotFinite            matte.not-finite
├── ModelError
│   ├── CatalogueMissing          catalogue.missing           places
│   ├── CatalogueInvalid          catalogue.invalid           field, reason
│   ├── ModelUnknown              model.unknown               model
│   ├── ModelContract             model.contract              model, expected, got
│   ├── WeightsMissing            weights.missing             model, file, places, reason
│   └── WeightsMismatch           weights.hash-mismatch       model, file, found
├── EngineError
│   ├── EngineMissing             engine.missing
│   ├── EngineFailed              engine.failed               reason
│   └── EngineLost                engine.lost
├── RecipeInvalid                 recipe.invalid              field, reason
├── ProjectError
│   ├── ProjectUnreadable         project.unreadable          reason
│   ├── ProjectNewer              project.newer               version
│   └── ProjectTampered           project.tampered            part
├── SceneError
│   ├── FrameTooLarge             frame.too-large             width, height, limit_side, limit_megapixels
│   └── BackdropMissing           backdrop.missing            image
├── OutputError
│   ├── OutputImpossible          output.impossible           wanted, reached
│   └── SheetTooSmall             output.sheet-too-small      width, height
├── JobError
│   ├── JobCancelled              job.cancelled
│   └── JobOutOfMemory            job.out-of-memory
├── FileError
│   ├── FileMissing               file.missing
│   ├── FolderEmpty               file.no-pictures
│   ├── FileUnreadable            file.unreadable             reason
│   ├── FileExists                file.exists                 target
│   ├── FileClash                 file.clash                  target, other
│   ├── FileItself                file.itself                 target
│   └── FileUnwritable            file.unwritable             target, reason
└── RemoteError                   whatever code the other side of a port gave

Codes are stable and cross worker ports together with their details; the sentences live in the locales, and those
of the command line in offcut.cli.sentences. Files and weights as files are the command line's business alone.
`describe` gives any exception as such plain data; what is not in the tree becomes `internal` (type, message).
"""

from collections.abc import Mapping
from typing import ClassVar

Detail = str | int | float


class OffcutError(Exception):
    """The root. `code` names the kind; `details` holds what a sentence about it needs."""

    code: ClassVar[str] = "internal"

    def __init__(self, **details: Detail) -> None:
        self.details: dict[str, Detail] = details
        super().__init__(", ".join(f"{key}={value}" for key, value in details.items()))

    def to_dict(self) -> dict[str, object]:
        """The error as plain data: {"code": str, "details": {str: str | int | float}}."""
        return {"code": self.code, "details": dict(self.details)}


class PictureError(OffcutError):
    """The file given cannot be used as a picture."""


class PictureEmpty(PictureError):
    """The file holds no bytes."""

    code = "picture.empty"


class PictureUnreadable(PictureError):
    """The bytes are no picture, or one too damaged to decode."""

    code = "picture.unreadable"


class PictureTruncated(PictureError):
    """The file ends before its picture does."""

    code = "picture.truncated"


class PictureFormatUnsupported(PictureError):
    """A format that was recognised but cannot be read here (`format`)."""

    code = "picture.format-unsupported"


class PictureTooLarge(PictureError):
    """The header claims more pixels than are decoded (`width`, `height`, `limit_megapixels`)."""

    code = "picture.too-large"


class PictureDepthUnsupported(PictureError):
    """Samples of a kind that is not read: floats, 32 bits, 12-bit JPEG."""

    code = "picture.depth-unsupported"


class MatteError(OffcutError):
    """The net's answer cannot be used."""


class MatteNothingFound(MatteError):
    """The net saw no subject."""

    code = "matte.nothing-found"


class MatteNotFinite(MatteError):
    """The net's answer holds NaN or infinity."""

    code = "matte.not-finite"


class ModelError(OffcutError):
    """A model, or the list of models, is not what it should be."""


class CatalogueMissing(ModelError):
    """There is no catalogue in any of the `places` looked in."""

    code = "catalogue.missing"


class CatalogueInvalid(ModelError):
    """The catalogue breaks its own rules (`field`, `reason`)."""

    code = "catalogue.invalid"


class ModelUnknown(ModelError):
    """No model of that id (`model`) stands in the catalogue."""

    code = "model.unknown"


class ModelContract(ModelError):
    """The net's inputs or outputs differ from the catalogue (`model`, `expected`, `got`)."""

    code = "model.contract"


class WeightsMissing(ModelError):
    """The weights of `model`, a `file`, are in none of the `places` looked in (`reason`: why not the last)."""

    code = "weights.missing"


class WeightsMismatch(ModelError):
    """A file of weights is not what the catalogue names (`model`, `file`, `found`: the sha256 it has)."""

    code = "weights.hash-mismatch"


class EngineError(OffcutError):
    """Inference itself went wrong."""


class EngineMissing(EngineError):
    """There is no engine on this machine."""

    code = "engine.missing"


class EngineFailed(EngineError):
    """The engine refused or broke off (`reason`)."""

    code = "engine.failed"


class EngineLost(EngineError):
    """The engine died and took the job with it."""

    code = "engine.lost"


class RecipeInvalid(OffcutError):
    """A recipe breaks its rules (`field`: the path to the fault; `reason`: English words for developers)."""

    code = "recipe.invalid"


class ProjectError(OffcutError):
    """The file given cannot be used as a project."""


class ProjectUnreadable(ProjectError):
    """The bytes are no project, or one that is damaged or lacks a part (`reason`: English words for developers)."""

    code = "project.unreadable"


class ProjectNewer(ProjectError):
    """The project was written by a newer Offcut (`version`: that of its format)."""

    code = "project.newer"


class ProjectTampered(ProjectError):
    """A `part` of the project is not what it was when the project was written: its sha256 differs."""

    code = "project.tampered"


class SceneError(OffcutError):
    """What is to be around the subject cannot be made."""


class FrameTooLarge(SceneError):
    """The canvas that the frame asks for has too many pixels (`width`, `height`). Of the limits the one that is broken
    is told: `limit_side`, else `limit_megapixels`."""

    code = "frame.too-large"


class BackdropMissing(SceneError):
    """The recipe names a picture for the background that is not at hand (`image`: its SHA-256)."""

    code = "backdrop.missing"


class OutputError(OffcutError):
    """The file cannot be written as it is wanted."""


class OutputImpossible(OutputError):
    """No quality makes the file as small as it is to be (`wanted`, `reached`: bytes)."""

    code = "output.impossible"


class SheetTooSmall(OutputError):
    """The paper does not hold a single print (`width`, `height`: of that, in millimetres)."""

    code = "output.sheet-too-small"


class JobError(OffcutError):
    """The job did not end with a result, through no fault of the picture."""


class JobCancelled(JobError):
    """Someone asked for the job to stop."""

    code = "job.cancelled"


class JobOutOfMemory(JobError):
    """The machine, or the browser's share of it, has no memory left for this picture."""

    code = "job.out-of-memory"


class FileError(OffcutError):
    """A file cannot be read or written, whatever is in it."""


class FileMissing(FileError):
    """There is no file of that name, or none that a pattern fits."""

    code = "file.missing"


class FolderEmpty(FileError):
    """A folder holds no picture, nor does any folder in it."""

    code = "file.no-pictures"


class FileUnreadable(FileError):
    """The system does not give the file out (`reason`: its words)."""

    code = "file.unreadable"


class FileExists(FileError):
    """Something of the result's name (`target`) is there, and nobody said that it may be replaced."""

    code = "file.exists"


class FileClash(FileError):
    """Two pictures of one run lead to one file (`target`); `other` is the one that has it."""

    code = "file.clash"


class FileItself(FileError):
    """The result would take the place of a picture of the same run (`target`)."""

    code = "file.itself"


class FileUnwritable(FileError):
    """The result cannot be written (`target`; `reason`: the system's words)."""

    code = "file.unwritable"


class RemoteError(OffcutError):
    """An error raised on the other side of a port; it keeps the code and details that it had there."""

    def __init__(self, code: str, details: Mapping[str, Detail]) -> None:
        super().__init__(**{str(key): value for key, value in details.items()})
        self.remote_code = code

    def to_dict(self) -> dict[str, object]:
        """The error as plain data, with the code it had on the other side."""
        return {"code": self.remote_code, "details": dict(self.details)}


def describe(error: BaseException) -> dict[str, object]:
    """Any exception as plain data that may cross a worker port: {"code": str, "details": {…}}.

    MemoryError, and the RuntimeError that WebAssembly raises in its stead, become job.out-of-memory; an
    OffcutError speaks for itself; all else is `internal` with the type's name and at most 200 characters of
    its message.
    """
    if isinstance(error, OffcutError):
        return error.to_dict()
    if isinstance(error, MemoryError) or "out of memory" in str(error).lower():
        return JobOutOfMemory().to_dict()
    return {"code": "internal", "details": {"type": type(error).__name__, "message": str(error)[:200]}}

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a file says of itself, known and judged before any pixel is decoded."""

import importlib
import io
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from PIL import ExifTags, Image, features

from offcut.errors import (
    OffcutError,
    PictureDepthUnsupported,
    PictureEmpty,
    PictureError,
    PictureFormatUnsupported,
    PictureTooLarge,
    PictureTruncated,
    PictureUnreadable,
)
from offcut.inch import LEAST_DPI
from offcut.outline import Outline, outline
from offcut.sniff import READABLE, sniff

MAX_PIXELS = 100_000_000
"""The largest picture that is decoded. Twice the largest common camera; 2.0 to 2.4 GB while it is worked on."""

PILLOW_READS_AVIF = bool(features.check("avif"))
"""False in Pyodide 0.28, whose Pillow has no AVIF codec."""

PLUGINS = {
    "WEBP": "WebPImagePlugin",
    "TIFF": "TiffImagePlugin",
    "ICO": "IcoImagePlugin",
    "AVIF": "AvifImagePlugin",
}
_DNG_VERSION, _PHOTOMETRIC, _COLOUR_FILTER_ARRAY = 50706, 262, 32803


@dataclass(frozen=True, slots=True)
class Header:
    """What is known before decoding.

    `width` and `height` are as stored, before `orientation` (EXIF 1..8) is applied. `has_alpha` means that
    some pixel may be transparent. `mode` is Pillow's, "" where only a browser can read the format. `icc` is
    the colour profile, `dpi` pixels per inch (x, y) as stored, `depth` bits per sample. `complete` is False
    when the file is known to be cut off.
    """

    format: str
    width: int
    height: int
    orientation: int
    has_alpha: bool
    icc: bytes | None
    frames: int
    mode: str
    dpi: tuple[float, float] | None
    depth: int
    complete: bool

    @property
    def upright(self) -> tuple[int, int]:
        """(width, height) as a person sees the picture."""
        return (self.height, self.width) if self.orientation >= 5 else (self.width, self.height)


def probe(data: bytes) -> Header:
    """Read the header of a picture file.

    Raises PictureEmpty, PictureUnreadable, PictureTruncated, PictureFormatUnsupported, PictureTooLarge or
    PictureDepthUnsupported.
    """
    return inspect(data)[0]


def inspect(data: bytes) -> tuple[Header, Image.Image | None]:
    """`probe`, with the opened but not yet decoded Pillow image; None where Pillow cannot read the format."""
    if not data:
        raise PictureEmpty()
    format = sniff(data)
    if format is None:
        raise PictureUnreadable()
    if format not in READABLE:
        raise PictureFormatUnsupported(format=format)
    shape = outline(data, format)
    if shape is not None:
        if format != "GIF":  # its frames may be larger than its screen, even where that is empty
            _check_size(shape.width, shape.height)
        if shape.depth not in (1, 2, 4, 8, 16) or (format == "JPEG" and shape.depth != 8):
            raise PictureDepthUnsupported()
    if shape is not None and (format == "HEIC" or (format == "AVIF" and not PILLOW_READS_AVIF)):
        frames = 2 if shape.animated else 1
        header = Header(format, shape.width, shape.height, 1, True, None, frames, "", None, 8, complete=shape.complete)
        return header, None
    with pillow(complete=shape is None or shape.complete):
        if format in PLUGINS:  # else Image.open would import every plugin there is
            importlib.import_module(f"PIL.{PLUGINS[format]}")
        image = Image.open(io.BytesIO(data), formats=[format])
        header = _header(image, format, shape)
    _check_size(header.width, header.height)
    return header, image


@contextmanager
def pillow(*, complete: bool) -> Iterator[None]:
    """Run Pillow on untrusted bytes: whatever it raises becomes a PictureError, and it warns nobody.

    Its own limit is lifted meanwhile, because `_check_size` is stricter and says more. MemoryError passes.
    """
    limit = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (OffcutError, MemoryError):
        raise
    except Exception as error:  # SyntaxError, struct.error, zlib.error, ValueError, IndexError, … by format
        raise _picture_error(error, complete) from error
    finally:
        Image.MAX_IMAGE_PIXELS = limit


def _picture_error(error: Exception, complete: bool) -> PictureError:
    if not complete or isinstance(error, EOFError) or "truncated" in str(error).lower():
        return PictureTruncated()
    return PictureUnreadable()


def _check_size(width: int, height: int) -> None:
    if width <= 0 or height <= 0:
        raise PictureUnreadable()
    if width * height > MAX_PIXELS:
        raise PictureTooLarge(width=width, height=height, limit_megapixels=MAX_PIXELS // 1_000_000)


def _header(image: Image.Image, format: str, shape: Outline | None) -> Header:
    (width, height), depth = image.size, shape.depth if shape else 8
    tags: Any = getattr(image, "tag_v2", None)
    if tags is not None:  # TIFF: Pillow's size is upright already
        if _DNG_VERSION in tags or tags.get(_PHOTOMETRIC) == _COLOUR_FILTER_ARRAY:
            raise PictureFormatUnsupported(format="camera raw")
        width, height = tags[ExifTags.Base.ImageWidth], tags[ExifTags.Base.ImageLength]
        depth = max(tags.get(ExifTags.Base.BitsPerSample, (1,)))
    frames = getattr(image, "n_frames", 1)
    return Header(
        format=format,
        width=width,
        height=height,
        orientation=_orientation(image),
        has_alpha=image.has_transparency_data,
        icc=image.info.get("icc_profile") or None,
        frames=1 if image.format == "MPO" else frames,  # an MPO holds one picture, seen by two eyes or two screens
        mode=image.mode,
        dpi=_dpi(image.info.get("dpi")),
        depth=depth,
        complete=shape is None or shape.complete,
    )


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation. XMP, which Pillow would also ask, is not: no browser and hardly a viewer does."""
    tags: Any = getattr(image, "tag_v2", None)
    try:
        if tags is not None:
            value = tags.get(ExifTags.Base.Orientation, 1)
        else:
            exif = Image.Exif()
            exif.load(image.info.get("exif", b""))
            value = exif.get(ExifTags.Base.Orientation, 1)
    except Exception:  # a damaged EXIF block says nothing about the picture
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _dpi(value: Any) -> tuple[float, float] | None:
    try:
        x, y = float(value[0]), float(value[1])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return None
    return (x, y) if all(math.isfinite(v) and LEAST_DPI <= v <= 30000 for v in (x, y)) else None

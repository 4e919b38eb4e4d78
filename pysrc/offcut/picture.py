# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a file to upright sRGB pixels.

Two ways lead there. The browser's own decoder is several times faster than Pillow in WebAssembly and manages
colour, but it premultiplies, shows half of a truncated file as if it were whole, and knows 16 bits as 8. So
it is given only what it does exactly; everything else, and whatever it fails at, is Pillow's.

`Picture.notes`, in this order where they apply:

- "animated": the first of several frames was taken
- "several-pages": the first of several pages of a TIFF was taken
- "sixteen-bit": samples were reduced to 8 bits (their high byte)
- "wide-gamut": colours were converted to sRGB from the file's own profile
- "no-colour-conversion": the file's profile could not be applied
- "already-transparent": some pixels were transparent before
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from offcut.errors import PictureDepthUnsupported, PictureFormatUnsupported, PictureTruncated
from offcut.header import MAX_PIXELS, Header, inspect, pillow, probe
from offcut.icc import Decode, is_srgb, to_srgb
from offcut.sniff import MIME

__all__ = ["MAX_PIXELS", "Decode", "Header", "Picture", "probe", "read"]

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


BAND = 256
"""Rows turned into an array at a time: whole, Pillow would hold the pixels three times."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """An upright sRGB picture.

    `rgba` is uint8 [h,w,4], C-contiguous, straight alpha: four bytes a pixel because that is how Pillow and the
    browser hold pixels, so that none of them has to repack. `opaque` says that every alpha is 255; `dpi` is
    pixels per inch (x, y) of the upright picture, where the file says; `notes` what was done to it (see above).
    """

    rgba: NDArray[np.uint8]
    opaque: bool
    dpi: tuple[float, float] | None
    name: str
    notes: tuple[str, ...]

    @property
    def rgb(self) -> NDArray[np.uint8]:
        """The colours, uint8 [h,w,3], a view."""
        return self.rgba[..., :3]

    @property
    def alpha(self) -> NDArray[np.uint8] | None:
        """The alpha channel, uint8 [h,w], a view; None where the picture is opaque."""
        return None if self.opaque else self.rgba[..., 3]

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.rgba.shape[1], self.rgba.shape[0]


async def read(data: bytes, name: str, decode: Decode | None = None) -> Picture:
    """Decode a picture file. Its first bytes decide what it is; `name` is only kept.

    JPEG, PNG, GIF, WebP, BMP, TIFF, ICO and AVIF (HEIC where `decode` can); of animations the first frame.

    Raises PictureEmpty, PictureUnreadable, PictureTruncated, PictureFormatUnsupported, PictureTooLarge
    (before anything is decoded) and PictureDepthUnsupported.
    """
    header, image = inspect(data)
    if decode is not None and _suits_browser(header, image):
        rgba = await _by_browser(data, header, decode, exact=image is not None)
        if rgba is not None:
            return _from_rgba(rgba, header, name)
    if image is None:
        if not header.complete:
            raise PictureTruncated()
        raise PictureFormatUnsupported(format=header.format)
    with pillow(complete=header.complete):
        image.load()
        colour, alpha = _split(image, header)
    return await _finish(colour, alpha, header, name, decode)


def _suits_browser(header: Header, image: Image.Image | None) -> bool:
    if image is None:
        return header.complete
    if header.format == "JPEG":
        return header.complete
    if header.format in ("PNG", "WEBP"):
        opaque = not header.has_alpha and header.frames == 1
        return header.complete and opaque and header.orientation == 1
    return False


async def _by_browser(data: bytes, header: Header, decode: Decode, *, exact: bool) -> NDArray[np.uint8] | None:
    """The browser's pixels, or None when it fails or contradicts the header.

    Where Pillow cannot read the file either (`exact` False), only the browser knows about crops and
    rotations.
    """
    try:
        rgba = await decode(data, MIME[header.format])
    except Exception:  # the browser's errors are its own; Pillow will say what is wrong
        return None
    if rgba.ndim != 3 or rgba.shape[2] != 4 or rgba.dtype != np.uint8:
        return None
    height, width = rgba.shape[:2]
    if exact:
        return rgba if (width, height) == header.upright else None
    return rgba if 0 < width * height <= MAX_PIXELS else None


def _from_rgba(rgba: NDArray[np.uint8], header: Header, name: str) -> Picture:
    converted = header.icc is not None and not is_srgb(header.icc)
    return _picture(rgba, header, name, ["wide-gamut"] if converted else [], may_be_transparent=header.has_alpha)


def _split(image: Image.Image, header: Header) -> tuple[Image.Image, Image.Image | None]:
    """Colour (mode RGB, L or CMYK) and alpha (mode L or None) of a decoded image, turned upright."""
    colour, alpha = _by_mode(image, header)
    turn = None if header.format == "TIFF" else _UPRIGHT.get(header.orientation)  # Pillow has turned TIFFs
    if turn is not None:
        colour = colour.transpose(turn)
        alpha = alpha.transpose(turn) if alpha else None
    return colour, alpha


def _by_mode(image: Image.Image, header: Header) -> tuple[Image.Image, Image.Image | None]:
    key = image.info.get("transparency")
    match image.mode:
        case "CMYK":
            return image, None
        case "1" | "L":
            grey = image.convert("L")
            return grey, _keyed(np.asarray(grey), _scaled(key, header))
        case "I;16" | "I;16L" | "I;16B" | "I;16N":
            samples = np.asarray(image)
            return Image.fromarray((samples >> 8).astype(np.uint8)), _keyed(samples, key)
        case "RGB":
            return image, _keyed(np.asarray(image), _scaled(key, header)) if isinstance(key, tuple) else None
        case "LA":
            return image.getchannel("L"), image.getchannel("A")
        case "P" if not image.has_transparency_data:
            return image.convert("RGB"), None
        case "P" | "PA" | "RGBA" | "RGBa" | "La":
            rgba = image.convert("RGBA")
            return rgba.convert("RGB"), rgba.getchannel("A")
        case "I" | "F":
            raise PictureDepthUnsupported()
        case "LAB":
            raise PictureFormatUnsupported(format="Lab TIFF")
        case _:
            return image.convert("RGB"), None


def _scaled(key: int | tuple[int, ...] | None, header: Header) -> int | tuple[int, ...] | None:
    """A PNG's tRNS key in the 8-bit samples that Pillow gives: of 16 bits it keeps the high byte."""
    if key is None or header.format != "PNG":
        return key
    if header.depth == 16:
        return key >> 8 if isinstance(key, int) else tuple(value >> 8 for value in key)
    most = 2**header.depth - 1  # of the 16 bits of a tRNS entry only the lowest count
    return (key & most) * 255 // most if isinstance(key, int) else tuple(value & most for value in key)


def _keyed(samples: NDArray[np.integer], key: int | tuple[int, ...] | None) -> Image.Image | None:
    """An alpha that is 0 where a sample, or all three, equal the key."""
    if not isinstance(key, int | tuple):
        return None
    same = samples == key if isinstance(key, int) else (samples == np.asarray(key)).all(axis=2)
    return Image.fromarray(np.where(same, np.uint8(0), np.uint8(255)))


async def _finish(
    colour: Image.Image, alpha: Image.Image | None, header: Header, name: str, decode: Decode | None
) -> Picture:
    notes: list[str] = []
    if header.icc is not None and not is_srgb(header.icc):
        converted = await to_srgb(colour, header.icc, decode)
        notes.append("wide-gamut" if converted else "no-colour-conversion")
        colour = converted or colour
    with pillow(complete=True):
        rgba = _pixels(colour, alpha)
    return _picture(rgba, header, name, notes, may_be_transparent=alpha is not None)


def _pixels(colour: Image.Image, alpha: Image.Image | None) -> NDArray[np.uint8]:
    width, height = colour.size
    rgba = np.empty((height, width, 4), np.uint8)
    for top in range(0, height, BAND):
        box = (0, top, width, min(top + BAND, height))
        band = colour.crop(box)
        rgba[top : box[3]] = np.asarray((band if band.mode in ("RGB", "L") else band.convert("RGB")).convert("RGBA"))
        if alpha is not None:
            rgba[top : box[3], :, 3] = np.asarray(alpha.crop(box))
    return rgba


def _picture(
    rgba: NDArray[np.uint8], header: Header, name: str, colour_notes: list[str], *, may_be_transparent: bool
) -> Picture:
    notes: list[str] = []
    if header.frames > 1:
        notes.append("several-pages" if header.format == "TIFF" else "animated")
    if header.depth == 16:
        notes.append("sixteen-bit")
    notes += colour_notes
    opaque = not (may_be_transparent and int(rgba[..., 3].min()) < 255)
    if not opaque:
        notes.append("already-transparent")
    dpi = header.dpi[::-1] if header.dpi and header.orientation >= 5 else header.dpi
    return Picture(rgba, opaque, dpi, name, tuple(notes))

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Colour profiles: from whatever space a picture is in to sRGB."""

import io
from collections.abc import Awaitable, Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, features

HAS_LITTLECMS = bool(features.check("littlecms2"))
"""False in Pyodide, whose Pillow is built without it; the browser's decoder converts there."""

Decode = Callable[[bytes, str], Awaitable[NDArray[np.uint8]]]
"""The browser's decoder: (file bytes, mime) -> RGBA uint8 [h,w,4], upright, sRGB, not premultiplied, though
colours under a low alpha may have lost precision. Raises whatever it likes when it cannot."""

_SPACES = {"RGB": b"RGB ", "L": b"GRAY", "CMYK": b"CMYK"}


def is_srgb(profile: bytes) -> bool:
    """True when a profile calls itself sRGB, so that there is nothing to convert."""
    return profile[16:20] == b"RGB " and "srgb" in description(profile).lower()


def description(profile: bytes) -> str:
    """The profile's description (ICC.1:2022 9.2.41; ICC.1:2001-04 6.5.17), "" when none can be read."""
    count = min(int.from_bytes(profile[128:132], "big"), 100)
    for entry in (profile[132 + 12 * index :][:12] for index in range(count)):
        if entry[:4] == b"desc":
            start = int.from_bytes(entry[4:8], "big")
            return _text(profile[start : start + int.from_bytes(entry[8:12], "big")])
    return ""


def _text(tag: bytes) -> str:
    if tag[:4] == b"mluc":
        length, offset = int.from_bytes(tag[20:24], "big"), int.from_bytes(tag[24:28], "big")
        return tag[offset : offset + length].decode("utf-16-be", "replace")
    length = int.from_bytes(tag[8:12], "big")
    return tag[12 : 12 + length].split(b"\x00")[0].decode("ascii", "replace")


async def to_srgb(image: Image.Image, profile: bytes, decode: Decode | None) -> Image.Image | None:
    """Convert an RGB, L or CMYK image to sRGB, mode RGB: by littlecms (perceptual) or else by the browser.

    The browser is handed the pixels as an uncompressed PNG that carries the profile; CMYK has no place in a
    PNG. Returns None when nobody here can apply the profile, or when it does not fit the image.
    """
    if image.mode == "L" and profile[16:20] == b"RGB ":
        image = image.convert("RGB")
    if profile[16:20] != _SPACES[image.mode]:
        return None
    if HAS_LITTLECMS:
        return _by_littlecms(image, profile)
    if decode is None or image.mode == "CMYK":
        return None
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=0, icc_profile=profile)
    return await _by_browser(file.getvalue(), image.size, decode)


def _by_littlecms(image: Image.Image, profile: bytes) -> Image.Image | None:
    try:
        return ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.PERCEPTUAL,
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError):  # a damaged profile
        return None


async def _by_browser(png: bytes, size: tuple[int, int], decode: Decode) -> Image.Image | None:
    try:
        rgba = await decode(png, "image/png")
    except Exception:  # the browser's errors are its own
        return None
    if rgba.shape != (size[1], size[0], 4):
        return None
    return Image.fromarray(rgba).convert("RGB")

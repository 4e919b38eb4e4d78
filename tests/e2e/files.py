# SPDX-License-Identifier: AGPL-3.0-or-later
"""Awkward files, made by code, each with what the workbench must make of it."""

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Awkward:
    """A file and its fate: either `pixels` (RGBA, each within `tolerance`) or a `sentence` that says why not."""

    name: str
    data: bytes
    pixels: Pixels | None = None
    tolerance: int = 0
    sentence: str = ""
    note: str = ""


def saved(image: Image.Image, format: str, **options: Any) -> bytes:
    """An image as a file."""
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def corners(width: int = 96, height: int = 64) -> Pixels:
    """A picture whose every corner has a colour of its own, so that no turn or flip goes unseen."""
    picture = np.full((height, width, 3), 128, np.uint8)
    tall, wide = height // 2, width // 2
    picture[:tall, :wide] = (200, 40, 40)
    picture[:tall, wide:] = (40, 180, 60)
    picture[tall:, :wide] = (40, 60, 200)
    picture[tall:, wide:] = (220, 200, 60)
    return picture


def rgba(rgb: Pixels, alpha: Pixels | int = 255) -> Pixels:
    """RGBA; colours under an alpha of 0 are gone."""
    made = np.dstack([rgb, np.broadcast_to(np.asarray(alpha, np.uint8), rgb.shape[:2])])
    made[made[..., 3] == 0] = 0
    return made


# How a camera held otherwise stores the upright picture, by EXIF orientation.
STORED: dict[int, Callable[[Pixels], Pixels]] = {
    1: lambda p: p,
    2: lambda p: p[:, ::-1],
    3: lambda p: p[::-1, ::-1],
    4: lambda p: p[::-1],
    5: lambda p: p.transpose(1, 0, 2),
    6: lambda p: np.rot90(p, 1),
    7: lambda p: p[::-1, ::-1].transpose(1, 0, 2),
    8: lambda p: np.rot90(p, -1),
}


def turned(orientation: int) -> bytes:
    """A JPEG of `corners()` that is upright only by its EXIF orientation."""
    image = Image.fromarray(np.ascontiguousarray(STORED[orientation](corners())))
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(image, "JPEG", quality=95, subsampling=0, exif=exif)


def display_p3() -> bytes:
    """A matrix ICC profile of Display P3: its primaries adapted to D50, a pure 2.2 gamma."""

    def s15(*values: float) -> bytes:
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    def xyz(*values: float) -> bytes:
        return b"XYZ \0\0\0\0" + s15(*values)

    text = b"Display P3"
    description = b"desc\0\0\0\0" + struct.pack(">I", len(text) + 1) + text + b"\0" + bytes(78)
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)) + b"\0\0"
    tags = {
        b"desc": description,
        b"cprt": b"text\0\0\0\0CC0\0",
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": xyz(0.51512, 0.2412, -0.00105),
        b"gXYZ": xyz(0.29198, 0.69225, 0.04189),
        b"bXYZ": xyz(0.1571, 0.06657, 0.78407),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    table, body = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for name, value in tags.items():
        value += bytes(-len(value) % 4)
        table += name + struct.pack(">II", start + len(body), len(value))
        body += value
    content = struct.pack(">I", len(tags)) + table + body
    header = struct.pack(">I4sI4s4s4s", 128 + len(content), b"\0\0\0\0", 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + s15(0.9642, 1.0, 0.8249)
    return header + bytes(128 - len(header)) + content


def p3_to_srgb(values: Pixels) -> Pixels:
    """What a Display P3 colour with gamma 2.2 is in sRGB, clipped to its gamut (CSS Color 4's matrices)."""
    linear = (values / 255.0) ** 2.2
    p3 = np.array([[0.48657, 0.26567, 0.19822], [0.22897, 0.69174, 0.07929], [0.0, 0.04511, 1.04394]])
    srgb = np.array([[3.24097, -1.53738, -0.49861], [-0.96924, 1.87597, 0.04156], [0.05563, -0.20398, 1.05697]])
    light = np.clip(linear @ p3.T @ srgb.T, 0, 1)
    coded = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.round(coded * 255).astype(np.uint8)


def header_bomb(width: int, height: int) -> bytes:
    """A PNG that claims a size it does not have."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(64))) + chunk(b"IEND", b"")
    )


def awkward() -> list[Awkward]:
    """All of them."""
    picture = corners()
    image = Image.fromarray(picture)
    jpeg = saved(image, "JPEG", quality=95, subsampling=0)
    png = saved(image, "PNG")
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 256, (400, 400, 3), np.uint8))
    ramp = np.tile(np.linspace(0, 255, 96).astype(np.uint8), (64, 1))
    muted = np.clip(picture.astype(int) * 2 // 3 + 40, 0, 255).astype(np.uint8)

    keyed = image.quantize(8)
    index = int(np.asarray(keyed)[0, 0])
    see_through = np.where((picture == picture[0, 0]).all(axis=2), 0, 255).astype(np.uint8)
    frames = [image, Image.fromarray(picture[::-1].copy())]
    grey = np.asarray(image.convert("L"))
    sixteen = Image.fromarray((ramp.astype(np.uint16) << 8) | 0x55)

    found = [
        Awkward("plain.png", png, rgba(picture)),
        Awkward("jpeg bytes named.png", jpeg, rgba(picture), 4),
        Awkward("spaces & ünïcode 图.jpg", jpeg, rgba(picture), 4),
        Awkward(
            "one pixel.png",
            saved(Image.new("RGB", (1, 1), (9, 80, 200)), "PNG"),
            rgba(np.array([[[9, 80, 200]]], np.uint8)),
        ),
        Awkward(
            "thread.png",
            saved(Image.new("RGB", (1, 3000), (9, 80, 200)), "PNG"),
            rgba(np.full((3000, 1, 3), (9, 80, 200), np.uint8)),
        ),
        Awkward("grey.jpg", saved(Image.fromarray(ramp), "JPEG", quality=95), rgba(np.dstack([ramp] * 3)), 4),
        Awkward(
            "grey and alpha.png",
            saved(Image.merge("LA", [image.convert("L"), Image.fromarray(ramp)]), "PNG"),
            rgba(np.dstack([grey] * 3), ramp),
            note="partly transparent already",
        ),
        Awkward(
            "low alpha.png",
            saved(Image.fromarray(rgba(picture, ramp)), "PNG"),
            rgba(picture, ramp),
            note="partly transparent already",
        ),
        Awkward(
            "palette.png",
            saved(keyed, "PNG", transparency=index),
            rgba(picture, see_through),
            note="partly transparent already",
        ),
        Awkward(
            "one bit.png",
            saved(Image.fromarray(ramp).convert("1"), "PNG"),
            rgba(np.dstack([np.asarray(Image.fromarray(ramp).convert("1").convert("L"))] * 3)),
        ),
        Awkward("sixteen.png", saved(sixteen, "PNG"), rgba(np.dstack([ramp] * 3)), 1, note="16 bits per channel"),
        Awkward("cmyk.jpg", saved(Image.fromarray(muted).convert("CMYK"), "JPEG", quality=95), rgba(muted), 6),
        Awkward(
            "animated.gif",
            saved(frames[0], "GIF", save_all=True, append_images=frames[1:]),
            rgba(picture),
            2,
            note="first frame",
        ),
        Awkward(
            "animated.png",
            saved(frames[0], "PNG", save_all=True, append_images=frames[1:]),
            rgba(picture),
            note="first frame",
        ),
        Awkward(
            "animated.webp",
            saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True),
            rgba(picture),
            note="first frame",
        ),
        Awkward(
            "p3.png",
            saved(Image.fromarray(muted), "PNG", icc_profile=display_p3()),
            rgba(p3_to_srgb(muted)),
            2,
            note="converted to sRGB",
        ),
        Awkward(
            "p3.jpg",
            saved(Image.fromarray(muted), "JPEG", quality=97, subsampling=0, icc_profile=display_p3()),
            rgba(p3_to_srgb(muted)),
            5,
            note="converted to sRGB",
        ),
        Awkward(
            "p3 and alpha.png",
            saved(Image.fromarray(rgba(muted, np.maximum(ramp, 1))), "PNG", icc_profile=display_p3()),
            rgba(p3_to_srgb(muted), np.maximum(ramp, 1)),
            2,
            note="converted to sRGB",
        ),
        Awkward(
            "p3.tif",
            saved(Image.fromarray(muted), "TIFF", icc_profile=display_p3()),
            rgba(p3_to_srgb(muted)),
            2,
            note="converted to sRGB",
        ),
        Awkward("picture.tif", saved(image, "TIFF", compression="tiff_lzw"), rgba(picture)),
        Awkward("picture.bmp", saved(image, "BMP"), rgba(picture)),
        Awkward("picture.webp", saved(image, "WEBP", lossless=True), rgba(picture)),
        Awkward("picture.avif", saved(image, "AVIF", quality=95, subsampling="4:4:4"), rgba(picture), 6),
        Awkward("trailing.jpg", jpeg + b"and more" * 100, rgba(picture), 4),
        Awkward("empty.jpg", b"", sentence="This file is empty."),
        Awkward("letter.jpg", b"Dear Sir or Madam, " * 20, sentence="not a picture Offcut can read"),
        Awkward("cut in half.jpg", saved(noise, "JPEG")[:20000], sentence="This picture is cut short."),
        Awkward("cut in half.png", saved(noise, "PNG")[:20000], sentence="This picture is cut short."),
        Awkward("cut in its head.jpg", jpeg[:40], sentence="This "),
        Awkward("bomb.png", header_bomb(20000, 20000), sentence="too large: 20,000 × 20,000 pixels"),
        Awkward("claims.png", header_bomb(2**31 - 1, 2**31 - 1), sentence="too large"),
        Awkward("no width.png", header_bomb(0, 10), sentence="This "),
        Awkward(
            "drawing.svg",
            b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
            sentence="SVG files cannot be read here.",
        ),
        Awkward(
            "float.tif",
            saved(Image.fromarray(ramp.astype(np.float32)), "TIFF"),
            sentence="This picture has 12-bit, 32-bit or floating-point samples.",
        ),
    ]
    return found + [Awkward(f"turned {n}.jpg", turned(n), rgba(picture), 6) for n in STORED]

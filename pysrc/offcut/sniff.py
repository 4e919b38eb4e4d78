# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which format a file is, from its first bytes. Names and endings lie; they are not asked."""

READABLE = frozenset({"JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "ICO", "AVIF", "HEIC"})
"""What `offcut.picture.read` tries. HEIC needs a browser that has it, AVIF Pillow's codec or a browser."""

MIME = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "BMP": "image/bmp",
    "TIFF": "image/tiff",
    "ICO": "image/x-icon",
    "AVIF": "image/avif",
    "HEIC": "image/heic",
}

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00\x08\x00", "TIFF"),
    (b"MM\x00+\x00\x08", "TIFF"),
    (b"\x00\x00\x01\x00", "ICO"),
    (b"\x00\x00\x02\x00", "CUR"),
    (b"8BPS", "PSD"),
    (b"qoif", "QOI"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"%PDF-", "PDF"),
    (b"%!PS", "EPS"),
    (b"\xc5\xd0\xd3\xc6", "EPS"),
    (b"DDS ", "DDS"),
    (b"icns", "ICNS"),
    (b"\x76\x2f\x31\x01", "OpenEXR"),
    (b"#?RADIANCE", "Radiance HDR"),
    (b"gimp xcf", "XCF"),
    (b"SIMPLE  =", "FITS"),
    (b"\xd7\xcd\xc6\x9a", "WMF"),
    (b"FUJIFILMCCD-RAW", "camera raw"),
    (b"IIU\x00", "camera raw"),
    (b"IIRO", "camera raw"),
    (b"\x1a\x45\xdf\xa3", "video"),
)

_BRANDS = {
    b"avif": "AVIF",
    b"avis": "AVIF",
    b"heic": "HEIC",
    b"heix": "HEIC",
    b"heim": "HEIC",
    b"heis": "HEIC",
    b"hevc": "HEIC",
    b"hevx": "HEIC",
    b"crx ": "camera raw",
}


def sniff(data: bytes) -> str | None:
    """A short name of the format ("JPEG", "PSD", "camera raw", …), or None when the bytes say nothing."""
    if data[:4] in (b"II*\x00", b"MM\x00*") and data[8:10] == b"CR":
        return "camera raw"
    if data[-18:-2] == b"TRUEVISION-XFILE":  # its first bytes may look like a cursor's
        return "TGA"
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in (12, 16, 40, 52, 56, 64, 108, 124):
        return "BMP"
    if data[4:8] == b"ftyp":
        return _by_brand(data)
    if data[:1] == b"P" and data[1:2] in b"1234567" and data[2:3] in b" \t\r\n" and len(data) > 3:
        return "PNM"
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] == b"<" and b"<svg" in head:
        return "SVG"
    return None


def _by_brand(data: bytes) -> str:
    """The format of an ISO base media file (ISO 14496-12): the first of its brands that is known."""
    size = min(int.from_bytes(data[:4], "big"), 256)
    brands = [data[8:12]] + [data[at : at + 4] for at in range(16, size, 4)]
    return next((_BRANDS[brand] for brand in brands if brand in _BRANDS), "video")

# SPDX-License-Identifier: AGPL-3.0-or-later
"""A page that is printed in exact millimetres: PDF (ISO 32000-1), no more of it than that takes."""

import io
import math
from collections.abc import Iterable, Sequence

from PIL import Image

from offcut.inch import INCH
from offcut.sheet import Segment

POINTS = 72 / INCH
"""PDF's unit, 1/72 inch, per mm."""

LARGEST = 14_400
"""A page has no side of more units (ISO 32000-1, annex C); a larger one has larger units (table 30, UserUnit)."""

_SPACES = {"RGB": "/DeviceRGB", "L": "/DeviceGray"}
_HEADER = b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n"


def written(
    photo_jpeg: bytes,
    size_px: tuple[int, int],
    mm: tuple[float, float],
    places: Sequence[tuple[float, float]] = ((0.0, 0.0),),
    paper_mm: tuple[float, float] | None = None,
    marks: Iterable[Segment] = (),
) -> bytes:
    """A PDF of one page of `paper_mm` (width, height), or of the photo's own size.

    The photo, a JPEG file of `size_px` (width, height), RGB or grey, is in it once, byte for byte, its metadata
    included. It is drawn `mm` (width, height) large with its upper left corner at each of `places`, (x, y) in mm from
    that of the page. `marks` are black lines of a quarter of a point. Viewers are asked not to scale the page as they
    print it. Equal input gives equal bytes.

    Raises ValueError when the JPEG is not of that size, or is neither RGB nor grey.
    """
    paper = mm if paper_mm is None else paper_mm
    content = [f"q {_points(*mm, paper, place)} cm /Photo Do Q" for place in places]
    lines = [f"{_at(x0, y0, paper)} m {_at(x1, y1, paper)} l" for x0, y0, x1, y1 in marks]
    if lines:
        content += ["0.25 w 0 G", *lines, "S"]
    unit = max(1, math.ceil(max(paper) * POINTS / LARGEST - 1e-6))
    if unit > 1:
        content = [f"{1 / unit:.9f} 0 0 {1 / unit:.9f} 0 0 cm", *content]
    width, height = size_px
    return _file(
        [
            _object("/Type /Catalog /Pages 2 0 R /ViewerPreferences << /PrintScaling /None >>"),
            _object("/Type /Pages /Kids [3 0 R] /Count 1"),
            _object(
                f"/Type /Page /Parent 2 0 R /MediaBox [0 0 {_number(paper[0] / unit)} {_number(paper[1] / unit)}] "
                + (f"/UserUnit {unit} " if unit > 1 else "")
                + "/Resources << /XObject << /Photo 5 0 R >> >> /Contents 4 0 R"
            ),
            _object("", "\n".join(content).encode()),
            _object(
                f"/Type /XObject /Subtype /Image /Width {width} /Height {height} "
                f"/ColorSpace {_space(photo_jpeg, size_px)} /BitsPerComponent 8 /Filter /DCTDecode",
                photo_jpeg,
            ),
        ]
    )


def _space(photo: bytes, size: tuple[int, int]) -> str:
    """The name of the JPEG's colour space. Its header alone is read."""
    with Image.open(io.BytesIO(photo), formats=["JPEG"]) as image:
        if image.size != size or image.mode not in _SPACES:
            raise ValueError(f"a JPEG of {image.size} in {image.mode} is not one of {size} in RGB or grey")
        return _SPACES[image.mode]


def _points(width: float, height: float, paper: tuple[float, float], place: tuple[float, float]) -> str:
    """The matrix that lays the unit square, an image's own, to its place: PDF counts y upwards from the bottom."""
    x, y = place
    return f"{_number(width)} 0 0 {_number(height)} {_at(x, y + height, paper)}"


def _at(x: float, y: float, paper: tuple[float, float]) -> str:
    return f"{_number(x)} {_number(paper[1] - y)}"


def _number(mm: float) -> str:
    """mm as points, to a millionth of one, in the only notation that PDF has."""
    if not math.isfinite(mm):
        raise ValueError(f"{mm} mm is no length")
    text = f"{mm * POINTS:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _object(entries: str, stream: bytes | None = None) -> bytes:
    """A dictionary, and the stream that it describes."""
    if stream is None:
        return f"<< {entries} >>".encode()
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (entries.encode(), len(stream), stream)


def _file(objects: Sequence[bytes]) -> bytes:
    """The file of these objects, numbered from 1; the first is the catalogue."""
    parts = [_HEADER]
    table = ["0000000000 65535 f \n"]
    at = len(_HEADER)
    for number, content in enumerate(objects, 1):
        parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, content))
        table.append(f"{at:010} 00000 n \n")
        at += len(parts[-1])
    end = (
        f"xref\n0 {len(table)}\n{''.join(table)}trailer\n<< /Size {len(table)} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n"
    )
    return b"".join((*parts, end.encode()))

# SPDX-License-Identifier: AGPL-3.0-or-later
"""offcut.pdf as PDFium draws it, the renderer of Chromium: measured in mm."""

import io

import numpy as np
import pytest
from PIL import Image

from offcut.pdf import written
from offcut.sheet import GREY, Sheet, drawn, laid

pdfium = pytest.importorskip("pypdfium2")

DPI = 300
MM = 25.4 / DPI
NEAR = 0.2
"""mm: about two pixels."""


def jpeg(mode="RGB", colour=(200, 30, 30)):
    file = io.BytesIO()
    Image.new("RGB", (413, 531), colour).convert(mode).save(file, "JPEG", quality=95)
    return file.getvalue()


def rendered(data):
    """The page at 300 dpi, uint8 [h,w,3], and its size in points."""
    document = pdfium.PdfDocument(data)
    try:
        assert len(document) == 1
        page = document[0]
        return np.asarray(page.render(scale=DPI / 72).to_pil().convert("RGB")), page.get_size()
    finally:
        document.close()


def runs(mask):
    """The stretches of a line of pixels that are set, (start, end) in mm."""
    steps = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(int), [0]])))
    return [(start * MM, end * MM) for start, end in steps.reshape(-1, 2)]


def grown(mask, by=2):
    """A mask and all that lies at most `by` pixels from it."""
    wide, (height, width) = np.pad(mask, by), mask.shape
    reach = range(2 * by + 1)
    return np.logical_or.reduce([wide[a : a + height, b : b + width] for a in reach for b in reach])


def red(page):
    return (page[..., 0] > 150) & (page[..., 1] < 100)


@pytest.mark.parametrize(
    ("mm", "paper", "gap"),
    [((35, 45), "10x15", 2), ((35, 45), "a4", 5), ((51, 51), "4x6", 2), ((33, 48), "letter", 1.5)],
)
def test_photos_are_printed_in_their_size_at_their_places(mm, paper, gap):
    layout = laid(mm, Sheet(paper, gap, marks=False))
    page, size = rendered(written(jpeg(), (413, 531), mm, layout.places, layout.paper))
    assert np.array(size) * 25.4 / 72 == pytest.approx(layout.paper, abs=0.001)
    assert np.array(page.shape[1::-1]) * MM == pytest.approx(layout.paper, abs=NEAR)
    photo = red(page)
    columns, rows = sorted({x for x, _ in layout.places}), sorted({y for _, y in layout.places})
    for y in rows:
        line = photo[round((y + mm[1] / 2) / MM)]
        assert np.allclose(runs(line), [(x, x + mm[0]) for x in columns], atol=NEAR)
    for x in columns:
        line = photo[:, round((x + mm[0] / 2) / MM)]
        assert np.allclose(runs(line), [(y, y + mm[1]) for y in rows], atol=NEAR)


def test_a_single_photo_fills_its_page():
    page, size = rendered(written(jpeg(), (413, 531), (35, 45)))
    assert np.array(size) * 25.4 / 72 == pytest.approx((35, 45), abs=0.001)
    assert red(page)[1:-1, 1:-1].all()


def test_the_photo_stands_upright_and_is_not_mirrored():
    quarters = np.zeros((531, 413, 3), np.uint8)
    quarters[:265, :206] = 255
    file = io.BytesIO()
    Image.fromarray(quarters).save(file, "JPEG", quality=95)
    page, _ = rendered(written(file.getvalue(), (413, 531), (35, 45)))
    height, width = page.shape[:2]
    bright = [[page[h, w, 0] > 128 for w in (width // 4, 3 * width // 4)] for h in (height // 4, 3 * height // 4)]
    assert bright == [[True, False], [False, False]]


def test_a_grey_photo_is_grey():
    page, _ = rendered(written(jpeg("L"), (413, 531), (35, 45)))
    assert np.ptp(page[100, 100].astype(int)) == 0 and 60 < page[100, 100, 0] < 110


def test_the_page_and_the_drawn_sheet_agree_to_two_pixels():
    layout = laid((35, 45), Sheet("10x15", 3))
    page, _ = rendered(written(jpeg(), (413, 531), layout.photo, layout.places, layout.paper, layout.marks))
    sheet = drawn(np.full((531, 413, 3), (200, 30, 30), np.uint8), layout, DPI)
    height, width = (min(sides) for sides in zip(page.shape[:2], sheet.shape[:2], strict=True))
    page, sheet = page[:height, :width], sheet[:height, :width]
    inked, marked = (page.max(axis=2) < 250) & ~red(page), (sheet == GREY).all(axis=2)
    for one, other in ((red(page), red(sheet)), (inked, marked)):
        assert one.any() and not (one & ~grown(other)).any() and not (other & ~grown(one)).any()

# SPDX-License-Identifier: AGPL-3.0-or-later
import re

import numpy as np
import pytest
from helpers import noise, opened, saved
from PIL import Image

from offcut.pdf import written
from offcut.sheet import PAPERS, Sheet, laid

MM = 25.4 / 72


def jpeg(width=413, height=531, mode="RGB"):
    return saved(Image.fromarray(noise(width, height)).convert(mode), "JPEG", quality=60)


def numbers(text):
    return [float(each) for each in text.split()]


def objects(data):
    """The objects of a file by number, found where its cross-reference table says that they are."""
    start = int(re.search(rb"startxref\n(\d+)\n%%EOF\n\Z", data)[1])
    first, count = map(int, re.match(rb"xref\n(\d+) (\d+)\n", data[start:]).groups())
    entries = re.findall(rb"(\d{10}) (\d{5}) ([fn]) \n", data[start:])
    assert first == 0 and len(entries) == count and entries[0] == (b"0000000000", b"65535", b"f")
    assert f"/Size {count} /Root 1 0 R".encode() in data[start:]
    found = {}
    for number, (at, generation, kind) in enumerate(entries[1:], 1):
        assert (generation, kind) == (b"00000", b"n")
        head = b"%d 0 obj\n" % number
        assert data[int(at) :].startswith(head)
        found[number] = data[int(at) + len(head) : data.index(b"\nendobj\n", int(at))]
    return found


def stream(body):
    """The bytes of a stream object, by the length that it states."""
    length = int(re.search(rb"/Length (\d+)", body)[1])
    start = body.index(b"stream\n") + len(b"stream\n")
    assert body[start + length :] == b"\nendstream"
    return body[start : start + length]


def page(data):
    """Of a page: its (width, height), the (left, top, width, height) of its photos and its lines, all in mm from the
    top."""
    inside = objects(data)
    x, y, width, height = numbers(re.search(rb"/MediaBox \[([^\]]+)\]", inside[3])[1])
    assert (x, y) == (0, 0)
    content = stream(inside[4]).decode()
    photos = []
    for text in re.findall(r"q ([-\d. ]+) cm /Photo Do Q", content):
        w, skew, turn, h, left, bottom = numbers(text)
        assert skew == turn == 0
        photos.append([left * MM, (height - bottom - h) * MM, w * MM, h * MM])
    lines = []
    for text in re.findall(r"([-\d. ]+ m [-\d. ]+) l", content):
        x0, y0, x1, y1 = numbers(text.replace(" m ", " "))
        lines.append([x0 * MM, (height - y0) * MM, x1 * MM, (height - y1) * MM])
    return (width * MM, height * MM), photos, lines


@pytest.mark.parametrize("paper", PAPERS)
def test_every_photo_and_every_mark_stands_where_the_layout_has_it(paper):
    layout = laid((35, 45), Sheet(paper, 2))
    data = written(jpeg(), (413, 531), layout.photo, layout.places, layout.paper, layout.marks)
    size, photos, lines = page(data)
    assert size == pytest.approx(layout.paper, abs=1e-6)
    assert np.allclose(photos, [(*place, 35, 45) for place in layout.places], atol=1e-6)
    assert np.allclose(lines, layout.marks, atol=1e-6) and len(lines) == len(layout.marks) > 0


def test_without_a_sheet_the_page_is_as_large_as_the_photo():
    assert page(written(jpeg(), (413, 531), (35, 45))) == (
        pytest.approx((35, 45)),
        [pytest.approx([0, 0, 35, 45], abs=1e-6)],
        [],
    )


def test_the_photo_is_in_the_file_once_and_byte_for_byte():
    photo = jpeg()
    layout = laid((35, 45), Sheet("a4"))
    data = written(photo, (413, 531), layout.photo, layout.places, layout.paper)
    assert stream(objects(data)[5]) == photo and data.count(photo) == 1
    assert len(data) - len(photo) < 4000


@pytest.mark.parametrize(("mode", "space"), [("RGB", b"/DeviceRGB"), ("L", b"/DeviceGray")])
def test_a_photo_is_said_to_be_what_it_is(mode, space):
    image = objects(written(jpeg(40, 50, mode), (40, 50), (35, 45)))[5]
    for part in (b"/Width 40 ", b"/Height 50 ", b"/ColorSpace " + space + b" ", b"/Filter /DCTDecode "):
        assert part in image
    assert opened(stream(image)).mode == mode


def test_viewers_are_asked_not_to_scale_and_the_marks_are_hairlines():
    layout = laid((35, 45), Sheet())
    inside = objects(written(jpeg(), (413, 531), layout.photo, layout.places, layout.paper, layout.marks))
    assert b"/ViewerPreferences << /PrintScaling /None >>" in inside[1]
    assert b"\n0.25 w 0 G\n" in stream(inside[4]) and stream(inside[4]).endswith(b" l\nS")


def test_every_object_that_is_referred_to_is_there():
    data = written(jpeg(), (413, 531), (35, 45))
    inside = objects(data)
    referred = {int(number) for body in (inside[1], inside[2], inside[3]) for number in re.findall(rb"(\d) 0 R", body)}
    assert referred == {2, 3, 4, 5} and set(inside) == {1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    ("mm", "unit"), [((5080, 30), None), ((5081, 30), 2), ((30, 50_000), 10), ((25_400, 25_400), 5)]
)
def test_no_side_of_a_page_has_more_units_than_readers_take(mm, unit):
    inside = objects(written(jpeg(40, 50), (40, 50), mm))
    told = re.search(rb"/UserUnit (\d+) ", inside[3])
    assert (None if told is None else int(told[1])) == unit
    sides = numbers(re.search(rb"/MediaBox \[([^\]]+)\]", inside[3])[1])[2:]
    assert max(sides) <= 14_400 and np.array(sides) * MM * (unit or 1) == pytest.approx(mm, rel=1e-6)
    content = stream(inside[4]).decode()
    scale, photo = re.findall(r"([-\d. ]+) cm", " 1 0 0 1 0 0 cm" * (unit is None) + content.replace("q", ""))
    width, _, _, height, left, bottom = numbers(photo)
    drawn = np.array([width, height, left, bottom]) * float(scale.split()[0]) * (unit or 1) * MM
    assert drawn == pytest.approx((*mm, 0, 0), rel=1e-6)


def test_equal_input_gives_equal_bytes():
    assert written(jpeg(), (413, 531), (35, 45)) == written(jpeg(), (413, 531), (35, 45))


def test_no_number_is_in_a_notation_that_pdf_does_not_have():
    data = written(jpeg(), (413, 531), (35, 45), [(1e-9, -1e-9), (3.3e-5, 1e5 / 3)], (210, 297))
    content = stream(objects(data)[4]).decode()
    assert set(content) <= set("0123456789.- \nqcm/PhotoDQ") and "-0 " not in content


@pytest.mark.parametrize(
    ("photo", "size", "mm"),
    [
        (jpeg(40, 50), (50, 40), (35, 45)),
        (jpeg(40, 50, "CMYK"), (40, 50), (35, 45)),
        (jpeg(40, 50), (40, 50), (35, float("nan"))),
        (jpeg(40, 50), (40, 50), (float("inf"), 45)),
    ],
)
def test_what_would_make_a_wrong_page_is_refused(photo, size, mm):
    with pytest.raises(ValueError, match=r"JPEG|length"):
        written(photo, size, mm)

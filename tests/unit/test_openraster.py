# SPDX-License-Identifier: AGPL-3.0-or-later
import io
import zipfile
from xml.etree import ElementTree

import numpy as np
import pytest
from helpers import noise, opened
from PIL import Image

from offcut.openraster import Layer, written


def subject(width=60, height=40, box=(10, 5, 30, 25)):
    """A half-transparent block of noise at `box`, clear around it."""
    rgba = np.zeros((height, width, 4), np.uint8)
    left, top, right, bottom = box
    rgba[top:bottom, left:right] = noise(right - left, bottom - top, 4)
    rgba[top:bottom, left:right, 3] |= 1
    return rgba


def ground(width=60, height=40):
    rgba = noise(width, height, 4, seed=1)
    rgba[..., 3] = 255
    return rgba


def over(top, bottom):
    return np.asarray(Image.alpha_composite(Image.fromarray(bottom), Image.fromarray(top)))


def files(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def drawn(data):
    """What an editor shows: the layers that are not hidden, the last first, each at its place."""
    inside = files(data)
    image = ElementTree.fromstring(inside["stack.xml"])
    canvas = Image.new("RGBA", (int(image.get("w")), int(image.get("h"))))
    for layer in reversed(image.findall("stack/layer")):
        if layer.get("visibility") == "visible":
            canvas.alpha_composite(opened(inside[layer.get("src")]), (int(layer.get("x")), int(layer.get("y"))))
    return np.asarray(canvas)


def test_the_file_says_what_it_is_in_its_first_bytes():
    data = written([Layer("Subject", subject())], subject(), None)
    assert data[30:54] == b"mimetypeimage/openraster" and data[54:56] == b"PK"
    assert int.from_bytes(data[8:10], "little") == 0


def test_layers_laid_over_each_other_are_the_picture():
    top, bottom = subject(), ground()
    merged = over(top, bottom)
    data = written([Layer("Subject", top), Layer("Backdrop", bottom)], merged, None)
    assert np.array_equal(drawn(data), merged)
    assert np.array_equal(np.asarray(opened(files(data)["mergedimage.png"])), merged)


def test_a_layer_is_cropped_to_what_can_be_seen_of_it():
    inside = files(written([Layer("Subject", subject())], subject(), None))
    [layer] = ElementTree.fromstring(inside["stack.xml"]).findall("stack/layer")
    assert (layer.get("x"), layer.get("y"), opened(inside[layer.get("src")]).size) == ("10", "5", (20, 20))


def test_colours_that_nobody_sees_do_not_widen_a_layer():
    rgba = subject()
    rgba[0, 0, :3] = 200
    inside = files(written([Layer("Subject", rgba)], rgba, None))
    assert opened(inside["data/layer0.png"]).size == (20, 20)


def test_a_clear_layer_is_one_clear_pixel():
    clear = np.zeros((40, 60, 4), np.uint8)
    clear[..., 0] = 9
    inside = files(written([Layer("Shadow", clear)], clear, None))
    image = opened(inside["data/layer0.png"])
    assert image.size == (1, 1) and image.getpixel((0, 0)) == (0, 0, 0, 0)


def test_a_hidden_layer_is_there_and_hidden():
    hidden = Layer("Original", ground(), visible=False)
    data = written([Layer("Subject", subject()), hidden], subject(), None)
    layers = ElementTree.fromstring(files(data)["stack.xml"]).findall("stack/layer")
    assert [(each.get("name"), each.get("visibility")) for each in layers] == [
        ("Subject", "visible"),
        ("Original", "hidden"),
    ]
    assert np.array_equal(drawn(data)[..., 3], subject()[..., 3])


@pytest.mark.parametrize(
    ("dpi", "wanted"), [(None, (None, None)), ((300.0, 299.6), ("300", "300")), ((0.2, 72), ("1", "72"))]
)
def test_the_resolution_stands_where_it_is_known(dpi, wanted):
    image = ElementTree.fromstring(files(written([], subject(), dpi))["stack.xml"])
    assert (image.get("xres"), image.get("yres")) == wanted


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("<\"&'>", "<\"&'>"),
        ("Motiv 图 🐈", "Motiv 图 🐈"),
        ("a\x00b\x1fc\nd\x85e", "abcde"),
        ("\ud800\uffff", ""),
    ],
)
def test_any_name_gives_a_stack_that_can_be_read(name, read):
    stack = files(written([Layer(name, subject())], subject(), None))["stack.xml"]
    assert ElementTree.fromstring(stack).find("stack/layer").get("name") == read


@pytest.mark.parametrize(("size", "small"), [((60, 40), (60, 40)), ((1024, 300), (256, 75)), ((3, 900), (1, 256))])
def test_the_thumbnail_fits_its_square_and_never_grows(size, small):
    picture = ground(*size)
    assert opened(files(written([Layer("All", picture)], picture, None))["Thumbnails/thumbnail.png"]).size == small


def test_pngs_are_stored_and_not_deflated_once_more():
    data = written([Layer("Subject", subject())], subject(), (300, 300))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}


def test_equal_layers_give_equal_bytes_and_no_entry_tells_the_time():
    once, again = (written([Layer("Subject", subject())], subject(), (300, 300)) for _ in range(2))
    assert once == again
    with zipfile.ZipFile(io.BytesIO(once)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_layer_of_another_size_is_refused():
    with pytest.raises(ValueError, match="does not fit"):
        written([Layer("Subject", subject(59))], subject(), None)

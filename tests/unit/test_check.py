# SPDX-License-Identifier: AGPL-3.0-or-later
import dataclasses
import itertools

import numpy as np
import pytest
from finished import checked, listing, photo, product
from helpers import noise

from offcut.check import Check, Made
from offcut.documents import document
from offcut.listing import of_marketplace
from offcut.marketplaces import marketplace
from offcut.portrait import of_document


@pytest.mark.parametrize(("scale", "state"), [(0.3, "pass"), (1, "pass"), (1.3, "warn"), (2, "warn"), (2.01, "fail")])
def test_pixels_that_the_original_did_not_have_are_told(scale, state):
    assert listing("ebay", product(scale=scale), "enlarged").state == state
    assert checked("germany", photo(scale=scale), "enlarged").state == state


def test_the_file_is_weighed_once_it_is_written():
    assert listing("taobao", product(bytes=38_911), "bytes").state == "fail"
    assert listing("taobao", product(bytes=38_912), "bytes").state == "pass"
    assert listing("taobao", product(bytes=300_001), "bytes").state == "fail"
    assert listing("taobao", product(bytes=None), "bytes") is None
    assert checked("china-visa", photo("china-visa", bytes=120_001), "bytes").state == "fail"
    assert checked("germany", photo(bytes=10**9), "bytes") is None


def test_a_page_gets_plain_data():
    assert Check("size", "warn", {"width": 3}).to_dict() == {"id": "size", "state": "warn", "details": {"width": 3}}


SIZES = [(1, 1), (2, 1), (1, 40), (3, 500), (64, 64)]
HEADS = [
    None,
    (0.0, 0.0, 0.0),
    (5.0, 2.0, 1.0),
    (-900.0, -100.0, 9e5),
    (0.4, 0.6, 0.5),
    (-1e6, 1e6, 20.0),
    (3.0, 60.0, 30.0),
]
SUBJECTS = [None, (0.0, 0.0, 0.0, 0.0), (-1e9, -1e9, 1e9, 1e9), (30.0, 40.0, 10.0, 20.0), (700.0, 700.0, 900.0, 900.0)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("pixels", [0, None])
@pytest.mark.parametrize("cover", [None, 0, 255])
def test_nothing_is_so_strange_that_it_cannot_be_checked(size, pixels, cover):
    width, height = size
    rgba = noise(width, height, 4) if pixels is None else np.full((height, width, 4), pixels, np.uint8)
    covered = None if cover is None else np.full((height, width), cover, np.uint8)
    for head, subject in itertools.chain(((head, None) for head in HEADS), ((None, box) for box in SUBJECTS)):
        made = Made(rgba, subject, covered, head, 0.0, "png", 0, False, (0.0, 0.0))
        for id in ("us-visa", "japan", "new-zealand"):
            assert all(_plain(check) for check in of_document(document(id), made))
        for id in ("amazon", "taobao", "shopify"):
            assert all(_plain(check) for check in of_marketplace(marketplace(id), made))


def _plain(check):
    return check.state in ("pass", "warn", "fail") and all(
        type(value) in (str, int) or (type(value) is float and np.isfinite(value)) for value in check.details.values()
    )


def test_pixels_that_are_a_view_into_something_else_are_read_as_they_look():
    large = product((400, 400), (50, 50, 350, 350))
    wide = np.zeros((400, 800, 4), np.uint8)
    wide[:, ::2] = large.rgba
    view = dataclasses.replace(large, rgba=wide[:, ::2], cover=np.asfortranarray(large.cover))
    assert of_marketplace(marketplace("amazon"), view) == of_marketplace(marketplace("amazon"), large)
    assert of_document(document("japan"), view) == of_document(document("japan"), large)


def test_nothing_is_written_into_the_picture():
    made = photo()
    made.rgba.flags.writeable = False
    before = made.rgba.copy()
    of_document(document("us-visa"), made)
    of_marketplace(marketplace("amazon"), made)
    assert np.array_equal(made.rgba, before)

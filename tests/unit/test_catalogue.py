# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest
from helpers import catalogue, row

from offcut.catalogue import Catalogue
from offcut.errors import CatalogueInvalid, ModelUnknown


def test_a_model_is_found_by_id_and_as_the_default():
    known = catalogue(url="https://passed.over.example/")
    assert known.model("tiny") is known.model("default") is known.models[0]
    assert known.model("tiny").mean == (128.0, 128.0, 128.0)
    assert [part.bytes for part in known.model("tiny").parts] == [2, 1]


def test_an_unknown_model_is_named():
    with pytest.raises(ModelUnknown) as caught:
        catalogue().model("huge")
    assert caught.value.details == {"model": "huge"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": ""}, "id"),
        ({"commercial": "yes"}, "commercial"),
        ({"sha256": "ABC"}, "sha256"),
        ({"bytes": 4}, "parts"),
        ({"bytes": True}, "bytes"),
        ({"parts": []}, "parts"),
        ({"parts": [{"sha256": "0" * 64, "bytes": 0}]}, "parts[0].bytes"),
        ({"input_width": 0}, "input_width"),
        ({"resize": "crop"}, "resize"),
        ({"layout": "NHWC"}, "layout"),
        ({"activation": "relu"}, "activation"),
        ({"mean": [1, 2]}, "mean"),
        ({"std": [1, 0, 1]}, "std"),
        ({"std": [1, float("nan"), 1]}, "std"),
        ({"std": "111"}, "std"),
    ],
)
def test_a_fault_in_a_row_is_found_and_named(changes, field):
    with pytest.raises(CatalogueInvalid) as caught:
        catalogue(**changes)
    assert caught.value.details["field"] == f"catalogue.models[0].{field}"


def test_a_row_with_a_missing_field_is_refused():
    short = row()
    del short["licence"]
    with pytest.raises(CatalogueInvalid):
        Catalogue.parse({"models": [short], "default": "tiny"})


@pytest.mark.parametrize(
    "obj",
    [
        None,
        [],
        {1: 2},
        {"models": []},
        {"models": [row()]},
        {"models": [row()], "default": "x"},
        {"models": [3], "default": "tiny"},
        {"models": [row(), row()], "default": "tiny"},
    ],
)
def test_what_is_no_catalogue_is_refused(obj):
    with pytest.raises(CatalogueInvalid):
        Catalogue.parse(obj)

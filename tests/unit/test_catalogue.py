# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest
from helpers import catalogue, model, plan, row

from offcut.catalogue import Catalogue, Plan
from offcut.errors import CatalogueInvalid, ModelUnknown


def test_a_model_is_found_by_its_id():
    known = catalogue(url="https://passed.over.example/")
    assert known.model("tiny") is known.models[0]
    assert known.model("tiny").contract.mean == (128.0, 128.0, 128.0)
    assert [part.bytes for part in known.model("tiny").parts] == [2, 1]


def test_a_plan_is_found_by_its_id_and_as_the_default():
    known = catalogue(plan(), plan(id="twice", sides=[8, 16], decisive=0.1))
    assert known.plan("default") is known.plan("once") is known.plans[0]
    assert known.plan("twice") == Plan("twice", "tiny", (8, 16), 0.1)


def test_a_model_is_a_plan_of_one_look():
    assert catalogue().plan("tiny") == Plan("tiny", "tiny", (8,), 1.0)


def test_an_unknown_model_is_named():
    with pytest.raises(ModelUnknown) as caught:
        catalogue().plan("huge")
    assert caught.value.details == {"model": "huge"}
    with pytest.raises(ModelUnknown):
        catalogue().model("once")


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
        ({"backends": ["cuda"]}, "backends"),
        ({"backends": []}, "backends"),
        ({"side": 0}, "contract.side"),
        ({"side": 12}, "contract.side"),
        ({"sides": []}, "contract.sides"),
        ({"sides": [8, 8]}, "contract.sides"),
        ({"sides": [8, "16"]}, "contract.sides"),
        ({"multiple": 0}, "contract.multiple"),
        ({"resize": "crop"}, "contract.resize"),
        ({"scale": "darkest"}, "contract.scale"),
        ({"layout": "NHWC"}, "contract.layout"),
        ({"activation": "relu"}, "contract.activation"),
        ({"mean": [1, 2]}, "contract.mean"),
        ({"std": [1, 0, 1]}, "contract.std"),
        ({"std": [1, float("nan"), 1]}, "contract.std"),
        ({"std": "111"}, "contract.std"),
    ],
)
def test_a_fault_in_a_row_is_found_and_named(changes, field):
    with pytest.raises(CatalogueInvalid) as caught:
        catalogue(**changes)
    assert caught.value.details["field"] == f"catalogue.models[0].{field}"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": ""}, "id"),
        ({"model": "huge"}, "model"),
        ({"sides": [8, 12]}, "sides"),
        ({"sides": []}, "sides"),
        ({"decisive": -0.1}, "decisive"),
        ({"decisive": float("nan")}, "decisive"),
        ({"decisive": "0"}, "decisive"),
    ],
)
def test_a_fault_in_a_plan_is_found_and_named(changes, field):
    with pytest.raises(CatalogueInvalid) as caught:
        catalogue(plan(**changes))
    assert caught.value.details["field"] == f"catalogue.plans[0].{field}"


def test_a_net_that_keeps_shapes_gets_its_shorter_side_and_whole_multiples():
    contract = model(resize="fit", multiple=4, side=16).contract
    assert contract.input_size(4000, 3000, 16) == (20, 16)
    assert contract.input_size(100, 200, 16) == (16, 32)
    assert contract.input_size(1, 1, 16) == (16, 16)
    assert contract.input_size(100_000, 10, 16) == (2048, 16)


def test_a_row_with_a_missing_field_is_refused():
    short = row()
    del short["licence"]
    with pytest.raises(CatalogueInvalid):
        Catalogue.parse({"models": [short], "plans": [plan()], "default": "tiny"})


@pytest.mark.parametrize(
    "obj",
    [
        None,
        [],
        {1: 2},
        {"models": []},
        {"models": [row()], "default": "tiny"},
        {"models": [row()], "plans": [plan()]},
        {"models": [row()], "plans": [plan()], "default": "x"},
        {"models": [3], "plans": [plan()], "default": "tiny"},
        {"models": [row()], "plans": [plan(), plan()], "default": "tiny"},
        {"models": [row()], "plans": [plan(id="tiny")], "default": "tiny"},
        {"models": [row(), row()], "plans": [plan()], "default": "tiny"},
    ],
)
def test_what_is_no_catalogue_is_refused(obj):
    with pytest.raises(CatalogueInvalid):
        Catalogue.parse(obj)

# SPDX-License-Identifier: AGPL-3.0-or-later
import json

from offcut import errors


def leaves(kind=errors.OffcutError):
    below = kind.__subclasses__()
    return [kind] if not below else [leaf for child in below for leaf in leaves(child)]


def test_every_code_is_its_own_and_stands_in_the_tree_of_the_docstring():
    codes = [kind.code for kind in leaves() if kind is not errors.RemoteError]
    assert len(set(codes)) == len(codes)
    for kind in leaves():
        assert kind.__name__ in errors.__doc__
    for code in codes:
        assert f" {code}" in errors.__doc__


def test_an_error_becomes_plain_data():
    error = errors.PictureTooLarge(width=3, height=4, limit_megapixels=100)
    assert error.to_dict() == {
        "code": "picture.too-large",
        "details": {"width": 3, "height": 4, "limit_megapixels": 100},
    }
    assert errors.describe(error) == error.to_dict()
    assert str(error) == "width=3, height=4, limit_megapixels=100"


def test_an_error_from_the_other_side_keeps_its_code():
    error = errors.RemoteError("weights.hash-mismatch", {"part": 2})
    assert errors.describe(error) == {"code": "weights.hash-mismatch", "details": {"part": 2}}


def test_want_of_memory_has_one_name():
    for error in (MemoryError(), RuntimeError("Aborted: Out of memory")):
        assert errors.describe(error)["code"] == "job.out-of-memory"


def test_any_other_exception_is_internal_short_and_plain():
    told = errors.describe(KeyError("x" * 1000))
    assert told["code"] == "internal" and told["details"]["type"] == "KeyError"
    assert len(json.dumps(told)) < 400

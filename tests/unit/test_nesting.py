# SPDX-License-Identifier: AGPL-3.0-or-later
import json

import pytest

from offcut import nesting
from offcut.nesting import DEEPEST, shallow


def test_json_may_be_as_deep_as_that_and_no_deeper():
    assert shallow(b"[" * DEEPEST + b"]" * DEEPEST)
    assert not shallow(b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1))
    assert not shallow(b'{"a":' * 17 + b"1" + b"}" * 17)
    assert not shallow(b"[" * 100_000)


def test_what_stands_beside_each_other_is_not_deep():
    assert shallow(json.dumps([[[1]], {"a": [2]}] * 1000).encode())


@pytest.mark.parametrize("text", ["[" * 99, '"' + "[" * 99, "\\" + "{" * 99, '\\"' + "[" * 99, "图[" * 99, ""])
def test_brackets_in_a_string_do_not_count(text):
    assert shallow(json.dumps({"a": text, text: [text]}, ensure_ascii=False).encode())


def test_a_quote_that_is_escaped_ends_no_string():
    assert not shallow(json.dumps(['\\"'], ensure_ascii=False).encode() + b"[" * 99)


def test_brackets_are_counted(monkeypatch):
    monkeypatch.setattr(nesting, "MOST_BRACKETS", 6)
    assert shallow(b"[[],[]]") and not shallow(b"[[],[],[]]")

# SPDX-License-Identifier: AGPL-3.0-or-later
from offcut.last import Last


def test_what_was_not_used_for_longest_is_forgotten():
    last = Last(2)
    last.put("a", 1)
    last.put("b", 2)
    assert last.get("a") == 1
    last.put("c", 3)
    assert last.get("b") is None and last.get("a") == 1 and last.get("c") == 3


def test_what_is_put_again_counts_as_used_and_is_replaced():
    last = Last(2)
    last.put("a", 1)
    last.put("b", 2)
    last.put("a", 3)
    last.put("c", 4)
    assert (last.get("a"), last.get("b"), last.get("c")) == (3, None, 4)

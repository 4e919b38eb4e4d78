# SPDX-License-Identifier: AGPL-3.0-or-later
import numpy as np

from offcut.look import Look
from offcut.matte import Matte
from offcut.mattes import MatteCache, digest


def look():
    return Look(Matte(np.zeros((1, 1), np.float32)), ())


def test_the_cache_forgets_what_was_not_used_for_longest():
    cache, kept = MatteCache(2), look()
    cache.put(b"a", "m", kept)
    cache.put(b"b", "m", look())
    assert cache.get(b"a", "m") is kept
    cache.put(b"c", "m", look())
    assert cache.get(b"b", "m") is None and cache.get(b"a", "m") is kept
    assert cache.get(b"a", "other") is None


def test_what_a_project_brought_counts_for_the_recipe_that_names_it_and_for_no_other():
    cache, own, brought = MatteCache(), look(), look()
    cache.put(b"a", "m", brought, "1" * 64)
    assert cache.get(b"a", "m") is None and cache.get(b"a", "m", "1" * 64) is brought
    cache.put(b"a", "m", own)
    assert cache.get(b"a", "m") is own and cache.get(b"a", "m", "1" * 64) is brought
    assert cache.get(b"a", "m", "2" * 64) is own  # another's, that is not at hand: the net's stands in
    assert cache.get(b"a", "n", "1" * 64) is None and cache.get(b"b", "m", "1" * 64) is None


def test_pictures_that_nets_are_asked_about_drive_out_nothing_that_a_project_brought():
    cache, brought = MatteCache(2), look()
    cache.put(b"a", "m", brought, "1" * 64)
    for picture in (b"b", b"c", b"d"):
        cache.put(picture, "m", look())
    assert cache.get(b"a", "m", "1" * 64) is brought


def test_files_are_told_apart_by_their_bytes():
    assert digest(b"a") == digest(b"a") != digest(b"b") and len(digest(b"a")) == 16

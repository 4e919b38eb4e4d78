# SPDX-License-Identifier: AGPL-3.0-or-later
"""How deep JSON is nested, told before it is read."""

import re

import numpy as np

DEEPEST, MOST_BRACKETS = 16, 1 << 20
"""JSON is nested no deeper, and has no more brackets: twice what recipes need, and what 260,000 strokes need."""

_NO_SIGNS = bytes(set(range(256)) - set(b'[]{}"'))
_STRING = re.compile(b'"[^"]*"?')
_STEPS = np.zeros(256, np.int8)
_STEPS[list(b"[{")], _STEPS[list(b"]}")] = 1, -1


def shallow(content: bytes) -> bool:
    """Whether JSON is nested no deeper than `DEEPEST` and has no more brackets than `MOST_BRACKETS`.

    In WebAssembly the reader of JSON uses up the stack before Python would raise RecursionError, and takes the whole
    engine with it. Where this is not JSON, all is told rightly up to the place where that shows.
    """
    signs = content.replace(rb"\\", b"").replace(rb"\"", b"").translate(None, _NO_SIGNS).replace(b'""', b"")
    if len(signs) > MOST_BRACKETS:
        return False
    steps = _STEPS[np.frombuffer(_STRING.sub(b"", signs), np.uint8)]
    return int(np.cumsum(steps, dtype=np.int32).max(initial=0)) <= DEEPEST

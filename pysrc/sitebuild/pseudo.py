# SPDX-License-Identifier: AGPL-3.0-or-later
"""The made-up language qps: every message in ⟦brackets⟧ and with accents, so that untranslated text shows."""

import re

from babel.messages import Catalog

CODE = "qps"
ACCENTS = str.maketrans("aceinosuyACEINOSUY", "áçéíñóšúýÁÇÉÍÑÓŠÚÝ")
# What is not text: {name}, %(name)s, %%, a tag, an entity.
KEPT = re.compile(r"\{[^{}]*\}|%\([^)]*\)[a-z]|%%|<[^<>]*>|&#?\w+;")


def accent(text: str) -> str:
    """⟦One⟧ message in the pseudo-language, its placeholders kept."""
    pieces, at = [], 0
    for kept in KEPT.finditer(text):
        pieces += [text[at : kept.start()].translate(ACCENTS), kept.group()]
        at = kept.end()
    return "⟦" + "".join(pieces) + text[at:].translate(ACCENTS) + "⟧"


def translate(everything: Catalog) -> Catalog:
    """A full translation of these messages."""
    catalog = Catalog(project="Offcut", fuzzy=False)
    for message in everything:
        if not message.id:
            continue
        own = accent(message.id) if isinstance(message.id, str) else tuple(map(accent, message.id))
        catalog.add(message.id, own, context=message.context)
    return catalog

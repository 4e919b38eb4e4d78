# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the page repeats of Python's recipes by hand is the same there and here."""

import json
import re
from typing import Any

import pytest

from offcut.output import FORMATS
from offcut.recipe import Recipe
from sitebuild.layout import Layout


def literal(script: str, name: str) -> Any:
    """The plain data that a script exports under that name."""
    [text] = re.findall(rf"^export const {name} = (\{{.*?^\}});$", script, re.MULTILINE | re.DOTALL)
    quoted = re.sub(r"([{,]\s*)(\w+):", r'\1"\2":', text)
    return json.loads(re.sub(r",(\s*})", r"\1", quoted))


def test_a_literal_is_read_as_the_browser_reads_it() -> None:
    script = 'export const A = {\n  a: null,\n  b: { c: 0.5, d: "{e}-f" },\n};\nexport const B = {\n  a: true,\n};\n'
    assert literal(script, "A") == {"a": None, "b": {"c": 0.5, "d": "{e}-f"}}
    assert literal(script, "B") == {"a": True}


@pytest.mark.parametrize("part", ["scene", "frame", "output"])
def test_the_page_has_the_defaults_of_recipes(layout: Layout, part: str) -> None:
    script = (layout.site / "app" / "defaults.js").read_text("utf-8")
    assert literal(script, part.upper()) == json.loads(json.dumps(Recipe().to_dict()[part]))


def test_the_page_offers_every_format_that_recipes_know(layout: Layout) -> None:
    script = (layout.site / "app" / "formats.js").read_text("utf-8")
    [listed] = re.findall(r"^export const FORMATS = .*?\(\[$(.*?)^\]\);$", script, re.MULTILINE | re.DOTALL)
    assert re.findall(r'^  \["(\w+)", ', listed, re.MULTILINE) == list(FORMATS)

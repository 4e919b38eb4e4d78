# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looks through the built site for what would load from another origin or what the policy forbids.

Nothing may be loaded from elsewhere. What a person may follow is another matter: a link in a page that says
rel="external", or an address under "home" in data, from which a script makes such a link. Both must be among the
addresses that models/catalogue.toml and site/dependencies.toml name.
"""

import json
import re
from collections.abc import Collection, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

FOREIGN = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:)?//|\s*data:", re.IGNORECASE)
LOADING = {
    "src",
    "srcset",
    "href",
    "poster",
    "data",
    "action",
    "formaction",
    "xlink:href",
    "manifest",
    "ping",
}
CSS_ADDRESS = re.compile(r"""(?:url\(\s*|@import\s+)["']?([^"')\s]+)""")
JS_ADDRESS = re.compile(r"""(["'`])((?:https?:|wss?:)?//[\w.\[-][^"'`\s]*)""")
# Not addresses to load but names, and links that a person may follow.
NAMES = ("http://www.w3.org/",)
LINK = re.compile(r"""<a\b[^<>]*\bhref=["']?$""")
HOME = "home"
READ = (".html", ".css", ".js", ".svg", ".json", ".webmanifest")


def findings(dist: Path, links: Collection[str]) -> list[str]:
    """Sentences about every forbidden address or inline piece in our own pages, scripts, styles and data.

    `links` are the addresses that people may be offered.
    """
    found = []
    for path in sorted(dist.rglob("*")):
        name = path.relative_to(dist).as_posix()
        if name.startswith(("vendor/", "weights/")) or path.suffix not in READ:
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".css":
            found += [f"{name}: loads {each}" for each in css(text)]
        elif path.suffix == ".js":
            found += [f"{name}: names {each}" for each in script(text)]
        elif path.suffix in (".json", ".webmanifest"):
            found += [f"{name}: {each}" for each in data(json.loads(text), links)]
        else:
            found += [f"{name}: {each}" for each in markup(text, links)]
    return found


def css(text: str) -> list[str]:
    """Foreign addresses of a style sheet."""
    return [address for address in CSS_ADDRESS.findall(text) if FOREIGN.match(address)]


def script(text: str) -> list[str]:
    """Foreign addresses in string literals of a script, links in its templates left out."""
    return [
        match.group(2)
        for match in JS_ADDRESS.finditer(text)
        if not match.group(2).startswith(NAMES)
        and not LINK.search(text, max(0, match.start() - 300), match.start() + 1)
    ]


def data(value: Any, links: Collection[str]) -> list[str]:
    """Foreign addresses in JSON that are not the known home of something."""
    return [
        f"{key or 'a value'} is {text}"
        for key, text in _texts(value, "")
        if FOREIGN.match(text) and not (key == HOME and text in links)
    ]


def _texts(value: Any, key: str) -> Iterator[tuple[str, str]]:
    """Every string of `value` with the key it stands under; those of a list under the key of the list."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, key)


def markup(text: str, links: Collection[str]) -> list[str]:
    """Foreign addresses and inline code of a page, and links that it should not have."""
    reader = _Reader(links)
    reader.feed(text)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    """Collects what a page would load from elsewhere."""

    def __init__(self, links: Collection[str]) -> None:
        super().__init__()
        self.found: list[str] = []
        self._links = links
        self._inline = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        self._inline = tag if tag == "style" or (tag == "script" and "src" not in names) else ""
        for name, value in attrs:
            foreign = bool(value) and any(map(FOREIGN.match, str(value).split(",")))
            if name == "style" or name.startswith("on"):
                self.found.append(f"<{tag}> has an inline {name}, which the policy forbids")
            elif tag == "a" and name == "href" and foreign:
                self._link(str(value), dict(attrs).get("rel") or "")
            elif name in LOADING and foreign:
                self.found.append(f"<{tag} {name}> loads {value}")

    def _link(self, address: str, rel: str) -> None:
        if "external" not in rel.split():
            self.found.append(f'the link to {address} does not say rel="external"')
        if address not in self._links:
            self.found.append(
                f"the link to {address} is none that models/catalogue.toml or site/dependencies.toml names"
            )

    def handle_endtag(self, tag: str) -> None:
        self._inline = ""

    def handle_data(self, data: str) -> None:
        if self._inline and data.strip():
            self.found.append(f"<{self._inline}> is inline, which the policy forbids")

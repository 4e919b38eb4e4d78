# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looks through the built site for what would load from another origin or what the policy forbids."""

import re
from html.parser import HTMLParser
from pathlib import Path

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


def findings(dist: Path) -> list[str]:
    """Sentences about every forbidden address or inline piece in our own pages, scripts and styles."""
    found = []
    for path in sorted(dist.rglob("*")):
        name = path.relative_to(dist).as_posix()
        if name.startswith(("vendor/", "weights/")) or path.suffix not in (".html", ".css", ".js", ".svg"):
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".css":
            found += [f"{name}: loads {each}" for each in css(text)]
        elif path.suffix == ".js":
            found += [f"{name}: names {each}" for each in script(text)]
        else:
            found += [f"{name}: {each}" for each in markup(text)]
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


def markup(text: str) -> list[str]:
    """Foreign addresses and inline code of a page."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    """Collects what a page would load from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inline = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        self._inline = tag if tag == "style" or (tag == "script" and "src" not in names) else ""
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.found.append(f"<{tag}> has an inline {name}, which the policy forbids")
            elif name in LOADING and tag != "a" and value and any(map(FOREIGN.match, value.split(","))):
                self.found.append(f"<{tag} {name}> loads {value}")

    def handle_endtag(self, tag: str) -> None:
        self._inline = ""

    def handle_data(self, data: str) -> None:
        if self._inline and data.strip():
            self.found.append(f"<{self._inline}> is inline, which the policy forbids")

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The output is searched for what would load from elsewhere, and for links that nobody declared."""

from pathlib import Path

import pytest

from sitebuild import licences, origins
from sitebuild.layout import Layout

KNOWN = {"https://example.org/"}
LINK = '<a href="https://example.org/" rel="external noreferrer">x</a>'


def test_pages_may_link_elsewhere_but_not_load_from_there() -> None:
    assert origins.markup(LINK + '<img src="./a.png"><link href="../main.css"><a href="b/">x</a>', KNOWN) == []
    assert origins.markup('<img src="//example.org/a.png">', KNOWN) == ["<img src> loads //example.org/a.png"]
    assert origins.markup('<link href="https://example.org/">', KNOWN) == ["<link href> loads https://example.org/"]
    assert len(origins.markup('<img srcset="a.png 1x, https://example.org/b.png 2x">', KNOWN)) == 1


def test_a_link_elsewhere_says_so_and_is_declared() -> None:
    assert origins.markup(LINK, set()) == [
        "the link to https://example.org/ is none that models/catalogue.toml or site/dependencies.toml names"
    ]
    assert origins.markup('<a href="https://example.org/" rel="noreferrer">x</a>', KNOWN) == [
        'the link to https://example.org/ does not say rel="external"'
    ]


def test_a_link_must_not_report_that_it_was_followed() -> None:
    page = '<a href="https://example.org/" rel="external" ping="https://example.org/">x</a>'
    assert origins.markup(page, KNOWN) == ["<a ping> loads https://example.org/"]


def test_data_may_say_where_something_is_at_home_and_name_no_other_host() -> None:
    assert origins.data({"models": [{"home": "https://example.org/", "url": "r/1/a.js"}]}, KNOWN) == []
    assert origins.data({"models": [{"home": "https://example.net/"}]}, KNOWN) == ["home is https://example.net/"]
    assert origins.data({"parts": ["https://example.org/"]}, KNOWN) == ["parts is https://example.org/"]
    assert origins.data(["//example.org/a"], KNOWN) == ["a value is //example.org/a"]


def test_inline_code_is_found() -> None:
    assert len(origins.markup("<script>x()</script><style>a{}</style><p style='x' onclick='y'></p>", KNOWN)) == 4
    assert origins.markup('<script src="main.js"></script>text', KNOWN) == []


def test_style_sheets_and_scripts() -> None:
    assert origins.css('a{background:url("https://x.org/a.png")}b{src:url(../../f.woff2)}') == ["https://x.org/a.png"]
    assert origins.css('@import "//x.org/a.css";') == ["//x.org/a.css"]
    assert origins.script('fetch("https://x.org/a");import("./b.js")') == ["https://x.org/a"]
    assert origins.script('x=`<a class="l" href="https://x.org/">t</a>`;n="http://www.w3.org/2000/svg";y') == []


def test_vendored_files_are_left_alone(tmp_path: Path) -> None:
    for name in ("vendor/a.js", "r/x/a.js"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text('fetch("https://x.org/")')
    (tmp_path / "r/x/a.json").write_text('{"url": "https://x.org/"}')
    assert origins.findings(tmp_path, KNOWN) == ["r/x/a.js: names https://x.org/", "r/x/a.json: url is https://x.org/"]


@pytest.mark.parametrize("leave_out", ["https://github.com/imgly/background-removal-js", "https://lit.dev"])
def test_the_built_site_offers_the_links_that_are_declared_and_no_other(
    layout: Layout, site: Path, leave_out: str
) -> None:
    links = licences.links(layout)
    assert origins.findings(site, links) == []
    assert all(leave_out in each for each in origins.findings(site, links - {leave_out}))
    assert origins.findings(site, links - {leave_out}) != []

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The output is searched for what would load from elsewhere."""

from pathlib import Path

from sitebuild import origins


def test_pages_may_link_elsewhere_but_not_load_from_there() -> None:
    assert origins.markup('<a href="https://example.org/">x</a><img src="./a.png"><link href="../main.css">') == []
    assert origins.markup('<img src="//example.org/a.png">') == ["<img src> loads //example.org/a.png"]
    assert origins.markup('<link href="https://example.org/a.css">') == ["<link href> loads https://example.org/a.css"]
    assert len(origins.markup('<img srcset="a.png 1x, https://example.org/b.png 2x">')) == 1


def test_inline_code_is_found() -> None:
    assert len(origins.markup("<script>x()</script><style>a{}</style><p style='x' onclick='y'></p>")) == 4
    assert origins.markup('<script src="main.js"></script>text') == []


def test_style_sheets_and_scripts() -> None:
    assert origins.css('a{background:url("https://x.org/a.png")}b{src:url(../../f.woff2)}') == ["https://x.org/a.png"]
    assert origins.css('@import "//x.org/a.css";') == ["//x.org/a.css"]
    assert origins.script('fetch("https://x.org/a");import("./b.js")') == ["https://x.org/a"]
    assert origins.script('x=`<a class="l" href="https://x.org/">t</a>`;n="http://www.w3.org/2000/svg";y') == []


def test_vendored_files_are_left_alone(tmp_path: Path) -> None:
    for name in ("vendor/a.js", "r/x/a.js"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text('fetch("https://x.org/")')
    assert origins.findings(tmp_path) == ["r/x/a.js: names https://x.org/"]

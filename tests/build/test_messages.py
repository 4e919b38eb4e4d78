# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages: found in scripts and templates, compiled for both, visible in the pseudo-language."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sitebuild import catalogue, messages, pages
from sitebuild.errors import BuildError
from sitebuild.layout import Layout
from sitebuild.pseudo import accent
from sitebuild.scriptmessages import Found, read_script

SCRIPT = r"""
// t("in a comment") and it's `one`
import { t, tn } from "./messages.js";
/* t("in another") */
const pattern = /t\("in a (regex)["'`]/g, half = 4 / 2;
export function t(msgid, vars) { return `${msgid}`; }
class Box { t(name) { return name; } }
label.textContent = t("Drop a picture");
html`<b id=${t('It\'s "here"')}>${all.map((x) => html`<i>${t("in {n}", { n: t("nested") })}</i>`)} it's</b>`;
const long = t("one " +
  "two");
tn("one picture", "{n} pictures", files.length, { n: 3 });
other.t("not ours");
"""


def test_messages_of_a_script_are_found_where_they_are() -> None:
    assert read_script(SCRIPT, "x.js") == [
        Found("Drop a picture", 8),
        Found('It\'s "here"', 9),
        Found("in {n}", 9),
        Found("nested", 9),
        Found("one two", 10),
        Found(("one picture", "{n} pictures"), 12),
    ]


def test_a_message_that_is_no_literal_is_refused() -> None:
    with pytest.raises(BuildError, match=r"site/app/x\.js:2: t\(\) needs its message as a string literal"):
        read_script("\nconst a = t(name);", "app/x.js")


@pytest.fixture
def small(layout: Layout, tmp_path: Path) -> Layout:
    """A site of two pages and one script, with a language that has three plural forms, and the real catalogue."""
    files = {
        "templates/pages/index.html": '<html lang="{{ lang }}"><a href="{{ root }}x">{{ _("Home") }}</a>'
        '{% for l in languages %}[{{ l.href }}]{% endfor %}<i>{{ a or "" }}</i>',
        "templates/pages/licences.html": '<a href="{{ root }}x">{{ _("Home") }}</a>{{ path }}',
        "templates/pages/404.html": "{{ root }}",
        "app/main.js": 't("Save"); tn("{n} file", "{n} files", n, { n });',
        "locales/pl/LC_MESSAGES/messages.po": 'msgid ""\nmsgstr ""\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=3; plural='
        '(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);\\n"\n'
        '\nmsgid "Home"\nmsgstr "Dom <b>"\n\nmsgid "Save"\nmsgstr "Zapisz"\n\n'
        'msgid "{n} file"\nmsgid_plural "{n} files"\n'
        'msgstr[0] "{n} plik"\nmsgstr[1] "{n} pliki"\nmsgstr[2] "{n} plików"\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "models").mkdir()
    shutil.copyfile(layout.models / "catalogue.toml", tmp_path / "models" / "catalogue.toml")
    return replace(Layout.at(tmp_path), site=tmp_path)


def module(text: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(text.removeprefix("export default ").removesuffix(";\n"))
    return data


def test_scripts_get_their_own_messages_with_the_plurals_of_the_language(small: Layout) -> None:
    everything, scripts = messages.extracted(small)
    english, polish = messages.languages(small, everything, built=["pl"])
    data = module(polish.script(scripts))
    assert data["messages"] == {"Save": "Zapisz", "{n} file": ["{n} plik", "{n} pliki", "{n} plików"]}
    assert [data["plurals"][n] for n in (0, 1, 2, 5, 12, 22, 101)] == [2, 0, 1, 2, 2, 1, 2]
    assert module(english.script(scripts)) == {"plurals": [int(n != 1) for n in range(200)], "messages": {}}


def test_a_translation_that_is_not_whole_waits_in_its_folder(small: Layout) -> None:
    everything, _ = messages.extracted(small)
    assert [language.code for language in messages.languages(small, everything)] == ["en"]


def test_scripts_can_translate_what_the_catalogue_says(small: Layout) -> None:
    everything, scripts = messages.extracted(small)
    pseudo = messages.languages(small, everything, pseudo=True)[-1]
    said = module(pseudo.script(scripts))["messages"]
    words = list(catalogue.read(small.models / "catalogue.toml").words())
    assert {"Fast", "Best for anime and other drawn characters."} <= set(words)
    assert all(said[text] == accent(text) for text in words)


def test_all_that_the_catalogue_says_is_there_in_chinese(layout: Layout) -> None:
    everything, scripts = messages.extracted(layout)
    chinese = messages.languages(layout, everything, built=["zh"])[-1]
    said = module(chinese.script(scripts))["messages"]
    words = list(catalogue.read(layout.models / "catalogue.toml").words())
    assert [text for text in words if not re.search("[\\u4e00-\\u9fff]", said.get(text, ""))] == []


def test_scripts_can_translate_what_the_rules_say(small: Layout) -> None:
    everything, scripts = messages.extracted(small)
    pseudo = messages.languages(small, everything, pseudo=True)[-1]
    said = module(pseudo.script(scripts))["messages"]
    for text in ("Germany", "European Commission", "A square is advised, not asked.", "light grey", "logo"):
        assert said[text] == accent(text)
    conflict = "Sources differ on the 2000 pixels of the shorter side."
    [message] = [each for each in everything if each.id == conflict]
    assert message.locations == [("pysrc/offcut/rules/marketplaces.toml", 1)]


def test_pages_are_relative_and_translated(small: Layout, tmp_path: Path) -> None:
    everything, _ = messages.extracted(small)
    out = tmp_path / "out"
    pages.render(small.site / "templates", out, messages.languages(small, everything, built=["pl"]), {"a": "<&>"})
    read = {path.relative_to(out).as_posix(): path.read_text(encoding="utf-8") for path in out.rglob("*.html")}
    assert read["index.html"] == '<html lang="en"><a href="./x">Home</a>[./][./pl/]<i>&lt;&amp;&gt;</i>'
    assert read["licences/index.html"] == '<a href="../x">Home</a>licences/'
    assert read["pl/index.html"].startswith('<html lang="pl"><a href="../x">Dom')
    assert read["pl/licences/index.html"].startswith('<a href="../../x">')
    assert read["404.html"] == "./"


def test_a_page_with_an_unknown_name_fails_with_its_place(small: Layout, tmp_path: Path) -> None:
    everything, _ = messages.extracted(small)
    with pytest.raises(BuildError, match=r"The page index cannot be rendered .*'a' is undefined"):
        pages.render(small.site / "templates", tmp_path / "out", messages.languages(small, everything), {})


def test_the_pseudo_language_wraps_every_message_and_keeps_placeholders(small: Layout) -> None:
    everything, scripts = messages.extracted(small)
    pseudo = messages.languages(small, everything, pseudo=True)[-1]
    assert pseudo.translations.gettext("Home") == "⟦Hómé⟧"
    assert module(pseudo.script(scripts))["messages"]["{n} file"] == ["⟦{n} fílé⟧", "⟦{n} fíléš⟧"]
    assert accent("%(name)s <b>is</b> 5 %% &amp; {on}") == "⟦%(name)s <b>íš</b> 5 %% &amp; {on}⟧"


def test_updating_adds_what_is_new_and_is_stable(small: Layout) -> None:
    (small.site / "app" / "main.js").write_text('t("Save"); t("Open");')
    (small.locales / "zh" / "LC_MESSAGES").mkdir(parents=True)
    messages.update(small)
    polish = small.locales / "pl" / "LC_MESSAGES" / "messages.po"
    text = polish.read_text(encoding="utf-8")
    assert 'msgid "Open"\nmsgstr ""\n' in text and 'msgstr "Zapisz"' in text and '#~ msgid "{n} file"' in text
    assert 'msgid "Open"' in (small.locales / "messages.pot").read_text(encoding="utf-8")
    assert 'msgid "Open"' in (small.locales / "zh" / "LC_MESSAGES" / "messages.po").read_text(encoding="utf-8")
    messages.update(small)
    assert polish.read_text(encoding="utf-8") == text

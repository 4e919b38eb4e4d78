# SPDX-License-Identifier: AGPL-3.0-or-later
"""The message catalogues: gettext files through Babel, English in the sources themselves.

Templates use `_()`, `ngettext()` and `{% trans %}`, scripts `t()` and `tn()`. A script gets the messages
of its language as a module: `{plurals: [form index for n = 0..199], messages: {msgid: msgstr | [form, …]}}`.
English ships no messages: where one is missing the msgid itself is shown. The words of models/catalogue.toml
and of pysrc/offcut/rules count as a script's: it shows what it finds in catalogue.json and rules.json by
`translated(row.advice)`.
"""

import gettext
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from offcut import purpose

from . import catalogue
from .errors import BuildError
from .layout import Layout
from .report import say
from .scriptmessages import read_script

SOURCE = "en"
BUILT: tuple[str, ...] = ()
"""The languages that the site is built in beside the source: those of site/locales whose translation is whole."""

HEADER = "# Messages of Offcut. SPDX-License-Identifier: AGPL-3.0-or-later"
COUNTED = 200
UNSTABLE = tuple(
    f'"{name}:'
    for name in (
        "Project-Id-Version",
        "Report-Msgid-Bugs-To",
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Language-Team",
        "Generated-By",
    )
)
TEMPLATE_OPTIONS = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}


@dataclass(frozen=True)
class Language:
    """One language of the site; `folder` is "" for the source language, else "<code>/"."""

    code: str
    name: str
    direction: str
    folder: str
    catalog: Catalog
    translations: gettext.NullTranslations

    def script(self, used: Catalog) -> str:
        """The module for scripts: those messages of this language that are in `used`."""
        rows: dict[str, Any] = {}
        for message in used:
            if not message.id:
                continue
            own = self.catalog.get(message.id, message.context)
            strings = own.string if own is not None and not own.fuzzy else None
            if isinstance(message.id, str):
                if strings:
                    rows[message.id] = strings
            elif strings and all(strings):
                rows[message.id[0]] = list(strings)
        form = gettext.c2py(self.catalog.plural_expr)
        data = {"plurals": [int(form(n)) for n in range(COUNTED)], "messages": rows}
        return "export default " + json.dumps(data, ensure_ascii=False, separators=(",", ":")) + ";\n"


def extracted(layout: Layout) -> tuple[Catalog, Catalog]:
    """All messages of the sources, and those of the scripts alone, the catalogue of models and the rules among them."""
    everything, scripts = _blank(), _blank()
    for path in sorted((layout.site / "templates").rglob("*.html")):
        name = path.relative_to(layout.site).as_posix()
        with path.open("rb") as stream:
            try:
                rows = list(extract("jinja2", stream, options=TEMPLATE_OPTIONS, comment_tags=("i18n:",)))
            except Exception as error:
                raise BuildError(f"site/{name}: its messages cannot be read: {error}.") from error
        for line, ids, comments, context in rows:
            everything.add(ids, locations=[(name, line)], auto_comments=comments, context=context)
    for path in _scripts(layout):
        name = path.relative_to(layout.site).as_posix()
        for found in read_script(path.read_text(encoding="utf-8"), name):
            for catalog in (everything, scripts):
                catalog.add(found.ids, locations=[(name, found.line)])
    words = [("models/catalogue.toml", text) for text in catalogue.read(layout.models / "catalogue.toml").words()]
    for kind, rules in purpose.listed().items():
        words += [(f"pysrc/offcut/rules/{kind}.toml", text) for each in rules for text in _told(each)]
    for name, text in words:
        for catalog in (everything, scripts):
            catalog.add(text, locations=[(name, 1)])
    return everything, scripts


def languages(
    layout: Layout, everything: Catalog, *, built: Iterable[str] = BUILT, pseudo: bool = False
) -> list[Language]:
    """English first, then the `built` ones, then qps when asked for."""
    found = [_language(SOURCE, _blank(), "")]
    for code in built:
        path = layout.locales / code / "LC_MESSAGES" / "messages.po"
        found.append(_language(code, _read(path, code), f"{code.replace('_', '-')}/"))
    if pseudo:
        from .pseudo import CODE, translate

        found.append(_language(CODE, translate(everything), f"{CODE}/"))
    return found


def update(layout: Layout) -> None:
    """Write messages.pot and bring every language's messages.po up to date."""
    everything, _ = extracted(layout)
    layout.locales.mkdir(parents=True, exist_ok=True)
    _write(layout.locales / "messages.pot", everything)
    say(f"site/locales/messages.pot: {len(everything)} messages")
    folders = [path for path in layout.locales.iterdir() if (path / "LC_MESSAGES").is_dir()]
    for folder in sorted(folders):
        path = folder / "LC_MESSAGES" / "messages.po"
        own = _read(path, folder.name) if path.is_file() else _blank(folder.name)
        own.update(everything, no_fuzzy_matching=True)
        _write(path, own)
        missing = sum(1 for message in own if message.id and not _done(message.string))
        say(f"site/locales/{folder.name}: {missing} of {len(own)} messages not translated")


def _told(rules: Mapping[str, Any]) -> Iterator[str]:
    """What a row of rules.json says to people."""
    for key in ("name", "source", "conflict", "note"):
        if rules.get(key):
            yield rules[key]
    yield from rules.get("without", ())
    yield from (each["name"] for each in rules.get("backgrounds", ()))


def _done(string: Any) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


def _scripts(layout: Layout) -> Iterator[Path]:
    for folder in ("app", "workers"):
        yield from sorted((layout.site / folder).rglob("*.js"))


def _blank(code: str | None = None) -> Catalog:
    return Catalog(locale=code, header_comment=HEADER, project="Offcut", fuzzy=False)


def _read(path: Path, code: str) -> Catalog:
    with path.open("rb") as stream:
        return read_po(stream, locale=code, abort_invalid=True)


def _write(path: Path, catalog: Catalog) -> None:
    """Write a file that changes only when a message does: no dates, no line numbers."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=110, include_lineno=False, sort_by_file=True)
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    lines = [line for line in lines if not line.startswith(UNSTABLE)]
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def _language(code: str, catalog: Catalog, folder: str) -> Language:
    try:
        locale = Locale.parse(code, sep="-" if "-" in code else "_")
        name, direction = locale.get_display_name() or code, locale.text_direction
    except (UnknownLocaleError, ValueError):
        name, direction = code, "ltr"
    translations: gettext.NullTranslations = gettext.NullTranslations()
    if len(catalog):
        buffer = io.BytesIO()
        write_mo(buffer, catalog)
        buffer.seek(0)
        translations = gettext.GNUTranslations(buffer)
    return Language(code.replace("_", "-"), name, direction, folder, catalog, translations)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The HTML pages: templates/pages/*.html through Jinja2, once for each language."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from . import headers
from .errors import BuildError
from .messages import Language


@dataclass(frozen=True)
class Page:
    """One page of the site; `folder` is where it lies below the language: "" or "name/"."""

    name: str

    @property
    def folder(self) -> str:
        """Its address below the language's root."""
        return "" if self.name in ("index", "404") else f"{self.name}/"

    @property
    def file(self) -> str:
        """The file to write, below the language's root."""
        return "404.html" if self.name == "404" else f"{self.folder}index.html"


def found(templates: Path) -> list[Page]:
    """All pages that have a template."""
    return [Page(path.stem) for path in sorted((templates / "pages").glob("*.html"))]


def root_of(address: str) -> str:
    """The relative way from an address ("", "licences/", "zh/licences/") back to the site root."""
    return "../" * address.count("/") or "./"


def render(templates: Path, target: Path, languages: list[Language], shared: dict[str, Any]) -> None:
    """Write every page in every language; `shared` is the part of the context that is the same for all.

    Raises `BuildError` naming template and line.
    """
    pages = found(templates)
    for language in languages:
        environment = Environment(
            loader=FileSystemLoader(templates),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            extensions=["jinja2.ext.i18n"],
        )
        environment.install_gettext_translations(language.translations, newstyle=True)  # type: ignore[attr-defined]
        for page in pages:
            address = language.folder + page.folder
            root = root_of(address)
            context = shared | {
                "lang": language.code,
                "dir": language.direction,
                "root": root,
                "csp": headers.meta_policy(),
                "page": page.name,
                "path": address,
                "languages": [
                    {
                        "lang": other.code,
                        "name": other.name,
                        "href": root + other.folder + page.folder,
                        "current": other is language,
                    }
                    for other in languages
                ],
            }
            _write(environment, page, context, target / language.folder / page.file)


def _write(environment: Environment, page: Page, context: dict[str, Any], path: Path) -> None:
    try:
        text = environment.get_template(f"pages/{page.name}.html").render(context)
    except TemplateError as error:
        where = f"{getattr(error, 'name', None) or page.name}:{getattr(error, 'lineno', '?')}"
        raise BuildError(f"The page {page.name} cannot be rendered ({where}): {error.message}.") from error
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")

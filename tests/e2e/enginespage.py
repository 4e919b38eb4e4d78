# SPDX-License-Identifier: AGPL-3.0-or-later
"""The engines page as a person uses it."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect


class EnginesPage:
    """The engines page. Every method does what a person could do, or reads what one could see."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def open(self) -> "EnginesPage":
        """Go to the page and wait until its list is drawn."""
        self.page.goto(self.url + "engines/")
        expect(self.page.locator("offcut-engine-row .engine").first).to_be_visible()
        return self

    def row(self, id: str) -> Locator:
        """The model's place in the list."""
        return self.page.locator(f".engine[data-model='{id}']")

    def press(self, id: str, name: str) -> "EnginesPage":
        """Press a button of the model's row."""
        self.row(id).get_by_role("button", name=name).click()
        return self

    def wait(self, id: str, state: str) -> "EnginesPage":
        """Wait until the model stands so."""
        expect(self.row(id)).to_have_attribute("data-state", state, timeout=30_000)
        return self

    def says(self, id: str, text: str) -> "EnginesPage":
        """Wait until the model's row says this."""
        expect(self.row(id).locator(".engine-side")).to_contain_text(text, timeout=30_000)
        return self

    def shelf(self) -> set[str]:
        """The names of what is on the shelf."""
        urls: list[str] = self.page.evaluate(
            """async () => (await caches.has("offcut-weights"))
              ? (await (await caches.open("offcut-weights")).keys()).map(({url}) => url) : []"""
        )
        return {url.rpartition("/")[2] for url in urls}

    def give(self, path: Path) -> "EnginesPage":
        """Choose a model file."""
        self.page.locator("#import-file").set_input_files(path)
        return self

    def wait_import(self, step: str) -> "EnginesPage":
        """Wait until the import is at this step."""
        expect(self.page.locator(".import")).to_have_attribute("data-step", step, timeout=60_000)
        return self

    @property
    def import_says(self) -> str:
        """What the import says."""
        return self.page.locator(".import-step").inner_text()

    @property
    def receipt(self) -> Locator:
        """The part of the page that checks whether all is here."""
        return self.page.locator("offcut-receipt")

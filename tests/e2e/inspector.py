# SPDX-License-Identifier: AGPL-3.0-or-later
"""The folds of the panel as a person uses them, and the file that comes of it."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from offcut.fitting import SEEN
from offcut.recipe import Recipe

from .handwork import Handwork
from .workbench import PATIENCE_MS, Workbench

MEAN_DIFFERENCE = 1.0
"""Of 255: the browser's net and a native one differ by so much at most, over all of a picture."""

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class File:
    """A downloaded file."""

    name: str
    data: bytes

    @property
    def image(self) -> Image.Image:
        """The picture in it."""
        return Image.open(io.BytesIO(self.data))

    @property
    def rgba(self) -> Pixels:
        """Its pixels, uint8 [h,w,4]."""
        return np.asarray(self.image.convert("RGBA"))


class Fold:
    """One fold of the panel, open: "scene", "frame", "purpose" or "output"."""

    def __init__(self, workbench: Workbench, part: str) -> None:
        self.workbench = workbench
        self.page: Page = workbench.page
        self.part = part
        self.all = self.page.locator(f"offcut-{part}")
        if not self.all.locator("details[open]").count():
            self.all.locator("summary").click()
        expect(self.all.locator(".fold-body")).to_be_visible(timeout=PATIENCE_MS)

    def close(self) -> "Fold":
        """Fold it."""
        self.all.locator("summary").click()
        expect(self.all.locator("details[open]")).to_have_count(0)
        return self

    def choose(self, name: str) -> "Fold":
        """Choose one of a few that stand side by side."""
        self.radio(name).click()
        return self

    def radio(self, name: str) -> Locator:
        """One of those."""
        return self.all.get_by_role("radio", name=name, exact=True)

    def tick(self, name: str) -> "Fold":
        """Tick a box, or untick it."""
        self.all.get_by_text(name, exact=True).click()
        return self

    def field(self, name: str) -> Locator:
        """A field by its label."""
        return self.all.get_by_label(name, exact=True)

    def type(self, name: str, text: str) -> "Fold":
        """Type into a field, and leave it."""
        field = self.field(name)
        field.fill(text)
        field.press("Tab")
        return self

    def refused(self, name: str) -> bool:
        """Whether the field says that what stands in it will not do."""
        told: bool = self.field(name).evaluate("(field) => !field.validity.valid && field.validationMessage !== ''")
        return told

    def slide(self, name: str, value: float) -> "Fold":
        """Move a slider, and let go of it."""
        self.all.get_by_role("slider", name=name, exact=True).fill(str(value))
        return self

    def press(self, name: str) -> "Fold":
        """Press a button."""
        self.all.get_by_role("button", name=name, exact=True).click()
        return self

    def file(self, label: str = "PNG") -> File:
        """The file, as soon as it is what was wished."""
        return downloaded(self.workbench, label)

    @property
    def recipe(self) -> Recipe:
        """What is wished of the picture."""
        told = self.page.evaluate("JSON.stringify(document.querySelector('offcut-workbench').selected.recipe)")
        return Recipe.from_json(told)

    def result(self, what: str) -> Any:
        """Something of the result that is there."""
        return self.page.evaluate(f"document.querySelector('offcut-workbench').selected.result.{what}")


class Framed(Handwork):
    """Work by hand on a picture whose file has another size."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture, not of the file."""
        width, height = self.page.evaluate("document.querySelector('offcut-workbench').selected.result.original")
        return width, height


def downloaded(workbench: Workbench, label: str | None = "PNG") -> File:
    """The file, as soon as the panel offers it under that label, or under any."""
    page = workbench.page
    link = page.get_by_role("link", name=f"Download {label}", exact=True) if label else page.locator("a[download]")
    expect(link).to_be_visible(timeout=PATIENCE_MS)
    with workbench.page.expect_download() as waiting:
        link.click()
    return File(waiting.value.suggested_filename, waiting.value.path().read_bytes())


def undo(workbench: Workbench) -> None:
    """Take the last wish back."""
    workbench.page.locator(".stage").focus()
    workbench.page.keyboard.press("Control+z")


def box(rgba: Pixels) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the subject."""
    rows, columns = np.nonzero(rgba[..., 3] >= SEEN)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def close(found: Pixels, wanted: Pixels) -> None:
    """The same picture, as far as nets on two machines agree: colours count as much as they are seen."""
    assert found.shape == wanted.shape

    def seen(rgba: Pixels) -> NDArray[np.float64]:
        alpha = rgba[..., 3:].astype(float)
        return np.concatenate([rgba[..., :3] * alpha / 255, alpha], axis=2)

    assert np.abs(seen(found) - seen(wanted)).mean() <= MEAN_DIFFERENCE


def rgba_of(data: bytes | Path) -> Pixels:
    """The pixels of a file, uint8 [h,w,4]."""
    with Image.open(io.BytesIO(data) if isinstance(data, bytes) else data) as image:
        return np.asarray(image.convert("RGBA"))

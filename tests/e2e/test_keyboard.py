# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole journey without a pointer, and what a screen reader is told on the way."""

from playwright.sync_api import Page, expect

from sitebuild.serve import Server

from .conftest import Unseen, pixels
from .inspector import Fold, undo
from .workbench import Workbench


def test_a_cutout_is_made_and_downloaded_by_keyboard_alone(server: Server, page: Page, unseen: Unseen) -> None:
    workbench = Workbench(page, server.url).open()
    # The driver catches the file dialog only some time after it is first asked to: ask before it is needed.
    page.on("filechooser", lambda chooser: None)
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "choose":
            break
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(unseen("coffee"))
    workbench.wait("done")
    assert page.evaluate("document.activeElement.className").startswith("stage")
    with page.expect_download() as waiting:
        page.keyboard.press("Control+s")
    assert pixels(waiting.value.path().read_bytes()).shape == (400, 600, 4)


def test_stages_and_the_end_are_announced(workbench: Workbench, unseen: Unseen) -> None:
    page = workbench.page
    page.evaluate(
        """() => {
          window.heard = [];
          new MutationObserver(() => {
            const text = document.querySelector("offcut-workbench [role=status]")?.textContent.trim();
            if (text && window.heard.at(-1) !== text) window.heard.push(text);
          }).observe(document.querySelector("offcut-workbench"), {subtree: true, childList: true, characterData: true});
        }"""
    )
    workbench.choose(unseen("coffee")).wait("done")
    expect(page.locator("offcut-workbench [role=status]")).to_have_text("The cutout of coffee.png is done.")
    heard = page.evaluate("window.heard")
    assert "Finding the subject" in heard
    assert heard[-1] == "The cutout of coffee.png is done."


def test_shortcuts_stand_on_a_sheet_and_leave_the_rest_of_the_page_alone(workbench: Workbench, unseen: Unseen) -> None:
    page = workbench.page
    workbench.choose(unseen("coffee")).wait("done")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    assert workbench.state == "done"
    compare = page.get_by_role("button", name="Compare")
    pressed = compare.get_attribute("aria-pressed") or ""
    page.get_by_role("link", name="Offcut", exact=True).focus()
    page.keyboard.press("c")
    expect(compare).to_have_attribute("aria-pressed", pressed)
    page.locator(".stage").focus()
    page.keyboard.press("c")
    expect(compare).to_have_attribute("aria-pressed", "false" if pressed == "true" else "true")
    page.keyboard.press("c")


def test_what_is_typed_into_a_field_is_no_shortcut(workbench: Workbench, unseen: Unseen) -> None:
    page = workbench.page
    workbench.choose(unseen("chelsea"), unseen("coffee"))
    page.locator(".film-item").first.click()
    workbench.wait("done")
    title = page.locator(".panel-title").inner_text()
    output, frame = Fold(workbench, "output"), Fold(workbench, "frame")
    folds = page.locator("offcut-inspector details[open]").count()
    typed = "{name} of shop 1.5, a[b]c and u?"
    field = output.field("Name")
    field.fill("")
    field.press_sequentially(typed)
    field.press("Tab")
    assert output.recipe.output.name == typed
    frame.field("Canvas").select_option("A size of your own")
    frame.field("Unit").select_option("millimetres")
    width = frame.field("Width")
    width.fill("")
    width.press_sequentially("35.5")
    width.press("Tab")
    canvas = frame.recipe.frame.canvas
    assert canvas is not None and canvas.width == 35.5
    assert page.locator(".panel-title").inner_text() == title
    assert page.locator("offcut-inspector details[open]").count() == folds
    # Undo in a field takes back what was typed there, and not what was done to the picture.
    before = frame.recipe
    field.focus()
    field.press("Control+z")
    assert frame.recipe == before
    undo(workbench)
    assert frame.recipe != before
    page.evaluate("localStorage.removeItem('offcut.output')")

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Work by hand: each tool with real events on a real photograph, and the file is what CPython makes of the recipe."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from conftest import Complaints
from offcut.touches import Brush, Fill, Scribble
from sitebuild.serve import Server

from .conftest import Native, watched
from .handwork import Handwork, Point, touch
from .workbench import PATIENCE_MS, Workbench

MEAN_DIFFERENCE = 1.0


@pytest.fixture(scope="module")
def manual_page(browser: Browser, site: Path) -> Iterator[Page]:
    """The page for work by hand, its tools ready, and what it has asked the server for."""
    with Server(site) as server, browser.new_context(accept_downloads=True) as context:
        page = context.new_page()
        Workbench(page, f"{server.url}manual/").open()
        expect(page.locator(".drop offcut-engine-status")).to_contain_text("The tools are ready", timeout=PATIENCE_MS)
        yield page


@pytest.fixture
def manual(manual_page: Page, complaints: Complaints) -> Iterator[Workbench]:
    """That page's workbench, empty."""
    with watched(manual_page, complaints) as workbench:
        yield workbench


@pytest.fixture
def cat(manual: Workbench, photos: dict[str, Path]) -> Handwork:
    """The cat, 451 x 300, all of it still there."""
    manual.choose(photos["chelsea"]).wait("done")
    return Handwork(manual)


def same(found: NDArray[np.uint8], wanted: NDArray[np.uint8]) -> None:
    """Alpha to the bit; colours of soft edges to one step, for browsers and CPUs round sums differently."""
    assert np.array_equal(found[..., 3], wanted[..., 3])
    assert np.abs(found.astype(int) - wanted).max() <= 1


@pytest.mark.parametrize("hardness", [0.2, 1.0])
def test_erase_restore_and_protect(cat: Handwork, photos: dict[str, Path], native: Native, hardness: float) -> None:
    cat.take("protect").slide("Size", 60).slide("Hardness", hardness).draw((60, 60))
    cat.take("erase").draw((40, 40), (200, 120), (400, 60))
    cat.take("restore").slide("Size", 24).draw((300, 30), (300, 160)).touches(3)
    found = cat.file()
    same(found, native(photos["chelsea"], recipe=cat.recipe))
    assert found[60, 60, 3] == 255
    assert found[120, 200, 3] == 0
    assert found[80, 300, 3] == 255
    assert 0.03 < (found[..., 3] < 128).mean() < 0.3


AREAS: list[tuple[str, tuple[Point, ...], Point, Point]] = [
    ("lasso", ((50, 50), (250, 40), (240, 200), (60, 220)), (150, 130), (300, 150)),
    ("rectangle", ((50, 50), (250, 220)), (150, 130), (300, 150)),
]


@pytest.mark.parametrize(("tool", "points", "inside", "outside"), AREAS, ids=[each[0] for each in AREAS])
def test_areas(
    cat: Handwork,
    photos: dict[str, Path],
    native: Native,
    tool: str,
    points: tuple[Point, ...],
    inside: Point,
    outside: Point,
) -> None:
    cat.take(tool).draw(*points).touches(1)
    cat.draw((120, 120), (121, 120))  # too small to be meant
    found = cat.touches(1).file()
    same(found, native(photos["chelsea"], recipe=cat.recipe))
    assert found[int(inside[1]), int(inside[0]), 3] == 0
    assert found[int(outside[1]), int(outside[0]), 3] == 255
    cat.page.locator("offcut-hand").get_by_role("radio", name="Restore", exact=True).last.check(force=True)
    corners = ((0, 0), (200, 0), (200, 299), (0, 299)) if tool == "lasso" else ((0, 0), (200, 299))
    cat.draw(*corners).touches(2)
    again = cat.file()
    same(again, native(photos["chelsea"], recipe=cat.recipe))
    assert (again[..., 3] == 0).sum() < (found[..., 3] == 0).sum()
    cat.page.locator("offcut-hand").get_by_role("radio", name="Erase", exact=True).last.check(force=True)


def test_a_colour_is_erased_where_it_hangs_together_and_then_everywhere(
    cat: Handwork, photos: dict[str, Path], native: Native
) -> None:
    cat.take("fill").slide("Tolerance", 0.15).draw((10, 10)).touches(1)
    found = cat.file()
    same(found, native(photos["chelsea"], recipe=cat.recipe))
    assert found[10, 10, 3] == 0
    everywhere = cat.page.get_by_role("button", name="Erase this colour everywhere")
    everywhere.click()
    cat.touches(2)
    fill = cat.recipe.touches[-1]
    assert isinstance(fill, Fill) and fill.colour is not None and not fill.contiguous
    more = cat.file()
    same(more, native(photos["chelsea"], recipe=cat.recipe))
    assert (more[..., 3] < 128).sum() >= (found[..., 3] < 128).sum()


def test_lines_that_keep_and_drop_are_solved_together(cat: Handwork, photos: dict[str, Path], native: Native) -> None:
    cat.take("keep").draw((120, 60), (170, 130), (330, 130)).take("drop").draw((5, 5), (5, 290), (60, 290)).touches(2)
    assert all(isinstance(each, Scribble) for each in cat.recipe.touches)
    found = cat.file()
    wanted = native(photos["chelsea"], recipe=cat.recipe)
    assert (found[..., 3] != wanted[..., 3]).mean() < 0.001
    assert found[100, 150, 3] == 255
    assert found[150, 5, 3] == 0


# Resolves, once what is exact after so many touches is laid on the paper, with all that was laid of it: whether it was
# a draft, and showed.
LAID = """(touches) => {
  const laid = [];
  const { drafts } = document.querySelector("offcut-workbench");
  globalThis.laid = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("nothing was laid")), 30000);
    drafts.addEventListener("laid", function note({ detail: { recipe, draft, patches } }) {
      if (recipe.touches.length !== touches) return;
      laid.push([draft, patches.length > 0]);
      if (draft) return;
      drafts.removeEventListener("laid", note);
      resolve(laid);
    });
  });
}"""


def test_of_lines_a_draft_is_on_the_screen_before_the_answer(cat: Handwork) -> None:
    page = cat.page
    page.evaluate(LAID, 1)
    cat.take("drop").draw((5, 5), (5, 290), (60, 290)).touches(1)
    assert page.evaluate("globalThis.laid") == [[True, True], [False, True]]
    page.evaluate(LAID, 2)
    cat.take("erase").draw((200, 100), (240, 100)).touches(2)
    assert page.evaluate("globalThis.laid") == [[False, True]]


def test_what_a_stroke_needs_is_ready_before_it_is_drawn(cat: Handwork) -> None:
    page = cat.page
    for key in ("1", "f"):
        page.evaluate(LAID, 0)
        page.locator(".stage").focus()
        page.keyboard.press(key)
        assert page.evaluate("globalThis.laid") == [[False, False]]


def test_an_edge_is_found_anew(cat: Handwork, photos: dict[str, Path], native: Native) -> None:
    cat.take("rectangle").draw((0, 0), (225, 299))
    cat.take("refine").slide("Size", 80).draw((225, 40), (225, 260)).touches(2)
    found = cat.file()
    wanted = native(photos["chelsea"], recipe=cat.recipe)
    assert np.abs(found.astype(int) - wanted)[..., 3].max() <= 2
    assert (found[100:200, 190:260, 3] % 255 != 0).mean() > 0.1


def test_the_result_of_a_net_is_touched_up(workbench: Workbench, photos: dict[str, Path], native: Native) -> None:
    workbench.choose(photos["astronaut"]).wait("done")
    work = Handwork(workbench)
    work.take("erase").slide("Size", 80).draw((200, 150), (300, 150)).touches(1)
    work.take("restore").draw((30, 30), (30, 200)).touches(2)
    found = work.file()
    wanted = native(photos["astronaut"], recipe=work.recipe)
    assert np.abs(found[..., 3].astype(float) - wanted[..., 3]).mean() <= MEAN_DIFFERENCE
    assert found[150, 250, 3] == 0
    assert found[100, 30, 3] == 255
    workbench.page.locator("offcut-hand summary").click()


def test_a_line_is_on_the_screen_before_python_has_heard_of_it_and_then_as_it_will_be(cat: Handwork) -> None:
    cat.take("erase").slide("Size", 40).slide("Hardness", 0.8)
    cat.page.mouse.move(*cat.at(100, 150))
    cat.page.mouse.down()
    cat.page.mouse.move(*cat.at(300, 150), steps=5)
    held = cat.screen()
    box = cat.page.locator(".paper").bounding_box()
    assert box
    x, y = (round(a - b) for a, b in zip(cat.at(200, 150), (box["x"], box["y"]), strict=True))
    assert held[y, x, 3] == 0
    assert cat.recipe.touches == ()
    cat.page.mouse.up()
    cat.touches(1)
    cat.file()
    # Now the full picture itself is the paper's ground.
    cat.page.wait_for_timeout(300)
    settled = cat.screen()
    assert np.abs(held[..., 3].astype(int) - settled[..., 3]).mean() < 0.5


def test_undo_and_redo_reach_all_of_the_history(cat: Handwork) -> None:
    page = cat.page
    whole = cat.file()
    cat.take("erase").slide("Size", 30)
    for x in (50, 150, 250, 350):
        cat.draw((x, 150))
    cat.touches(4)
    expect(page.locator("offcut-workbench [role=status]")).to_have_text("4 changes by hand.")
    assert cat.steps() == ["Erase"] * 4 + ["As it was found"]
    page.locator(".stage").focus()
    page.keyboard.press("Control+z")
    cat.touches(3)
    page.get_by_role("button", name="Undo", exact=True).click()
    cat.touches(2)
    page.keyboard.press("Control+Shift+z")
    cat.touches(3)
    assert page.locator(".history .is-undone").count() == 1
    three = cat.file()
    assert three[150, 250, 3] == 0 and three[150, 350, 3] == 255
    page.locator(".history button").last.click()
    cat.touches(0)
    assert np.array_equal(cat.file(), whole)
    page.locator(".history button").first.click()
    cat.touches(4)
    assert cat.file()[150, 350, 3] == 0
    page.get_by_role("button", name="Undo", exact=True).click()
    cat.draw((200, 250)).touches(4)
    assert not page.locator(".history .is-undone").count()
    assert page.get_by_role("button", name="Redo", exact=True).is_disabled()


def test_a_finger_draws_and_two_zoom(cat: Handwork) -> None:
    cat.take("erase").slide("Size", 40).finger((100, 100), (150, 150), (200, 100)).touches(1)
    brush = cat.recipe.touches[0]
    assert isinstance(brush, Brush) and brush.points[2] == 1
    before = cat.page.locator(".frame").bounding_box()
    assert before
    session = cat.cdp()
    one, other = cat.at(150, 150), cat.at(250, 150)
    touch(session, "touchStart", one)
    touch(session, "touchMove", (one[0] + 4, one[1]))
    touch(session, "touchStart", one, other)
    for step in range(1, 6):
        touch(session, "touchMove", (one[0] - 20 * step, one[1]), (other[0] + 20 * step, other[1]))
    touch(session, "touchEnd")
    session.detach()
    after = cat.page.locator(".frame").bounding_box()
    assert after and after["width"] > 1.3 * before["width"]
    cat.touches(1)
    cat.page.keyboard.press("f")


def test_a_pen_draws_as_wide_as_it_is_pressed(cat: Handwork, photos: dict[str, Path], native: Native) -> None:
    cat.take("erase").slide("Size", 100).slide("Hardness", 1)
    cat.pen((60, 150, 0.2), (150, 150, 0.3), (250, 150, 0.7), (350, 150, 1.0)).touches(1)
    found = cat.file()
    same(found, native(photos["chelsea"], recipe=cat.recipe))
    wide = (found[..., 3] == 0).sum(axis=0)
    assert 0 < wide[100] < wide[200] < wide[320]


@pytest.mark.parametrize("tool", ["erase", "restore"])
def test_the_eraser_of_a_pen_erases_whatever_the_tool(cat: Handwork, tool: str) -> None:
    cat.take(tool).eraser((100, 100), (150, 120)).touches(1)
    brush = cat.recipe.touches[0]
    assert isinstance(brush, Brush) and brush.mode == "erase"


def test_without_a_pointer_the_arrows_move_the_tool_and_enter_puts_it_down(
    cat: Handwork, photos: dict[str, Path], native: Native
) -> None:
    page = cat.page
    cat.take("erase").slide("Size", 30)
    page.mouse.move(1, 1)
    page.locator(".stage").focus()
    for key in ("Shift+ArrowLeft", "Enter", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowDown", "Enter"):
        page.keyboard.press(key)
    cat.touches(1)
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Escape")
    found = cat.touches(1).file()
    same(found, native(photos["chelsea"], recipe=cat.recipe))
    assert found[150, 215, 3] == 0


def test_keys_take_tools_and_change_the_brush(cat: Handwork) -> None:
    page = cat.page
    cat.take("erase").slide("Size", 40).slide("Hardness", 0.5)
    page.locator(".stage").focus()
    for key, tool in [("r", "restore"), ("p", "protect"), ("w", "fill"), ("l", "lasso"), ("m", "rectangle")]:
        page.keyboard.press(key)
        expect(cat.tool()).to_have_value(tool)
    for key, tool in [("k", "keep"), ("d", "drop"), ("g", "refine"), ("e", "erase")]:
        page.keyboard.press(key)
        expect(cat.tool()).to_have_value(tool)
    page.keyboard.press("]")
    expect(page.locator("offcut-hand output").nth(0)).to_have_text("47 px")
    page.keyboard.press("{")
    expect(page.locator("offcut-hand output").nth(1)).to_have_text("40%")
    for mode in ("Red", "Matte", "Outline", "Cutout"):
        page.keyboard.press("v")
        expect(page.locator("offcut-hand").get_by_role("radio", name=mode, exact=True)).to_be_checked()


def test_with_alt_a_tool_does_the_opposite(cat: Handwork) -> None:
    cat.take("rectangle").draw((0, 0), (200, 299)).take("erase")
    cat.page.keyboard.down("Alt")
    cat.draw((100, 150), (120, 150))
    cat.page.keyboard.up("Alt")
    cat.touches(2)
    assert [getattr(touch, "mode", "") for touch in cat.recipe.touches] == ["erase", "restore"]


def test_at_800_percent_single_pixels_are_worked_on(cat: Handwork, photos: dict[str, Path], native: Native) -> None:
    page = cat.page
    page.locator(".stage").focus()
    for _ in range(20):
        page.keyboard.press("+")
    expect(page.get_by_role("button", name="Full size. Now")).to_contain_text("800%")
    cat.take("erase").slide("Size", 8).slide("Hardness", 1)
    box = page.locator(".stage").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    cat.touches(1)
    brush = cat.recipe.touches[0]
    assert isinstance(brush, Brush) and brush.size == 1
    page.keyboard.press(" ")
    page.keyboard.press("f")
    found = cat.file()
    same(found, native(photos["chelsea"], recipe=cat.recipe))
    assert 0 < (found[..., 3] < 255).sum() <= 9


def test_the_ways_to_show_it_show_it(cat: Handwork) -> None:
    cat.take("rectangle").draw((0, 0), (225, 299)).touches(1)
    cat.file()
    page = cat.page
    seen = {}
    for mode in ("Cutout", "Red", "Matte", "Outline"):
        page.locator("offcut-hand").get_by_role("radio", name=mode, exact=True).check(force=True)
        seen[mode] = cat.screen().astype(int)
    box = page.locator(".paper").bounding_box()
    assert box
    (gone, kept, edge) = (
        tuple(round(a - b) for a, b in zip(cat.at(x, 150), (box["x"], box["y"]), strict=True)) for x in (60, 400, 224)
    )

    def at(mode: str, place: tuple[int, ...]) -> list[int]:
        return list(seen[mode][place[1], place[0]])

    assert at("Cutout", gone)[3] == 0 and at("Cutout", kept)[3] == 255
    assert at("Matte", gone) == [0, 0, 0, 255] and at("Matte", kept) == [255, 255, 255, 255]
    assert at("Red", gone)[0] > at("Red", gone)[1] + 60 and at("Red", kept) == at("Cutout", kept)
    line = seen["Outline"][edge[1], edge[0] - 4 : edge[0] + 5]
    assert ((line[:, 0] > 200) & (line[:, 1] < 120)).any()
    page.locator("offcut-hand").get_by_role("radio", name="Cutout", exact=True).check(force=True)


def test_tools_are_as_they_were_left(server: Server, page: Page, photos: dict[str, Path]) -> None:
    workbench = Workbench(page, f"{server.url}manual/").open()
    workbench.choose(photos["chelsea"]).wait("done")
    Handwork(workbench).take("restore").slide("Size", 77).slide("Hardness", 0.35)
    page.reload()
    workbench.choose(photos["chelsea"]).wait("done")
    work = Handwork(workbench)
    expect(work.tool()).to_have_value("restore")
    expect(page.locator("offcut-hand output").nth(0)).to_have_text("77 px")
    expect(page.locator("offcut-hand output").nth(1)).to_have_text("35%")


def test_work_by_hand_loads_no_net(server: Server, page: Page, photos: dict[str, Path], native: Native) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    workbench = Workbench(page, f"{server.url}manual/").open()
    workbench.choose(photos["chelsea"]).wait("done")
    work = Handwork(workbench).take("fill").draw((10, 10)).touches(1)
    same(work.file(), native(photos["chelsea"], recipe=work.recipe))
    assert not [url for url in asked if "/weights/" in url or "inference" in url or "onnx" in url]
    expect(page.locator(".facts").first).to_contain_text("cut by hand")


def test_where_nothing_is_found_it_is_done_by_hand(workbench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "blank.png"
    Image.new("RGB", (240, 200), (250, 250, 250)).save(path)
    page = workbench.page
    workbench.choose(path).wait("done")
    if not page.locator("offcut-edges details[open]").count():
        page.locator("offcut-edges summary").click()
    page.get_by_role("radio", name="Graphic").check(force=True)
    workbench.wait("failed")
    assert "No clear subject" in workbench.trouble
    workbench.press("Do it by hand").wait("done")
    work = Handwork(workbench).take("erase").draw((50, 50)).touches(1)
    assert work.recipe.method.by == "hand"
    assert work.file()[50, 50, 3] == 0
    expect(page.get_by_role("slider", name="Smooth")).to_have_count(0)
    page.locator("offcut-hand summary").click()

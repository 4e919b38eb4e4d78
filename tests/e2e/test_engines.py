# SPDX-License-Identifier: AGPL-3.0-or-later
"""The engines page: what is on the device, how it comes there, stays and goes, with one tab and with two."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from nets import heavy
from sitebuild.serve import Server

from .enginespage import EnginesPage
from .held import Held
from .madesite import PART, MadeSite

PARTS = 8


@pytest.fixture(scope="module")
def small(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with two small models: one of eight parts, in use, and one that is not for commercial work."""
    made = MadeSite(site, tmp_path_factory.mktemp("made") / "dist")
    made.model("main", heavy(PARTS * PART - 4000), (64,), plan="quick")
    made.model("other", heavy(2 * PART, seed=1), (64,), commercial=False)
    return made.write("quick")


@pytest.fixture
def held(small: Path) -> Iterator[tuple[Server, Held]]:
    """A server over it that gives parts only when let."""
    with Server(small) as running:
        log = running.log = Held()
        yield running, log
        log.release()


@pytest.fixture
def small_server(small: Path) -> Iterator[Server]:
    """A server over it."""
    with Server(small) as running:
        yield running


def parts_of(log: list[tuple[str, str, int]]) -> list[str]:
    """The parts that a server was asked for."""
    return [path.rpartition("/")[2] for _, path, _ in log if "/weights/" in path]


def test_an_engine_is_fetched_checked_and_deleted(small_server: Server, page: Page) -> None:
    engines = EnginesPage(page, small_server.url).open()
    engines.wait("main", "absent").says("main", "Not on this device.")
    expect(page.locator(".storage-sum")).to_contain_text("left for this site")
    engines.press("main", "Get").wait("main", "stored").says("main", "On this device.")
    assert len(parts_of(small_server.log)) == len(engines.shelf()) == PARTS
    engines.press("main", "Check").says("main", "Every part is what it should be.")
    assert len(parts_of(small_server.log)) == PARTS
    engines.press("main", "Delete").wait("main", "absent")
    assert engines.shelf() == set()


def test_a_pause_keeps_what_has_arrived_and_nothing_is_fetched_twice(held: tuple[Server, Held], page: Page) -> None:
    server, log = held
    engines = EnginesPage(page, server.url).open().press("main", "Get").wait("main", "fetching")
    log.let(3)
    expect(page.locator(".engine[data-model=main] .engine-state")).to_contain_text(re.compile(r"7\d\d kB of 2\.1 MB"))
    engines.press("main", "Pause").wait("main", "partial")
    kept = engines.shelf()
    assert len(kept) >= 3
    page.reload()
    engines.wait("main", "partial")
    asked = len(log.parts)
    log.release()
    engines.press("main", "Resume").wait("main", "stored")
    assert not set(log.parts[asked:]) & kept
    assert len(engines.shelf()) == PARTS


def test_a_cancel_removes_what_has_arrived(held: tuple[Server, Held], page: Page) -> None:
    server, log = held
    engines = EnginesPage(page, server.url).open().press("main", "Get").wait("main", "fetching")
    log.let(2)
    expect(page.locator(".engine[data-model=main] .engine-state")).to_contain_text("of 2.1 MB")
    engines.press("main", "Cancel").wait("main", "absent")
    log.release()
    page.wait_for_timeout(500)
    assert engines.shelf() == set()


def test_a_wrong_part_on_the_device_is_found_by_the_check_and_fetched_anew(small_server: Server, page: Page) -> None:
    engines = EnginesPage(page, small_server.url).open().press("main", "Get").wait("main", "stored")
    spoilt = page.evaluate(
        """async () => {
          const shelf = await caches.open("offcut-weights");
          const [first, second] = await shelf.keys();
          const bytes = new Uint8Array(await (await shelf.match(first)).arrayBuffer());
          bytes[9] ^= 1;
          await shelf.put(first, new Response(bytes));
          await shelf.put(second, new Response(new Uint8Array(7)));
          return [first.url, second.url].map((url) => url.split("/").at(-1));
        }"""
    )
    engines.press("main", "Check").says("main", "were damaged and taken away")
    engines.wait("main", "partial")
    assert not engines.shelf() & set(spoilt)
    engines.press("main", "Resume").wait("main", "stored")
    engines.press("main", "Check").says("main", "Every part is what it should be.")
    assert len(engines.shelf()) == PARTS


def test_a_wrong_part_from_the_server_is_refused(
    small: Path, tmp_path: Path, page: Page, allow_console: list[str]
) -> None:
    copy = tmp_path / "dist"
    shutil.copytree(small, copy)
    part = sorted((copy / "weights").iterdir())[0]
    good = part.read_bytes()
    part.write_bytes(bytes([good[0] ^ 1]) + good[1:])
    with Server(copy) as server:
        engines = EnginesPage(page, server.url).open()
        row = next(id for id in ("main", "other") if part.name.removesuffix(".bin") in str(catalogue_row(copy, id)))
        engines.press(row, "Get").says(row, "arrived damaged and was refused")
        assert part.name not in engines.shelf()
        part.write_bytes(good)
        engines.row(row).get_by_role("button", name=re.compile("Resume|Get")).click()
        engines.wait(row, "stored")


def catalogue_row(site: Path, id: str) -> object:
    """A model's row in the site's catalogue."""
    [path] = site.glob("r/*/catalogue.json")
    return next(row for row in json.loads(path.read_text("utf-8"))["models"] if row["id"] == id)


def test_two_tabs_fetch_each_part_once_and_one_goes_on_when_the_other_is_closed(
    held: tuple[Server, Held], page: Page
) -> None:
    server, log = held
    first = EnginesPage(page, server.url).open()
    second = EnginesPage(page.context.new_page(), server.url).open()
    # Both at the same moment, before either hears of the other.
    press = """(at) => {
      const button = document.querySelector(".engine[data-model=main] .engine-actions button");
      setTimeout(() => button.click(), at - Date.now());
    }"""
    moment = page.evaluate("Date.now()") + 700
    for tab in (first, second):
        tab.page.evaluate(press, moment)
    for tab in (first, second):
        tab.wait("main", "fetching")
    log.let(3)
    for tab in (first, second):
        expect(tab.row("main").locator(".engine-state")).to_contain_text(
            re.compile(r"(7\d\d kB|1(\.\d)? MB) of 2\.1 MB")
        )
    # Three are on their way whenever one can be.
    asked, arrived = log.asked(6), second.shelf()
    page.close()
    log.release()
    second.wait("main", "stored")
    assert len(second.shelf()) == PARTS
    # What had arrived came once; only what the closed tab had on its way was asked for again.
    assert all(log.parts.count(part) == 1 for part in arrived)
    assert {part for part in log.parts if log.parts.count(part) > 1} <= set(asked) - arrived
    # A part that was cut off in the middle the browser resumes by itself: by a byte, to see whether it is still the
    # same, and by the rest.
    resumed = [path for path, status, _ in server.sent if status == 206]
    whole = len(log.parts) - len(resumed)
    assert whole <= len(asked) + PARTS - len(arrived)
    assert whole <= PARTS + 3
    assert all(resumed.count(path) <= 2 for path in resumed)


def test_another_tab_shows_the_progress_and_can_pause(held: tuple[Server, Held], page: Page) -> None:
    server, log = held
    first = EnginesPage(page, server.url).open()
    second = EnginesPage(page.context.new_page(), server.url).open()
    first.press("main", "Get").wait("main", "fetching")
    log.let(4)
    second.wait("main", "fetching").says("main", "Another tab is fetching it.")
    expect(second.row("main").locator(".engine-state")).to_contain_text(re.compile(r"1(\.\d)? MB of 2\.1 MB"))
    second.press("main", "Pause").wait("main", "partial")
    first.wait("main", "partial")
    log.release()
    first.press("main", "Resume").wait("main", "stored")
    second.wait("main", "stored")


def test_the_engine_that_gets_ready_and_the_page_fetch_each_part_once(held: tuple[Server, Held], page: Page) -> None:
    server, log = held
    page.goto(server.url)
    engines = EnginesPage(page.context.new_page(), server.url).open()
    engines.says("main", "The workbench is fetching it.")
    log.release()
    engines.wait("main", "stored")
    status = page.locator(".drop offcut-engine-status")
    expect(status).to_contain_text("The engine is ready", timeout=60_000)
    assert len(log.parts) == len(set(log.parts)) == PARTS


def test_without_room_it_says_so_and_keeps_what_fitted(small_server: Server, page: Page) -> None:
    engines = EnginesPage(page, small_server.url).open()
    used = page.evaluate("async () => (await navigator.storage.estimate()).usage")
    session = page.context.new_cdp_session(page)
    quota = {"origin": small_server.origin, "quotaSize": used + 4 * PART}
    session.send("Storage.overrideQuotaForOrigin", quota)
    engines.press("main", "Get").says("main", "There is not enough room on this device for all of it.")
    engines.says("main", "The engine still runs")
    kept = engines.shelf()
    assert 0 < len(kept) < PARTS
    session.send("Storage.overrideQuotaForOrigin", {"origin": small_server.origin})
    small_server.log.clear()
    engines.press("main", "Resume").wait("main", "stored")
    assert not set(parts_of(small_server.log)) & kept


def test_a_shelf_that_the_browser_clears_is_noticed_and_filled_again(small_server: Server, page: Page) -> None:
    engines = EnginesPage(page, small_server.url).open().press("main", "Get").wait("main", "stored")
    page.evaluate("caches.delete('offcut-weights')")
    engines.wait("main", "absent")
    engines.press("main", "Get").wait("main", "stored")
    assert len(engines.shelf()) == PARTS


def test_a_shelf_cleared_while_it_is_filled_is_filled_to_the_end(held: tuple[Server, Held], page: Page) -> None:
    server, log = held
    engines = EnginesPage(page, server.url).open().press("main", "Get").wait("main", "fetching")
    log.let(3)
    expect(engines.row("main").locator(".engine-state")).to_contain_text(re.compile(r"7\d\d kB of"))
    page.evaluate("caches.delete('offcut-weights')")
    log.release()
    engines.wait("main", "stored")
    assert len(engines.shelf()) == PARTS


def test_a_licence_without_commercial_use_is_told_before_it_can_be_fetched(small_server: Server, page: Page) -> None:
    engines = EnginesPage(page, small_server.url).open()
    row = engines.row("other")
    expect(row.locator(".engine-caution")).to_contain_text("Not for commercial work.")
    for name in ("Get", "Use it"):
        expect(row.get_by_role("button", name=name)).to_have_accessible_description(
            re.compile("Not for commercial work")
        )
    assert engines.row("main").locator(".engine-caution").count() == 0


def test_what_was_measured_of_an_engine_is_told(small_server: Server, page: Page) -> None:
    row = EnginesPage(page, small_server.url).open().row("main")
    row.get_by_text("IoU 0.75").click()
    expect(row.get_by_role("table").get_by_role("row").nth(1)).to_have_text(re.compile(r"64 pixels\s*0\.75\s*0\.1s"))


def test_the_engine_in_use_can_be_changed(small_server: Server, page: Page) -> None:
    engines = EnginesPage(page, small_server.url).open().press("other", "Use it")
    expect(engines.row("other")).to_contain_text("In use")
    assert page.evaluate("localStorage.getItem('offcut.plan')") == "other"
    engines.press("main", "Use it")
    expect(engines.row("main")).to_contain_text("In use")
    assert page.evaluate("localStorage.getItem('offcut.plan')") is None


def test_parts_that_belong_to_no_engine_can_be_cleared(small_server: Server, page: Page) -> None:
    engines = EnginesPage(page, small_server.url).open()
    page.evaluate(
        """async () => {
          const shelf = await caches.open("offcut-weights");
          await shelf.put(new URL(`../weights/${"0".repeat(64)}.bin`, location.href), new Response("old"));
        }"""
    )
    page.get_by_role("button", name="Clear them").click()
    expect(page.get_by_role("button", name="Clear them")).to_have_count(0)
    assert engines.shelf() == set()


def test_the_page_works_without_a_network_after_a_first_visit(
    small: Path, page: Page, allow_console: list[str]
) -> None:
    with Server(small) as server:
        engines = EnginesPage(page, server.url).open()
        expect(page.locator("offcut-privacy button")).to_contain_text("bytes sent")
    allow_console.append("ERR_CONNECTION_REFUSED")
    page.reload()
    engines.wait("main", "absent")
    engines.press("main", "Get").says("main", "You seem to be offline.")


def test_the_focus_stays_in_the_row_whose_buttons_change(held: tuple[Server, Held], page: Page) -> None:
    server, log = held
    engines = EnginesPage(page, server.url).open()
    engines.row("main").get_by_role("button", name="Get").focus()
    page.keyboard.press("Enter")
    expect(engines.row("main").get_by_role("button", name="Pause")).to_be_focused()
    page.keyboard.press("Enter")
    expect(engines.row("main").get_by_role("button", name=re.compile("Get|Resume"))).to_be_focused()
    log.release()
    page.keyboard.press("Enter")
    engines.wait("main", "stored")
    expect(page.locator("offcut-engines > [role=status]")).to_have_text("Net main is on this device.")

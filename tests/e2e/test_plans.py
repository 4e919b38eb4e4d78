# SPDX-License-Identifier: AGPL-3.0-or-later
"""Choosing how closely to look: another plan loads its net, makes the shown picture anew, and is remembered."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from nets import bright
from sitebuild.serve import Server

from .conftest import pixels, ready_page
from .madesite import MadeSite, picture
from .workbench import Workbench


@pytest.fixture(scope="module")
def two_nets(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with two tiny nets, of which the second sees more."""
    made = MadeSite(site, tmp_path_factory.mktemp("made") / "dist")
    made.model("near", bright(20), plan="near-plan")
    made.model("far", bright(3), plan="far-plan")
    return made.write("near-plan")


@pytest.fixture(scope="module")
def page_of_two(browser: Browser, two_nets: Path) -> Iterator[Page]:
    """A page over it."""
    with ready_page(browser, two_nets, service_workers="block") as page:
        yield page


@pytest.fixture
def two(page_of_two: Page) -> Iterator[Workbench]:
    """Its workbench, empty, with the default plan chosen."""
    workbench = Workbench(page_of_two, page_of_two.url)
    yield workbench
    workbench.clear()
    page_of_two.locator(".drop").get_by_role("radio", name="Near-plan").check(force=True)
    workbench.wait_engine()


def square(folder: Path) -> Path:
    return picture(folder / "square.png", int.from_bytes(os.urandom(4)))


def facts(workbench: Workbench) -> str:
    return workbench.page.locator(".facts").first.inner_text()


def test_another_plan_makes_the_shown_picture_anew_and_the_result_names_its_net(two: Workbench, tmp_path: Path) -> None:
    panel = two.page.locator(".panel-foot")
    two.choose(square(tmp_path)).wait("done")
    assert "Net near" in facts(two)
    first = two.download()
    panel.get_by_role("radio", name="Far-plan").check(force=True)
    expect(two.page.locator(".facts").first).to_contain_text("Net far", timeout=60_000)
    expect(panel.locator(".plans-advice")).to_have_text("Advice of far-plan.")
    assert pixels(two.download())[..., 3].mean() != pixels(first)[..., 3].mean()
    panel.get_by_role("radio", name="Near-plan").check(force=True)
    expect(two.page.locator(".facts").first).to_contain_text("Net near, from an earlier look", timeout=60_000)
    assert two.download() == first


def test_the_chooser_is_reached_and_moved_with_the_keyboard(two: Workbench) -> None:
    drop = two.page.locator(".drop")
    near, far = (drop.get_by_role("radio", name=name) for name in ("Near-plan", "Far-plan"))
    expect(drop.get_by_role("group", name="How closely to look")).to_be_visible()
    near.focus()
    two.page.keyboard.press("ArrowRight")
    expect(far).to_be_checked()
    expect(far).to_have_accessible_description("Advice of far-plan.")


def test_the_plan_is_remembered_and_preloaded_when_its_net_is_on_the_device(two: Workbench) -> None:
    two.page.locator(".drop").get_by_role("radio", name="Far-plan").check(force=True)
    two.wait_engine()
    running = "() => document.querySelector('offcut-workbench').staff.backend && location.href"
    assert two.page.evaluate(running)
    again = two.page.context.new_page()
    Workbench(again, two.page.url).open().wait_engine()
    expect(again.locator(".drop").get_by_role("radio", name="Far-plan")).to_be_checked()
    parts = "async () => (await (await caches.open('offcut-weights')).keys()).length"
    assert again.evaluate(parts) == 2
    again.close()


def test_a_cancel_while_nets_are_exchanged_is_honoured_and_the_next_picture_works(
    two: Workbench, tmp_path: Path
) -> None:
    page = two.page
    held: list[Route] = []
    page.evaluate("() => caches.delete('offcut-weights')")
    page.route("**/weights/*.bin", lambda route: held.append(route))
    two.choose(square(tmp_path)).wait("done")
    page.locator(".panel-foot").get_by_role("radio", name="Far-plan").check(force=True)
    two.wait_stage("Finding the subject")
    two.press("Cancel").wait("done", timeout=5000)
    assert "Net near" in facts(two)
    for route in held:
        route.continue_()
    page.unroute("**/weights/*.bin")
    page.locator(".panel-foot").get_by_role("radio", name="Far-plan").check(force=True)
    expect(page.locator(".facts").first).to_contain_text("Net far", timeout=60_000)


def test_a_remembered_plan_whose_net_is_not_there_costs_no_download(browser: Browser, two_nets: Path) -> None:
    with Server(two_nets) as server, browser.new_context(service_workers="block") as context:
        page = context.new_page()
        page.add_init_script("localStorage.setItem('offcut.plan', 'far-plan')")
        Workbench(page, server.url).open().wait_engine()
        expect(page.locator(".drop").get_by_role("radio", name="Far-plan")).to_be_checked()
        assert len([path for _, path, _ in server.log if "/weights/" in path]) == 1

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The first visit: light until it is drawn, installable, and whole even where the browser has no room."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from sitebuild.serve import Server

from .conftest import Unseen, pixels
from .workbench import Workbench

LIGHT_BYTES = 100_000
HEAVY = ("vendor/pyodide", "vendor/onnxruntime", "vendor/offcut", "weights/")


def test_the_page_takes_pictures_before_anything_heavy_and_within_100_kb(browser: Browser, site: Path) -> None:
    with Server(site) as server, browser.new_context(service_workers="block") as context:
        page = context.new_page()
        # The workers never come, so that what is counted is what the page itself needs.
        page.route("**/workers/*.js", lambda route: route.abort())
        page.goto(server.url)
        expect(page.locator("offcut-privacy button")).to_be_visible()
        page.wait_for_load_state("networkidle")
        sizes = {path: size for path, status, size in server.sent if status == 200}
    assert not [path for path in sizes if any(part in path for part in HEAVY)]
    assert sum(sizes.values()) <= LIGHT_BYTES, sizes


def test_the_site_can_be_installed(page: Page, site: Path) -> None:
    with Server(site) as server:
        Workbench(page, server.url).open().wait_engine()
        session = page.context.new_cdp_session(page)
        assert session.send("Page.getAppManifest")["errors"] == []
        errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
        # The test's profile is a private window, which installs nothing: no fault of the site.
        assert [error["errorId"] for error in errors if error["errorId"] != "in-incognito"] == []


def test_without_room_on_the_device_it_works_and_says_what_that_means(page: Page, site: Path, unseen: Unseen) -> None:
    with Server(site) as server:
        session = page.context.new_cdp_session(page)
        session.send("Storage.overrideQuotaForOrigin", {"origin": server.origin, "quotaSize": 3_000_000})
        workbench = Workbench(page, server.url).open()
        status = page.locator(".drop offcut-engine-status")
        expect(status).to_contain_text("had no room to keep it", timeout=120_000)
        workbench.choose(unseen("coffee")).wait("done")
        assert pixels(workbench.download()).shape == (400, 600, 4)
        assert "works without a network" not in page.locator("#privacy-note").inner_text()

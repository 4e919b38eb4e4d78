# SPDX-License-Identifier: AGPL-3.0-or-later
"""A self-hoster's plain http page: no isolation, no service worker, no caches, no WebCrypto; it works all the same."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sitebuild import browser as chromium
from sitebuild.serve import Server

from .conftest import Unseen, default_parts, pixels
from .workbench import Workbench

HOST = "offcut.test"


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A page of a browser that finds HOST on this machine; to it, HOST is no secure context."""
    path = os.environ.get("OFFCUT_CHROMIUM") or chromium.system()
    flags = [*chromium.FLAGS, f"--host-resolver-rules=MAP {HOST} 127.0.0.1"]
    with browser.browser_type.launch(executable_path=path, args=flags) as launched:
        yield launched.new_context(accept_downloads=True).new_page()


def test_over_plain_http_it_works_on_one_thread_and_says_so(plain_page: Page, site: Path, unseen: Unseen) -> None:
    errors: list[str] = []
    plain_page.on("pageerror", lambda error: errors.append(str(error)))
    with Server(site) as server:
        workbench = Workbench(plain_page, f"http://{HOST}:{server.port}/").open()
        assert plain_page.evaluate("[isSecureContext, crossOriginIsolated]") == [False, False]
        status = plain_page.locator(".drop offcut-engine-status")
        expect(status).to_contain_text("on one thread: this page is not isolated", timeout=120_000)
        workbench.choose(unseen("coffee")).wait("done")
        assert pixels(workbench.download()).shape == (400, 600, 4)
        assert "one thread" in plain_page.locator(".facts").first.inner_text()
        assert plain_page.locator("offcut-privacy button").inner_text() == "Stays on this device"
        weights = [path for _, path, _ in server.log if "/weights/" in path]
        assert len(weights) == len(set(weights)) == len(default_parts(site))
    assert errors == []


def test_over_plain_http_a_wrong_byte_is_still_refused(plain_page: Page, site: Path) -> None:
    victim = default_parts(site)[0].name

    with Server(site) as server:
        spoilt = bytearray((site / "weights" / victim).read_bytes())
        spoilt[100] ^= 1
        plain_page.route(f"**/weights/{victim}", lambda route: route.fulfill(body=bytes(spoilt)))
        Workbench(plain_page, f"http://{HOST}:{server.port}/").open()
        status = plain_page.locator(".drop offcut-engine-status")
        expect(status).to_contain_text("arrived damaged and was refused", timeout=60_000)


def test_over_plain_http_the_engines_page_says_that_nothing_can_be_kept(plain_page: Page, site: Path) -> None:
    errors: list[str] = []
    plain_page.on("pageerror", lambda error: errors.append(str(error)))
    with Server(site) as server:
        plain_page.goto(f"http://{HOST}:{server.port}/engines/")
        storage = plain_page.locator("offcut-storage")
        expect(storage).to_contain_text("This page may not keep anything here. The site is not opened over https")
        expect(plain_page.locator("#import-file")).to_be_disabled()
        expect(plain_page.locator(".engine .engine-actions button")).to_have_count(0)
        plain_page.get_by_role("button", name="Check everything").click()
        expect(plain_page.locator("offcut-receipt")).to_contain_text("This page keeps no files for offline use.")
    assert errors == []

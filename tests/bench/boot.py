# SPDX-License-Identifier: AGPL-3.0-or-later
"""From opening the page to an engine that is ready: on the first visit, and on later ones.

Each run begins with an empty profile on disk. Every visit is a new browser process on that profile, as on another
day; a visit ends once everything is on the device, the snapshot of Python's memory included, from which later
visits start. The site's server is on this machine, so the first visit shows what the work costs, not what the
network does.
"""

import shutil
import statistics
import sys
from pathlib import Path
from typing import Any

import _bench
from playwright.sync_api import Playwright, sync_playwright

from sitebuild import browser as chromium
from sitebuild.serve import Server

NAMES = ("first", "second", "third", "fourth", "fifth")

# Resolves once the page says that everything is on the device.
ALL_KEPT = """
(patience) => new Promise((resolve, reject) => {
  const line = document.querySelector(".drop offcut-engine-status");
  const look = () => { if (line.offline) resolve(); else setTimeout(look, 50); };
  setTimeout(() => reject(new Error("the site was not on the device in time")), patience);
  look();
})
"""
# Resolves once the snapshot is stored, with false when none was in time: not every browser makes one.
SNAPSHOT_KEPT = """
async (patience) => {
  const end = performance.now() + patience;
  while (performance.now() < end) {
    const kept = await (await caches.open("offcut-snapshot")).keys();
    if (kept.some(({ url }) => new URL(url).pathname.endsWith("/index"))) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}
"""
SNAPSHOT_PATIENCE_MS = 120_000
RESTORED = """() => document.querySelector("offcut-workbench").staff.python.restored"""
PAINTED = """() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0"""


def visit(playwright: Playwright, profile: Path, server: Server) -> tuple[dict[str, float], str]:
    """One visit; milliseconds since the navigation began, and the browser's version."""
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=_bench.executable(), args=list(chromium.FLAGS), headless=True
    )
    version = context.browser.version if context.browser else "of an unknown version"
    before = sum(size for _, _, size in server.sent)
    page = context.pages[0] if context.pages else context.new_page()
    ready = _bench.open_ready(page, server.url)
    restored: bool = page.evaluate(RESTORED)
    page.evaluate(ALL_KEPT, _bench.PATIENCE_MS)
    if not page.evaluate(SNAPSHOT_KEPT, SNAPSHOT_PATIENCE_MS):
        print("  no snapshot was made", file=sys.stderr, flush=True)
    python, engine = ready["python"], ready["engine"]
    figures = {
        "painted": page.evaluate(PAINTED),
        "python begins": python["since"] - python["ms"],
        "python takes": python["ms"],
        "restored": float(restored),
        "engine begins": engine["since"] - engine["ms"],
        "engine takes": engine["ms"],
        "ready": max(python["since"], engine["since"]),
        "bytes": float(sum(size for _, _, size in server.sent) - before),
    }
    context.close()
    return figures, version


def main() -> None:
    """Run the benchmark."""
    parser = _bench.parser(__doc__ or "")
    parser.add_argument("--runs", type=int, default=3, help="runs, of which the medians are shown (default: 3)")
    parser.add_argument("--visits", type=int, default=2, choices=range(1, 6), help="visits a run (default: 2)")
    options = parser.parse_args()
    names = NAMES[: options.visits]
    found: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    machine: dict[str, Any] = {}
    with _bench.workplace() as (site, scratch), sync_playwright() as playwright, Server(site) as server:
        for run in range(max(1, options.runs)):
            profile = scratch / f"profile-{run}"
            for name in names:
                figures, version = visit(playwright, profile, server)
                if not machine:
                    machine = _bench.machine(version)
                    _bench.introduce(machine)
                found[name].append(figures)
                print(f"  run {run + 1}: {name} visit {figures['ready'] / 1000:.2f} s", file=sys.stderr, flush=True)
            shutil.rmtree(profile, ignore_errors=True)

    rows = []
    middles: dict[str, dict[str, float]] = {}
    for name, visits in found.items():
        middle = {key: statistics.median(each[key] for each in visits) for key in visits[0]}
        middles[name] = middle
        keys = ("painted", "python begins", "python takes", "engine begins", "engine takes", "ready")
        start = "snapshot" if middle["restored"] else "wheels"
        rows.append((name, start, *[f"{middle[key] / 1000:.2f}" for key in keys], f"{middle['bytes'] / 1e6:.1f}"))
    head = ("visit", "python", "painted", "python from", "takes", "engine from", "takes", "ready", "MB served")
    print(f"Seconds since the navigation began, medians of {max(1, options.runs)}")
    _bench.table(head, rows, left=2)
    if options.visits > 1:
        ratio = statistics.median(b["ready"] / a["ready"] for a, b in zip(*list(found.values())[:2], strict=True))
        print(f"Second visit / first visit: {ratio:.2f} (target: 0.50 or less, {_bench.verdict(ratio, 0.5)})")
    low_high = {name: _bench.spread([each["ready"] / 1000 for each in visits]) for name, visits in found.items()}
    for name, (low, _, high) in low_high.items():
        print(f"Ready on the {name} visit: {low:.2f} to {high:.2f} s")
    _bench.save(options.json, {"machine": machine, "medians": middles, "runs": found})


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Memory of the tab for pictures of 1, 12 and 48 MP: engine ready, at the peak of the job, and after it.

Each size gets a fresh browser. "Tab" is the renderer process of the page with both workers (resident set; the peak
is the kernel's own high-water mark where it can be reset, else the largest of many samples). "Browser" adds up all
of its processes (proportional set, so that shared pages count once): finished files and canvases live outside of the
tab's process. "Counted" is what performance.measureUserAgentSpecificMemory() says at the end. Linux only.
"""

import contextlib
import threading
import time
from pathlib import Path
from typing import Any

import _bench
from playwright.sync_api import Page, sync_playwright

from sitebuild.serve import Server

MB = 1e6
EVERY_S = 0.02
BROWSER_EVERY_S = 0.25

# Lets the benchmark ask for a collection.
COLLECTABLE = "--js-flags=--expose-gc"
# Chromium would else wait for its next garbage collection, which may be a minute away.
EAGER = "--enable-blink-features=ForceEagerMeasureMemory"
COUNT = """
async (patience) => {
  const late = new Promise((resolve) => setTimeout(() => resolve(null), patience));
  const found = await Promise.race([performance.measureUserAgentSpecificMemory(), late]);
  return found && found.bytes;
}
"""


def collect(page: Page) -> None:
    """Have the garbage of the page and of both workers collected."""
    page.evaluate("() => gc()")
    for worker in page.workers:
        if worker.url.endswith(("workers/python.js", "workers/inference.js")):
            worker.evaluate("() => gc()")


def status(pid: int, field: str) -> int:
    """A size of /proc/PID/status in bytes, 0 where the process is gone."""
    with contextlib.suppress(OSError, ValueError, StopIteration):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith(field + ":")).split()[1]) * 1024
    return 0


def share(pid: int) -> int | None:
    """The proportional set size of a process in bytes, None where it is gone or not told."""
    with contextlib.suppress(OSError, ValueError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) * 1024
    return None


class Watch:
    """Samples one renderer, and more seldom all processes of its browser, until the block ends."""

    def __init__(self, renderer: int, everyone: list[int]) -> None:
        self.renderer, self.everyone = renderer, everyone
        self.tab = 0
        self.browser = 0
        self.exact = self._reset()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def _reset(self) -> bool:
        """Set the kernel's high-water mark back to the present size."""
        try:
            Path(f"/proc/{self.renderer}/clear_refs").write_text("5")
        except OSError:
            return False
        return True

    def total(self) -> int:
        """All processes now; 0 where the system does not tell."""
        return sum(share(pid) or 0 for pid in self.everyone)

    def _sample(self) -> None:
        due = 0.0
        while not self._ended.wait(EVERY_S):
            self.tab = max(self.tab, status(self.renderer, "VmRSS"))
            if time.monotonic() >= due:
                self.browser = max(self.browser, self.total())
                due = time.monotonic() + BROWSER_EVERY_S

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        if self.exact:
            self.tab = max(self.tab, status(self.renderer, "VmHWM"))


def one(page: Page, url: str, processes: _bench.Processes, photo: Path) -> dict[str, Any]:
    """One picture in a fresh browser."""
    _bench.open_ready(page, url)
    processes.settle(page)
    listed = processes.all()
    everyone = [int(each["id"]) for each in listed]
    # The page with Pyodide and the net in it is by far the largest.
    renderer = max(
        (int(each["id"]) for each in listed if each["type"] == "renderer"), key=lambda pid: status(pid, "VmRSS")
    )
    figures: dict[str, Any] = {"tab ready": status(renderer, "VmRSS")}
    with Watch(renderer, everyone) as watch:
        figures["browser ready"] = watch.total()
        result = _bench.run_job(page, photo)
        # Showing the result belongs to it.
        processes.settle(page)
    figures |= {
        "tab peak": watch.tab,
        "browser peak": watch.browser,
        "peak is exact": watch.exact,
        "tab after": status(renderer, "VmRSS"),
        "browser after": watch.total(),
        "seconds": result["ms"] / 1000,
        "width": result["width"],
        "height": result["height"],
    }
    collect(page)
    processes.settle(page)
    figures["tab collected"] = status(renderer, "VmRSS")
    _bench.clear(page)
    collect(page)
    processes.settle(page)
    figures["tab cleared"] = status(renderer, "VmRSS")
    figures["counted"] = page.evaluate(COUNT, 5_000)
    return figures


def report(found: dict[int, dict[str, Any]]) -> None:
    """Print the tables."""

    def mb(value: int | None) -> str:
        return f"{value / MB:,.0f}" if value else "?"

    rows: list[tuple[str, ...]] = []
    for size, each in found.items():
        growth = each["tab peak"] - each["tab ready"]
        values = (each["tab ready"], each["tab peak"], growth, each["tab after"])
        rows.append((f"{size} MP", *[mb(value) for value in (*values, each["tab collected"], each["tab cleared"])]))
    _bench.table(("tab, MB", "engine ready", "peak", "growth", "after", "garbage out", "list empty"), rows)
    rows = []
    for size, each in found.items():
        growth = each["browser peak"] - each["browser ready"]
        values = (each["browser ready"], each["browser peak"], growth, each["browser after"])
        rows.append((f"{size} MP", *[mb(value) for value in values]))
    _bench.table(("browser, MB", "engine ready", "peak", "growth", "after"), rows)
    rows = [(f"{size} MP", mb(each["counted"])) for size, each in found.items()]
    _bench.table(("counted, MB", "list empty"), rows)
    if not all(each["counted"] for each in found.values()):
        print(
            "Not counted: measureUserAgentSpecificMemory() got no answer (a thread of the net that sleeps gives none)."
        )
    if not all(each["peak is exact"] for each in found.values()):
        print(
            f"The kernel did not let its high-water mark be reset: peaks are the largest of samples {EVERY_S} s apart."
        )


def main() -> None:
    """Run the benchmark."""
    parser = _bench.parser(__doc__ or "")
    parser.add_argument(
        "--megapixels", type=int, nargs="+", choices=(1, 12, 48), default=[1, 12, 48], help="sizes (default: all)"
    )
    options = parser.parse_args()
    if not Path("/proc/self/status").is_file():
        print("This benchmark reads the memory of processes from /proc, which only Linux has. Nothing was measured.")
        return
    found: dict[int, dict[str, Any]] = {}
    machine: dict[str, Any] = {}
    with _bench.workplace() as (site, scratch), sync_playwright() as playwright:
        for size in options.megapixels:
            photo = _bench.photo(scratch, size)
            browser = _bench.launch(playwright, EAGER, COLLECTABLE)
            if not machine:
                machine = _bench.machine(browser.version)
                _bench.introduce(machine)
            with Server(site) as server:
                found[size] = one(browser.new_page(), server.url, _bench.Processes(browser), photo)
            browser.close()
    report(found)
    _bench.save(options.json, {"machine": machine, "megapixels": {str(size): each for size, each in found.items()}})


if __name__ == "__main__":
    main()

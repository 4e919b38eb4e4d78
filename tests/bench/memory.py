# SPDX-License-Identifier: AGPL-3.0-or-later
"""Memory of the tab for pictures of 1, 12 and 48 MP: engine ready, at the peak of the job, and after it.

Each size gets a fresh browser. "Tab" is the renderer process of the page with both workers (resident set; the peak
is the kernel's own high-water mark where it can be reset, else the largest of many samples). "Browser" adds up all
of its processes (proportional set, so that shared pages count once): finished files and canvases live outside of the
tab's process. "Counted" is what the browser itself counts for the page and its workers after the job. Linux only.
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

# Without it Chromium waits for its next garbage collection, which may be a minute away.
EAGER = "--enable-blink-features=ForceEagerMeasureMemory"
COUNT = """
async (patience) => {
  const late = new Promise((resolve) => setTimeout(() => resolve(null), patience));
  const found = await Promise.race([performance.measureUserAgentSpecificMemory(), late]);
  if (!found) return null;
  const parts = { page: 0, python: 0, inference: 0, other: 0 };
  for (const { bytes, attribution } of found.breakdown) {
    const urls = attribution.map(({ url, scope }) => `${scope} ${url}`).join(" ");
    const part = urls.includes("workers/python.js")
      ? "python"
      : urls.includes("workers/inference.js")
        ? "inference"
        : urls.includes("Window ")
          ? "page"
          : "other";
    parts[part] += bytes;
  }
  return { bytes: found.bytes, ...parts };
}
"""


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
        "counted": page.evaluate(COUNT, 60_000),
        "seconds": result["ms"] / 1000,
        "width": result["width"],
        "height": result["height"],
    }
    _bench.clear(page)
    processes.settle(page)
    figures["tab cleared"] = status(renderer, "VmRSS")
    figures["counted cleared"] = page.evaluate(COUNT, 60_000)
    return figures


def report(found: dict[int, dict[str, Any]]) -> None:
    """Print the tables."""

    def mb(value: int | None) -> str:
        return f"{value / MB:,.0f}" if value else "?"

    rows = [
        (
            f"{size} MP",
            mb(each["tab ready"]),
            mb(each["tab peak"]),
            mb(each["tab peak"] - each["tab ready"]),
            mb(each["tab after"]),
            mb(each["tab cleared"]),
        )
        for size, each in found.items()
    ]
    _bench.table(("tab, MB", "engine ready", "peak", "growth", "after", "list empty"), rows)
    rows = [
        (
            f"{size} MP",
            mb(each["browser ready"]),
            mb(each["browser peak"]),
            mb(each["browser peak"] - each["browser ready"]),
            mb(each["browser after"]),
            "",
        )
        for size, each in found.items()
    ]
    _bench.table(("browser, MB", "engine ready", "peak", "growth", "after", ""), rows)
    parts = ("python", "inference", "page", "other")
    rows = []
    for size, each in found.items():
        for label, key in (("after", "counted"), ("list empty", "counted cleared")):
            count = each[key] or {}
            rows.append((f"{size} MP, {label}", mb(count.get("bytes")), *[mb(count.get(part)) for part in parts]))
    _bench.table(("counted by the browser, MB", "all", *parts), rows)
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
            browser = _bench.launch(playwright, EAGER)
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

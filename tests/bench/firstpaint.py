# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the first visit costs before there is something to see, and before a picture can be dropped.

Bytes are counted where they are sent, compressed as they are; requests of the service worker count too. Then the
same on a slow phone's terms (fast 3G, a processor four times slower): times, and how much the layout shifts while
the page loads and through a whole job. Every visit has empty caches.
"""

import statistics
import time
from pathlib import Path
from typing import Any

import _bench
from playwright.sync_api import Browser, CDPSession, Page

from sitebuild.serve import Server

TARGET_BYTES = 100_000
# The browser's own preset "Fast 3G". It holds for the page; workers and the service worker have the whole line.
FAST_3G = {"offline": False, "latency": 562.5, "downloadThroughput": 180_000, "uploadThroughput": 84_375}
FULL_LINE = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
SLOWDOWN = 4

# Watches from before the first script: when the page begins to listen for pictures, and each shift of its layout.
PROBE = """
(() => {
  const probe = (globalThis.benchProbe = { interactive: 0, shifts: [] });
  const awaited = new Set(["drop", "change"]);
  const add = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (type, ...rest) {
    if ((type === "drop" && this === document) || (type === "change" && this.id === "choose")) {
      awaited.delete(type);
      if (awaited.size === 0) probe.interactive ||= performance.now();
    }
    return add.call(this, type, ...rest);
  };
  const name = (node) => {
    const element = node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement;
    if (!element) return "?";
    const classes = [...element.classList].slice(0, 2).map((each) => `.${each}`).join("");
    return element.localName + (element.id ? `#${element.id}` : "") + classes;
  };
  new PerformanceObserver((list) => {
    for (const { value, startTime, sources } of list.getEntries()) {
      probe.shifts.push({ value, at: startTime, what: [...new Set(sources.map(({ node }) => name(node)))] });
    }
  }).observe({ type: "layout-shift", buffered: true });
})();
"""
MOMENTS = """
(patience) => new Promise((resolve, reject) => {
  const look = () => {
    const paint = performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
    const { interactive } = benchProbe;
    if (paint && interactive) resolve({ paint, interactive, origin: performance.timeOrigin });
    else setTimeout(look, 20);
  };
  setTimeout(() => reject(new Error("the page was not painted or not interactive in time")), patience);
  look();
})
"""


class Stamped(list[tuple[str, int, int]]):
    """A server's list of what it sent, with the time of each."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def append(self, item: tuple[str, int, int]) -> None:
        """Note one response, now."""
        self.times.append(time.time() * 1000)
        super().append(item)


class Wire:
    """What the page's own requests weigh with their headers, as the browser counts."""

    def __init__(self, session: CDPSession) -> None:
        self._urls: dict[str, str] = {}
        self._sizes: dict[str, int] = {}
        session.on("Network.requestWillBeSent", self._begun)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def _begun(self, event: dict[str, Any]) -> None:
        self._urls[event["requestId"]] = event["request"]["url"]

    def _finished(self, event: dict[str, Any]) -> None:
        url = self._urls.get(event["requestId"], "")
        self._sizes.setdefault(url, int(event["encodedDataLength"]))

    def total(self, server: Server, paths: list[str]) -> int:
        """The sum for these paths."""
        return sum(self._sizes.get(server.url + ("" if path == "(the page)" else path), 0) for path in paths)


def visit(browser: Browser, server: Server) -> tuple[Page, CDPSession]:
    """A blank page with empty caches and the probe in it."""
    page = browser.new_context().new_page()
    page.add_init_script(PROBE)
    session = page.context.new_cdp_session(page)
    server.sent = Stamped()
    return page, session


def cls(shifts: list[dict[str, Any]]) -> float:
    """Cumulative layout shift: the worst window of at most 5 s whose shifts are less than 1 s apart."""
    worst = total = 0.0
    first = last = float("-inf")
    for shift in shifts:
        if shift["at"] - last >= 1000 or shift["at"] - first >= 5000:
            first, total = shift["at"], 0.0
        last = shift["at"]
        total += shift["value"]
        worst = max(worst, total)
    return worst


def plain(browser: Browser, server: Server) -> dict[str, Any]:
    """One visit on the whole line: what was sent until which moment."""
    page, session = visit(browser, server)
    wire = Wire(session)
    page.goto(server.url)
    moments = page.evaluate(MOMENTS, _bench.PATIENCE_MS)
    page.evaluate(_bench.ENGINE_READY, _bench.PATIENCE_MS)
    sent = server.sent
    assert isinstance(sent, Stamped)
    files = [
        {"path": path.removeprefix(server.prefix) or "(the page)", "bytes": size, "at": at - moments["origin"]}
        for (path, _, size), at in zip(list(sent), list(sent.times), strict=False)
    ]
    page.context.close()
    paths = [each["path"] for each in files if each["at"] <= moments["paint"]]
    return {
        "paint": moments["paint"],
        "interactive": moments["interactive"],
        "files": files,
        "with headers to paint": wire.total(server, paths),
    }


def slow(browser: Browser, server: Server, photo: Path) -> dict[str, Any]:
    """One visit on a slow phone's terms, and a whole job; the heavy parts then come by the whole line."""
    page, session = visit(browser, server)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", FAST_3G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    page.goto(server.url, timeout=_bench.PATIENCE_MS)
    moments = page.evaluate(MOMENTS, _bench.PATIENCE_MS)
    page.wait_for_load_state("load")
    page.wait_for_timeout(2000)
    session.send("Network.emulateNetworkConditions", FULL_LINE)
    page.evaluate(_bench.ENGINE_READY, _bench.PATIENCE_MS)
    page.wait_for_timeout(500)
    loading = page.evaluate("() => benchProbe.shifts")
    page.evaluate(_bench.JOB_CLOCK)
    _bench.run_job(page, photo)
    page.wait_for_timeout(2000)
    shifts = page.evaluate("() => benchProbe.shifts")
    page.context.close()
    return {
        "paint": moments["paint"],
        "interactive": moments["interactive"],
        "cls of the load": cls(loading),
        "cls of the job": cls(shifts[len(loading) :]),
        "shifts": shifts,
        "shifts of the load": len(loading),
    }


def report_bytes(visits: list[dict[str, Any]]) -> dict[str, Any]:
    """Print the files of the first visit by size, and the sums of all visits."""
    first = visits[0]
    until = max(first["paint"], first["interactive"])
    sent: list[tuple[str, str, str, str]] = []
    for each in sorted(first["files"], key=lambda each: -int(each["bytes"])):
        if each["at"] <= until:
            moments = [name for name in ("paint", "interactive") if each["at"] <= first[name]]
            sent.append((each["path"], f"{each['bytes']:,}", f"{each['at']:.0f}", ", ".join(moments)))
    _bench.table(("sent before the page was interactive", "bytes", "ms", "before"), sent)

    rows: list[tuple[str, ...]] = []
    figures: dict[str, Any] = {}
    for label, moment in (("first contentful paint", "paint"), ("interactive", "interactive")):
        before = [[each for each in one["files"] if each["at"] <= one[moment]] for one in visits]
        counts = [len(files) for files in before]
        sums = [sum(each["bytes"] for each in files) for files in before]
        when = statistics.median(one[moment] for one in visits)
        rows.append((label, f"{when:.0f}", f"{statistics.median(counts):.0f}", f"{max(counts)}", f"{max(sums):,}"))
        figures[moment] = {"ms": when, "requests": max(counts), "bytes": max(sums)}
    _bench.table(("before", "ms", "requests", "most", "bytes, most"), rows)
    for label, moment in (("first paint", "paint"), ("interactive", "interactive")):
        count = figures[moment]["bytes"]
        print(f"Sent to {label}: {count:,} B (target <= {TARGET_BYTES:,} B: {_bench.verdict(count, TARGET_BYTES)})")
    wire = max(one["with headers to paint"] for one in visits)
    figures["paint"]["bytes with headers"] = wire
    print(f"Sent to first paint, response headers included: {wire:,} B\n")
    return figures


def report_slow(visits: list[dict[str, Any]]) -> dict[str, Any]:
    """Print the slow visits."""
    rows: list[tuple[str, ...]] = []
    figures = {}
    for key, form in (
        ("paint", "{:.0f}"),
        ("interactive", "{:.0f}"),
        ("cls of the load", "{:.4f}"),
        ("cls of the job", "{:.4f}"),
    ):
        values = _bench.spread([one[key] for one in visits])
        unit = " (ms)" if form == "{:.0f}" else ""
        rows.append((key + unit, *[form.format(value) for value in values]))
        figures[key] = values[1]
    _bench.table((f"fast 3G, processor {SLOWDOWN}x slower", "min", "median", "max"), rows)
    worst = max(visits, key=lambda one: max(one["cls of the load"], one["cls of the job"]))
    largest: list[tuple[str, str, str, str]] = []
    for number, shift in enumerate(worst["shifts"]):
        where = "load" if number < worst["shifts of the load"] else "job"
        largest.append((where, f"{shift['value']:.4f}", f"{shift['at']:.0f}", " ".join(shift["what"])))
    if largest:
        largest.sort(key=lambda row: -float(row[1]))
        _bench.table(("largest shifts", "value", "ms", "what moved"), largest[:8])
    else:
        print("Nothing shifted.")
    return figures


def main() -> None:
    """Run the benchmark."""
    parser = _bench.parser(__doc__ or "")
    parser.add_argument("--runs", type=int, default=3, help="visits of each kind (default: 3)")
    options = parser.parse_args()
    runs = range(max(1, options.runs))
    with _bench.workplace() as (site, scratch), _bench.one_browser() as browser, Server(site) as server:
        machine = _bench.machine(browser.version)
        _bench.introduce(machine)
        photo = _bench.photo(scratch, 1)
        whole = [plain(browser, server) for _ in runs]
        counted = report_bytes(whole)
        throttled = [slow(browser, server, photo) for _ in runs]
        timed = report_slow(throttled)
    _bench.save(
        options.json, {"machine": machine, "sent": counted, "slow": timed, "visits": whole, "slow visits": throttled}
    )


if __name__ == "__main__":
    main()

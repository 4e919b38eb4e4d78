# SPDX-License-Identifier: AGPL-3.0-or-later
"""File in to PNG out on one 12 MP photograph, warm: Offcut beside @imgly/background-removal.

Both run in one browser process, each on its own page, never at the same time, in turns (Offcut, peer, Offcut, …).
The clock is the page's own: from the change event of the file input to the finished PNG. Each turn gets a new file,
the same for both: Offcut would otherwise know the matte already.

How fast the machine is just then is told by a yardstick in each turn: the browser alone turns the same JPEG into
pixels (createImageBitmap, drawImage, getImageData).
"""

import base64
import json
import statistics
import sys
from pathlib import Path
from typing import Any

import _bench
import _peer
from playwright.sync_api import Page, Worker

from sitebuild import assets
from sitebuild.layout import Layout
from sitebuild.serve import Server

TARGET_RATIO = 0.9
TARGET_REST_MS = 900
YARDSTICK_MS = 141  # what the yardstick took on the machine that the target was set on
STAGES = ("read", "pack", "infer", "refine", "compose", "encode")

# Wraps the session's run inside the inference worker; the shipped script is not touched.
TIME_THE_NET = """
async () => {
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  const { InferenceSession } = await import(loaded.find((name) => name.endsWith("/ort.wasm.min.mjs")));
  const run = InferenceSession.prototype.run;
  globalThis.benchNet = 0;
  InferenceSession.prototype.run = async function (...given) {
    const began = performance.now();
    try {
      return await run.apply(this, given);
    } finally {
      globalThis.benchNet += performance.now() - began;
    }
  };
}
"""


TAKE_THE_TIME = """
() => {
  const spent = globalThis.benchNet;
  globalThis.benchNet = 0;
  return spent;
}
"""

YARDSTICK = """
async (base64) => {
  const blob = new Blob([Uint8Array.from(atob(base64), (each) => each.charCodeAt(0))], { type: "image/jpeg" });
  const began = performance.now();
  const bitmap = await createImageBitmap(blob);
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  context.getImageData(0, 0, bitmap.width, bitmap.height);
  return performance.now() - began;
}
"""


class Offcut:
    """The shipped site on its page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        ready = _bench.open_ready(page, url)
        assert ready["isolated"], "Offcut's page is not isolated"
        self.worker: Worker | None = None

    def run(self, path: Path) -> dict[str, Any]:
        """One picture; the list is empty again afterwards."""
        # Another model comes with another worker, on the first picture that asks for it.
        newest = [each for each in self.page.workers if each.url.endswith("workers/inference.js")][-1]
        if newest is not self.worker:
            newest.evaluate(TIME_THE_NET)
            self.worker = newest
        result = _bench.run_job(self.page, path)
        here = self.worker in self.page.workers
        result["net"] = self.worker.evaluate(TAKE_THE_TIME) if here else result["timings"]["infer"]
        _bench.clear(self.page)
        return result


class Peer:
    """The peer on its page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        page.goto(url)
        assert page.evaluate("() => crossOriginIsolated"), "the peer's page is not isolated"

    def run(self, path: Path) -> dict[str, Any]:
        """One picture."""
        result = _peer.run(self.page, path, _bench.PATIENCE_MS)
        result["yardstick"] = self.page.evaluate(YARDSTICK, base64.b64encode(path.read_bytes()).decode())
        return result


def measure(sides: dict[str, Offcut | Peer], processes: _bench.Processes, photo: Path, runs: int, warm: int) -> Any:
    """The results of every turn, by side; the first `warm` turns of each are not kept."""
    results: dict[str, list[dict[str, Any]]] = {name: [] for name in sides}
    for turn in range(-warm, runs):
        path = _bench.another(photo, turn + warm)
        for name, side in sides.items():
            side.page.bring_to_front()
            idle = processes.settle(side.page)
            result = side.run(path)
            size = f"{result['width']}x{result['height']}"
            assert result["mime"] == "image/png" and size == "4000x3000", f"{name} gave {result['mime']} {size}"
            result["idle"] = idle
            if turn >= 0:
                results[name].append(result)
            kind = f"run {turn + 1}" if turn >= 0 else "warm-up"
            busy = "" if idle else " (the browser was not idle before)"
            print(f"  {kind}: {name} {result['ms'] / 1000:.2f} s{busy}", file=sys.stderr, flush=True)
        path.unlink()
    return results


def report(results: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Print the tables; return what they say."""
    ours, theirs = results["Offcut"], results["peer"]
    for each in ours:
        each["rest"] = each["ms"] - each["timings"]["infer"]
        each["around the net"] = each["ms"] - each["net"]
    for each in theirs:
        each["around the net"] = each["ms"] - each["infer"]

    rows = []
    figures: dict[str, Any] = {}
    for label, side, key in (
        ("Offcut, file in to PNG out", ours, "ms"),
        ("  of it, the net itself", ours, "net"),
        ("  all around the net", ours, "around the net"),
        ("peer, file in to PNG out", theirs, "ms"),
        ("  of it, the net itself", theirs, "infer"),
        ("  all around the net", theirs, "around the net"),
    ):
        low, middle, high = _bench.spread([each[key] / 1000 for each in side])
        rows.append((label, f"{low:.2f}", f"{middle:.2f}", f"{high:.2f}"))
        figures[f"{'Offcut' if side is ours else 'peer'} {key} s"] = middle
    _bench.table(("seconds", "min", "median", "max"), rows)

    rows = []
    for stage in STAGES:
        low, middle, high = _bench.spread([each["timings"].get(stage, 0.0) for each in ours])
        rows.append((stage, f"{low:.0f}", f"{middle:.0f}", f"{high:.0f}"))
        figures[f"stage {stage} ms"] = middle
    outside = [each["ms"] - sum(each["timings"].values()) for each in ours]
    low, middle, high = _bench.spread(outside)
    rows.append(("between and outside", f"{low:.0f}", f"{middle:.0f}", f"{high:.0f}"))
    figures["outside ms"] = middle
    _bench.table(("Offcut's stages, ms", "min", "median", "max"), rows)

    ratios = [one["ms"] / other["ms"] for one, other in zip(ours, theirs, strict=True)]
    ratio = statistics.median(ratios)
    rest = statistics.median(each["rest"] for each in ours)
    yardstick = statistics.median(each["yardstick"] for each in theirs)
    share, target = rest / yardstick, TARGET_REST_MS / YARDSTICK_MS
    figures |= {"ratios": ratios, "ratio": ratio, "everything but inference ms": rest, "yardstick ms": yardstick}
    print("Offcut / peer, pair by pair: " + "  ".join(f"{each:.2f}" for each in ratios))
    print(f"Offcut / peer, median: {ratio:.2f} (target <= {TARGET_RATIO}: {_bench.verdict(ratio, TARGET_RATIO)})")
    print(
        f"Everything but inference, median: {rest:.0f} ms "
        f"(target <= {TARGET_REST_MS} ms: {_bench.verdict(rest, TARGET_REST_MS)})"
    )
    print(
        f"  {share:.1f} times the yardstick, {yardstick:.0f} ms; it took {YARDSTICK_MS} ms where the target was set "
        f"(target <= {target:.1f} times: {_bench.verdict(share, target)})"
    )
    sizes = [statistics.median(each["bytes"] for each in side) / 1e6 for side in (ours, theirs)]
    print(f"PNG: Offcut {sizes[0]:.1f} MB, peer {sizes[1]:.1f} MB")
    return figures


def main() -> None:
    """Run the benchmark."""
    parser = _bench.parser(__doc__ or "")
    parser.add_argument("--runs", type=int, default=5, help="pairs of runs (default: 5)")
    parser.add_argument("--warm", type=int, default=1, help="runs of each before the first that counts (default: 1)")
    parser.add_argument("--plan", default="default", help="Offcut's plan (default: the site's own)")
    parser.add_argument("--peer", choices=_peer.SIZES, default="small", help="the peer's weights (default: small)")
    options = parser.parse_args()
    layout = Layout.here()
    with _bench.workplace() as (site, scratch), _bench.one_browser() as browser:
        found = _bench.machine(browser.version)
        _bench.introduce(found)
        photo = _bench.photo(scratch, 12)
        _peer.make(layout, scratch / "peer", options.peer)
        peer = _peer.versions(layout)
        print(f"One JPEG of 4000x3000, {photo.stat().st_size / 1e6:.1f} MB, {options.runs} pairs of runs, warm")
        print(f"Offcut: plan {options.plan}, onnxruntime-web {assets.package_version(layout, 'onnxruntime-web')}")
        print(
            f'Peer:   {_peer.PACKAGE} {peer["package"]} "{options.peer}", onnxruntime-web {peer["onnxruntime-web"]}\n'
        )
        context = browser.new_context()
        if options.plan != "default":
            context.add_init_script(f"localStorage.setItem('offcut.plan', {json.dumps(options.plan)})")
        with Server(site) as server, _peer.served(scratch / "peer") as url:
            sides: dict[str, Offcut | Peer] = {
                "Offcut": Offcut(context.new_page(), server.url),
                "peer": Peer(context.new_page(), url),
            }
            results = measure(sides, _bench.Processes(browser), photo, max(1, options.runs), max(0, options.warm))
        context.close()
    figures = report(results)
    _bench.save(options.json, {"machine": found, "peer": peer, "figures": figures, "runs": results})


if __name__ == "__main__":
    main()

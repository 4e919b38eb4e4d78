# SPDX-License-Identifier: AGPL-3.0-or-later
"""What comes after the cutout: another backdrop on the screen, and the file of a picture of 12 MP.

The first clock is the page's own: from the wish to the call that puts the sketch's pixels on its canvas, the way to
Python's worker and back included. Nothing is inferred meanwhile, and the full picture is not made. The second is
Python's: the time of the stage that writes the file, apart from that of the stage that composes the picture. Each file
is made three times, and the median counts.
"""

import statistics
from pathlib import Path
from typing import Any

import _bench
from playwright.sync_api import Page, expect

from sitebuild.serve import Server

COMPOSED_MS = 50
WRITTEN_MS = {"PNG": 600, "JPEG": 300}
MEGAPIXELS = 12
TIMES = 3

BACKDROPS: dict[str, Any] = {
    "another colour": {"colour": "#628bce"},
    "a gradient": {"gradient": {"shape": "linear", "start": "#f4efe8", "end": "#b9c6d3", "angle": 90}},
    "the original, blurred": {"original": {"blur": 0.5, "grey": 0}},
    "the original, grey": {"original": {"blur": 0, "grey": 1}},
}

WISH = f"""
([backdrop, over]) => {_bench.SKETCHED}(() => {{
  const {{drafts, selected}} = document.querySelector("offcut-workbench");
  drafts.change(selected, {{...selected.recipe, scene: {{...selected.recipe.scene, backdrop}}}}, over);
}})
"""

MADE = "document.querySelector('offcut-workbench').selected.result"


def composed(page: Page, processes: _bench.Processes) -> dict[str, list[float]]:
    """Milliseconds to the sketch, of each backdrop: the first of three is the one that its preparation falls on."""
    page.locator("offcut-scene summary").click()
    processes.settle(page)
    found: dict[str, list[float]] = {name: [] for name in BACKDROPS}
    for _ in range(TIMES):
        for name, backdrop in BACKDROPS.items():
            found[name].append(float(page.evaluate(WISH, [backdrop, False])))
    page.locator("offcut-scene summary").click()
    return found


def written(page: Page) -> dict[str, dict[str, float]]:
    """Milliseconds of the last stages for each kind of file, on white."""
    page.locator("offcut-scene summary").click()
    page.get_by_role("radio", name="Colour", exact=True).click()
    page.locator("offcut-output summary").click()
    found = {}
    for name in WRITTEN_MS:
        runs = []
        for turn in range(TIMES):
            page.get_by_role("radio", name=name, exact=True).click()
            # Each time something else is asked, or nothing would be made.
            page.get_by_label("Name", exact=True).fill(f"{name} {turn}")
            page.keyboard.press("Tab")
            wanted = f"{name} {turn}".lower()
            page.wait_for_function(
                f"(name) => {MADE}.name.toLowerCase().startsWith(name)", arg=wanted, timeout=_bench.PATIENCE_MS
            )
            runs.append(page.evaluate(f"{MADE}.timings"))
        found[name] = {stage: statistics.median(run[stage] for run in runs) for stage in ("compose", "encode")}
    return found


def main() -> None:
    """Run the benchmark."""
    options = _bench.parser(__doc__ or "").parse_args()
    with _bench.workplace() as (site, scratch), Server(site) as server, _bench.one_browser() as browser:
        _bench.introduce(_bench.machine(browser.version))
        page = browser.new_page()
        _bench.open_ready(page, server.url)
        picture: Path = _bench.photo(scratch, MEGAPIXELS)
        _bench.run_job(page, picture)
        sketches = composed(page, _bench.Processes(browser))
        link = page.locator("a[download]")
        page.evaluate(WISH, [None, True])
        expect(link).to_be_visible(timeout=_bench.PATIENCE_MS)
        files = written(page)
    print(f"Milliseconds to the sketch of another backdrop, {MEGAPIXELS} MP: median and slowest of {TIMES}")
    rows = [[name, f"{statistics.median(times):.0f}", f"{max(times):.0f}"] for name, times in sketches.items()]
    _bench.table(["backdrop", "median", "slowest"], rows)
    colour = statistics.median(sketches["another colour"])
    print(f"Another colour: {colour:.0f} ms (target: {COMPOSED_MS} or less, {_bench.verdict(colour, COMPOSED_MS)})")
    print(f"Milliseconds of the last stages, {MEGAPIXELS} MP on white: median of {TIMES}")
    _bench.table(
        ["file", "composing", "writing", "target", ""],
        [
            [
                name,
                f"{stages['compose']:.0f}",
                f"{stages['encode']:.0f}",
                str(WRITTEN_MS[name]),
                _bench.verdict(stages["encode"], WRITTEN_MS[name]),
            ]
            for name, stages in files.items()
        ],
    )
    _bench.save(options.json, {"sketches": sketches, "files": files})


if __name__ == "__main__":
    main()

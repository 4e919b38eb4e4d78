# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the move of a slider to the sketch on the page's canvas, for pictures of 1, 12 and 48 MP.

The clock is the page's own: from the slider's input event to the call that puts the sketch's pixels on its canvas. The
panel of the edges is open, as it must be, and what it prepares when it opens is done; the full picture, which is made
when a slider rests, is not asked for.
"""

from pathlib import Path
from typing import Any

import _bench
from playwright.sync_api import Page, expect

from sitebuild.serve import Server

TARGET_MS = 150
MEGAPIXELS = (1, 12, 48)
MOVES: dict[str, list[float]] = {
    "Smooth": [0.1, 0.4, 0.7, 1, 0],
    "Shift": [-1, -8, 6, 15, 0],
    "Contrast": [0.2, 0.5, 0.8, 1, 0],
    "Feather": [1, 5, 10, 20, 0],
    "Clear old colour": [0.8, 0.5, 0.2, 0, 1],
}

MOVE = f"""
(slider, value) => {_bench.SKETCHED}(() => {{
  slider.value = value;
  slider.dispatchEvent(new Event("input", {{bubbles: true}}));
}})
"""


def moves(page: Page, processes: _bench.Processes, picture: Path) -> dict[str, list[float]]:
    """Milliseconds of each move of each slider."""
    _bench.run_job(page, picture)
    if not page.locator("offcut-edges details[open]").count():
        page.locator("offcut-edges summary").click()
    processes.settle(page)
    found = {}
    for name, values in MOVES.items():
        slider = page.get_by_role("slider", name=name, exact=True)
        found[name] = [float(slider.evaluate(MOVE, value)) for value in values]
    slider.dispatch_event("change")
    link = page.get_by_role("link", name="Download PNG")
    expect(link).to_have_count(0)
    expect(link).to_be_visible(timeout=_bench.PATIENCE_MS)
    _bench.clear(page)
    return found


def main() -> None:
    """Run the benchmark."""
    options = _bench.parser(__doc__ or "").parse_args()
    figures: dict[str, Any] = {}
    with _bench.workplace() as (site, scratch), Server(site) as server, _bench.one_browser() as browser:
        _bench.introduce(_bench.machine(browser.version))
        page = browser.new_page()
        _bench.open_ready(page, server.url)
        for size in MEGAPIXELS:
            figures[f"{size} MP"] = moves(page, _bench.Processes(browser), _bench.photo(scratch, size))
    rows = [
        [size, *(f"{max(times):.0f}" for times in found.values()), f"{max(map(max, found.values())):.0f}"]
        for size, found in figures.items()
    ]
    print("Milliseconds to the sketch, the slowest of five moves")
    _bench.table(["picture", *MOVES, "slowest"], rows)
    slowest = max(time for found in figures.values() for times in found.values() for time in times)
    print(f"Slowest: {slowest:.0f} ms (target: {TARGET_MS} or less, {_bench.verdict(slowest, TARGET_MS)})")
    _bench.save(options.json, figures)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Work by hand on pictures of 1, 12 and 48 MP: from the pointer to the screen, and from the lifted tool to the answer.

The first clock starts when the page is given a pointer event and stops when the frame that it changed has been drawn:
in a task after the animation frame that follows. A move comes when the one before it is on the screen. The second
starts when the tool is lifted and stops when what Python makes of it is on the paper; of lines that keep and drop a
draft comes first. The picture is looked at as a
whole, and in full size.
"""

import statistics
from typing import Any

import _bench
from playwright.sync_api import Page

from sitebuild.serve import Server

TARGET_MS = 32
SCRIBBLE_MS = 300
REST_MS = 300
"""Between two lines; the file in full is made when the hand rests for longer."""
MEGAPIXELS = (1, 12, 48)
TOOLS = ("erase", "restore", "protect", "lasso", "rectangle", "keep", "drop", "fill", "refine")
SOLVED = ("keep", "drop")
LINE = [(0.30, 0.35), (0.45, 0.55), (0.60, 0.40), (0.70, 0.60)]

# A stroke through shares of the stage, by events as a mouse gives them; resolves with the milliseconds of each move and
# with those to Python's answer.
STROKE = """
async ({ line, steps, tool }) => {
  const bench = document.querySelector("offcut-workbench");
  const stage = document.querySelector(".stage");
  const box = stage.getBoundingClientRect();
  bench.session.hand.set({ tool });
  const at = ([x, y]) => ({ clientX: box.left + x * box.width, clientY: box.top + y * box.height });
  const send = (type, place) => stage.dispatchEvent(new PointerEvent(type, {
    ...place, pointerId: 1, pointerType: "mouse", isPrimary: true, button: type === "pointermove" ? -1 : 0,
    buttons: type === "pointerup" ? 0 : 1, bubbles: true, cancelable: true }));
  stage.setPointerCapture = () => {};
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(performance.now());
    port2.postMessage(0);
  }));
  const moves = [];
  send("pointerdown", at(line[0]));
  await frame();
  for (let part = 1; part < line.length; part++) {
    for (let step = 1; step <= steps; step++) {
      const [from, to] = [line[part - 1], line[part]];
      const place = at([0, 1].map((axis) => from[axis] + ((to[axis] - from[axis]) * step) / steps));
      const began = performance.now();
      send("pointermove", place);
      moves.push((await frame()) - began);
    }
  }
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("no answer")), 20000));
  let first = 0;
  const answered = new Promise((resolve) => {
    const laid = ({ detail }) => {
      first ||= performance.now();
      if (detail.draft) return;
      bench.drafts.removeEventListener("laid", laid);
      resolve(performance.now());
    };
    bench.drafts.addEventListener("laid", laid);
  });
  const lifted = performance.now();
  send("pointerup", at(line.at(-1)));
  const answer = (await Promise.race([answered, late])) - lifted;
  return { moves, draft: first - lifted, answer };
}
"""


def figures(page: Page) -> dict[str, Any]:
    """Milliseconds of each tool on the picture at hand."""
    found = {}
    for tool in TOOLS:
        line = LINE[:1] if tool == "fill" else LINE
        stroke = page.evaluate(STROKE, {"line": line, "steps": 12, "tool": tool})
        page.wait_for_timeout(REST_MS)
        again = page.evaluate(STROKE, {"line": line[::-1], "steps": 12, "tool": tool})
        page.wait_for_timeout(REST_MS)
        found[tool] = {key + "s": [stroke[key], again[key]] for key in ("draft", "answer")}
        found[tool]["moves"] = stroke["moves"] + again["moves"]
    return found


def main() -> None:
    """Run the benchmark."""
    options = _bench.parser(__doc__ or "").parse_args()
    found: dict[str, Any] = {}
    with _bench.workplace() as (site, scratch), Server(site) as server, _bench.one_browser() as browser:
        _bench.introduce(_bench.machine(browser.version))
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{server.url}manual/")
        page.wait_for_selector(".drop .engine-line.is-ok", timeout=_bench.PATIENCE_MS)
        page.evaluate(_bench.JOB_CLOCK)
        processes = _bench.Processes(browser)
        for size in MEGAPIXELS:
            _bench.run_job(page, _bench.photo(scratch, size))
            page.wait_for_selector(".after img.is-covered", timeout=_bench.PATIENCE_MS, state="attached")
            for look, key in (("whole", "f"), ("full size", "1")):
                page.locator(".stage").focus()
                page.keyboard.press(key)
                processes.settle(page)
                found[f"{size} MP, {look}"] = figures(page)
            _bench.clear(page)
    drawn = [tool for tool in TOOLS if tool != "fill"]
    print("Milliseconds from the pointer to the screen: median / slowest of 72 moves")
    _bench.table(
        ["picture", *drawn],
        [
            [name, *(f"{statistics.median(each[t]['moves']):.0f} / {max(each[t]['moves']):.0f}" for t in drawn)]
            for name, each in found.items()
        ],
    )
    print(
        "Milliseconds from the lifted tool to Python's answer on the screen, the slower of two; of lines, first a draft"
    )
    _bench.table(
        ["picture", *TOOLS],
        [
            [
                name,
                *(
                    f"{max(each[t]['drafts']):.0f}, {max(each[t]['answers']):.0f}"
                    if t in SOLVED
                    else f"{max(each[t]['answers']):.0f}"
                    for t in TOOLS
                ),
            ]
            for name, each in found.items()
        ],
    )
    middle = max(statistics.median(each[t]["moves"]) for name, each in found.items() for t in drawn if "12" in name)
    print(f"Pointer to screen at 12 MP: {middle:.0f} ms (target: {TARGET_MS}, {_bench.verdict(middle, TARGET_MS)})")
    drafts = [ms for name, each in found.items() for t in SOLVED for ms in each[t]["drafts"] if "whole" in name]
    verdict = _bench.verdict(max(drafts), SCRIBBLE_MS)
    print(
        f"Lines solved and drafted, on the whole picture: {statistics.median(drafts):.0f} ms, "
        f"{max(drafts):.0f} ms at most (target: {SCRIBBLE_MS}, {verdict})"
    )
    _bench.save(options.json, found)


if __name__ == "__main__":
    main()

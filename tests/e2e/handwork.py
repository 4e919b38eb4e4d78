# SPDX-License-Identifier: AGPL-3.0-or-later
"""Work by hand as a person does it: tools, strokes of mouse, finger and pen, in pixels of the picture."""

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import CDPSession, Locator, Page, expect

from offcut.recipe import Recipe

from .conftest import pixels
from .workbench import PATIENCE_MS, Workbench

Point = tuple[float, float]


ERASER = """(points) => {
  const stage = document.querySelector(".stage");
  // The browser knows of no such pointer.
  stage.setPointerCapture = () => {};
  const send = (type, [clientX, clientY], button, buttons) => stage.dispatchEvent(new PointerEvent(type, {
    clientX, clientY, button, buttons, bubbles: true,
    pointerId: 77, pointerType: "pen", pressure: buttons ? 0.5 : 0 }));
  send("pointerdown", points[0], 5, 32);
  for (const point of points.slice(1)) send("pointermove", point, -1, 32);
  send("pointerup", points.at(-1), 5, 0);
  send("pointerleave", points.at(-1), -1, 0);
  delete stage.setPointerCapture;
}"""


class Handwork:
    """A workbench with a picture on it and the panel of the tools open."""

    def __init__(self, workbench: Workbench) -> None:
        self.workbench = workbench
        self.page: Page = workbench.page
        if not self.page.locator("offcut-hand details[open]").count():
            self.page.locator("offcut-hand summary").click()
        expect(self.page.locator(".paper")).to_be_attached(timeout=PATIENCE_MS)
        expect(self.page.locator(".after img.is-covered")).to_be_attached(timeout=PATIENCE_MS)

    def take(self, tool: str) -> "Handwork":
        """Take a tool, by its id."""
        self.page.locator(f".hand-tool input[value={tool}]").check(force=True)
        return self

    def slide(self, name: str, value: float) -> "Handwork":
        """Set a slider of the tool."""
        slider = self.page.locator("offcut-hand").get_by_role("slider", name=name, exact=True)
        slider.evaluate(
            "(one, value) => { one.value = value; one.dispatchEvent(new Event('input', {bubbles: true})); }", value
        )
        return self

    def at(self, x: float, y: float) -> Point:
        """Where a point of the picture is on the screen."""
        left, top, width = self.page.locator(".frame").evaluate(
            "(frame) => { const box = frame.getBoundingClientRect(); return [box.left, box.top, box.width]; }"
        )
        scale = width / self.size[0]
        return left + x * scale, top + y * scale

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture."""
        width, height = self.page.evaluate(
            "(({width, height}) => [width, height])(document.querySelector('offcut-workbench').selected.result)"
        )
        return width, height

    def draw(self, *points: Point) -> "Handwork":
        """Draw a line with the mouse, or click where there is one point only."""
        mouse = self.page.mouse
        mouse.move(*self.at(*points[0]))
        mouse.down()
        for point in points[1:]:
            mouse.move(*self.at(*point), steps=6)
        mouse.up()
        return self

    def finger(self, *points: Point) -> "Handwork":
        """Draw a line with one finger."""
        session = self.cdp()
        for kind, point in [("touchStart", points[0]), *(("touchMove", point) for point in points[1:])]:
            touch(session, kind, self.at(*point))
        touch(session, "touchEnd")
        session.detach()
        return self

    def pen(self, *strokes: tuple[float, float, float]) -> "Handwork":
        """Draw a line with a pen: x, y and pressure of each point."""
        session = self.cdp()
        for index, (x, y, force) in enumerate(strokes):
            kind = "mouseMoved" if index else "mousePressed"
            pointer(session, kind, self.at(x, y), force)
        pointer(session, "mouseReleased", self.at(*strokes[-1][:2]), 0)
        session.detach()
        return self

    def eraser(self, *points: Point) -> "Handwork":
        """Draw a line with the other end of a pen, by the events that it sends: the driver has no such pen."""
        self.page.evaluate(ERASER, [self.at(*point) for point in points])
        return self

    def cdp(self) -> CDPSession:
        """What speaks to the browser where the driver has no words."""
        return self.page.context.new_cdp_session(self.page)

    @property
    def recipe(self) -> Recipe:
        """What is wished of the picture."""
        told = self.page.evaluate("JSON.stringify(document.querySelector('offcut-workbench').selected.recipe)")
        return Recipe.from_json(told)

    def touches(self, count: int) -> "Handwork":
        """Wait until so many touches are in the recipe."""
        self.page.wait_for_selector("offcut-hand")
        expect(self.page.locator("offcut-hand .fold-note")).to_have_text(str(count)) if count else expect(
            self.page.locator("offcut-hand .fold-note")
        ).to_have_count(0)
        return self

    def file(self) -> NDArray[np.uint8]:
        """The file, as soon as it is what was wished."""
        expect(self.page.get_by_role("link", name="Download PNG")).to_be_visible(timeout=PATIENCE_MS)
        return pixels(self.workbench.download())

    def steps(self) -> Sequence[str]:
        """The history, newest first."""
        return self.page.locator(".history button").all_inner_texts()

    def screen(self) -> NDArray[np.uint8]:
        """What the paper shows, in pixels of the screen: uint8 [h,w,4]."""
        width, height, data = self.page.locator(".paper").evaluate(
            """(paper) => {
              const {width, height} = paper;
              const {data} = paper.getContext("2d").getImageData(0, 0, width, height);
              let text = "";
              for (let at = 0; at < data.length; at += 8192)
                text += String.fromCharCode(...data.subarray(at, at + 8192));
              return [width, height, btoa(text)];
            }"""
        )
        return np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)

    def tool(self) -> Locator:
        """The tool that is at hand."""
        return self.page.locator(".hand-tool input:checked")


def touch(session: CDPSession, kind: str, *points: Point) -> None:
    """One event of a touch screen."""
    places = [{"x": x, "y": y, "id": index} for index, (x, y) in enumerate(points)]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})


def pointer(session: CDPSession, kind: str, at: Point, force: float) -> None:
    """One event of a pen."""
    event: dict[str, Any] = {"type": kind, "x": at[0], "y": at[1], "pointerType": "pen", "force": force}
    session.send("Input.dispatchMouseEvent", event | {"button": "left", "buttons": int(force > 0), "clickCount": 1})

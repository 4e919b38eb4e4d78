# SPDX-License-Identifier: AGPL-3.0-or-later
"""The workbench as a person uses it: what can be done with it and read off it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, Worker, expect

PATIENCE_MS = 120_000


class Workbench:
    """A page with the workbench open. Every method does what a person could do, or reads what one could see."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def open(self) -> "Workbench":
        """Go to the page and wait until its drop zone is drawn."""
        self.page.goto(self.url)
        self.page.wait_for_selector("offcut-engine-status .engine-line")
        return self

    def choose(self, *paths: Path) -> "Workbench":
        """Choose files with the file dialog's input."""
        self.page.locator("#choose").set_input_files(list(paths))
        return self

    def clear(self) -> "Workbench":
        """Take every picture off the workbench, as a person would. Comparison is left off for whoever comes next: the
        workbench keeps it from picture to picture."""
        panel = self.page.locator(".bench-panel")
        compares = self.page.get_by_role("button", name="Compare", exact=True, pressed=True)
        if compares.count():
            compares.click()
        while self.page.locator(".bench").count():
            cancel = panel.get_by_role("button", name="Cancel", exact=True)
            if cancel.count():
                cancel.click()
            panel.get_by_role("button", name="Remove from the list").click()
        return self

    @property
    def state(self) -> str:
        """The selected picture's state."""
        return self.page.locator(".bench").get_attribute("data-state") or ""

    def wait(self, state: str, timeout: float = PATIENCE_MS) -> "Workbench":
        """Wait until the selected picture is in `state`."""
        expect(self.page.locator(".bench")).to_have_attribute("data-state", state, timeout=timeout)
        return self

    def wait_stage(self, text: str) -> "Workbench":
        """Wait until the panel names this stage."""
        expect(self.page.locator(".working-stage, .remaking")).to_contain_text(text, timeout=PATIENCE_MS)
        return self

    def wait_settled(self, timeout: float = PATIENCE_MS) -> str:
        """Wait until the selected picture is neither waiting nor worked on; return its state."""
        self.page.wait_for_selector(
            ".bench:is([data-state=done],[data-state=failed],[data-state=cancelled])", timeout=timeout
        )
        return self.state

    def download(self) -> bytes:
        """Press Download and return the file."""
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name="Download PNG").click()
        return waiting.value.path().read_bytes()

    def download_name(self) -> str:
        """The file name that Download suggests."""
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name="Download PNG").click()
        return waiting.value.suggested_filename

    def press(self, name: str) -> "Workbench":
        """Press the button with this name."""
        self.page.get_by_role("button", name=name, exact=True).click()
        return self

    @property
    def trouble(self) -> str:
        """The sentence that says what went wrong, with its advice."""
        return self.page.locator(".trouble").inner_text()

    @property
    def notes(self) -> str:
        """What the panel says was done to an unusual picture."""
        return " ".join(self.page.locator(".panel-note").all_inner_texts())

    def film(self) -> Sequence[Locator]:
        """The items of the film strip."""
        return self.page.locator(".film-item").all()

    def film_states(self) -> list[str]:
        """The state of each picture in the strip."""
        return [item.get_attribute("data-state") or "" for item in self.film()]

    def worker(self, name: str) -> Worker:
        """The running worker whose script is `name`."""
        return next(worker for worker in self.page.workers if worker.url.endswith(f"workers/{name}.js"))

    def kill(self, name: str) -> "Workbench":
        """End a worker in the midst of its work, as a crash would: no goodbye, no event."""
        session = self.page.context.new_cdp_session(self.page)
        found: list[dict[str, Any]] = []
        session.on("Target.attachedToTarget", lambda event: found.append(event))
        session.send("Target.setAutoAttach", {"autoAttach": True, "waitForDebuggerOnStart": False, "flatten": False})
        victim = next(one for one in found if one["targetInfo"]["url"].endswith(f"workers/{name}.js"))
        for number, (method, params) in enumerate(
            [("Runtime.terminateExecution", {}), ("Runtime.evaluate", {"expression": "self.close()"})]
        ):
            message = json.dumps({"id": number, "method": method, "params": params})
            session.send("Target.sendMessageToTarget", {"sessionId": victim["sessionId"], "message": message})
        return self

    def wait_engine(self) -> "Workbench":
        """Wait until the engine says that it is ready (on the empty workbench)."""
        expect(self.page.locator(".drop offcut-engine-status")).to_contain_text(
            "The engine is ready", timeout=PATIENCE_MS
        )
        return self

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cancelling, and workers that die: a clear sentence, nothing else lost, and the next try works."""

import pytest
from playwright.sync_api import Page, expect

from sitebuild.serve import Server

from .conftest import Unseen, pixels
from .workbench import Workbench


def test_cancel_inside_inference_ends_it_at_once_and_the_next_picture_works(
    workbench: Workbench, unseen: Unseen
) -> None:
    engine = workbench.worker("inference")
    workbench.choose(unseen("astronaut")).wait_stage("Finding the subject")
    with engine.expect_event("close", timeout=5000):
        workbench.press("Cancel").wait("cancelled", timeout=1000)
    workbench.press("Start again").wait("done")
    assert pixels(workbench.download()).shape == (512, 512, 4)


def test_a_waiting_picture_is_cancelled_without_harm_to_the_one_before(workbench: Workbench, unseen: Unseen) -> None:
    workbench.choose(unseen("astronaut"), unseen("coffee"))
    workbench.film()[1].click()
    workbench.press("Cancel").wait("cancelled")
    workbench.film()[0].click()
    workbench.wait("done")
    assert workbench.film_states() == ["done", "cancelled"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("inference", "The engine was ended by the browser."), ("python", "worker was ended by the browser.")],
)
def test_a_killed_worker_fails_its_picture_with_a_sentence_and_a_retry_works(
    workbench: Workbench, unseen: Unseen, name: str, sentence: str
) -> None:
    workbench.choose(unseen("astronaut"), unseen("coffee")).page.locator(".film-item").first.click()
    workbench.wait_stage("Finding the subject")
    workbench.kill(name).wait("failed", timeout=30_000)
    assert sentence in workbench.trouble
    expect(workbench.page.locator(".film-item").nth(1)).to_have_attribute("data-state", "done", timeout=90_000)
    workbench.press("Try again").wait("done")
    assert pixels(workbench.download()).shape == (512, 512, 4)


def test_leaving_a_page_at_work_asks_first(server: Server, page: Page, unseen: Unseen) -> None:
    workbench = Workbench(page, server.url).open()
    asked: list[str] = []

    def answer(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.accept()  # type: ignore[attr-defined]

    page.on("dialog", answer)
    workbench.choose(unseen("astronaut"))
    page.locator(".stage").click()
    page.reload()
    assert asked == ["beforeunload"]

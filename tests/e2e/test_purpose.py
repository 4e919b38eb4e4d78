# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a result is for: rules to begin with, checks at the end, and a page for each tool."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from conftest import Complaints

from .conftest import ready_page, watched
from .workbench import PATIENCE_MS, Workbench


@pytest.fixture(scope="module")
def id_page(browser: Browser, site: Path) -> Iterator[Page]:
    """A page of its own: what is chosen here is no other test's."""
    with ready_page(browser, site) as page:
        yield page


@pytest.fixture
def bench(id_page: Page, complaints: Complaints) -> Iterator[Workbench]:
    """The workbench of that page, cleared."""
    with watched(id_page, complaints) as workbench:
        yield workbench


def file(workbench: Workbench) -> tuple[str, bytes]:
    """The file that Download gives, once it is what the panel says."""
    link = workbench.page.locator("a[download]")
    expect(link).to_be_visible(timeout=PATIENCE_MS)
    with workbench.page.expect_download() as waiting:
        link.click()
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def opened(workbench: Workbench, part: str) -> None:
    if not workbench.page.locator(f"offcut-{part} details[open]").count():
        workbench.page.locator(f"offcut-{part} summary").click()


def made_for(workbench: Workbench, what: str) -> Workbench:
    opened(workbench, "purpose")
    workbench.page.get_by_label("What it is for").select_option(what)
    expect(workbench.page.locator(".checks li").first).to_be_visible(timeout=PATIENCE_MS)
    expect(workbench.page.locator("a[download]")).to_be_visible(timeout=PATIENCE_MS)
    return workbench


def test_a_marketplaces_rules_are_what_the_file_begins_with_and_is_checked_against(
    bench: Workbench, photos: dict[str, Path]
) -> None:
    bench.choose(photos["coffee"]).wait("done")
    made_for(bench, "marketplaces taobao")
    name, data = file(bench)
    image = Image.open(io.BytesIO(data))
    assert name == "coffee-taobao.jpg"
    assert (image.format, image.size) == ("JPEG", (800, 800))
    assert 38_912 <= len(data) <= 300_000
    rgb = np.asarray(image.convert("RGB"))
    assert (rgb[:20] == 255).all() and (rgb[:, :20] == 255).all()
    failed = bench.page.locator(".checks [data-state=fail]").all_inner_texts()
    assert not any("pixels." in line or "white" in line or "kB" in line for line in failed), failed
    made_for(bench, "marketplaces amazon")
    enlarged = bench.page.locator(".checks [data-state=fail]").filter(has_text="enlarged")
    expect(enlarged).to_be_visible(timeout=PATIENCE_MS)
    bench.page.get_by_label("What it is for").select_option("")
    expect(bench.page.locator(".checks")).to_have_count(0)


def test_for_who_refuses_altered_photos_the_picture_is_cropped_and_nothing_else(
    bench: Workbench, photos: dict[str, Path]
) -> None:
    bench.choose(photos["astronaut"]).wait("done")
    made_for(bench, "documents us-visa")
    expect(bench.page.locator("offcut-purpose")).to_contain_text("refuses altered photos")
    expect(bench.page.locator(".checks")).to_contain_text("not altered")
    found = bench.page.evaluate(
        """(({width, height, matrix}) => [width, height, matrix])(
          document.querySelector('offcut-workbench').selected.result)"""
    )
    width, height, (scale, _, x, _, _, y) = found
    assert width == height
    image = np.asarray(Image.open(io.BytesIO(file(bench)[1])).convert("RGB")).astype(float)
    # The same crop, by Pillow alone.
    original = Image.open(photos["astronaut"]).convert("RGB")
    back = (1 / scale, 0, -x / scale, 0, 1 / scale, -y / scale)
    truth = np.asarray(original.transform((width, height), Image.Transform.AFFINE, back, 2)).astype(float)
    inside = np.zeros((height, width), bool)
    top, left = max(0, int(y) + 4), max(0, int(x) + 4)
    inside[top : int(y + 512 * scale) - 4, left : int(x + 512 * scale) - 4] = True
    assert inside.mean() > 0.5
    assert np.abs(image - truth)[inside].mean() < 4
    # Another background is an explicit choice, and the check says what it means.
    bench.page.get_by_role("button", name="white", exact=True).click()
    failed = bench.page.locator(".checks [data-state=fail]").filter(has_text="refuses altered photos")
    expect(failed).to_be_visible(timeout=PATIENCE_MS)


def test_the_lines_at_crown_and_chin_frame_the_photo_anew(bench: Workbench, photos: dict[str, Path]) -> None:
    bench.choose(photos["astronaut"]).wait("done")
    made_for(bench, "documents schengen")
    chin = bench.page.get_by_role("slider", name="Chin")
    before = bench.page.evaluate("document.querySelector('offcut-workbench').selected.result.matrix[0]")
    chin.focus()
    for _ in range(6):
        bench.page.keyboard.press("PageUp")
    scale = "document.querySelector('offcut-workbench').selected.result.matrix[0]"
    bench.page.wait_for_function(f"() => {scale} > {before} * 1.02", timeout=PATIENCE_MS)
    # The head, from crown to the chin that was told, has the height that the rules ask for.
    crown, chin_at, matrix, height = bench.page.evaluate(
        """(({head: [crown, chin], matrix, height}) => [crown, chin, matrix[4], height])(
          document.querySelector('offcut-workbench').selected.result)"""
    )
    assert (chin_at - crown) * matrix / height == pytest.approx(34 / 45, abs=0.005)


def test_a_print_sheet_is_a_pdf_of_the_papers_size(bench: Workbench, photos: dict[str, Path]) -> None:
    bench.choose(photos["astronaut"]).wait("done")
    made_for(bench, "documents schengen")
    opened(bench, "output")
    bench.page.get_by_label("Print sheet").select_option("a4")
    expect(bench.page.locator("offcut-output")).to_contain_text("prints on the sheet", timeout=PATIENCE_MS)
    shown = bench.page.get_by_role("img", name="The print sheet").locator("image")
    expect(shown.first).to_be_visible()
    counted = shown.count()
    bench.page.get_by_role("radio", name="PDF").check()
    expect(bench.page.get_by_role("link", name="Download PDF")).to_be_visible(timeout=PATIENCE_MS)
    name, data = file(bench)
    assert name.endswith(".pdf")
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", data)
    assert box
    sides = sorted(float(side) / 72 * 25.4 for side in box.groups())
    assert sides == pytest.approx([210, 297], abs=0.1)
    prints = re.findall(rb"([\d.]+) 0 0 ([\d.]+) [\d.]+ [\d.]+ cm /Photo Do", data)
    assert len(prints) == counted > 10
    for wide, tall in prints:
        assert [float(wide) / 72 * 25.4, float(tall) / 72 * 25.4] == pytest.approx([35, 45], abs=0.1)
    bench.press("Reset the file")


def test_a_project_opens_to_the_same_pixels_and_a_tampered_one_is_refused(
    bench: Workbench, photos: dict[str, Path], tmp_path: Path
) -> None:
    page = bench.page
    bench.choose(photos["chelsea"]).wait("done")
    opened(bench, "scene")
    page.get_by_role("radio", name="Gradient").check()
    _, before = file(bench)
    opened(bench, "output")
    with page.expect_download() as waiting:
        bench.press("Save the project")
    assert waiting.value.suggested_filename == "chelsea.offcut"
    saved = tmp_path / "chelsea.offcut"
    waiting.value.save_as(saved)
    bench.clear().choose(saved).wait("done")
    expect(page.locator(".panel-title")).to_have_text("chelsea.jpg")
    name, after = file(bench)
    assert name == "chelsea-cutout.png"
    assert np.array_equal(*(np.asarray(Image.open(io.BytesIO(data))) for data in (before, after)))
    bench.clear()
    changed = tmp_path / "changed.offcut"
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(changed, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry, data[:-1] + b"x" if entry.filename == "original" else data)
    bench.choose(changed).wait("failed")
    assert "not what was saved" in bench.trouble


@pytest.mark.parametrize(
    ("address", "format", "check"),
    [
        ("change-background/", "PNG", lambda rgba: (rgba[..., 3] == 255).all()),
        ("product-photo/", "JPEG", lambda rgba: rgba.shape[0] == rgba.shape[1] and (rgba[:8, :8] >= 254).all()),
        ("id-photo/", "JPEG", lambda rgba: rgba.shape[:2] == (531, 413)),
        ("passport-photo/", "JPEG", lambda rgba: rgba.shape[:2] == (531, 413)),
        ("transparent-png/", "PNG", lambda rgba: 0.1 < (rgba[..., 3] == 0).mean() < 0.9),
    ],
)
def test_each_tools_page_begins_with_its_preset(
    id_page: Page, site: Path, photos: dict[str, Path], address: str, format: str, check: object
) -> None:
    root = id_page.url
    try:
        workbench = Workbench(id_page, root + address).open()
        workbench.choose(photos["astronaut"]).wait("done")
        _, data = file(workbench)
        image = Image.open(io.BytesIO(data))
        assert image.format == format
        assert callable(check) and check(np.asarray(image.convert("RGBA")))
        expect(id_page.locator("offcut-inspector details[open]")).to_have_count(1)
        workbench.clear()
    finally:
        Workbench(id_page, root).open().wait_engine()

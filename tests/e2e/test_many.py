# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many pictures at once: out of a folder or a ZIP file, and all results back in one."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from .conftest import Native
from .workbench import PATIENCE_MS, Workbench

DONE = ".film-item[data-state=done]"


@pytest.fixture
def small(photos: dict[str, Path]) -> dict[str, bytes]:
    """Files of pictures, and of what is none, by their paths in a folder."""

    def photo(name: str, side: int) -> bytes:
        file = io.BytesIO()
        with Image.open(photos[name]) as image:
            image.convert("RGB").resize((side, side)).save(file, "PNG")
        return file.getvalue()

    return {
        "shop/cups/coffee.png": photo("coffee", 200),
        "shop/people/图 1.png": photo("astronaut", 160),
        "shop/people/notes.txt": b"not for sale",
        "shop/coffee.png": photo("chelsea", 120),
    }


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def bundle(workbench: Workbench, count: int) -> zipfile.ZipFile:
    """All results, as the page gives them."""
    button = workbench.page.get_by_role("button", name=f"Download {count} results (ZIP)")
    with workbench.page.expect_download(timeout=PATIENCE_MS) as waiting:
        button.click()
    assert waiting.value.suggested_filename == "offcut.zip"
    return zipfile.ZipFile(io.BytesIO(waiting.value.path().read_bytes()))


def test_the_pictures_of_a_zip_file_come_back_as_one_in_the_same_folders(
    workbench: Workbench, small: dict[str, bytes], native: Native, tmp_path: Path
) -> None:
    page = workbench.page
    workbench.choose(zipped(tmp_path / "shop.ZIP", small))
    expect(page.locator(".film-item")).to_have_count(3, timeout=PATIENCE_MS)
    expect(page.locator(DONE)).to_have_count(3, timeout=PATIENCE_MS)
    found = bundle(workbench, 3)
    assert found.testzip() is None
    assert sorted(found.namelist()) == [
        "shop/coffee-cutout.png",
        "shop/cups/coffee-cutout.png",
        "shop/people/图 1-cutout.png",
    ]
    original = tmp_path / "coffee.png"
    original.write_bytes(small["shop/cups/coffee.png"])
    cut = np.asarray(Image.open(io.BytesIO(found.read("shop/cups/coffee-cutout.png"))))
    assert np.abs(cut[..., 3].astype(float) - native(original)[..., 3]).mean() <= 1


def test_a_folder_is_taken_with_all_that_is_below_it(
    workbench: Workbench, small: dict[str, bytes], tmp_path: Path
) -> None:
    page = workbench.page
    for name, data in small.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    first = tmp_path / "first.png"
    first.write_bytes(small["shop/coffee.png"])
    workbench.choose(first).wait("done")
    with page.expect_file_chooser() as asked:
        page.get_by_role("button", name="A folder").click()
    asked.value.set_files(tmp_path / "shop")
    expect(page.locator(".film-item")).to_have_count(4, timeout=PATIENCE_MS)  # what is no picture is left out
    expect(page.locator(DONE)).to_have_count(4, timeout=PATIENCE_MS)
    names = bundle(workbench, 4).namelist()
    assert sorted(names) == [
        "first-cutout.png",
        "shop/coffee-cutout.png",
        "shop/cups/coffee-cutout.png",
        "shop/people/图 1-cutout.png",
    ]
    # The next pictures are chosen one by one again.
    with page.expect_file_chooser() as asked:
        page.get_by_role("button", name="Add pictures").click()
    assert asked.value.is_multiple() and asked.value.element.evaluate("(input) => !input.webkitdirectory")


def test_results_of_one_name_are_told_apart(workbench: Workbench, small: dict[str, bytes], tmp_path: Path) -> None:
    files = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        path = tmp_path / folder / "coffee.png"
        path.write_bytes(small["shop/cups/coffee.png"])
        files.append(path)
    workbench.choose(*files)
    expect(workbench.page.locator(DONE)).to_have_count(2, timeout=PATIENCE_MS)
    assert bundle(workbench, 2).namelist() == ["coffee-cutout.png", "coffee-cutout (2).png"]


@pytest.mark.parametrize("fault", ["damaged", "cut short", "empty", "locked", "climbing"])
def test_an_archive_that_will_not_do_is_refused_whole(
    workbench: Workbench, small: dict[str, bytes], tmp_path: Path, fault: str
) -> None:
    path = tmp_path / "pictures.zip"
    if fault == "empty":
        zipped(path, {"readme.txt": b"nothing here"})
        told = "no pictures in this ZIP"
    elif fault == "damaged":
        path.write_bytes(b"PK\x03\x04" + bytes(500))
        told = "cannot be read"
    elif fault == "cut short":
        data = zipped(path, small).read_bytes()
        path.write_bytes(data[: len(data) // 2])
        told = "cannot be read"
    elif fault == "locked":
        locked = bytearray(zipped(path, {"a.png": small["shop/coffee.png"]}).read_bytes())
        for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the flag that says so, in both places
            locked[locked.index(mark) + at] |= 1
        path.write_bytes(locked)
        told = "locked with a password"
    else:
        # A path that leaves the folder is nobody's mistake.
        zipped(path, {"../../up.png": small["shop/coffee.png"], "b.png": small["shop/coffee.png"]})
        told = "cannot be read"
    workbench.choose(path).wait("failed")
    assert told in workbench.trouble
    expect(workbench.page.locator(".film-item")).to_have_count(0)  # it stands alone in the list

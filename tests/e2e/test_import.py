# SPDX-License-Identifier: AGPL-3.0-or-later
"""Models from files: known by hash, asked about, refused with a sentence; used on a picture; without a network."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from onnx import TensorProto
from playwright.sync_api import Browser, Page, expect

from nets import heavy, odd
from offcut.catalogue import Catalogue
from sitebuild.serve import Server

from .conftest import Unseen, pixels
from .enginespage import EnginesPage
from .madesite import PART, MadeSite
from .workbench import Workbench

MAIN = heavy(2 * PART, seed=3)
BY_SHA = heavy(6 << 20, seed=4)
BY_MD5 = heavy(PART, seed=5)
NONCOMMERCIAL = heavy(seed=6)


@pytest.fixture(scope="module")
def small(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with one small model, which knows three more that it does not serve."""
    made = MadeSite(site, tmp_path_factory.mktemp("made") / "dist")
    made.model("main", MAIN, (64,), plan="quick")
    made.other("sha", BY_SHA)
    made.other("older", BY_MD5, digest="md5", without=("sides", "input_name", "output_name"))
    made.other("strict", NONCOMMERCIAL, commercial=False)
    return made.write("quick")


@pytest.fixture
def small_server(small: Path) -> Iterator[Server]:
    """A server over it."""
    with Server(small) as running:
        yield running


@pytest.fixture
def engines(small_server: Server, page: Page) -> EnginesPage:
    """The engines page over it."""
    return EnginesPage(page, small_server.url).open()


def write(folder: Path, name: str, data: bytes) -> Path:
    """A file of this name."""
    path = folder / name
    path.write_bytes(data)
    return path


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file with these in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def catalogue_with_imports(page: Page, url: str) -> dict[str, Any]:
    """The site's catalogue with the rows that stand on the shelf, as the workbench puts them together."""
    rows: list[dict[str, Any]] = page.evaluate(
        """async () => {
          const shelf = await caches.open("offcut-weights");
          const rows = (await shelf.keys()).filter(({url}) => url.endsWith(".json"));
          return Promise.all(rows.map(async (key) => (await shelf.match(key)).json()));
        }"""
    )
    release = page.request.get(url + "release.json").json()["release"]
    catalogue: dict[str, Any] = page.request.get(f"{url}r/{release}/catalogue.json").json()
    return catalogue | {"models": catalogue["models"] + rows}


def test_a_file_that_the_catalogue_knows_by_sha256_is_imported_without_a_question(
    engines: EnginesPage, tmp_path: Path
) -> None:
    page = engines.page
    missing = page.locator(".engine[data-model=sha]")
    expect(missing).to_contain_text("Not on this server. You can import it from a file.")
    expect(missing.get_by_role("link", name="models.example")).to_have_attribute("rel", "external noopener noreferrer")
    engines.give(write(tmp_path, "whatever.onnx", BY_SHA)).wait_import("done")
    assert "Net sha was recognised by its hash" in engines.import_says
    expect(missing).to_have_count(0)
    row = page.locator(".engine", has=page.get_by_role("heading", name="Net sha"))
    expect(row).to_have_attribute("data-state", "stored")
    [imported] = Catalogue.parse(catalogue_with_imports(page, engines.url)).models[1:]
    assert (imported.name, imported.licence, imported.bytes) == ("Net sha", "MIT", len(BY_SHA))
    assert [part.bytes for part in imported.parts[:-1]] == [4 << 20] * (len(imported.parts) - 1)


def test_a_file_known_by_md5_alone_takes_the_names_that_the_graph_gives(engines: EnginesPage, tmp_path: Path) -> None:
    page = engines.page
    # The probe needs ORT on the device or a network; the session has one.
    engines.give(write(tmp_path, "old.onnx", BY_MD5)).wait_import("done")
    [imported] = Catalogue.parse(catalogue_with_imports(page, engines.url)).models[1:]
    assert (imported.contract.input_name, imported.contract.output_name) == ("picture", "mask")
    assert imported.contract.sides == (64,)


def test_a_known_model_without_commercial_use_warns_before_it_is_kept(engines: EnginesPage, tmp_path: Path) -> None:
    engines.give(write(tmp_path, "strict.onnx", NONCOMMERCIAL)).wait_import("warning")
    assert "Not for commercial work." in engines.import_says
    assert engines.shelf() == set()
    engines.page.get_by_role("button", name="Import it").click()
    engines.wait_import("done")
    assert len(engines.shelf()) == 2


def test_the_very_file_that_the_site_serves_is_put_on_its_own_row(engines: EnginesPage, tmp_path: Path) -> None:
    engines.wait("main", "absent").give(write(tmp_path, "main.onnx", MAIN)).wait_import("done")
    engines.wait("main", "stored").press("main", "Check").says("main", "Every part is what it should be.")
    assert not [name for name in engines.shelf() if name.endswith(".json")]


def test_an_unknown_model_is_asked_about_imported_and_used_on_a_picture(
    small: Path, browser: Browser, tmp_path: Path, unseen: Unseen
) -> None:
    with Server(small) as server, browser.new_context(accept_downloads=True, service_workers="block") as context:
        page = context.new_page()
        engines = EnginesPage(page, server.url).open()
        engines.give(write(tmp_path, "My IS-Net copy.onnx", heavy(5 << 20, seed=9))).wait_import("asking")
        assert "It takes pictures of 64 × 64" in engines.import_says
        expect(page.get_by_label("Name")).to_have_value("My IS-Net copy")
        expect(page.get_by_label("Family")).to_have_value("isnet")
        page.get_by_label("Family").select_option("u2net")
        page.get_by_label("Name").fill("Brightness")
        page.get_by_label("Licence, if you know it").fill("CC0-1.0")
        page.get_by_label("Its licence allows commercial work.").check()
        page.get_by_role("button", name="Import it").click()
        engines.wait_import("done")
        row = page.locator(".engine", has=page.get_by_role("heading", name="Brightness"))
        row.get_by_role("button", name="Use it").click()
        expect(row).to_contain_text("In use")
        id = row.get_attribute("data-model")
        assert page.evaluate("localStorage.getItem('offcut.plan')") == id

        server.log.clear()
        workbench = Workbench(page, server.url).open()
        workbench.choose(unseen("coffee")).wait("done")
        assert "Brightness" in page.locator(".facts").first.inner_text()
        alpha = pixels(workbench.download())[..., 3]
        assert alpha.std() > 10
        assert not [path for _, path, _ in server.log if "/weights/" in path]


def test_a_model_of_any_size_is_used_at_its_familys_side(engines: EnginesPage, tmp_path: Path) -> None:
    page = engines.page
    engines.give(write(tmp_path, "any.onnx", odd(["n", 3, "h", "w"]))).wait_import("asking")
    assert "It takes pictures of any size" in engines.import_says
    page.get_by_label("Family").select_option("modnet")
    page.get_by_role("button", name="Import it").click()
    engines.wait_import("done")
    [imported] = Catalogue.parse(catalogue_with_imports(page, engines.url)).models[1:]
    assert (imported.contract.side, imported.contract.resize, imported.licence) == (512, "fit", "unknown")
    row = page.locator(".engine", has=page.get_by_role("heading", name="any"))
    expect(row.locator(".engine-caution")).to_contain_text("Its licence is not known here.")


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("empty.onnx", b"", "This file is empty."),
        ("letter.onnx", b"Dear Sir", "This is not a model that can be run here."),
        ("cut.onnx", MAIN[: len(MAIN) // 2], "This is not a model that can be run here."),
        ("flat.onnx", odd([1, 3, 64]), "its input has the shape [1, 3, 64]"),
        ("last.onnx", odd([1, 64, 64, 3]), "does not take red, green and blue planes"),
        ("wide.onnx", odd([1, 3, 64, 96]), "This model takes pictures of 96 × 64."),
        ("several.onnx", odd([4, 3, 64, 64]), "This model takes 4 pictures at once."),
        ("half.onnx", odd(kind=TensorProto.FLOAT16), "numbers of the type float16"),
        ("two.onnx", odd(inputs=2), "This model takes 2 inputs, not one picture."),
        ("colours.onnx", odd(planes=3), "This model does not give a mask."),
        ("none.zip", zipped({"readme.txt": b"nothing"}), "There is no model in this zip file."),
        ("both.zip", zipped({"a.onnx": MAIN, "b.onnx": MAIN}), "This zip file holds 2 models."),
        ("cut.zip", zipped({"a.onnx": MAIN})[:-400], "This zip file cannot be read."),
        (
            "note.zip",
            zipped({"a.onnx": heavy(seed=20), "model.json": b"{not json"}),
            "What model.json says cannot be used.",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value and " " not in value else "",
)
def test_what_cannot_be_a_model_here_is_refused_with_a_sentence(
    engines: EnginesPage, tmp_path: Path, name: str, data: bytes, sentence: str
) -> None:
    engines.give(write(tmp_path, name, data)).wait_import("failed")
    assert sentence in engines.import_says
    assert name in engines.import_says
    assert engines.shelf() == set()


def test_a_spoilt_zip_is_refused_by_its_checksum(engines: EnginesPage, tmp_path: Path) -> None:
    data = bytearray(zipped({"a.onnx": MAIN}, zipfile.ZIP_STORED))
    data[len(data) // 2] ^= 1
    engines.give(write(tmp_path, "spoilt.zip", bytes(data))).wait_import("failed")
    assert "This zip file cannot be read." in engines.import_says


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED], ids=["deflated", "stored"])
def test_a_zip_with_a_row_answers_the_questions_itself(engines: EnginesPage, tmp_path: Path, method: int) -> None:
    page = engines.page
    row = {
        "name": "Packed net",
        "family": "isnet",
        "licence": "MIT",
        "commercial": True,
        "home": "https://models.example/packed",
        "contract": {"mean": [1.0, 2.0, 3.0], "activation": "sigmoid"},
    }
    files = {"models/net.onnx": heavy(PART, seed=11), "models/model.json": json.dumps(row).encode()}
    engines.give(write(tmp_path, "packed.zip", zipped(files, method))).wait_import("asking")
    expect(page.get_by_label("Name")).to_have_value("Packed net")
    expect(page.get_by_label("Family")).to_have_value("isnet")
    page.get_by_role("button", name="Import it").click()
    engines.wait_import("done")
    [imported] = Catalogue.parse(catalogue_with_imports(page, engines.url)).models[1:]
    assert imported.commercial
    assert imported.contract.mean == (1, 2, 3)
    assert (imported.contract.activation, imported.contract.resize) == ("sigmoid", "stretch")


def test_a_file_that_the_device_has_no_room_for_is_refused_and_leaves_nothing(
    engines: EnginesPage, tmp_path: Path
) -> None:
    page = engines.page
    used = page.evaluate("async () => (await navigator.storage.estimate()).usage")
    session = page.context.new_cdp_session(page)
    quota = {"origin": engines.url.rstrip("/"), "quotaSize": used + (2 << 20)}
    session.send("Storage.overrideQuotaForOrigin", quota)
    engines.give(write(tmp_path, "sha.onnx", BY_SHA)).wait_import("failed")
    assert "There is not enough room on this device for 6.3 MB." in engines.import_says
    assert engines.shelf() == set()
    # The estimate is a guess: the disk may be fuller than it says.
    page.evaluate("navigator.storage.estimate = async () => ({quota: 1e12, usage: 0})")
    engines.give(write(tmp_path, "sha.onnx", BY_SHA)).wait_import("failed")
    assert "There is not enough room on this device for 6.3 MB." in engines.import_says
    assert engines.shelf() == set()


def test_an_import_can_be_left_at_the_question(engines: EnginesPage, tmp_path: Path) -> None:
    engines.give(write(tmp_path, "unknown.onnx", heavy(seed=12))).wait_import("asking")
    engines.page.locator(".import").get_by_role("button", name="Cancel").click()
    engines.wait_import("idle")
    assert engines.shelf() == set()


def test_an_imported_model_is_deleted_only_after_a_question(engines: EnginesPage, tmp_path: Path) -> None:
    page = engines.page
    engines.give(write(tmp_path, "sha.onnx", BY_SHA)).wait_import("done")
    row = page.locator(".engine", has=page.get_by_role("heading", name="Net sha"))
    row.get_by_role("button", name="Use it").click()
    row.get_by_role("button", name="Delete").click()
    expect(row).to_contain_text("It cannot be fetched again. Delete it?")
    row.get_by_role("button", name="Keep it").click()
    expect(row).to_have_attribute("data-state", "stored")
    row.get_by_role("button", name="Delete").click()
    row.get_by_role("button", name="Delete it for good").click()
    expect(page.locator(".engine[data-model=sha]")).to_have_attribute("data-state", "elsewhere")
    assert engines.shelf() == set()
    assert page.evaluate("localStorage.getItem('offcut.plan')") is None
    expect(engines.row("main")).to_contain_text("In use")


def test_another_tab_lists_what_was_imported(engines: EnginesPage, tmp_path: Path) -> None:
    second = EnginesPage(engines.page.context.new_page(), engines.url).open()
    engines.give(write(tmp_path, "sha.onnx", BY_SHA)).wait_import("done")
    expect(second.page.get_by_role("heading", name="Net sha")).to_be_visible()
    expect(second.page.locator(".engine[data-model^=import]")).to_have_attribute("data-state", "stored")


def test_the_whole_import_needs_no_network(
    small: Path, page: Page, tmp_path: Path, unseen: Unseen, allow_console: list[str]
) -> None:
    with Server(small) as server:
        Workbench(page, server.url).open()
        ready = page.locator(".drop offcut-engine-status")
        expect(ready).to_contain_text("Works without a network", timeout=90_000)
    allow_console.append("ERR_CONNECTION_REFUSED")  # the look-up of a newer service worker
    engines = EnginesPage(page, server.url).open()
    engines.give(write(tmp_path, "mine.onnx", heavy(PART, seed=13))).wait_import("asking")
    page.get_by_role("button", name="Import it").click()
    engines.wait_import("done")
    engines.give(write(tmp_path, "sha.onnx", BY_SHA)).wait_import("done")
    page.reload()
    expect(page.locator(".engine[data-model^=import]")).to_have_count(2)
    for row in page.locator(".engine[data-model^=import]").all():
        expect(row).to_have_attribute("data-state", "stored")
    workbench = Workbench(page, server.url)
    page.goto(server.url)
    workbench.choose(unseen("coffee")).wait("done")


def test_a_file_dropped_anywhere_on_the_page_is_taken(engines: EnginesPage) -> None:
    engines.page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["Dear Sir"], "letter.onnx"));
          document.body.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true}));
        }"""
    )
    engines.wait_import("failed")
    assert re.search("not a model", engines.import_says)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of files that make a release, and the id of the release."""

from pathlib import Path

import pytest

from sitebuild import precache


@pytest.fixture
def stage(tmp_path: Path) -> Path:
    files = {
        "index.html": '<script src="r/@@release@@/main.js">',
        "licences/index.html": "rows",
        "404.html": "no",
        "sw.js": "worker",
        "_headers": "/*",
        "release.json": "{}",
        f"r/{precache.PLACEHOLDER}/main.js": "app",
        "vendor/inter-1/i.woff2": "font",
        "vendor/pyodide-1/p.wasm": "wasm",
        "vendor/onnxruntime-web-1/ort.jspi.min.mjs": "webgpu",
        "weights/abc.bin": "part",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_the_list_holds_what_is_needed_offline_and_not_the_weights(stage: Path) -> None:
    found = {entry.url: entry.heavy for entry in precache.entries(stage)}
    assert found == {
        "": False,
        "licences/": False,
        "404.html": False,
        f"r/{precache.PLACEHOLDER}/main.js": False,
        "vendor/inter-1/i.woff2": False,
        "vendor/pyodide-1/p.wasm": True,
        "vendor/onnxruntime-web-1/ort.jspi.min.mjs": True,
    }


def test_what_only_webgpu_needs_is_rare(stage: Path) -> None:
    rare = [entry.url for entry in precache.entries(stage) if entry.rare]
    assert rare == ["vendor/onnxruntime-web-1/ort.jspi.min.mjs"]


def test_the_release_id_changes_with_every_file_and_with_the_worker(stage: Path) -> None:
    first = precache.release_id(stage, b"worker")
    assert precache.release_id(stage, b"worker") == first
    assert precache.release_id(stage, b"other worker") != first
    (stage / "licences" / "index.html").write_text("other rows")
    second = precache.release_id(stage, b"worker")
    assert second != first
    (stage / "licences" / "index.html").rename(stage / "licences" / "else.html")
    assert precache.release_id(stage, b"worker") not in (first, second)


def test_settling_names_the_folder_and_fills_the_pages(stage: Path) -> None:
    precache.settle(stage, "0123456789ab")
    assert (stage / "r" / "0123456789ab" / "main.js").is_file()
    assert (stage / "index.html").read_text() == '<script src="r/0123456789ab/main.js">'

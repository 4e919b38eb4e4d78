# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files in, files out."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from helpers import opened, saved
from numpy.typing import NDArray
from PIL import Image

from offcut import job
from offcut.cli import journal
from offcut.cli.library import Library
from offcut.native import NativeEngine
from offcut.recipe import Recipe

from .conftest import Call, Toy, bright, dark

TREE = ("a.png", "b.png", "deep/a.png", "deep/er/c.png")


def expected(toy: Toy, data: bytes, recipe: Recipe | None = None) -> bytes:
    """What the pipeline itself makes of a picture."""
    library = Library.of(toy.folder)
    model = library.catalogue.model("tiny")
    engine = NativeEngine({"tiny": library.weights(model)}, 1)
    work = job.run(data, "x", recipe or Recipe(), catalogue=library.catalogue, engine=engine)
    return bytes(asyncio.run(work).data)


def pixels(path: Path) -> NDArray[np.uint8]:
    """A result's pixels."""
    return np.asarray(opened(path.read_bytes()).convert("RGBA"))


def tree(top: Path) -> Path:
    """A folder of pictures, different ones, and of what is no picture."""
    for seed, name in enumerate(TREE):
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(bright(seed=seed))
    (top / "notes.txt").write_text("no picture")
    (top / ".hidden.png").write_bytes(bright())
    return top


def files(top: Path) -> list[str]:
    """Every file below a folder, but for the journal that a run leaves in which a picture failed."""
    found = (path for path in top.rglob("*") if path.is_file() and path.name != journal.NAME)
    return sorted(path.relative_to(top).as_posix() for path in found)


def test_a_picture_becomes_what_the_pipeline_makes_of_it(call: Call, room: Path, toy: Toy) -> None:
    (room / "cat.png").write_bytes(bright())
    said = call("cat.png", "-o", "cut.png")
    assert (said.code, said.out, said.err) == (0, b"", "")
    assert (room / "cut.png").read_bytes() == expected(toy, bright())


def test_without_a_place_the_result_stands_beside_the_picture(call: Call, room: Path) -> None:
    (room / "in").mkdir()
    (room / "in" / "cat.png").write_bytes(bright())
    assert call("in/cat.png").code == 0
    assert files(room) == ["in/cat-cutout.png", "in/cat.png"]


@pytest.mark.parametrize("name", ["out", "new/out/"])
def test_a_folder_may_be_named_for_one_picture(call: Call, room: Path, name: str) -> None:
    (room / "cat.png").write_bytes(bright())
    (room / "out").mkdir()
    assert call("cat.png", "-o", name).code == 0
    assert (room / name / "cat-cutout.png").is_file()


def test_a_folder_is_walked_and_its_tree_kept(call: Call, room: Path, toy: Toy) -> None:
    tree(room / "in")
    said = call("in", "-o", "out")
    assert (said.code, said.err) == (0, "")
    assert files(room / "out") == sorted(name.replace(".png", "-cutout.png") for name in TREE)
    assert (room / "out/deep/er/c-cutout.png").read_bytes() == expected(toy, bright(seed=3))


def test_results_inside_the_folder_are_not_taken_for_pictures(call: Call, room: Path) -> None:
    tree(room / "in")
    for _ in range(2):
        assert call("in", "-o", "in/out", "--overwrite").code == 0
    assert len(files(room / "in" / "out")) == len(TREE)


def test_a_picture_in_a_folder_is_known_by_its_bytes_too(call: Call, room: Path) -> None:
    (room / "in").mkdir()
    (room / "in" / "scan").write_bytes(bright())
    (room / "in" / "empty.jpg").write_bytes(b"")
    said = call("in", "-o", "out")
    assert said.code == 1 and "in/empty.jpg: the file is empty" in said.err
    assert files(room / "out") == ["scan-cutout.png"]


def test_a_pattern_in_quotes_keeps_the_tree_below_its_fixed_part(call: Call, room: Path) -> None:
    tree(room / "in")
    assert call("in/**/a.png", "-o", "out").code == 0
    assert files(room / "out") == ["a-cutout.png", "deep/a-cutout.png"]


def test_a_pattern_needs_no_folder(call: Call, room: Path) -> None:
    tree(room / "in")
    assert call("in/[ab].png").code == 0
    assert {"in/a-cutout.png", "in/b-cutout.png"} < set(files(room))


def test_a_name_that_looks_like_a_pattern_is_a_name_where_it_exists(call: Call, room: Path) -> None:
    (room / "cat[1].png").write_bytes(bright())
    assert call("cat[1].png").code == 0
    assert (room / "cat[1]-cutout.png").is_file()


def test_several_names_and_a_folder_go_to_one_folder_each_once(call: Call, room: Path) -> None:
    tree(room / "in")
    (room / "dog.png").write_bytes(bright(seed=9))
    said = call("dog.png", "-o", "out", "in/deep", "./dog.png", "in/deep/er")
    assert (said.code, said.err) == (0, "")
    assert files(room / "out") == ["a-cutout.png", "dog-cutout.png", "er/c-cutout.png"]


def test_pictures_that_differ_by_their_ending_alone_both_come_out(call: Call, room: Path) -> None:
    (room / "in").mkdir()
    for name in ("cat.png", "cat.webp", "dog.png"):
        (room / "in" / name).write_bytes(bright())
    assert call("in", "-o", "out").code == 0
    assert files(room / "out") == ["cat.png-cutout.png", "cat.webp-cutout.png", "dog-cutout.png"]


def test_of_two_pictures_for_one_place_the_second_is_left_out(call: Call, room: Path) -> None:
    tree(room / "in")
    said = call("in/a.png", "in/deep/a.png", "-o", "out")
    assert said.code == 1 and files(room / "out") == ["a.png-cutout.png"]
    assert "offcut: in/deep/a.png: " in said.err and "would be written for in/a.png too" in said.err


def recipe(room: Path, name: str, **output: object) -> str:
    """A recipe that says how its files are called."""
    path = room / "recipe.json"
    path.write_text(json.dumps({"version": 1, "output": {"name": name, **output}}))
    return path.name


def test_a_name_without_that_of_the_picture_loses_none_of_a_batch(call: Call, room: Path) -> None:
    tree(room / "in")
    (room / "in" / "a.webp").write_bytes(bright(seed=8))
    said = call("in", "-o", "out", "--recipe", recipe(room, "passport"))
    assert (said.code, said.err) == (0, "")
    assert files(room / "out") == [
        "deep/er/passport.png",
        "deep/passport.png",
        "passport-a.png.png",
        "passport-a.webp.png",
        "passport-b.png",
    ]
    assert call("in/b.png", "--recipe", "recipe.json", "-o", "one/").code == 0
    assert files(room / "one") == ["passport.png"]


def test_no_result_takes_the_place_of_a_picture_of_the_run(call: Call, room: Path) -> None:
    for seed, source in enumerate(("cat.png", "cat2.png")):
        (room / source).write_bytes(bright(seed=seed))
    said = call("cat.png", "--overwrite", "--recipe", recipe(room, "{name}"))
    assert said.code == 1 and said.err.startswith("offcut: cat.png: its result would take the place of cat.png")
    said = call("cat.png", "cat2.png", "--overwrite", "-o", ".", "--recipe", recipe(room, "{name}2"))
    assert said.code == 1 and "offcut: cat.png: its result would take the place of cat2.png" in said.err
    assert (room / "cat22.png").is_file()
    assert [(room / source).read_bytes() for source in ("cat.png", "cat2.png")] == [bright(), bright(seed=1)]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right of their own there")
def test_a_link_to_a_picture_is_no_way_to_lose_it(call: Call, room: Path) -> None:
    (room / "in").mkdir()
    (room / "cat.png").write_bytes(bright())
    os.symlink(room / "cat.png", room / "in" / "cat.png")
    assert call("in/cat.png", "--overwrite", "-o", ".", "--recipe", recipe(room, "{name}")).code == 1
    assert (room / "cat.png").read_bytes() == bright()


def test_a_name_of_any_length_leaves_the_original_alone(call: Call, room: Path) -> None:
    for stem in ("x" * 200, "图" * 80):
        (room / f"{stem}.png").write_bytes(bright())
        assert call(f"{stem}.png", "--overwrite").code == 0
        assert (room / f"{stem}.png").read_bytes() == bright()
    made = [path.name for path in room.iterdir() if path.name.endswith("-cutout.png")]
    assert len(made) == 2 and all(len(name.encode()) <= 204 for name in made)


@pytest.mark.parametrize("ending", ["jpg", "JPG", "jpeg", "jpe", "jfif"])
def test_a_jpeg_may_have_any_ending_of_one(call: Call, room: Path, ending: str) -> None:
    (room / "cat.png").write_bytes(bright())
    assert call("cat.png", "-o", f"cut.{ending}", "--recipe", recipe(room, "x", format="jpeg")).code == 0
    assert opened((room / f"cut.{ending}").read_bytes()).format == "JPEG"


def test_standard_input_gives_the_same_bytes_on_standard_output(call: Call, room: Path, toy: Toy) -> None:
    said = call("-", stdin=bright())
    assert (said.code, said.err) == (0, "")
    assert said.out == expected(toy, bright())
    (room / "cat.png").write_bytes(bright())
    assert call("cat.png", "-o", "-").out == said.out
    assert call("-", "-o", "cut.png", stdin=bright()).code == 0
    assert (room / "cut.png").read_bytes() == said.out


def test_a_picture_that_fails_stops_no_other(call: Call, room: Path) -> None:
    tree(room / "in")
    (room / "in" / "b.png").write_bytes(dark())
    (room / "in" / "deep" / "a.png").write_bytes(bright()[:-600])
    said = call("in", "nowhere.png", "-o", "out")
    assert said.code == 1
    assert files(room / "out") == ["a-cutout.png", "deep/er/c-cutout.png"]
    told = said.err.splitlines()
    assert len(told) == 4
    assert any(line.startswith("offcut: in/b.png: no clear subject was found") for line in told)
    assert any(line.startswith("offcut: in/deep/a.png: the file ends before its picture does") for line in told)
    assert any(line.startswith("offcut: nowhere.png: nothing of this name is there") for line in told)
    assert told[-1] == "offcut: 2 of 5 pictures done, 3 failed"


@pytest.mark.parametrize("there", [True, False])
def test_the_last_of_several_names_may_be_the_folder_for_the_results(call: Call, room: Path, there: bool) -> None:
    tree(room / "in")
    if there:
        (room / "out.v2").mkdir()
    out = "out.v2" if there else "new/out"
    assert call("in", out).code == 0
    assert files(room / out) == sorted(name.replace(".png", "-cutout.png") for name in TREE)
    assert call("in/a.png", "in/b.png", "one").code == 0
    assert files(room / "one") == ["a-cutout.png", "b-cutout.png"]


def test_a_last_name_that_is_no_folder_is_a_picture(call: Call, room: Path) -> None:
    tree(room / "in")
    said = call("in/a.png", "in/c.png")
    assert said.code == 1 and "offcut: in/c.png: nothing of this name is there" in said.err
    assert "in/a-cutout.png" in files(room)
    (room / "scan").write_bytes(bright())
    assert call("in/b.png", "scan").code == 0
    assert {"in/b-cutout.png", "scan-cutout.png"} < set(files(room))


def test_what_exists_is_not_replaced(call: Call, room: Path) -> None:
    (room / "cat.png").write_bytes(bright())
    (room / "cut.png").write_bytes(b"mine")
    said = call("cat.png", "-o", "cut.png")
    assert said.code == 1 and "cut.png is there already" in said.err and "--overwrite" in said.err
    assert (room / "cut.png").read_bytes() == b"mine"


def test_what_exists_is_replaced_when_asked(call: Call, room: Path, toy: Toy) -> None:
    (room / "cat.png").write_bytes(bright())
    assert call("cat.png", "-o", "cat.png", "--overwrite").code == 0
    assert (room / "cat.png").read_bytes() == expected(toy, bright())


def test_two_pictures_at_a_time_give_the_same_files(call: Call, room: Path) -> None:
    tree(room / "in")
    assert call("in", "-o", "one", "--jobs", "1").code == call("in", "-o", "two", "--jobs", "3").code == 0
    assert files(room / "one") == files(room / "two") != []
    for name in files(room / "one"):
        assert (room / "one" / name).read_bytes() == (room / "two" / name).read_bytes()


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file names are text there")
def test_names_may_be_any_text_and_no_text_at_all(start: Callable[..., "subprocess.Popen[bytes]"], room: Path) -> None:
    (room / "in").mkdir()
    names = [os.fsdecode(b"caf\xe9.png"), "图 片.png", "a\nb.png", "-x.png"]
    for seed, name in enumerate(names):
        (room / "in" / name).write_bytes(bright(seed=seed))
    (room / "in" / os.fsdecode(b"\xff\x1b[2J.png")).write_bytes(dark())
    process = start("in", "-o", "out", "--verbose")
    _, err = process.communicate(timeout=100)
    assert process.returncode == 1 and b"\x1b" not in err and b"offcut: in/\\udcff\\x1b[2J.png: " in err
    made = [os.fsdecode(b"caf\xe9-cutout.png"), "图 片-cutout.png", "ab-cutout.png", "-x-cutout.png"]
    assert files(room / "out") == sorted(made)


def test_the_command_line_cuts_a_real_photograph_as_the_pipeline_does(
    site: Path, photos: dict[str, Path], tmp_path: Path
) -> None:
    from offcut.cli.main import main
    from offcut.cli.running import processors

    library = Library.of(site)
    catalogue, plan = library.catalogue, library.catalogue.plan("fast")
    engine = NativeEngine({plan.model: library.weights(catalogue.model(plan.model))}, processors())
    photo = photos["chelsea"]
    work = job.run(photo.read_bytes(), photo.name, Recipe(model="fast"), catalogue=catalogue, engine=engine)
    assert main(["--site", str(site), str(photo), "-o", str(tmp_path / "cut.png"), "--plan", "fast"]) == 0
    assert (tmp_path / "cut.png").read_bytes() == asyncio.run(work).data
    alpha = pixels(tmp_path / "cut.png")[..., 3]
    assert 0.2 < float((alpha > 127).mean()) < 0.95


def test_a_recipe_says_how_the_file_is_written_and_what_it_is_called(call: Call, room: Path) -> None:
    (room / "cup.png").write_bytes(bright())
    assert call("cup.png", "--recipe", "product-photo").code == 0
    made = opened((room / "cup-white.jpg").read_bytes())
    assert made.format == "JPEG" and made.size[0] == made.size[1]
    said = call("cup.png", "--recipe", "product-photo", "-o", "cup2.png")
    assert said.code == 2 and ".jpg" in said.err


def test_a_picture_may_be_the_backdrop_and_a_broken_one_is_told(call: Call, room: Path) -> None:
    (room / "cat.png").write_bytes(bright())
    (room / "green.png").write_bytes(saved(Image.new("RGB", (8, 6), (10, 200, 30)), "PNG"))
    assert call("cat.png", "-o", "cut.png", "--backdrop", "green.png").code == 0
    made = pixels(room / "cut.png")
    assert (made[..., 3] == 255).all() and (made[:, :12, :3] == (10, 200, 30)).all()
    (room / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nno more")
    said = call("cat.png", "-o", "cut2.png", "--backdrop", "broken.png")
    assert said.code == 2 and "broken.png" in said.err and not (room / "cut2.png").exists()

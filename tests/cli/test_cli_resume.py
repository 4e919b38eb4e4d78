# SPDX-License-Identifier: AGPL-3.0-or-later
"""A batch that is broken off goes on where it was: nothing lost, nothing twice."""

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from offcut.cli import files as writing
from offcut.cli.journal import NAME
from offcut.errors import FileExists
from offcut.ledger import Ledger

from .conftest import Call, bright, dark
from .test_cli_pictures import files

Start = Callable[..., "subprocess.Popen[bytes]"]


def pictures(top: Path, count: int) -> Path:
    """A folder of so many small pictures, different ones, in two folders."""
    for index in range(count):
        path = top / ("deep" if index % 2 else ".") / f"{index:02}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bright(seed=index))
    return top


def pipe(room: int) -> tuple[int, int]:
    """A pipe with room for so many bytes, a multiple of a page: whoever writes more waits."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with suppress(BlockingIOError):
        while True:
            os.write(writing, bytes(4096))
    os.set_blocking(writing, True)
    os.read(reading, room)
    return reading, writing


def identities(top: Path) -> dict[str, tuple[int, int]]:
    """Of each result by name: the inode and the time of its last change."""
    found = {name: (top / name).stat() for name in files(top) if not name.endswith(".part")}
    return {name: (told.st_ino, told.st_mtime_ns) for name, told in found.items()}


def entries(out: Path) -> list[dict[str, Any]]:
    """The lines of a journal that are whole."""
    return [json.loads(line) for line in (out / NAME).read_text("ascii").splitlines() if line.endswith("}")]


@pytest.fixture
def broken(call: Call, room: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Runs the command line until so many results have their name, and stops it as Ctrl-C does when the next one's
    line is in the journal."""

    def run(after: int, *arguments: str) -> None:
        whole = Path.replace
        made: list[Path] = []

        def replace(self: Path, target: Path) -> Path:
            if target.name.endswith("-cutout.png"):
                if len(made) == after:
                    raise KeyboardInterrupt
                made.append(target)
            return whole(self, target)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", replace)
            said = call(*arguments)
        assert said.code == 130 and "go on with --resume" in said.err

    yield run


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_after_kills_exactly_the_missing_ones_are_made(start: Start, call: Call, room: Path) -> None:
    pictures(room / "in", 30)
    assert call("in", "undisturbed").code == 0
    before: dict[str, tuple[int, int]] = {}
    for _ in range(2):
        unread, narrow = pipe(4096)  # some nine lines: the run comes to a halt long before its end
        process = start("in", "out", "--jobs", "2", "--json", "-", *(["--resume"] if before else []), stdout=narrow)
        until = time.monotonic() + 100
        while time.monotonic() < until and len(list(room.glob("out/**/*-cutout.png"))) < len(before) + 4:
            time.sleep(0.001)
        process.kill()
        process.communicate(timeout=100)
        os.close(unread)
        os.close(narrow)
        assert process.returncode == -signal.SIGKILL
        after = identities(room / "out")
        assert len(before) + 4 <= len(after) < 30 and after.items() >= before.items()
        before = after
        for name in before:
            assert (room / "out" / name).read_bytes() == (room / "undisturbed" / name).read_bytes()
    said = call("in", "out", "--jobs", "2", "--resume", "--json", "-")
    assert said.code == 0 and f"{len(before)} of 30 pictures were done before" in said.err
    made = {Path(record["target"]).relative_to("out").as_posix() for record in said.records}
    assert made == set(files(room / "undisturbed")) - set(before) and len(said.records) == len(made)
    assert identities(room / "out").items() > before.items()
    assert files(room / "out") == files(room / "undisturbed")
    for name in files(room / "out"):
        assert (room / "out" / name).read_bytes() == (room / "undisturbed" / name).read_bytes()
    assert not (room / "out" / NAME).exists()


def test_results_of_another_run_leave_no_journal_and_take_none_away(
    call: Call, room: Path, broken: Callable[..., None]
) -> None:
    pictures(room / "in", 3)
    assert call("in", "out").code == 0
    said = call("in", "out", "--resume")
    assert said.code == 1 and said.err.startswith("offcut: out holds no unfinished run; this is a new one\n")
    assert said.err.count("is there already") == 3 and not (room / "out" / NAME).exists()
    broken(1, "in", "two")
    assert call("in", "two", "--resume", "--backdrop", "#ffffff").code == 1
    said = call("in", "two", "--resume", "--json", "-")
    assert [record["error"]["code"] for record in said.records] == ["file.exists"] * 2  # of the other recipe
    assert "1 of 3 pictures were done before" in said.err


def test_where_nothing_is_left_the_journal_goes(call: Call, room: Path) -> None:
    pictures(room / "in", 3)
    (room / "in" / "dark.png").write_bytes(dark())
    assert call("in", "out").code == 1
    (room / "in" / "dark.png").unlink()
    said = call("in", "out", "--resume", "--json", "-")
    assert (said.code, said.records, said.err) == (0, [], "offcut: 3 of 3 pictures were done before\n")
    assert not (room / "out" / NAME).exists()


def test_a_journal_is_gone_when_all_is_done_and_stays_when_something_failed(call: Call, room: Path) -> None:
    pictures(room / "in", 3)
    assert call("in", "out").code == 0 and not (room / "out" / NAME).exists()
    (room / "in" / "dark.png").write_bytes(dark())
    assert call("in", "again").code == 1
    lines = {line["target"]: line for line in entries(room / "again")}
    assert len(lines) == 4
    line = lines["deep/01-cutout.png"]
    source = room / "in" / "deep" / "01.png"
    assert line["source"] == os.path.join("in", "deep", "01.png")
    assert (line["size"], line["mtime_ns"]) == (source.stat().st_size, source.stat().st_mtime_ns)
    assert line["outcome"]["state"] == "done" and line["outcome"]["model"] == "tiny" and len(line["model"]) == 64
    assert line["result"]["bytes"] == (room / "again" / "deep" / "01-cutout.png").stat().st_size
    assert lines["dark-cutout.png"]["outcome"]["error"]["code"] == "matte.nothing-found"
    assert lines["dark-cutout.png"]["result"] is None


def test_an_unfinished_run_is_told_and_nothing_started(call: Call, room: Path, broken: Callable[..., None]) -> None:
    pictures(room / "in", 5)
    broken(2, "in", "out")
    before = identities(room / "out")
    said = call("in", "out")
    assert said.code == 2 and "continue with --resume, or begin anew with --overwrite" in said.err
    assert identities(room / "out") == before and len(before) == 2
    assert call("in", "out", "--overwrite").code == 0
    assert len(files(room / "out")) == 5 and all(identities(room / "out")[name] != before[name] for name in before)


def test_what_failed_is_tried_again(call: Call, room: Path) -> None:
    pictures(room / "in", 3)
    (room / "in" / "00.png").write_bytes(dark())
    assert call("in", "out").code == 1
    before = identities(room / "out")
    (room / "in" / "00.png").write_bytes(bright())
    said = call("in", "out", "--resume", "--verbose")
    assert said.code == 0 and said.err.count(" -> ") == 1 and identities(room / "out").items() > before.items()
    assert not (room / "out" / NAME).exists()


@pytest.mark.parametrize("change", ["source", "recipe", "plan", "result"])
def test_another_source_recipe_or_model_or_no_result_is_another_task(
    call: Call, room: Path, broken: Callable[..., None], change: str
) -> None:
    pictures(room / "in", 4)
    broken(3, "in", "out")
    arguments = []
    if change == "source":
        (room / "in" / "00.png").write_bytes(bright(41, 30))
    elif change == "recipe":
        arguments = ["--backdrop", "#ffffff"]
    elif change == "plan":
        arguments = ["--plan", "twice"]
    else:
        (room / "out" / "00-cutout.png").unlink()
    said = call("in", "out", "--resume", "--overwrite", *arguments, "--json", "-")
    assert said.code == 0
    assert len(said.records) == (2 if change in ("source", "result") else 4)


def test_a_source_that_was_touched_and_not_changed_is_the_same(
    call: Call, room: Path, broken: Callable[..., None]
) -> None:
    pictures(room / "in", 3)
    broken(2, "in", "out")
    for path in (room / "in").rglob("*.png"):
        os.utime(path, (1, 1))
    assert len(call("in", "out", "--resume", "--json", "-").records) == 1


def test_a_line_without_its_result_counts_for_nothing(call: Call, room: Path, broken: Callable[..., None]) -> None:
    pictures(room / "in", 3)
    broken(2, "in", "out")
    assert len(entries(room / "out")) == 3  # of the last the line is there, and not the name
    assert len(call("in", "out", "--resume", "--json", "-").records) == 1


def test_an_old_result_that_was_to_be_replaced_is_not_taken_for_the_new_one(
    call: Call, room: Path, broken: Callable[..., None]
) -> None:
    pictures(room / "in", 3)
    assert call("in", "out").code == 0
    old = identities(room / "out")
    broken(1, "in", "out", "--overwrite", "--backdrop", "#ffffff")
    said = call("in", "out", "--resume", "--overwrite", "--backdrop", "#ffffff", "--json", "-")
    assert said.code == 0 and len(said.records) == 2
    assert all(new != old[name] for name, new in identities(room / "out").items())


def test_torn_lines_and_what_was_begun_are_of_no_consequence(
    call: Call, room: Path, broken: Callable[..., None]
) -> None:
    pictures(room / "in", 4)
    broken(2, "in", "out")
    with (room / "out" / NAME).open("ab") as file:
        file.write(b'{"source": "in/0')
    begun = [room / "out" / ".offcut-0123456789ab.part", room / "out" / "deep" / ".offcut-0123456789ab.part"]
    for part in begun:
        part.write_bytes(b"half")
    (room / "in" / "00.png").write_bytes(dark())
    said = call("in", "out", "--resume")
    assert said.code == 1 and not any(part.exists() for part in begun)
    assert {line["target"] for line in entries(room / "out")} == set(files(room / "out")) | {"00-cutout.png"}
    (room / "in" / "00.png").write_bytes(bright())
    assert call("in", "out", "--resume", "--overwrite").code == 0
    assert len(files(room / "out")) == 4


def test_results_among_their_sources_are_not_taken_for_pictures(
    call: Call, room: Path, broken: Callable[..., None]
) -> None:
    pictures(room / "in", 4)
    broken(2, "in", "in")
    assert call("in", "in", "--resume").code == 0
    assert len(files(room / "in")) == 8 and not any("cutout-cutout" in name for name in files(room / "in"))


def test_an_archive_is_resumed_too(call: Call, room: Path, broken: Callable[..., None]) -> None:
    pictures(room / "in", 4)
    with zipfile.ZipFile(room / "shop.zip", "w") as archive:
        for path in (room / "in").rglob("*.png"):
            archive.write(path, path.relative_to(room / "in"))
    broken(3, "shop.zip", "out")
    said = call("shop.zip", "out", "--resume", "--json", "-")
    assert said.code == 0 and len(said.records) == 1 and len(files(room / "out")) == 4


def test_resume_needs_a_folder_and_is_a_run_like_any_other_where_there_is_no_journal(call: Call, room: Path) -> None:
    pictures(room / "in", 2)
    said = call("in/00.png", "--resume")
    assert said.code == 2 and "name the folder of its results" in said.err
    assert call("in", "out", "--resume").code == 0
    assert len(files(room / "out")) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX locks")
def test_two_runs_do_not_work_in_one_folder(call: Call, room: Path, broken: Callable[..., None]) -> None:
    import fcntl

    pictures(room / "in", 3)
    broken(1, "in", "out")
    with (room / "out" / NAME).open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        said = call("in", "out", "--resume")
        assert said.code == 2 and "another run is at work in out" in said.err
    assert call("in", "out", "--resume").code == 0


def test_the_report_of_all_has_what_was_done_before_and_what_was_not(
    call: Call, room: Path, broken: Callable[..., None]
) -> None:
    pictures(room / "in", 4)
    (room / "in" / "02.png").write_bytes(dark())
    broken(1, "in", "out", "--report", "report.json")
    ledger = Ledger.from_json((room / "report.json").read_bytes())
    assert [row.name for row in ledger.rows] == ["00.png", "02.png", "deep/01.png", "deep/03.png"]
    assert [row.state for row in ledger.rows] == ["done", "failed", "cancelled", "cancelled"]
    assert call("in", "none.png", "-o", "out", "--resume", "--report", "report.json").code == 1
    ledger = Ledger.from_json((room / "report.json").read_bytes())
    assert [row.state for row in ledger.rows] == ["done", "failed", "done", "done", "failed"]
    first, _, third, _, none = ledger.rows
    assert first.target == "00-cutout.png" and third.target == "deep/01-cutout.png" and none.name == "none.png"
    assert first.bytes == (room / "out" / "00-cutout.png").stat().st_size and first.model == "tiny"
    assert (first.width, first.height) == (40, 30) and first.sha256 is not None
    assert none.error is not None and none.error.code == "file.missing"


def test_the_report_is_a_sheet_where_its_name_says_so(call: Call, room: Path) -> None:
    pictures(room / "in", 2)
    assert call("in", "out", "--report", "report.csv").code == 0
    lines = (room / "report.csv").read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("name,state,target") and lines[1].startswith("00.png,done,00-cutout.png,40,30,")
    said = call("in", "two", "--report", "report.csv")
    assert said.code == 2 and "report.csv is there already" in said.err and not (room / "two").exists()
    assert "end the name in .csv or .json" in call("in", "two", "--report", "report.txt").err


def test_json_lines_of_a_run_that_goes_on_are_added(call: Call, room: Path, broken: Callable[..., None]) -> None:
    pictures(room / "in", 3)
    broken(2, "in", "out", "--json", "report.jsonl")
    assert call("in", "out", "--resume", "--json", "report.jsonl").code == 0
    lines = [json.loads(line) for line in (room / "report.jsonl").read_text().splitlines()]
    assert len({line["source"] for line in lines}) == len(lines) == 3


def test_a_name_that_is_taken_before_the_journal_is_written_keeps_its_file(room: Path) -> None:
    (room / "cut.png").write_bytes(b"mine")
    called: list[str] = []
    with pytest.raises(FileExists, match=r"cut\.png"):
        writing.write(room / "cut.png", b"x", overwrite=False, before=lambda: called.append("noted"))
    assert called == [] and (room / "cut.png").read_bytes() == b"mine"

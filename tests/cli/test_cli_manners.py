# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a good Unix tool owes its user: exit codes, words, streams, endings."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers import opened

from offcut import errors, job, picture
from offcut.cli import files, journal, manual
from offcut.cli.sentences import FAULTS, NOTES, sentence

from .conftest import PYSRC, Call, Toy, bright, dark

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture(autouse=True)
def cat(room: Path) -> None:
    """cat.png in the working directory."""
    (room / "cat.png").write_bytes(bright())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "name a picture"),
        (["--jobs", "0", "cat.png"], "--jobs: must be a whole number"),
        (["--jobs", "two", "cat.png"], "--jobs: must be a whole number"),
        (["--unknown", "cat.png"], "--unknown"),
        (["-v", "-q", "cat.png"], "not allowed with"),
        (["cat.png", "-o", ""], "-o names nothing"),
        (["cat.png", "-o", "a\n/b.jpg"], r"-o a\n/b.jpg: results are PNG"),
        (["-", "-"], "can be named once"),
        (["-", "--json", "-"], "cannot both go to standard output"),
        (["-", "cat.png"], "name the folder"),
        (["."], "name the folder for its results with -o"),
        ([".", "-o", "-"], "takes one picture"),
        ([".", "-o", "cat.png"], "must be a folder"),
        (["cat.png", "-o", "cut.jpg"], "end the name in .png"),
        (["cat.png", "--model", "huge"], "there is no plan or model called huge"),
        (["cat.png", "--backdrop", "white"], "'#rrggbb'"),
        (["cat.png", "--recipe", "none"], "the presets are: auto"),
        (["cat.png", "--recipe", "none.toml"], "nothing of this name is there"),
        (["cat.png", "--json", "dog.png"], "this is the name of a picture"),
        (["cat.png", "--report", "report.txt"], "end the name in .csv or .json"),
        (["cat.png", "--resume"], "name the folder of its results"),
        (["cat.png", "--json", "nowhere/report"], "cannot be written"),
    ],
)
def test_what_cannot_be_followed_is_told_in_a_line_and_starts_nothing(
    call: Call, room: Path, arguments: list[str], words: str
) -> None:
    said = call(*arguments)
    assert said.code == 2 and said.out == b""
    assert said.err.startswith("offcut: ") and said.err.count("\n") == 1 and words in said.err
    assert [path.name for path in room.iterdir()] == ["cat.png"]


def test_the_manual_is_there_before_anything_heavy_is_loaded() -> None:
    code = "import sys; from offcut.cli.main import main\ntry: main(['--help'])\nexcept SystemExit as end: "
    code += "assert not end.code and not {'numpy', 'PIL', 'onnxruntime'} & set(sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(PYSRC)}, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    assert b"examples:" in done.stdout and b"exit codes:" in done.stdout
    assert all(len(line) <= 100 for line in manual.MORE.splitlines())


def test_without_dask_the_remedy_is_named(call: Call, room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("offcut.cli.cluster", "offcut.cli.crew"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    for name in ("dask", "distributed"):
        monkeypatch.setitem(sys.modules, name, None)
    said = call("cat.png", "-o", "out/", "--scheduler", "tcp://127.0.0.1:9")
    assert said.code == 2 and "pip install 'offcut[cluster]'" in said.err and said.err.count("\n") == 1


def test_plans_and_models_are_listed(call: Call) -> None:
    said = call("--list-models")
    assert said.code == 0
    for piece in ("once", "(default)", "twice", "tiny at 8, 16", "Tiny; 0.0 MB; AGPL-3.0-or-later"):
        assert piece in said.out.decode()


def test_each_finished_picture_has_its_line_when_asked(call: Call, room: Path) -> None:
    (room / "dark.png").write_bytes(dark())
    said = call("cat.png", "dark.png", "-o", "out", "--verbose")
    assert said.code == 1
    target = os.path.join("out", "cat-cutout.png")
    assert re.search(
        rf"^cat\.png -> {re.escape(target)}: 40 x 30, \d+\.\d s, confidence 0\.\d\d$", said.err, re.MULTILINE
    )


def test_where_no_net_was_asked_nothing_is_said_of_confidence(call: Call, room: Path) -> None:
    (room / "hand.json").write_text('{"version": 1, "method": {"by": "hand"}}')
    said = call("cat.png", "--recipe", "hand.json", "--verbose", "--json", "-")
    assert said.records[0]["confidence"] is None
    assert said.err.startswith("cat.png -> ") and "confidence" not in said.err


def purpose(room: Path, **purpose: str) -> str:
    """A recipe for a marketplace or a document, which does nothing for it."""
    path = room / "recipe.json"
    path.write_text(json.dumps({"version": 1, "purpose": purpose}))
    return path.name


def test_rules_that_a_picture_breaks_are_told_and_it_is_written_all_the_same(call: Call, room: Path) -> None:
    said = call("cat.png", "--recipe", purpose(room, marketplace="taobao"))
    assert said.code == 0 and (room / "cat-cutout.png").is_file()
    assert re.fullmatch(
        r"offcut: cat\.png: (\d) of \d checks failed \(size, .*\), \d more in doubt \(cut-off.*\)\n", said.err
    )
    said = call("cat.png", "--overwrite", "--recipe", "recipe.json", "--quiet")
    assert (said.code, said.err) == (0, "")
    said = call("cat.png", "--overwrite", "--recipe", "recipe.json", "--verbose")
    assert re.search(r"40 x 30, \d+\.\d s, \d of \d checks failed \(size", said.err)
    [record] = call("cat.png", "--overwrite", "--recipe", "recipe.json", "--json", "-").records
    size = next(check for check in record["checks"] if check["id"] == "size")
    assert size["state"] == "fail" and size["details"]["wanted_width"] == 800


def test_where_no_rule_is_broken_only_the_line_says_so(call: Call, room: Path) -> None:
    (room / "large.png").write_bytes(bright(1600, 1600))
    arguments = ["large.png", "--overwrite", "--recipe", purpose(room, marketplace="ebay")]
    assert call(*arguments).err == ""
    assert re.search(r"checks (passed|in doubt)", call(*arguments, "--verbose").err)


def test_a_sheet_is_told_with_its_paper_and_the_size_of_its_prints(call: Call, room: Path) -> None:
    (room / "sheet.json").write_text('{"version": 1, "output": {"sheet": {"paper": "10x15", "count": 3}}}')
    said = call("cat.png", "--recipe", "sheet.json", "--verbose")
    assert "40 x 30, 3 on a sheet of 150 x 100 mm, " in said.err
    [record] = call("cat.png", "--overwrite", "--recipe", "sheet.json", "--json", "-").records
    assert (record["width"], record["height"]) == (40, 30)
    assert record["sheet"]["count"] == 3 and record["sheet"]["paper"] == [150, 100]


def test_quiet_tells_of_failures_alone(call: Call, room: Path) -> None:
    (room / "dark.png").write_bytes(dark())
    said = call("cat.png", "dark.png", "-o", "out", "--quiet")
    assert said.code == 1 and said.err.count("\n") == 1 and said.err.startswith("offcut: dark.png: ")


def test_the_report_has_a_record_for_each_picture(call: Call, room: Path) -> None:
    (room / "dark.png").write_bytes(dark())
    said = call("cat.png", "dark.png", "none.png", "-o", "out", "--json", "-")
    cat, dark_one, none = said.records
    assert said.code == 1
    assert cat["ok"] and cat["source"] == "cat.png" and cat["target"] == os.path.join("out", "cat-cutout.png")
    assert (cat["width"], cat["height"], cat["mime"], cat["notes"]) == (40, 30, "image/png", [])
    assert cat["bytes"] == (room / "out" / "cat-cutout.png").stat().st_size
    assert cat["checks"] == [] and cat["sheet"] is None and 0 < cat["confidence"] < 1
    assert set(cat["timings"]) == {"read", "pack", "infer", "refine", "compose", "encode"} and cat["seconds"] > 0
    assert not dark_one["ok"] and dark_one["error"]["code"] == "matte.nothing-found"
    assert dark_one["error"]["sentence"] in said.err
    assert not none["ok"] and none["error"] == {
        "code": "file.missing",
        "details": {},
        "sentence": sentence("file.missing", {}),
    }


def test_the_report_goes_to_a_file_that_is_not_there(call: Call, room: Path) -> None:
    assert call("cat.png", "--json", "report.jsonl").code == 0
    [line] = (room / "report.jsonl").read_text().splitlines()
    assert json.loads(line)["ok"]
    assert call("cat.png", "--overwrite", "--json", "report.jsonl").code == 0
    assert call("cat.png", "--json", "report.jsonl").code == 2
    assert (room / "report.jsonl").read_text().count("\n") == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("white.json", '{"version": 1, "scene": {"backdrop": {"colour": "#ffffff"}}}'),
        ("white.toml", 'version = 1\n[scene.backdrop]\ncolour = "#ffffff"\n'),
        ("white", ' {"version": 1, "scene": {"backdrop": {"colour": "#ffffff"}}}'),
        ("auto.txt", 'version = 1\nmodel = "twice"\n[scene.backdrop]\ncolour = "#ffffff"\n'),
    ],
)
def test_a_recipe_is_read_from_json_and_toml(call: Call, room: Path, name: str, text: str) -> None:
    (room / name).write_text(text)
    assert call("cat.png", "-o", "cut.png", "--recipe", name).code == 0
    made = opened((room / "cut.png").read_bytes()).convert("RGBA")
    assert made.getchannel("A").getextrema() == (255, 255) and made.getpixel((0, 0)) == (255, 255, 255, 255)


def test_shortcuts_change_what_the_recipe_says(call: Call, room: Path) -> None:
    (room / "r.toml").write_text('version = 1\nmodel = "huge"\n[scene.backdrop]\ncolour = "#ffffff"\n')
    arguments = ["--recipe", "r.toml", "--plan", "twice", "--backdrop", "#010203"]
    assert call("cat.png", "-o", "cut.png", *arguments).code == 0
    assert opened((room / "cut.png").read_bytes()).convert("RGB").getpixel((0, 0)) == (1, 2, 3)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("r.json", '{"version": 1, "scene": {"backdrop": {"colour": "white"}}}', "recipe.scene.backdrop.colour"),
        ("r.toml", "version = 1\nspeed = 3\n", "recipe.speed unknown field"),
        ("r.toml", "version = ", "not TOML"),
        ("r.json", "version = 1", "not JSON"),
        ("r.toml", "version = 2", "recipe.version"),
        ("r.json", "[" * 100_000, "nested too deeply"),
        ("r.toml", "touches = " + "[" * 100_000, "nested too deeply"),
    ],
)
def test_a_recipe_that_is_not_valid_names_its_field(call: Call, room: Path, name: str, text: str, words: str) -> None:
    (room / name).write_text(text)
    said = call("cat.png", "--recipe", name)
    assert said.code == 2 and name in said.err and words in said.err and said.err.count("\n") == 1


@pytest.mark.parametrize("end", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_a_write_that_is_broken_off_leaves_nothing(
    room: Path, monkeypatch: pytest.MonkeyPatch, end: BaseException
) -> None:
    def broken(self: Path, target: Path) -> Path:
        raise end

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises((KeyboardInterrupt, errors.FileUnwritable)):
        files.write(room / "cut.png", b"x", overwrite=False)
    assert [path.name for path in room.iterdir()] == ["cat.png"]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX devices")
def test_a_device_is_written_to_and_never_replaced(call: Call) -> None:
    assert call("cat.png", "-o", "/dev/null").code == 0
    assert not Path("/dev/null").is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_ends_cleanly_and_leaves_whole_files_alone(start: Start, room: Path, number: signal.Signals) -> None:
    (room / "in").mkdir()
    (room / "large.png").write_bytes(bright(900, 900))
    for index in range(200):
        (room / "in" / f"{index:03}.png").symlink_to(room / "large.png")
    process = start("in", "-o", "out", "--jobs", "2")
    until = time.monotonic() + 100
    while time.monotonic() < until and not list(room.glob("out/*.png")):
        time.sleep(0.01)
    process.send_signal(number)
    out, err = process.communicate(timeout=100)
    assert process.returncode == 128 + number
    told = b"offcut: stopped; the pictures that were finished are kept; go on with --resume\n"
    assert (out, err) == (b"", told)
    made = [path for path in (room / "out").iterdir() if path.name != journal.NAME]
    assert 0 < len(made) < 200 and all(path.name.endswith("-cutout.png") for path in made)
    for path in made:
        opened(path.read_bytes()).load()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX pipes")
def test_a_reader_that_goes_away_is_met_with_silence(start: Start, room: Path) -> None:
    (room / "in").mkdir()
    for index in range(50):
        (room / "in" / f"{index:02}.png").symlink_to(room / "cat.png")
    process = start("in", "-o", "out", "--json", "-")
    assert process.stdout is not None and process.stderr is not None
    assert json.loads(process.stdout.readline())["ok"]
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=100) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX terminals")
def test_there_is_a_bar_on_a_terminal_and_it_goes(start: Start, room: Path) -> None:
    import pty

    (room / "dark.png").write_bytes(dark())
    ours, theirs = pty.openpty()
    process = start("cat.png", "dark.png", "-o", "out", stderr=theirs)
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:  # how Linux says that the other side is closed
        pass
    os.close(ours)
    process.communicate(timeout=100)
    text = shown.decode()
    assert re.search(r"\r\[#*-*\] 1 of 2", text)
    assert re.search(r"\r +\roffcut: dark\.png: no clear subject", text)
    assert text.rstrip("\r\n").endswith("1 of 2 pictures done, 1 failed")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX terminals")
def test_a_picture_is_not_poured_into_a_terminal(start: Start, room: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    process = start("cat.png", "-o", "-", stdout=theirs)
    _, err = process.communicate(timeout=100)
    os.close(theirs)
    os.close(ours)
    assert process.returncode == 2 and b"terminal" in err


def leaves(kind: type[errors.OffcutError]) -> list[type[errors.OffcutError]]:
    """The errors that are raised."""
    below = kind.__subclasses__()
    return [leaf for child in below for leaf in leaves(child)] if below else [kind]


def test_every_error_has_a_sentence_of_its_details() -> None:
    codes = {kind.code for kind in leaves(errors.OffcutError) if kind is not errors.RemoteError}
    assert set(FAULTS) == codes | {"internal"}
    assert errors.__doc__ is not None
    for code in codes:
        [line] = re.findall(rf" {re.escape(code)}(?: +(.*))?$", errors.__doc__, re.MULTILINE)
        details = {name: "VALUE" for name in line.split(", ") if name}
        words = sentence(code, details)
        assert re.search("[,;]", words) and not re.search(r"[{}\n]|\.$", words)
    assert r"(KeyError: x\ny)" in sentence("internal", {"type": "KeyError", "message": "x\ny"})
    assert "weights.offline" in sentence("weights.offline", {})


def test_of_two_limits_the_one_that_is_broken_is_told() -> None:
    size = {"width": 30_000, "height": 10}
    assert "more than the 20000 on a side" in sentence("frame.too-large", size | {"limit_side": 20_000})
    assert "more than the 100 megapixels" in sentence("frame.too-large", size | {"limit_megapixels": 100})


def test_every_note_has_words() -> None:
    assert picture.__doc__ is not None
    of_pictures = set(re.findall(r'^- "([a-z-]+)"', picture.__doc__, re.MULTILINE))
    assert of_pictures | {job.BY_COLOUR} == set(NOTES)


def test_nothing_that_runs_in_the_browser_imports_the_command_line(toy: Toy) -> None:
    for path in (PYSRC / "offcut").glob("*.py"):
        if path.name != "__main__.py":
            assert not re.search(r"^\s*(from|import) offcut\.(cli|native)", path.read_text("utf-8"), re.MULTILINE), path

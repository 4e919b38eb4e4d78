# SPDX-License-Identifier: AGPL-3.0-or-later
"""A batch over a real cluster of two worker processes, which die in the middle of it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from helpers import saved
from PIL import Image

from offcut import job
from offcut.cli.journal import NAME
from offcut.cli.library import Library
from offcut.errors import EngineLost
from offcut.ledger import Ledger
from offcut.native import NativeEngine
from offcut.recipe import Recipe

from .conftest import Call, Toy, bright, dark
from .test_cli_pictures import files

distributed = pytest.importorskip("distributed", reason="Dask is not installed: pip install 'offcut[cluster]'")

if TYPE_CHECKING:
    from distributed import LocalCluster

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")

Start = Callable[..., "subprocess.Popen[bytes]"]

WORKER = """
import os, signal, time
from pathlib import Path
from offcut import job, native

folder = Path(os.environ["OFFCUT_TEST"])

def log(name):
    with (folder / name).open("a") as file:
        file.write(f"{os.getpid()}\\n")

if job.run.__module__ == "offcut.job":  # a preload is run twice
    cut, begin = job.run, native.NativeEngine.__init__

async def run(data, name, *arguments, **options):
    if "poison" in name:
        log("died")
        os.kill(os.getpid(), signal.SIGKILL)
    if name.startswith("slow"):
        log(name)
        while not (folder / "gate").exists():
            time.sleep(0.01)
    return await cut(data, name, *arguments, **options)

def loaded(self, *arguments, **options):
    log("loaded")
    begin(self, *arguments, **options)

job.run, native.NativeEngine.__init__ = run, loaded
"""
"""What the workers do beside their work: die of a poison, stay with a slow* until the gate is open, and write down
which process it was that came to one, or loaded a net."""


@dataclass(frozen=True)
class Workers:
    """A cluster of two worker processes, a thread each."""

    cluster: "LocalCluster"
    folder: Path

    @property
    def scheduler(self) -> str:
        """The address of the scheduler."""
        return str(self.cluster.scheduler_address)

    @property
    def board(self) -> Any:
        """The scheduler itself."""
        return self.cluster.scheduler

    def log(self, name: str) -> list[int]:
        """The processes that wrote themselves down under a name."""
        path = self.folder / name
        return [int(line) for line in path.read_text().split()] if path.exists() else []

    def wait(self, name: str) -> int:
        """The process that came to a slow picture, as soon as one has."""
        found: list[int] = until(lambda: self.log(name))
        return found[0]

    def open(self) -> None:
        """Let go of the slow ones."""
        (self.folder / "gate").touch()


def until(done: Callable[[], Any]) -> Any:
    """What `done` gives, as soon as there is sense in it."""
    for _ in range(6000):
        if found := done():
            return found
        time.sleep(0.01)
    raise AssertionError("it never came")


@pytest.fixture
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    """A cluster whose workers have neither a site nor weights of their own."""
    folder = tmp_path_factory.mktemp("workers")
    (folder / "preload.py").write_text(WORKER)
    environment = {"OFFCUT_TEST": str(folder), "OFFCUT_CACHE": str(folder / "cache"), "OFFCUT_SITE": ""}
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=":0",
        memory_limit=0,
        env=environment,
        preload=[str(folder / "preload.py")],
    ) as cluster:
        yield Workers(cluster, folder)


def pictures(top: Path, *names: str) -> None:
    """A folder of small pictures, different ones."""
    for seed, name in enumerate(names):
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(bright(seed=seed))


def same(one: Path, other: Path) -> None:
    """Two folders hold the same results."""
    assert files(one) == files(other) != []
    for name in files(one):
        assert (one / name).read_bytes() == (other / name).read_bytes()


def test_a_cluster_gives_the_same_files(call: Call, room: Path, workers: Workers) -> None:
    pictures(room / "in", *(f"{'deep/' * (index % 2)}{index}.png" for index in range(12)))
    assert call("in", "alone").code == 0
    said = call("in", "out", "--scheduler", workers.scheduler)
    assert (said.code, said.err) == (0, "")
    same(room / "out", room / "alone")
    assert not (room / "out" / NAME).exists()


def test_a_worker_that_dies_takes_nothing_with_it(call: Call, start: Start, room: Path, workers: Workers) -> None:
    pictures(room / "in", *(f"{index:02}.png" for index in range(20)), "slow-1.png", *(f"z{i}.png" for i in range(20)))
    assert call("in", "alone").code == 0
    process = start("in", "out", "--scheduler", workers.scheduler, "--json", "lines.jsonl", "--report", "report.json")
    os.kill(workers.wait("slow-1.png"), signal.SIGKILL)
    assert len(files(room / "out")) < 41
    workers.open()
    out, err = process.communicate(timeout=100)
    assert (process.returncode, out, err) == (0, b"", b"")
    same(room / "out", room / "alone")
    lines = [json.loads(line) for line in (room / "lines.jsonl").read_text().splitlines()]
    assert all(line["ok"] for line in lines)
    assert set(Counter(line["source"] for line in lines).values()) == {1} and len(lines) == 41
    ledger = Ledger.from_json((room / "report.json").read_bytes())
    assert [row.state for row in ledger.rows] == ["done"] * 41
    assert not (room / "out" / NAME).exists() and not list(room.glob("out/.offcut-*"))


def test_a_picture_that_kills_its_worker_twice_is_given_up_and_no_other(
    call: Call, room: Path, workers: Workers
) -> None:
    pictures(room / "in", *(f"{index:02}.png" for index in range(12)), "05-poison.png")
    said = call("in", "out", "--scheduler", workers.scheduler, "--json", "-")
    assert said.code == 1 and len(said.records) == 13
    failed = {record["source"]: record["error"]["code"] for record in said.records if not record["ok"]}
    assert failed == {os.path.join("in", "05-poison.png"): EngineLost.code}
    assert len(workers.log("died")) == 2
    assert len(files(room / "out")) == 12
    lines = [json.loads(line) for line in (room / "out" / NAME).read_text().splitlines()]
    states = Counter((line["target"], line["outcome"]["state"]) for line in lines)
    assert set(states.values()) == {1} and len(states) == 13


def test_several_that_kill_their_workers_take_no_other_with_them(call: Call, room: Path, workers: Workers) -> None:
    pictures(room / "in", *(f"{index}.png" for index in range(6)), "2-poison.png", "3-poison.png")
    said = call("in", "out", "--scheduler", workers.scheduler, "--json", "-")
    assert said.code == 1
    failed = sorted(record["source"] for record in said.records if not record["ok"])
    assert failed == [os.path.join("in", f"{index}-poison.png") for index in (2, 3)]
    assert files(room / "out") == [f"{index}-cutout.png" for index in range(6)]
    assert len(workers.log("died")) <= 4


def test_what_a_worker_lacks_is_sent_once_and_nets_are_loaded_once(
    call: Call, room: Path, toy: Toy, workers: Workers
) -> None:
    pictures(room / "in", *(f"{index}.png" for index in range(10)))
    (room / "green.png").write_bytes(saved(Image.new("RGB", (8, 6), (10, 200, 30)), "PNG"))
    arguments = ["in", "--backdrop", "green.png"]
    assert call(*arguments, "-o", "alone").code == 0
    for part in toy.parts():  # what is left is the client's cache
        part.unlink()
    assert call(*arguments, "-o", "out", "--scheduler", workers.scheduler).code == 0
    same(room / "out", room / "alone")
    assert (workers.folder / "cache" / "models" / toy.cached).read_bytes() == toy.graph
    assert set(Counter(workers.log("loaded")).values()) == {1}


def test_weights_that_are_nowhere_fail_the_pictures(call: Call, room: Path, toy: Toy, workers: Workers) -> None:
    pictures(room / "in", "a.png", "b.png")
    for part in toy.parts():
        part.unlink()
    said = call("in", "out", "--scheduler", workers.scheduler, "--json", "-")
    assert said.code == 1 and [record["error"]["code"] for record in said.records] == ["weights.missing"] * 2


def test_what_fails_on_a_worker_is_told_as_at_home(call: Call, room: Path, workers: Workers) -> None:
    pictures(room / "in", "a.png")
    (room / "in" / "dark.png").write_bytes(dark())
    (room / "in" / "empty.png").write_bytes(b"")
    there, here = call("in", "one", "--scheduler", workers.scheduler), call("in", "two")
    assert there.code == here.code == 1 and sorted(there.err.splitlines()) == sorted(here.err.splitlines())


def test_pictures_that_never_leave_hold_up_no_other(call: Call, room: Path, workers: Workers) -> None:
    pictures(room / "in", *(f"{index:02}.png" for index in range(10)))
    pictures(room / "out", *(f"{index:02}-cutout.png" for index in range(8)))
    said = call("in", "out", "--scheduler", workers.scheduler, "--json", "-")
    assert said.code == 1
    assert [record["ok"] for record in said.records] == [False] * 8 + [True] * 2


def test_few_pictures_are_away_at_a_time(call: Call, room: Path, workers: Workers) -> None:
    pictures(room / "in", *(f"{index}.png" for index in range(20)))
    known: list[int] = []

    class Watch(distributed.SchedulerPlugin):  # type: ignore[misc, name-defined]
        def transition(self, *arguments: object, **options: object) -> None:
            known.append(len(workers.board.tasks))

    workers.board.add_plugin(Watch(), name="watch")
    assert call("in", "three", "--scheduler", workers.scheduler, "--jobs", "3").code == 0
    assert 1 < max(known) <= 6  # those that came back are forgotten a little later
    known.clear()
    assert call("in", "out", "--scheduler", workers.scheduler).code == 0
    assert 1 < max(known) <= 8


def test_a_client_that_is_killed_goes_on_where_it_was(call: Call, start: Start, room: Path, workers: Workers) -> None:
    pictures(room / "in", *(f"{index:02}.png" for index in range(10)), "slow-1.png", "slow-2.png")
    assert call("in", "alone").code == 0
    process = start("in", "out", "--scheduler", workers.scheduler)
    until(lambda: len(list((room / "out").glob("*-cutout.png"))) == 10)
    process.kill()
    process.communicate(timeout=100)
    workers.open()
    said = call("in", "out", "--scheduler", workers.scheduler, "--resume", "--json", "-")
    assert said.code == 0 and [record["source"] for record in said.records] == ["in/slow-1.png", "in/slow-2.png"]
    same(room / "out", room / "alone")


def test_a_scheduler_that_goes_is_told(start: Start, room: Path, workers: Workers) -> None:
    pictures(room / "in", "a.png", "slow-1.png")
    process = start("in", "out", "--scheduler", workers.scheduler)
    workers.wait("slow-1.png")
    until((room / "out" / "a-cutout.png").exists)
    workers.cluster.close()
    _, err = process.communicate(timeout=100)
    told = b"offcut: the scheduler has gone; the pictures that were finished are kept; go on with --resume\n"
    assert process.returncode == 1 and err.endswith(told)  # Dask may have a word of its own before
    assert files(room / "out") == ["a-cutout.png"]


def test_a_stop_calls_back_what_is_away(start: Start, room: Path, workers: Workers) -> None:
    pictures(room / "in", "a.png", "slow-1.png", "slow-2.png", "slow-3.png")
    process = start("in", "out", "--scheduler", workers.scheduler)
    until(lambda: workers.log("slow-1.png") and workers.log("slow-2.png"))
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=100)
    told = b"offcut: stopped; the pictures that were finished are kept; go on with --resume\n"
    assert (process.returncode, err) == (130, told)
    until(lambda: not workers.board.tasks)
    workers.open()


def test_a_scheduler_that_is_not_there_starts_nothing(call: Call, room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("offcut.cli.cluster.PATIENCE", 0.5)
    pictures(room / "in", "a.png")
    said = call("in", "out", "--scheduler", "tcp://127.0.0.1:9")
    assert said.code == 2 and "--scheduler tcp://127.0.0.1:9 does not answer" in said.err
    assert said.err.count("\n") == 1 and not (room / "out").exists()
    assert "does not answer" in call("in", "out", "--scheduler", "nonsense://x").err


def test_the_default_net_gives_on_a_worker_what_it_gives_here(
    site: Path, photos: dict[str, Path], tmp_path: Path, workers: Workers
) -> None:
    from offcut.cli.main import main

    library = Library.of(site)
    model = library.catalogue.model(library.catalogue.plan("default").model)
    engine = NativeEngine({model.id: library.weights(model)}, 1)
    photo = photos["chelsea"]
    arguments = ["--site", str(site), str(photo), "-o", f"{tmp_path}/", "--scheduler", workers.scheduler]
    assert main(arguments) == 0
    work = job.run(photo.read_bytes(), photo.name, Recipe(), catalogue=library.catalogue, engine=engine)
    assert (tmp_path / "chelsea-cutout.png").read_bytes() == asyncio.run(work).data

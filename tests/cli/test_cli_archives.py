# SPDX-License-Identifier: AGPL-3.0-or-later
"""A ZIP of pictures, whoever made it."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from offcut.cli import archives

from .conftest import Call, Toy, bright, dark
from .test_cli_pictures import expected, files


def packed(members: dict[str, bytes], *, compression: int = zipfile.ZIP_STORED) -> bytes:
    """A ZIP of members by name."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data, compression)
    return file.getvalue()


def test_the_folders_of_an_archive_are_the_tree(call: Call, room: Path, toy: Toy) -> None:
    pictures = {
        "a.png": bright(),
        "deep/a.png": bright(seed=1),
        "deep/er/scan": bright(seed=2),
        "图/图 片.PNG": bright(),
    }
    others = {"notes.txt": b"no picture", ".hidden.png": bright(), "__MACOSX/deep/._a.png": b"x", "empty/": b""}
    (room / "shop.ZIP").write_bytes(packed(pictures | others, compression=zipfile.ZIP_DEFLATED))
    said = call("shop.ZIP", "out")
    assert (said.code, said.err) == (0, "")
    made = ["a-cutout.png", "deep/a-cutout.png", "deep/er/scan-cutout.png", "图/图 片-cutout.png"]
    assert files(room / "out") == sorted(made)
    assert (room / "out/deep/a-cutout.png").read_bytes() == expected(toy, bright(seed=1))


def test_archives_and_folders_go_together_and_patterns_find_archives(call: Call, room: Path) -> None:
    (room / "in").mkdir()
    (room / "in" / "b.png").write_bytes(bright())
    (room / "in" / "shop.zip").write_bytes(packed({"a.png": bright()}))
    assert call("in/b.png", "in/shop.zip", "-o", "one").code == call("in/*", "-o", "two").code == 0
    assert files(room / "one") == files(room / "two") == ["a-cutout.png", "b-cutout.png"]


def test_an_archive_needs_a_folder_for_its_results(call: Call, room: Path) -> None:
    (room / "shop.zip").write_bytes(packed({"a.png": bright()}))
    said = call("shop.zip")
    assert said.code == 2 and "shop.zip is an archive: name the folder for its results" in said.err


def test_a_picture_that_fails_is_named_with_its_archive(call: Call, room: Path) -> None:
    (room / "shop.zip").write_bytes(packed({"a.png": bright(), "deep/b.png": dark()}))
    said = call("shop.zip", "out")
    assert said.code == 1 and "offcut: shop.zip/deep/b.png: no clear subject" in said.err


@pytest.mark.parametrize(
    "name", ["../up.png", "deep/../../up.png", "/root.png", "C:/disk.png", "..\\up.png", "\\root.png"]
)
def test_a_name_that_leads_out_is_refused_and_the_others_are_made(call: Call, room: Path, name: str) -> None:
    (room / "in").mkdir()
    (room / "in" / "shop.zip").write_bytes(packed({"a.png": bright(), name: bright()}))
    said = call("in/shop.zip", "in/out")
    assert said.code == 1 and "its name leads out of the archive" in said.err
    assert files(room) == ["in/out/a-cutout.png", "in/shop.zip"]


def test_folders_are_called_what_every_system_can_have(call: Call, room: Path) -> None:
    (room / "shop.zip").write_bytes(packed({'ab:*?"<>|. /c.png': bright()}))
    assert call("shop.zip", "out").code == 0
    assert files(room / "out") == ["ab/c-cutout.png"]


def test_a_member_that_is_larger_than_any_picture_is_not_unpacked(
    call: Call, room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "LARGEST", 1 << 20)
    bomb = packed({"bomb.png": bytes(2 << 20), "a.png": bright()}, compression=zipfile.ZIP_DEFLATED)
    (room / "shop.zip").write_bytes(bomb)
    said = call("shop.zip", "out")
    assert said.code == 1 and "offcut: shop.zip/bomb.png: it could not be read (it has more than 1 MiB" in said.err
    assert files(room / "out") == ["a-cutout.png"]


def test_a_member_that_grows_beyond_what_it_claims_is_refused(call: Call, room: Path) -> None:
    data = bytearray(packed({"bomb.png": bytes(1 << 20)}, compression=zipfile.ZIP_DEFLATED))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(mark) + at, 1000)
    (room / "shop.zip").write_bytes(data)
    said = call("shop.zip", "out")
    assert said.code == 1 and "it is damaged in its archive" in said.err


def test_members_that_overlap_are_the_mark_of_a_bomb(call: Call, room: Path) -> None:
    data = bytearray(packed({"a.png": bright(), "b.png": bright(seed=1)}))
    second = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, second + 42, 0)  # where the first one starts
    (room / "shop.zip").write_bytes(data)
    said = call("shop.zip", "out")
    assert said.code == 1 and "its files overlap" in said.err and not (room / "out").exists()


@pytest.mark.parametrize("data", [b"", b"no zip", packed({"a.png": bright()})[:200]])
def test_what_is_no_archive_is_told(call: Call, room: Path, data: bytes) -> None:
    (room / "shop.zip").write_bytes(data)
    said = call("shop.zip", "out")
    assert said.code == 1 and "it is no ZIP, or a damaged one" in said.err and said.err.count("\n") == 1


def test_a_damaged_member_an_encrypted_one_and_an_unknown_way_are_told(call: Call, room: Path) -> None:
    data = bytearray(packed({"bad.png": bright(), "locked.png": bright(), "odd.png": bright()}))
    data[data.index(b"IDAT") + 20] ^= 255
    starts = [data.index(b"PK\x01\x02")]
    for _ in range(2):
        starts.append(data.index(b"PK\x01\x02", starts[-1] + 1))
    data[starts[1] + 8] |= 1
    data[starts[2] + 10] = 97
    (room / "shop.zip").write_bytes(data)
    said = call("shop.zip", "out")
    assert said.code == 1
    for words in ("bad.png: it could not be read (it is damaged", "locked.png: it could not be read (it is encrypted"):
        assert words in said.err
    assert "odd.png: it could not be read (it is compressed in an unknown way" in said.err


def test_an_archive_without_pictures_is_told(call: Call, room: Path) -> None:
    (room / "shop.zip").write_bytes(packed({"notes.txt": b"no picture"}))
    said = call("shop.zip", "out")
    assert said.code == 1 and "offcut: shop.zip: there is no picture in it" in said.err

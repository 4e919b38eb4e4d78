# SPDX-License-Identifier: AGPL-3.0-or-later
import csv
import io
import json
from dataclasses import replace

import pytest
from helpers import SHA

from offcut.check import Check
from offcut.ledger import COLUMNS, Fault, Ledger, Row, cell, warnings
from offcut.recipe import Recipe, preset

DONE = Row(
    "shoes/red.jpg", "done", "shoes/red-cutout.png", 640, 480, 12345, "tiny", SHA, 2100, 0.8765, ("animated", "size")
)
FAILED = Row("a.jpg", "failed", milliseconds=3, error=Fault("picture.too-large", {"width": 9, "limit_megapixels": 0.5}))
STOPPED = Row("b.jpg", "cancelled")
LEDGER = Ledger(preset("auto"), (DONE, FAILED, STOPPED))

HOSTILE = [
    'say "cheese", please.png',
    "two\nlines\r\nand\rmore.png",
    "图 片/é – ß.heic",
    "nothing\x00there",
    ",;\t'\\|",
    "😀" * 80,
]


def sheet(*rows):
    """What a reader of CSV finds in it."""
    return list(csv.reader(io.StringIO(Ledger(Recipe(), rows).to_csv().decode("utf-8-sig"), newline=""), strict=True))


def test_a_ledger_survives_json():
    assert Ledger.from_json(LEDGER.to_json()) == LEDGER
    told = json.loads(LEDGER.to_json())
    assert list(told) == ["version", "offcut", "recipe", "rows"] and told["version"] == 1
    assert told["rows"][1]["error"] == {"code": "picture.too-large", "details": {"width": 9, "limit_megapixels": 0.5}}
    assert told["rows"][2] == {**dict.fromkeys(COLUMNS[:-1]), "name": "b.jpg", "state": "cancelled", "warnings": []}


def test_a_ledger_is_a_sheet_with_a_line_for_each_picture():
    head, done, failed, stopped = sheet(*LEDGER.rows)
    assert tuple(head) == COLUMNS
    assert done == [
        *("shoes/red.jpg", "done", "shoes/red-cutout.png", "640", "480", "12345", "tiny", SHA, "2100", "0.876"),
        *("animated size", "", ""),
    ]
    assert failed[:3] == ["a.jpg", "failed", ""] and failed[8:11] == ["3", "", ""]
    assert failed[11] == "picture.too-large" and json.loads(failed[12]) == FAILED.error.details
    assert stopped == ["b.jpg", "cancelled", *[""] * 11]


def test_a_sheet_is_written_as_rfc_4180_says_and_marked_as_utf_8():
    data = Ledger(Recipe(), (Row('图 "1", 2\n3', "cancelled"),)).to_csv()
    assert data.startswith(b"\xef\xbb\xbfname,state,")
    assert data[3:].decode() == f'{",".join(COLUMNS)}\r\n"图 ""1"", 2\n3",cancelled{"," * 11}\r\n'


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_comes_back_from_both(name):
    row = replace(DONE, name=name, target=name, error=None)
    assert Ledger.from_json(Ledger(Recipe(), (row,)).to_json()).rows == (row,)
    assert sheet(row)[1][0] == sheet(row)[1][2] == name


def test_a_name_that_is_no_unicode_comes_back_from_json_and_is_told_in_the_sheet():
    row = Row("caf\udce9.png", "cancelled")
    assert Ledger.from_json(Ledger(Recipe(), (row,)).to_json()).rows == (row,)
    assert sheet(row)[1][0] == r"caf\udce9.png"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "\u00a0 =", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(start):
    evil = f"{start}HYPERLINK(1)"
    row = Row(evil, "failed", evil, error=Fault(evil, {}), model=evil, warnings=(evil,))
    found = sheet(row)[1]
    assert [found[COLUMNS.index(column)] for column in ("name", "target", "model", "warnings", "error")] == [
        "'" + evil
    ] * 5


@pytest.mark.parametrize("mark", [";", "; ", "\t", "\n", "\r\n"])
def test_no_cell_is_a_formula_where_the_sheet_is_parted_otherwise(mark):
    assert cell(f"a{mark}=1") == "a" + mark.rstrip(" ") + "'" + " " * mark.count(" ") + "=1"


@pytest.mark.parametrize("text", ["a=b", "red-cutout.png", "1 + 1", "a@b, -c", "'=1", "", "a; b"])
def test_signs_within_a_cell_are_left_alone(text):
    assert cell(text) == text


@pytest.mark.parametrize(("value", "text"), [(None, ""), (0, "0"), (12345678901, "12345678901")])
def test_numbers_are_cells_as_they_are(value, text):
    assert cell(value) == text


def test_ten_thousand_rows_are_written_and_read():
    rows = tuple(replace(DONE, name=f"{number}/{HOSTILE[number % len(HOSTILE)]}") for number in range(10_000))
    assert Ledger.from_json(Ledger(Recipe(), rows).to_json()).rows == rows
    head, *found = sheet(*rows)
    assert len(head) == len(COLUMNS) and [line[0] for line in found] == [row.name for row in rows]


def test_an_empty_batch_has_a_ledger_too():
    empty = Ledger(Recipe(), ())
    assert Ledger.from_json(empty.to_json()) == empty and sheet() == [list(COLUMNS)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"state": "lost"}, "state"),
        ({"width": 0}, "width"),
        ({"bytes": -1}, "bytes"),
        ({"sha256": "no"}, "sha256"),
        ({"milliseconds": 1.5}, "milliseconds"),
        ({"confidence": 1.5}, "confidence"),
        ({"warnings": "size"}, "warnings"),
        ({"warnings": [1]}, "warnings"),
        ({"error": {"code": "internal"}}, "error"),
        ({"state": "failed"}, "error"),
        ({"state": "failed", "error": {"code": "", "details": {}}}, "error.code"),
        ({"state": "failed", "error": {"code": "internal", "details": {"a": []}}}, "error.details.a"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_fault_in_a_row_is_named(changes, field):
    told = LEDGER.to_dict()
    told["rows"][0].update(changes)
    with pytest.raises(ValueError, match=rf"^ledger\.rows\[0\]\.{field} "):
        Ledger.parse(told)


@pytest.mark.parametrize(
    "change", [{"version": 2}, {"offcut": ""}, {"recipe": {"version": 1, "x": 1}}, {"rows": {}}, {"more": 1}]
)
def test_a_fault_in_a_ledger_is_named(change):
    with pytest.raises(ValueError, match=next(iter(change))):
        Ledger.parse(LEDGER.to_dict() | change)


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b"[" * 100_000])
def test_what_is_no_ledger_is_refused(data):
    with pytest.raises(ValueError):
        Ledger.from_json(data)


def test_warnings_are_notes_and_the_checks_that_failed():
    checks = [Check("size", "pass", {}), Check("fill", "warn", {}), Check("background", "fail", {})]
    assert warnings(("animated",), checks) == ("animated", "background")

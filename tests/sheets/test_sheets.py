"""Workbooks: what was written comes back, and hostile ones end with a sentence."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from attest.sheets import BadSheet, is_workbook, read_rows, sheet_process, write_rows

HOSTILE = ["=1+1", '=HYPERLINK("http://localhost/")', "+1", "-1", "@SUM(A1)", "\t=1", "'=1"]


def rebuilt(data: bytes, name: str, change) -> bytes:
    """The same workbook with one part changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, change(content) if part == name else content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_what_is_written_comes_back() -> None:
    data = write_rows("Answers", ["a", "b", "c"], [["x", 3, date(2013, 2, 6)], ["", None, None]])
    assert is_workbook(data)
    assert read_rows(data)[:2] == [(1, ["a", "b", "c"]), (2, ["x", "3", "2013-02-06"])]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_never_a_formula(text: str) -> None:
    data = write_rows("Answers", ["a"], [[text]])
    cell = load_workbook(io.BytesIO(data)).active["A2"]
    assert cell.data_type == "s"
    assert cell.value == text
    assert read_rows(data)[1] == (2, [text])


def test_blank_rows_keep_the_numbers_of_the_lines() -> None:
    book = Workbook()
    book.active["A1"] = "name"
    book.active["A5"] = "late.csv"
    out = io.BytesIO()
    book.save(out)
    assert read_rows(out.getvalue())[4] == (5, ["late.csv"])


def test_a_hidden_sheet_is_not_read() -> None:
    book = Workbook()
    book.active.title = "Hidden"
    book.active["A1"] = "secret"
    book.active.sheet_state = "hidden"
    book.create_sheet("Seen")["A1"] = "name"
    book.active = 1
    out = io.BytesIO()
    book.save(out)
    assert read_rows(out.getvalue()) == [(1, ["name"])]


@pytest.mark.parametrize("place", ["A200000", "XFD1", "XFD1048576"])
def test_a_cell_far_out_is_refused(place: str) -> None:
    book = Workbook()
    book.active["A1"] = "name"
    book.active[place] = "x"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(BadSheet, match="reaches further"):
        read_rows(out.getvalue())


def test_a_bomb_is_refused() -> None:
    data = write_rows("Answers", ["a"], [])
    bomb = rebuilt(data, "docProps/app.xml", lambda content: b" " * 120_000_000)
    assert len(bomb) < 1_000_000
    with pytest.raises(BadSheet, match="unpacks to more"):
        read_rows(bomb)


def shared(text: bytes, cells: int) -> bytes:
    """A workbook whose cells all name one shared string."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    rows = "".join(
        f'<row r="{number}"><c r="A{number}" t="s"><v>0</v></c></row>'
        for number in range(1, cells + 1)
    )
    data = rebuilt(
        write_rows("Answers", ["a"], []),
        SHEET,
        lambda content: (
            f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'.encode()
        ),
    )
    data = rebuilt(
        data,
        "xl/_rels/workbook.xml.rels",
        lambda content: content.replace(
            b"</Relationships>",
            f'<Relationship Id="rId99" Type="{kinds}/sharedStrings" '
            'Target="/xl/sharedStrings.xml"/></Relationships>'.encode(),
        ),
    )
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/sharedStrings.xml",
            f'<sst xmlns="{main}"><si><t>'.encode() + text + b"</t></si></sst>",
        )
    return out.getvalue()


def test_one_long_text_that_many_cells_name_is_refused() -> None:
    assert read_rows(shared(b"hello", 3)) == [(1, ["hello"]), (2, ["hello"]), (3, ["hello"])]
    bomb = shared(b"x" * 3_000_000, 3_000)
    assert len(bomb) < 100_000
    with pytest.raises(BadSheet):
        read_rows(bomb)


@pytest.mark.parametrize("letter", ["x", "é", "\U0001f5c4"])
def test_a_workbook_brings_no_more_text_than_a_list_may(letter: str) -> None:
    """Whatever its letters: what comes back from the process is held in memory whole."""
    text = letter * 1_000_000
    assert read_rows(shared(text.encode(), 9))[8] == (9, [text])
    with pytest.raises(BadSheet, match="unpacks to more"):
        read_rows(shared(text.encode(), 11))


def test_blank_cells_fill_no_memory() -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Answers")
    for _ in range(99_999):
        sheet.append([])
    sheet.append([None] * 199 + ["x"])
    sheet.append(["name"])
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(BadSheet, match="unpacks to more"):
        read_rows(out.getvalue())


def test_what_the_process_writes_is_as_long_as_the_text() -> None:
    data = shared(("é" * 1000).encode(), 1)
    program = [sys.executable, "-I", sheet_process.__file__]
    done = subprocess.run(program, input=data, capture_output=True, env={}, check=True)
    assert len(done.stdout) < 2_100


def test_entities_are_never_unfolded() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "' + b"a" * 1000 + b'">'
    bomb += b"".join(b'<!ENTITY a%d "%s">' % (i, (b"&a%d;" % (i - 1)) * 50) for i in range(1, 9))
    bomb += b"]><worksheet><sheetData><row r='1'><c r='A1' t='str'><v>&a8;</v></c></row>"
    bomb += b"</sheetData></worksheet>"
    data = write_rows("Answers", ["a"], [])
    try:
        rows = read_rows(rebuilt(data, SHEET, lambda content: bomb))
    except BadSheet:
        return
    assert sum(len(cell) for _, row in rows for cell in row) < 10_000


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04", b"PK\x03\x04" + bytes(1000), b"PK\x03\x04<html>"],
    ids=["short", "0", "x"],
)
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(BadSheet, match="cannot be read as XLSX"):
        read_rows(data)


def test_a_zip_without_a_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(BadSheet):
        read_rows(out.getvalue())

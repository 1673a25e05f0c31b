"""Lists of files: a workbook is read as a CSV list is, and by the same rules."""

from __future__ import annotations

from datetime import date

from attest.services.facts.lists import read_manifest
from attest.sheets import write_rows

HEADER = ["Name", "kind", "size", "sent on", "subjects"]


def test_a_workbook_names_files_as_a_csv_list_does() -> None:
    data = write_rows("Files", HEADER, [["letter.docx", "electronic", 1200, date(2013, 1, 14), 40]])
    read = read_manifest(data)
    assert read.problems == ()
    assert read.kind == "xlsx"
    [file] = read.files
    assert (file.name, file.size, file.sent_on, file.subjects, file.line) == (
        "letter.docx",
        1200,
        date(2013, 1, 14),
        40,
        2,
    )
    assert read_manifest(b"name,size\r\nletter.docx,1200\r\n").files[0].size == 1200


def test_each_bad_line_of_a_workbook_has_its_number() -> None:
    data = write_rows("Files", HEADER, [["good.docx"], ["bad.docx", "neither"], ["good.docx"]])
    read = read_manifest(data)
    assert [problem.line for problem in read.problems] == [3, 4]
    assert read.files == ()


def test_a_workbook_without_names_says_so() -> None:
    assert "column “name” is missing" in str(
        read_manifest(write_rows("Files", ["size"], [[3]])).problems[0]
    )
    assert "empty" in str(read_manifest(write_rows("Files", [""], [])).problems[0])
    assert "cannot be read as XLSX" in str(read_manifest(b"PK\x03\x04").problems[0])

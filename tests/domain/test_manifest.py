"""A list of files is read whole or not at all, and each bad line says why."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.domain.manifest import COLUMNS, MAX_BYTES, ManifestFile, read

HASH = "6664f7312a6126abcb1d8a0ed9b87f24d823826e7eac2200d184da3ccd296e3e"
OTHER = "9116514f9ba4acd8cb529b6997fd30fa4024cf9a0054199936f5834efb15164b"


def csv_list(*rows: str, header: str = "name,sha256") -> bytes:
    return "\n".join((header, *rows)).encode()


def told(data: bytes) -> list[str]:
    """The problems of a list that must have some, and that gives no file to keep."""
    imported = read(data)
    assert imported.problems
    assert imported.files == ()
    return [str(problem) for problem in imported.problems]


def names(data: bytes) -> list[str]:
    imported = read(data)
    assert imported.problems == ()
    return [file.name for file in imported.files]


def test_a_full_line_of_csv() -> None:
    data = csv_list(
        f"a – b.csv,Hard Copy,{HASH.upper()},63485,"
        '"Payroll, union dues",2013-01-14,post,identity; health;identity,994',
        header=",".join(COLUMNS),
    )
    assert read(data).files == (
        ManifestFile(
            name="a – b.csv",
            kind="hard_copy",
            sha256=HASH,
            size=63485,
            description="Payroll, union dues",
            sent_on=date(2013, 1, 14),
            channel="post",
            data_categories=("identity", "health"),
            subjects=994,
        ),
    )


def test_only_the_name_is_a_must() -> None:
    assert read(b"Name\na.csv\n\n  \nb.csv").files == (
        ManifestFile("a.csv"),
        ManifestFile("b.csv"),
    )


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfname,Sent On\r\na.csv,2013-01-14\r\n",
        b"sent_on;name\na.csv;a.csv\n".replace(b"a.csv;", b"2013-01-14;"),
        b"SENT-ON\tname\n2013-01-14\ta.csv",
        b"\n\nname,sent_on\rx\r".replace(b"x", b"a.csv,2013-01-14"),
        "name\tsent_on\r\na.csv\t2013-01-14\r\n".encode("utf-16"),
        b'"name","sent_on"\n"a.csv","2013-01-14"\n',
        b"name,sent_on,,\na.csv,2013-01-14,,\n",
    ],
    ids=["bom-crlf", "semicolons", "tabs", "cr", "utf-16", "quoted", "empty-columns"],
)
def test_the_ways_in_which_spreadsheets_write_csv(data: bytes) -> None:
    assert read(data).files == (ManifestFile("a.csv", sent_on=date(2013, 1, 14)),)


def test_the_delimiter_is_told_where_it_is_no_comma() -> None:
    assert any("semicolons" in note for note in read(b"name;size\na;1").notes)
    assert read(b"name,size\na,1").notes == ()


def test_an_unknown_column_is_told_and_left_out() -> None:
    imported = read(b"name,owner,colour\na.csv,Bob,red")
    assert imported.files == (ManifestFile("a.csv"),)
    assert "“owner” and “colour” are not known" in imported.notes[0]


def test_windows_1252_is_read_and_told() -> None:
    imported = read("name\nshift – custody.csv".encode("cp1252"))
    assert imported.files == (ManifestFile("shift – custody.csv"),)
    assert "Windows-1252" in imported.notes[0]


def test_a_record_over_several_lines_is_numbered_where_it_starts() -> None:
    data = b'name,description\na.csv,fine\n"b\nc.csv",x\nd.csv,"1\n2"\n,'
    problems = told(data + b"lost")
    assert [line.split(":")[0] for line in problems] == ["Line 3", "Line 5", "Line 7"]
    assert "line break" in problems[0]
    assert "missing" in problems[2]


@pytest.mark.parametrize(
    ("row", "header", "reason"),
    [
        (",x", "name,description", "The file name is missing."),
        (f"a,{HASH[:-1]}", "name,sha256", "has 63 characters, but such a hash has 64"),
        (f"a,{HASH[:-1]}g", "name,sha256", "letters a–f only"),
        ("a\x07b", "name", "control character or a hidden direction mark (U+0007)"),
        ("a\u202egpj.exe", "name", "(U+202E)"),
        ("a\u061cb", "name", "(U+061C)"),
        ("a\u2028b", "name", "(U+2028)"),
        ("a\u0085b", "name", "(U+0085)"),
        ("a,12 kB", "name,size", "not a number of bytes"),
        ("a,-1", "name,size", "not a number of bytes"),
        ("a,٣", "name,size", "not a number of bytes"),
        ("a,9007199254740992", "name,size", "not a number of bytes"),
        ("a,many", "name,subjects", "not a number of people"),
        ("a,14/01/2013", "name,sent_on", "Write year, month and day: 2013-01-14"),
        ("a,2013-02-30", "name,sent_on", "cannot be read"),
        ("a,tape", "name,kind", "write electronic or hard_copy"),
        ("a,x\u200ey", "name,description", "(U+200E)"),
        ("a" * 1001, "name", "too long: at most 1,000"),
        ("a," + "x" * 2001, "name,description", "too long: at most 2,000"),
        ("a," + ";".join(map(str, range(51))), "name,data_categories", "at most 50"),
        ("a,b,c", "name,description", "3 cells, but the header names 2 columns"),
        ("dir/", "name", "names a directory"),
    ],
)
def test_a_bad_line_gives_its_number_and_its_reason(row: str, header: str, reason: str) -> None:
    problems = told(csv_list("good.csv", row, "other.csv", header=header))
    assert len(problems) == 1
    assert problems[0].startswith("Line 3: ")
    assert reason in problems[0]


def test_every_problem_of_every_line_is_told_and_the_good_ones_can_be_shown() -> None:
    data = csv_list("a,zz,1", "b,,2", ",,x", header="name,sha256,size")
    imported = read(data)
    assert [problem.line for problem in imported.problems] == [2, 4, 4]
    assert imported.files == ()
    assert [file.name for file in imported.readable] == ["b"]


def test_a_name_twice_is_a_problem_even_when_it_only_looks_the_same() -> None:
    problems = told("name\ncaf\u00e9.csv\nb.csv\ncafe\u0301.csv".encode())
    assert len(problems) == 1
    assert problems[0].startswith("Line 4: The name is already on line 2.")


def test_a_name_that_is_not_nfc_is_put_right_and_told() -> None:
    imported = read("name\ncafe\u0301.csv".encode())
    assert imported.files == (ManifestFile("caf\u00e9.csv"),)
    assert "accents" in imported.notes[0]


def test_a_missing_name_column_is_told_at_the_header() -> None:
    problems = told(b"\nfile,sha256\na.csv,x")
    assert len(problems) == 1
    assert problems[0].startswith("Line 2: The column “name” is missing.")
    assert "is there twice" in told(b"name,size,Size\na,1,2")[0]


def test_a_quotation_mark_out_of_place_ends_the_reading_there() -> None:
    problems = told(b'name,description\nz,\n"a"b,x\nc,d')
    assert len(problems) == 1
    assert problems[0].startswith("Line 3: A quotation mark")
    assert told(b'name\na\n"b\nc\nd')[0].startswith("Line 3: A quotation mark")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\r\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"name\n", "names no file"),
        (b"hello\nworld", "neither a CSV list nor a sha256sum listing"),
        (b"PK\x03\x04xyz", "Save the sheet as CSV"),
        (b"name\n\0", "not a text file"),
        (b"name\n\x81\x8d", "cannot be read as text"),
        (b"\xff\xfea", "cannot be read as text"),
        (b"name\n" + b"a" * MAX_BYTES, "at most 10 MB"),
        (b"name\n" + b"a\n" * 100_001, "100,001 files; at most 100,000"),
    ],
)
def test_a_list_that_cannot_be_read_at_all(data: bytes, reason: str) -> None:
    imported = read(data)
    assert imported.files == ()
    assert [problem.line for problem in imported.problems] == [0]
    assert reason in str(imported.problems[0])


@pytest.mark.parametrize(
    "line",
    [
        f"{HASH}  a b.csv",
        f"{HASH} *a b.csv",
        f"{HASH} a b.csv",
        f"SHA256 (a b.csv) = {HASH}",
        f"SHA256(a b.csv)= {HASH}",
        f"{HASH.upper()}  a b.csv\r",
        f"# made by hand\n\n{HASH}  a b.csv",
    ],
)
def test_the_ways_in_which_sums_are_written(line: str) -> None:
    imported = read(f"{line}\n".encode())
    assert imported.kind == "sha256sum"
    assert imported.problems == ()
    assert imported.files == (ManifestFile("a b.csv", sha256=HASH),)


def test_an_escaped_name_is_unescaped() -> None:
    assert names(f"\\{HASH}  a\\\\b.csv\n{OTHER}  c\\d.csv".encode()) == ["a\\b.csv", "c\\d.csv"]
    tagged = f"\\SHA256 (a\\\\b.csv) = {HASH}\nSHA256 (c.csv) = {OTHER}"
    assert names(tagged.encode()) == ["a\\b.csv", "c.csv"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"\\{HASH}  a\\nb.csv", "must stay on one line"),
        (f"\\{HASH}  a\\qb.csv", "not escaped"),
        (f"\\{HASH}  a\\", "not escaped"),
        (f"{HASH}ab  x.csv", "has 66 characters"),
        (f"{HASH[:32]}  x.csv", "has 32 characters"),
        (f"MD5 (x.csv) = {HASH[:32]}", "made with MD5"),
        (f"SHA256 (x.csv) = {HASH[:-2]}", "has 62 characters"),
        (f"{HASH}  -", "no file name"),
        (f"{HASH}", "no line of a sha256sum listing"),
        ("sha256sum: x.csv: Permission denied", "no line of a sha256sum listing"),
        (f"{HASH}  ", "missing"),
        (f"{HASH}  a,size,b.csv", "already on line 1"),
    ],
)
def test_a_bad_line_of_a_listing(line: str, reason: str) -> None:
    problems = told(f"{OTHER}  a,size,b.csv\n{line}\n{OTHER}  good.csv\n".encode())
    assert len(problems) == 1
    assert problems[0].startswith("Line 2: ")
    assert reason in problems[0]


@pytest.mark.parametrize(
    ("given_names", "kept"),
    [
        (["files/a", "files/b"], ["a", "b"]),
        (["x/files/a", "x/files/b/c"], ["a", "b/c"]),
        (["./a", "./b"], ["a", "b"]),
        (["/srv/a", "/srv/b"], ["a", "b"]),
        (["files/a"], ["a"]),
        (["files/a", "filesystem/b"], ["files/a", "filesystem/b"]),
        (["files/a", "b"], ["files/a", "b"]),
        (["C:\\out\\a", "C:\\out\\b"], ["a", "b"]),
        (["out\\a", "b"], ["out\\a", "b"]),
    ],
)
def test_a_directory_common_to_all_lines_is_stripped_and_said(
    given_names: list[str], kept: list[str]
) -> None:
    imported = read("\n".join(["name", *given_names]).encode())
    assert [file.name for file in imported.files] == kept
    assert any("directory" in note for note in imported.notes) is (given_names != kept)


def test_ten_thousand_lines_take_no_time_to_speak_of() -> None:
    rows = (f"f{n}.csv,{n:064x}" for n in range(10_000))
    assert len(read(csv_list(*rows)).files) == 10_000


@given(st.binary(max_size=400))
def test_no_bytes_upset_the_reader(data: bytes) -> None:
    imported = read(data)
    assert imported.problems or imported.files


@given(st.text(max_size=200), st.sampled_from(["name\n", "name;size\n", f"{HASH}  x\n", "name\t"]))
def test_no_text_upsets_the_reader(text: str, start: str) -> None:
    imported = read((start + text).encode("utf-8", "surrogatepass"))
    assert imported.problems or imported.files

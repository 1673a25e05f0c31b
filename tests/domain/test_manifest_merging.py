"""Importing a second list adds what is new, fills in what was missing, and changes nothing."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.domain.manifest import Import, ManifestFile, merge, read

# The five names of the reference case, with made-up hashes.
NAMES = (
    "establishment-list-2012-12.csv",
    "sickness-absence-2011-2012.csv",
    "payroll-deductions-q3.csv",
    "shift-patterns – custody & control room.csv",
    "HR restructure costings v7 FINAL.xlsx",
)
HASHES = tuple(f"{n + 1:064x}" for n in range(len(NAMES)))


def manifest() -> Import:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["name", "sha256", "description", "subjects"])
    for name, digest in zip(NAMES, HASHES, strict=True):
        writer.writerow([name, digest, "of staff, all", "0"])
    return read(out.getvalue().encode())


def listing(directory: str = "files/") -> Import:
    lines = (f"{digest}  {directory}{name}\n" for name, digest in zip(NAMES, HASHES, strict=True))
    return read("".join(lines).encode())


def of(*files: ManifestFile) -> Import:
    return Import("csv", files)


def test_the_manifest_and_then_the_sums_give_five_files() -> None:
    first = merge([], manifest())
    assert [file.name for file in first.added] == list(NAMES)
    second = merge(first.added, listing())
    assert second.problems == ()
    assert (second.added, second.filled_in, second.already_there) == ((), (), 5)
    assert "5 files are already there." in second.notes
    assert any("files/" in note for note in second.notes)


def test_the_sums_and_then_the_manifest_give_the_same_five_whole() -> None:
    first = merge([], listing())
    second = merge(first.added, manifest())
    assert second.added == ()
    assert second.filled_in == manifest().files
    assert second.filled_in[0].subjects == 0


def test_a_hash_is_filled_in_where_either_had_none() -> None:
    bare, hashed = ManifestFile("a"), ManifestFile("a", sha256=HASHES[0])
    assert merge([bare], of(hashed)).filled_in == (hashed,)
    assert merge([hashed], of(bare)).filled_in == ()
    assert merge([hashed], of(bare)).already_there == 1


@pytest.mark.parametrize(
    ("present", "arriving", "reason"),
    [
        (
            ManifestFile("a", sha256=HASHES[0]),
            ManifestFile("a", sha256=HASHES[1], line=7),
            "another SHA-256 hash",
        ),
        (ManifestFile("a", size=0), ManifestFile("a", size=9, line=7), "another size (0 bytes)"),
    ],
)
def test_the_same_name_for_another_content_stops_all_of_it(
    present: ManifestFile, arriving: ManifestFile, reason: str
) -> None:
    merged = merge([present], of(ManifestFile("new"), arriving))
    assert (merged.added, merged.filled_in, merged.already_there) == ((), (), 0)
    assert [problem.line for problem in merged.problems] == [7]
    assert reason in merged.problems[0].sentence


def test_what_was_there_stays_and_a_note_says_so() -> None:
    here = ManifestFile("a", description="ours", sent_on=date(2013, 1, 14))
    merged = merge([here], of(ManifestFile("a", description="theirs", size=3)))
    assert merged.filled_in[0].description == "ours"
    assert merged.filled_in[0].size == 3
    assert any("what was there stays" in note for note in merged.notes)


def test_a_list_with_problems_merges_nothing() -> None:
    merged = merge([], read(b"name,size\na,1\nb,x"))
    assert merged.added == ()
    assert [problem.line for problem in merged.problems] == [3]


digests = st.one_of(st.none(), st.sampled_from(HASHES[:2]))
entries = st.dictionaries(st.sampled_from("abcdef"), digests).map(
    lambda drawn: tuple(ManifestFile(name, sha256=digest) for name, digest in drawn.items())
)


@given(entries, entries)
def test_merging_twice_is_merging_once(first: tuple[ManifestFile], second: tuple[ManifestFile]):
    merged = merge(first, of(*second))
    if merged.problems:
        return
    standing = {file.name: file for file in (*first, *merged.filled_in, *merged.added)}
    assert set(standing) == {file.name for file in (*first, *second)}
    again = merge(standing.values(), of(*second))
    assert (again.added, again.filled_in) == ((), ())
    assert again.already_there == len(second)

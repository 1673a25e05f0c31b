"""The work sheet has a part for each store, with a row for each file or a list at the end."""

import re

from attest.documents.parts import FilePart
from attest.documents.worksheet import make_worksheet
from tests.documents.papers import STORES, pages, words, worksheet


def test_each_store_has_a_page_with_every_file_and_its_own_answers() -> None:
    made = pages(make_worksheet(worksheet(FilePart("a.csv"), FilePart("b.csv"))))
    assert len(made) == len(STORES)
    for store, page in zip(STORES, made, strict=True):
        assert store.label in page
        assert "a.csv" in page
        assert "b.csv" in page
    assert "Deleted" in made[0]
    assert "Returned" not in made[0]
    assert "Returned" in made[2]
    assert "Deleted" not in made[2]


def test_it_is_no_evidence() -> None:
    assert "It is no evidence, and nothing on it is signed." in words(make_worksheet(worksheet()))


def test_many_files_stand_once_in_a_list_at_the_end() -> None:
    files = [FilePart(f"file-{n:03d}.csv") for n in range(300)]
    text = words(make_worksheet(worksheet(*files)))
    assert text.count("All 300 files, but for those below") == len(STORES)
    assert len(re.findall(r"file-\d{3}\.csv", text)) == 300


def test_without_a_store_it_says_what_to_do_first() -> None:
    assert "No store is named yet." in words(make_worksheet(worksheet(stores=())))


def test_the_same_data_give_the_same_bytes() -> None:
    assert make_worksheet(worksheet()) == make_worksheet(worksheet())

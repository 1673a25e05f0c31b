"""The certificate's list of evidence files: each one, who added it, and which answers name it."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from attest.documents.certificate import make_certificate
from attest.documents.evidence_table import MOST_LISTED, EvidencePart, in_cell, listing
from attest.documents.parts import CopyPart
from tests.documents.papers import COPIES, PARTIES, certificate, certified, words


def part(name: str, **changes: object) -> EvidencePart:
    given = EvidencePart(
        name,
        digest(name),
        "image/jpeg",
        2_345_678,
        "Halden Support Services plc",
        datetime(2013, 2, 6, 14, 0, tzinfo=UTC),
    )
    return replace(given, **changes)  # type: ignore[arg-type]


def digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def shown(*names: str) -> CopyPart:
    return replace(COPIES[0], evidence=tuple(map(digest, names)))


def test_it_lists_each_with_its_kind_size_hash_sender_and_answers() -> None:
    one = certified("a.csv", (shown("box.jpg", "report.xml"), COPIES[1], shown("box.jpg")))
    evidence = (
        part("box.jpg"),
        part("note.txt", media_type="text/plain", size=13, organisation="Northshire Constabulary"),
        part("report.xml"),
    )
    text = words(make_certificate(certificate(one, certified("b.csv"), evidence=evidence)))
    for said in (
        "3 evidence files",
        f"box.jpg JPEG picture, 2.3 MB {digest('box.jpg')}",
        "Halden Support Services plc, contractor 6 February 2013, 14:00 UTC file 1 in S1 and S3",
        "text, 13 bytes",
        "Northshire Constabulary, lead controller",
        "none; it is about the demand",
        "deleted overwriting the file 6 Feb 2013 evidence E1, E3",
    ):
        assert said in text, said


def test_without_any_it_says_so() -> None:
    text = words(make_certificate(certificate()))
    assert "Evidence files None was added to this demand." in text


def test_one_whose_event_was_erased_keeps_what_the_attestation_says() -> None:
    erased = EvidencePart("box.jpg", digest("box.jpg"))
    one = certified("a.csv", (shown("box.jpg"), *COPIES[1:]))
    text = words(make_certificate(certificate(one, evidence=(erased,))))
    assert "box.jpg what it was, and who added it, was erased after its time" in text
    assert digest("box.jpg") in text


def test_of_a_long_list_come_first_those_that_answers_name() -> None:
    evidence = [part(f"{n}.jpg") for n in range(MOST_LISTED + 12)]
    last = f"{MOST_LISTED + 11}.jpg"
    told = listing(evidence, [(shown(last),)], PARTIES)
    names = [row["name"] for row in told.told["rows"]]
    assert names == [*(f"{n}.jpg" for n in range(MOST_LISTED - 1)), last]
    assert told.numbers[digest(last)] == f"E{MOST_LISTED}"
    assert told.told["rest"].startswith("And 12 further evidence files, 28 MB together. ")
    text = words(make_certificate(certificate(evidence=tuple(evidence))))
    assert "The log in the bundle names each, with its SHA-256." in text


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, []),
        (1, ["evidence E1"]),
        (4, ["evidence E1, E2, E3, E4"]),
        (5, ["5 evidence files"]),
    ],
)
def test_a_cell_names_a_few_and_counts_many(number: int, said: list[str]) -> None:
    names = [f"{n}.jpg" for n in range(number)]
    numbers = listing([part(name) for name in names], [], PARTIES).numbers
    assert in_cell(shown(*reversed(names)), numbers) == said


def test_a_cell_counts_those_that_the_list_leaves_out() -> None:
    assert in_cell(shown("gone.jpg"), {}) == ["1 evidence file"]


def test_many_answers_that_name_one_are_counted() -> None:
    told = listing([part("box.jpg")], [[shown("box.jpg")] * 3] * 4, PARTIES)
    assert told.told["rows"][0]["copies"] == "12 copies of 4 files"

"""The certificate names every file and every copy, and never calls itself evidence."""

import io
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from attest.documents.certificate import Onward, make_certificate
from attest.documents.parts import CopyPart, StorePart
from tests.documents.papers import (
    HASH,
    LOG_KEY,
    OFFICER_KEY,
    ROOT,
    SIGNATORY_KEY,
    certificate,
    certified,
    pages,
    words,
)


def test_it_says_prominently_that_it_is_no_evidence_and_how_to_verify() -> None:
    first = " ".join(pages(make_certificate(certificate()))[0].split())
    assert "This paper is a rendering for people. It is no evidence." in first
    assert "attest verify ND-2013-004-bundle.zip --trust trust.json" in first


def test_it_names_the_checkpoint_and_every_key() -> None:
    text = words(make_certificate(certificate()))
    for said in (ROOT, "87", LOG_KEY, SIGNATORY_KEY, OFFICER_KEY, "15 March 2013, 16:00 UTC"):
        assert said in text, said


def test_it_lists_files_stores_and_the_outcome_of_each_copy_in_words() -> None:
    text = words(make_certificate(certificate()))
    for said in (
        "1 named file",
        "establishment-list-2012-12.csv",
        HASH,
        "63,485 bytes",
        "Accepted",
        "1 copy not settled",
        "attested 13 March 2013, 10:12 UTC",
        "Daniel Okoye, key A",
        "3 stores",
        "Bid team file share",
        "Records store, Unit 7",
        "hard copy",
        "deleted overwriting the file 6 Feb 2013",
        "put beyond use until 12 Mar 2013",
        "none found 8 Feb 2013 on the word of Unit 7's keeper",
        "Each attestation declares that no copy left the parties named.",
    ):
        assert said in text, said
    assert "_" not in text.replace(HASH, "")


def test_each_page_carries_the_reference_and_its_number() -> None:
    made = pages(make_certificate(certificate(*(certified(f"f{n}.csv") for n in range(40)))))
    for number, text in enumerate(made, start=1):
        assert "ND-2013-004" in text
        assert f"page {number} of {len(made)}" in text


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("closed", "Closed: every file is accepted and every copy is settled."),
        ("closed_with_exceptions", "Closed with exceptions"),
        ("withdrawn", "Withdrawn by the controller"),
        ("awaiting_review", "Not closed. As it stood on 15 March 2013, the demand was awaiting"),
    ],
)
def test_it_says_how_the_demand_stands(state: str, said: str) -> None:
    assert said in words(make_certificate(certificate(state=state)))


def test_an_unanswered_copy_and_an_onward_disclosure_are_told() -> None:
    open_file = replace(
        certified("open.csv", (CopyPart(), CopyPart(), CopyPart())), state="open", attested=None
    )
    passed = replace(
        certified("b.csv"), onward=(Onward("Midshire Police", "the list", date(2013, 1, 15)),)
    )
    text = words(make_certificate(certificate(open_file, passed, state="in_progress")))
    assert text.count("to be answered") == 3
    assert "b.csv: the list, to Midshire Police on 15 January 2013" in text
    assert "no copy left" not in text


def test_more_stores_than_a_page_is_wide_are_all_there() -> None:
    stores = tuple(StorePart(f"Store no {n}", "electronic", "other") for n in range(1, 21))
    copies = tuple(CopyPart("deleted", date(2013, 2, n), method="overwrite") for n in range(1, 21))
    made = make_certificate(certificate(certified("a.csv", copies), stores=stores))
    text = words(made)
    for n in range(1, 21):
        # Once in the list of stores and once over a column.
        assert len(re.findall(rf"Store no {n}\b", text)) == 2
        assert f"{n} Feb 2013" in text


def test_answers_that_do_not_match_the_stores_are_refused() -> None:
    with pytest.raises(ValueError, match="one answer for each store"):
        make_certificate(certificate(certified("a.csv", (CopyPart(),))))


def test_the_same_data_give_the_same_bytes() -> None:
    assert make_certificate(certificate()) == make_certificate(certificate())
    assert make_certificate(certificate()) != make_certificate(certificate(reference="ND-1"))


def test_it_is_archivable_accessible_and_titled() -> None:
    reader = PdfReader(io.BytesIO(make_certificate(certificate())))
    root: Any = reader.root_object
    metadata = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert root["/Lang"] == "en-GB"
    assert reader.metadata is not None
    assert reader.metadata.title == "Deletion demand ND-2013-004"
    assert reader.metadata.creation_date == certificate().checkpoint.at


def test_three_hundred_files_are_all_there() -> None:
    files = [certified(f"file-{n:03d}.csv") for n in range(300)]
    text = words(make_certificate(certificate(*files)))
    for n in range(300):
        # Once in the list of files and once in the matrix.
        assert text.count(f"file-{n:03d}.csv") == 2


def test_what_people_wrote_is_never_markup() -> None:
    name = '#let x = "a" $m$ *b* _c_ <l> @ref \\ // /* `d` #panic() [e]'
    text = words(make_certificate(certificate(certified(name), basis="= #panic()\n- *no*")))
    assert name in text
    assert "= #panic() - *no*" in text


def test_it_tells_of_more_time() -> None:
    data = replace(
        certificate(),
        due_on=date(2013, 2, 20),
        signed_due_on=date(2013, 2, 18),
        more_time=("Asked for 2 more working days. Granted, until Wednesday 20 February 2013.",),
    )
    text = words(make_certificate(data))
    assert "Monday 18 February 2013, extended to Wednesday 20 February 2013" in text
    assert "Asked for 2 more working days. Granted, until" in text

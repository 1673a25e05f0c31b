"""The signed demand as a paper: what is asked, what was signed, and how to doubt it."""

from attest.documents.demand_pdf import make_demand
from attest.documents.parts import FilePart
from tests.documents.papers import HASH, LOG_KEY, ROOT, SIGNATORY_KEY, demand, words


def test_it_says_what_is_demanded_of_whom_and_by_when() -> None:
    text = words(make_demand(demand()))
    for said in (
        "Northshire Constabulary demands of Halden Support Services plc that it delete or return "
        "every copy of 1 named file by Monday 18 February 2013.",
        "Eastshire Police · joint controller",
        "Midshire Police · carrier",
        "Non-disclosure agreement NDA-2012-117",
        "Delete every copy, or return it.",
        "payroll.csv",
        HASH,
        "Union dues",
        "Nightly backup",
    ):
        assert said in text, said


def test_the_declaration_stands_verbatim_with_who_signed_it() -> None:
    text = words(make_demand(demand()))
    assert 'The reference is "ND-2013-004". It must be done. It covers one file.' in text
    for said in ("Ruth Alder, Senior Information Risk Owner", SIGNATORY_KEY, "ab" * 32):
        assert said in text, said


def test_it_says_how_to_check_that_it_is_genuine() -> None:
    text = words(make_demand(demand()))
    assert "Do not take this paper’s word for it." in text
    assert "on a number that you know or find elsewhere" in text
    assert LOG_KEY in text
    assert ROOT in text


def test_the_incident_is_told_as_unsigned_and_only_where_there_is_something_to_tell() -> None:
    text = words(make_demand(demand()))
    assert "not part of what was signed" in text
    assert "People affected 0" in text
    assert "Noticed 1 February 2013, 09:40 UTC" in text
    assert "Data affected" not in text
    assert "incident" not in words(make_demand(demand(incident=None))).lower()


def test_a_long_declaration_and_three_hundred_files_are_all_there() -> None:
    files = [FilePart(f"file-{n:03d}.csv", "hard_copy") for n in range(300)]
    lines = "\n".join(f"This is line {n}." for n in range(100))
    text = words(make_demand(demand(*files, declaration=lines)))
    for n in range(300):
        assert f"file-{n:03d}.csv" in text
    assert "This is line 0. This is line 1." in text
    assert "This is line 99." in text


def test_the_same_data_give_the_same_bytes() -> None:
    assert make_demand(demand()) == make_demand(demand())


def test_it_names_the_contact_point_and_says_that_it_is_not_signed() -> None:
    text = words(make_demand(demand(contact_point="Eastshire Police")))
    assert "Contact point Eastshire Police · whom the people affected ask (Article 26)" in text
    assert "not part of what was signed" in text
    assert "Contact point" not in words(make_demand(demand()))

"""Circles are refused, disclosure agrees, and no name of a contractor above gets through."""

from __future__ import annotations

import pytest

from attest.domain import lineage
from attest.domain.lineage import LEFT_OUT

HALDEN = "Halden Support Services plc"
CONTRACTORS = [("ND-2013-005", "Printers Ltd"), ("ND-2013-004", HALDEN)]


@pytest.mark.parametrize("name", [HALDEN, "halden support  services PLC"])
def test_no_circle(name: str) -> None:
    told = lineage.why_not_raised(name, CONTRACTORS, ["Northshire Constabulary"])
    assert told is not None
    assert "the contractor of ND-2013-004" in told


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Halden Support Services", HALDEN, True),
        ("Acme Limited", "ACME Ltd.", True),
        ("Acme Ltd", "Acme Inc", False),
        ("Halden", HALDEN, False),
    ],
)
def test_a_name_without_its_legal_form_may_be_the_same(one: str, other: str, same: bool) -> None:
    assert lineage.alike(one, other) is lineage.alike(other, one) is same
    told = lineage.why_not_raised(one, [("ND-2013-004", other)], [])
    assert (told is not None) is same
    assert (lineage.why_not_answered(one, other, []) is not None) is same


def test_who_can_be_asked() -> None:
    assert lineage.why_not_raised("Couriers LLP", CONTRACTORS, ["Northshire"]) is None
    assert "a controller" in (
        lineage.why_not_raised("northshire", CONTRACTORS, ["Northshire"]) or ""
    )


def test_what_an_officer_is_told_speaks_of_its_own_demand_only() -> None:
    """The contractor above is none of the officer's business: its name raises no eyebrow."""
    assert lineage.why_not_answered(HALDEN, "Printers Ltd", ["Northshire"]) is None
    assert "is you" in (lineage.why_not_answered("printers ltd", "Printers Ltd", []) or "")
    assert "Returned" in (lineage.why_not_answered("Northshire", "Printers", ["Northshire"]) or "")


@pytest.mark.parametrize(
    ("passed_to", "recipients", "missing"),
    [
        ([], None, []),
        (["Printers Ltd"], None, ["Printers Ltd"]),
        (["Printers Ltd"], ["printers  ltd"], []),
        (["Printers Ltd"], ["Couriers LLP"], ["Printers Ltd"]),
        (["Midshire Police"], None, []),
        (["Printers Ltd", "PRINTERS LTD"], None, ["PRINTERS LTD"]),
    ],
)
def test_disclosure_and_copies_agree(passed_to, recipients, missing) -> None:
    parties = ["Northshire Constabulary", HALDEN, "Midshire Police"]
    assert lineage.disagreements(passed_to, recipients, parties) == missing


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Sent to Halden Support Services plc on 4 February.", True),
        ("HALDEN SUPPORT SERVICES has it", True),
        ("halden_support-services_bid.xlsx", True),
        ("For Halden\nSupport Services.", True),
        ("Halden is a village", False),
        ("Haldens Support Servicesx", False),
        ("", False),
        (None, False),
    ],
)
def test_a_name_is_found_as_whole_words(text, found: bool) -> None:
    assert bool(lineage.named_in(text, [HALDEN])) is found


def test_an_ordinary_word_is_left_where_a_name_is_but_one_word() -> None:
    text = "Delete all records and media; it will be in the post, Will says."
    for name in ("Records", "Media Ltd", "IT"):
        assert lineage.without(text, [name]) == text
    assert lineage.without(text, ["Will"]).endswith(f"it will be in the post, {LEFT_OUT} says.")
    assert lineage.named_in("MEDIA LTD has it", ["Media Ltd"]) == ["Media Ltd"]


def test_what_may_tell_is_flagged() -> None:
    words = lineage.hints(
        [HALDEN, "Northshire Trust"],
        ["Tom Beck", "Jo Ng"],
        ["liaison@halden.example"],
        ["Northshire Constabulary"],
    )
    assert words == ["Halden", "Beck", "halden.example"]
    assert lineage.hinted("HALDEN list_beck.csv", words) == ["Halden", "Beck"]
    assert lineage.hinted("Haldenby; from x@halden.example", words) == ["Halden", "halden.example"]
    assert lineage.hinted(None, words) == []


def test_what_is_copied_leaves_the_name_out() -> None:
    assert lineage.without("Halden Support Services_list.csv", [HALDEN]) == f"{LEFT_OUT}_list.csv"
    assert lineage.named_in(lineage.without(f"By {HALDEN}.", [HALDEN]), [HALDEN]) == []


@pytest.mark.parametrize(
    ("name", "word"),
    [
        (HALDEN, "services"),
        ("École Bleue", "bleue"),
        ("Société Générale SA", "soci"),
        ("İşbank", "bank"),
        ("Co Ltd", "co"),
        ("株式会社", None),
        ("…", None),
    ],
)
def test_a_word_to_search_for_first(name: str, word: str | None) -> None:
    assert lineage.rarest_word(name) == word

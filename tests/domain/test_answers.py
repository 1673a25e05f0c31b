"""Typed fields to an entry of `copies` and back; every refusal next to its field."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from attest.domain.answers import (
    FIELDS,
    Refusals,
    asking,
    entry_of,
    onward_of,
    typed_of,
    typed_onward,
)
from attest.domain.copies import problems
from attest.domain.levels import meaning, offered
from attest.domain.media import told
from attest.domain.outcomes import ALL_LEVELS, OFFERED, OUTCOMES
from attest.domain.refusal import Refused

TODAY = date(2013, 2, 14)
DONE = {"performed_on": date(2013, 2, 6), "performed_by": "Systems administrator"}
TYPED: dict[str, dict[str, Any]] = {
    "none_found": {
        "search_scope": "Every drawer",
        "search_on": date(2013, 2, 8),
        "search_by": "Two records officers",
        "on_word_of": "Midshire Police",
    },
    "deleted": {**DONE, "method": "overwrite", "tool": "shred 9.1", "count": "2"},
    "destroyed": {
        **DONE,
        "method": "shred",
        "level": "H-4",
        "witnessed_by": "Officer",
        "standard": "ISO/IEC 21964",
        "media": "; Travelstar 5K500; TS5-10441\nSeagate; ; ; A-17",
    },
    "crypto_erased": {**DONE, "method": "key_destruction"},
    "returned": {**DONE, "returned_to": "Northshire Constabulary", "note": "By hand.\nSealed."},
    "beyond_use": {
        "exception_basis": "The backup cannot be changed",
        "exception_until": date(2013, 3, 12),
        "safeguards": ["will_delete", "secured", "no_sharing", "no_decisions"],
        "verification_method": "Restore tried",
        "verification_result": "Refused",
        "verification_by": "Backup operator",
    },
    "legal_hold": {
        "exception_basis": "Order of the High Court of 8 February 2013",
        "exception_until": date(2014, 2, 10),
    },
    "cannot_locate": {
        "search_scope": "The bid team's desks and bags",
        "search_on": date(2013, 2, 8),
        "search_by": "Two records officers",
        "note": "A printout that was on the train.",
    },
    "passed_on": {"passed_to": "Printers Ltd", "passed_to_demand": "ND-2013-005"},
}


def wrong(typed) -> dict[str, str]:
    with pytest.raises(Refusals) as told:
        entry_of(typed, TODAY)
    return told.value.sentences


@pytest.mark.parametrize("outcome", OFFERED)
def test_what_is_typed_comes_back_as_it_was(outcome: str) -> None:
    entry = entry_of(TYPED[outcome] | {"outcome": outcome}, TODAY)
    assert problems(entry | {"storeId": "24edffd8-14f5-4d5b-8db3-6d86eb599b6e"}) == []
    assert entry_of(typed_of(entry), TODAY) == entry


@pytest.mark.parametrize(
    ("outcome", "fields"),
    [
        ("none_found", {"search_scope", "search_on", "search_by"}),
        ("deleted", {"method", "performed_on", "performed_by"}),
        ("destroyed", {"method", "performed_on", "performed_by"}),
        ("returned", {"performed_on", "performed_by", "returned_to"}),
        ("beyond_use", {"exception_basis", "exception_until", "safeguards"}),
        ("legal_hold", {"exception_basis", "exception_until"}),
        ("cannot_locate", {"search_scope", "search_on", "search_by", "note"}),
        ("passed_on", {"passed_to"}),
    ],
)
def test_every_missing_field_says_so_at_once(outcome: str, fields: set[str]) -> None:
    assert wrong({"outcome": outcome}).keys() == fields


def test_only_what_the_outcome_takes_is_kept() -> None:
    everything = {name: value for typed in TYPED.values() for name, value in typed.items()}
    entry = entry_of(everything | TYPED["deleted"] | {"outcome": "deleted"}, TODAY)
    assert {"search", "exception", "level", "returnedTo", "witnessedBy"}.isdisjoint(entry)
    assert entry["method"] == "overwrite"


def test_a_level_goes_with_shredding_and_is_dropped_for_burning() -> None:
    typed = TYPED["destroyed"] | {"outcome": "destroyed"}
    assert "level" not in entry_of(typed | {"method": "incinerate"}, TODAY)
    assert wrong(typed | {"level": ""}).keys() == {"level"}


@pytest.mark.parametrize(
    ("outcome", "more", "field"),
    [
        ("deleted", {"method": "degauss"}, "method"),
        ("deleted", {"performed_on": date(2013, 2, 15)}, "performed_on"),
        ("none_found", {"search_on": "2013-02-15"}, "search_on"),
        ("beyond_use", {"exception_until": TODAY}, "exception_until"),
        ("beyond_use", {"safeguards": ["secured"]}, "safeguards"),
        ("legal_hold", {"exception_until": TODAY}, "exception_until"),
        ("beyond_use", {"exception_until": date(9999, 12, 31)}, "exception_until"),
        ("legal_hold", {"exception_until": date(2024, 1, 1)}, "exception_until"),
        ("cannot_locate", {"note": " "}, "note"),
        ("deleted", {"count": "two"}, "count"),
        ("deleted", {"performed_by": "mirrored \u202e"}, "performed_by"),
        ("destroyed", {"media": ";;;TS5\u0007"}, "media.0.assetTag"),
        ("deleted", {"verification_method": "Looked"}, "verification_result"),
        ("deleted", {"standard": "DIN 66399"}, "standard"),
    ],
)
def test_each_refusal_names_its_field(outcome: str, more, field: str) -> None:
    assert field in wrong(TYPED[outcome] | {"outcome": outcome} | more)


@pytest.mark.parametrize("outcome", ["", "wiped", None])
def test_an_unknown_outcome(outcome) -> None:
    assert wrong({"outcome": outcome}).keys() == {"outcome"}


def test_disclosure_there_and_back() -> None:
    assert typed_onward(onward_of(False, "left over")) == (False, "")
    lines = "Printers Ltd; a printout; 2013-02-01\nA. N. Other plc; a link"
    assert typed_onward(onward_of(True, lines)) == (True, lines)


@pytest.mark.parametrize(
    ("disclosed", "lines", "field"),
    [
        (None, "", "disclosed"),
        (True, " \n ", "recipients"),
        (True, "Printers Ltd", "recipients"),
        (True, "Printers Ltd; a printout; yesterday", "recipients"),
        (True, "Printers Ltd; \u202e", "recipients"),
    ],
)
def test_a_disclosure_that_is_refused(disclosed, lines: str, field: str) -> None:
    with pytest.raises(Refused) as told:
        onward_of(disclosed, lines)
    assert told.value.field == field


def test_every_level_has_a_meaning() -> None:
    everything = offered(frozenset({"electronic", "hard_copy"}))
    assert {level for level, _ in everything} == ALL_LEVELS
    assert meaning("P-4") == "P-4: paper, pieces up to 160 mm²"
    assert {level[0] for level, _ in offered(frozenset({"hard_copy"}))} == {"P", "F"}
    for unknown in ("P-8", "X-1", ""):
        with pytest.raises(KeyError):
            meaning(unknown)


def test_media_are_rows_or_lines_and_empty_rows_name_nothing() -> None:
    typed = TYPED["destroyed"] | {"outcome": "destroyed"}
    rows = [{"serial": ""}, {"model": " Travelstar  ", "serial": "TS5-10441"}, {}, "no row"]
    found = entry_of(typed | {"media": rows}, TODAY)
    assert found["media"] == [{"model": "Travelstar", "serial": "TS5-10441"}]
    assert "media" not in entry_of(typed | {"media": [{}, {"size": "1 TB"}]}, TODAY)


def test_a_refused_medium_names_its_row_and_field() -> None:
    typed = TYPED["destroyed"] | {"outcome": "destroyed"}
    rows = [{}, {"serial": "A"}, {"serial": "B" * 201, "model": "one; two", "assetTag": "a|b"}]
    sentences = wrong(typed | {"media": rows})
    assert sentences.keys() == {"media.2.serial", "media.2.model", "media.2.assetTag"}
    assert told("media.2.serial", "No.") == "Medium 3, serial number: No."
    assert told("count", "No.") == "No."


def test_each_field_knows_the_outcomes_that_ask_for_it() -> None:
    assert asking("level") == asking("witnessed_by") == ("destroyed",)
    assert asking("search_by") == ("none_found", "cannot_locate")
    assert asking("safeguards") == ("beyond_use",)
    assert asking("exception_until") == ("beyond_use", "legal_hold")
    assert asking("media") == asking("count") == tuple(OUTCOMES)
    # What an outcome does not ask for, its entry drops.
    for outcome in OUTCOMES:
        typed = TYPED[outcome] | {"outcome": outcome}
        more = {field: "x" for field in FIELDS if outcome not in asking(field)}
        assert entry_of(typed | more, TODAY) == entry_of(typed, TODAY)

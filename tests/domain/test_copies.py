"""One copy's entry: every outcome's musts, the claim guard, and the sentences."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.domain import copies
from attest.domain.copies import Problem
from attest.domain.outcomes import METHODS, OUTCOMES, SAFEGUARDS

STORE = "11111111-1111-4111-8111-111111111111"
SHA = "ab" * 32
ACT = {"performedOn": "2013-02-06", "performedBy": "J. Byrne"}
SEARCH = {"scope": "Boxes 700–742", "on": "2013-02-08", "by": "P. Osei"}
EXCEPTION = {"basis": "Backup", "until": "2013-03-12"}

NEEDED: dict[str, dict[str, Any]] = {
    "none_found": {"search": SEARCH},
    "deleted": {"method": "overwrite", **ACT},
    "destroyed": {"method": "degauss", **ACT},
    "crypto_erased": {"method": "key_destruction", **ACT},
    "returned": {**ACT, "returnedTo": "Northshire Constabulary"},
    "beyond_use": {"exception": {**EXCEPTION, "safeguards": list(SAFEGUARDS)}},
    "legal_hold": {"exception": EXCEPTION},
    "cannot_locate": {"search": SEARCH, "note": "Not on its shelf."},
    "passed_on": {"passedTo": {"name": "Halden Print Ltd"}},
}
OPTIONAL: dict[str, Any] = {
    "count": 3,
    "technique": "Single pass",
    "standard": "NIST SP 800-88r2",
    "tool": "blkdiscard",
    "media": [{"model": "Travelstar 5K500", "serial": "TS5-10441"}],
    "verification": {"method": "Read back", "result": "Zeros", "by": "K. Wood"},
    "evidence": [{"name": "certificate.pdf", "digest": {"sha256": SHA}}],
    "note": "Two lines\nof note.",
    "onWordOf": "Midshire Police",
}


def entry(outcome: str, **members: Any) -> dict[str, Any]:
    return {"storeId": STORE, "outcome": outcome, **copy.deepcopy(NEEDED[outcome]), **members}


def asked(entry: dict[str, Any]) -> list[str]:
    found = copies.problems(entry)
    for problem in found:
        assert problem.sentence.endswith(".")
    return [problem.member for problem in found]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_what_each_outcome_needs_is_enough(outcome: str) -> None:
    assert copies.problems(entry(outcome)) == []
    assert copies.problems(entry(outcome, **OPTIONAL)) == []


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_what_each_outcome_needs_is_a_must(outcome: str) -> None:
    for member in ("storeId", *NEEDED[outcome]):
        without = {name: value for name, value in entry(outcome).items() if name != member}
        assert asked(without) == [member]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_what_belongs_to_another_outcome_is_out_of_place(outcome: str) -> None:
    allowed = set(entry(outcome, **OPTIONAL)) | {"witnessedBy", "level"}
    for other in OUTCOMES:
        for member, value in NEEDED[other].items():
            if member not in allowed:
                assert asked(entry(outcome, **{member: value})) == [member]
    assert asked(entry(outcome, extra="x")) == ["extra"]
    if outcome != "destroyed":
        assert asked(entry(outcome, witnessedBy="T. Reyes")) == ["witnessedBy"]
        assert asked(entry(outcome, level="P-4")) == ["level"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("outcome", ["deleted", "destroyed", "crypto_erased"])
def test_the_claim_guard(method: str, outcome: str) -> None:
    level = {"level": "P-4"} if METHODS[method].needs_level and outcome == "destroyed" else {}
    found = copies.problems(entry(outcome, method=method, **level))
    if outcome in METHODS[method].outcomes:
        assert found == []
    else:
        assert [problem.member for problem in found] == ["method"]
        assert "can only be claimed as" in found[0].sentence


def test_the_size_of_the_pieces() -> None:
    for method in ("shred", "disintegrate"):
        assert asked(entry("destroyed", method=method)) == ["level"]
        for level in ("P-1", "F-2", "O-3", "T-4", "H-5", "E-7"):
            assert asked(entry("destroyed", method=method, level=level)) == []
        for bad in ("P-0", "P-8", "X-1", "p-4", "P4", "P-4 ", "", 4, None):
            assert asked(entry("destroyed", method=method, level=bad)) == ["level"]
    assert asked(entry("destroyed", method="incinerate", level="P-4")) == ["level"]


def test_all_four_safeguards_and_none_for_a_legal_hold() -> None:
    for safeguards in ([], list(SAFEGUARDS)[:3], list(SAFEGUARDS)[::-1], "secured", None):
        bad = entry("beyond_use", exception={**EXCEPTION, "safeguards": safeguards})
        assert asked(bad) == ["exception.safeguards"]
    assert asked(entry("beyond_use", exception=EXCEPTION)) == ["exception.safeguards"]
    held = entry("legal_hold", exception={**EXCEPTION, "safeguards": list(SAFEGUARDS)})
    assert asked(held) == ["exception.safeguards"]


@pytest.mark.parametrize(
    ("outcome", "member", "value", "path"),
    [
        ("none_found", "storeId", "x", "storeId"),
        ("none_found", "search", {}, "search.scope"),
        ("none_found", "search", "everywhere", "search"),
        ("none_found", "search", {**SEARCH, "on": "8 February"}, "search.on"),
        ("none_found", "search", {**SEARCH, "by": " "}, "search.by"),
        ("none_found", "search", {**SEARCH, "at": "x"}, "search.at"),
        ("none_found", "search", {**SEARCH, "scope": "a\nb"}, "search.scope"),
        ("deleted", "method", "magic", "method"),
        ("deleted", "method", None, "method"),
        ("deleted", "method", ["overwrite"], "method"),
        ("deleted", "performedOn", "2013-02-30", "performedOn"),
        ("deleted", "performedBy", "", "performedBy"),
        ("deleted", "performedBy", "x" * 501, "performedBy"),
        ("deleted", "performedBy", "a\u202eb", "performedBy"),
        ("destroyed", "witnessedBy", 1, "witnessedBy"),
        ("returned", "returnedTo", "", "returnedTo"),
        ("legal_hold", "exception", {"basis": "Claim", "until": "later"}, "exception.until"),
        ("cannot_locate", "note", "", "note"),
        ("passed_on", "passedTo", {"demand": "NS/1"}, "passedTo.name"),
        ("passed_on", "passedTo", {"name": "A", "demand": ""}, "passedTo.demand"),
        ("deleted", "count", -1, "count"),
        ("deleted", "count", True, "count"),
        ("deleted", "count", "3", "count"),
        ("deleted", "count", 2**53, "count"),
        ("deleted", "technique", "", "technique"),
        ("deleted", "standard", "DoD 5220.22-M", "standard"),
        ("deleted", "tool", ["x"], "tool"),
        ("deleted", "media", [], "media"),
        ("deleted", "media", [{}], "media.0"),
        ("deleted", "media", [{"serial": "A"}, {"serial": ""}], "media.1.serial"),
        ("deleted", "media", [{"serial": "A", "size": "1 TB"}], "media.0.size"),
        ("deleted", "media", [{"serial": "A"}] * 501, "media"),
        ("deleted", "verification", {"method": "a", "result": "b"}, "verification.by"),
        ("deleted", "evidence", [{"name": "a"}], "evidence.0.digest"),
        (
            "deleted",
            "evidence",
            [{"name": "a", "digest": {"sha256": SHA.upper()}}],
            "evidence.0.digest.sha256",
        ),
        ("deleted", "note", "x" * 10_001, "note"),
        ("deleted", "note", "a\tb", "note"),
        ("deleted", "onWordOf", "", "onWordOf"),
    ],
)
def test_each_member_is_checked(outcome: str, member: str, value: Any, path: str) -> None:
    assert path in asked(entry(outcome, **{member: value}))


def test_sentences_for_people() -> None:
    found = copies.problems({"storeId": STORE, "outcome": "destroyed"})
    assert Problem("method", "Say which method was used.") in found
    assert Problem("performedBy", "Say who did it.") in found
    assert copies.problems({}) == [Problem("outcome", "Say what became of the copy.")]
    assert copies.problems({"outcome": ["deleted"]}) == copies.problems({"outcome": "gone"})


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(
    st.sampled_from(sorted(OUTCOMES)),
    st.dictionaries(
        st.sampled_from(sorted({m for needed in NEEDED.values() for m in needed} | set(OPTIONAL))),
        anything,
    ),
)
def test_hostile_entries_get_an_answer(outcome: str, members: dict[str, Any]) -> None:
    for problem in copies.problems(entry(outcome, **members)):
        assert problem.member
        assert problem.sentence

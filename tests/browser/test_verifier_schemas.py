"""Closed schemas in the browser: every odd document is refused there with Python's own words."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from playwright.sync_api import Page

from attest.bundle.trust import encode_trust, parse_trust
from attest.domain.outcomes import METHODS, OUTCOMES
from attest.signing import b64
from attest.statements.bodies import PLAIN_TYPES, check_plain
from attest.statements.canonical import decode, encode
from attest.statements.envelope import parse_envelope, sign_payload
from attest.statements.predicates import PREDICATES, check_statement
from tests.browser.conftest import NewVisitor
from tests.browser.floor import check, open_floor
from tests.browser.mutations import mutations
from tests.bundle.test_trust_file import FULL
from tests.cast import ANNE, OSCAR
from tests.logs import closed_log
from tests.packing import trust_of
from tests.statements import samples
from tests.statements.test_bodies import body
from tests.statements.test_predicates import BAD, STATEMENTS, changed

STORES = [f"{number:08x}-1111-4111-8111-111111111111" for number in range(40)]
DONE = {"performedOn": "2013-02-06", "performedBy": "J. Byrne"}
SEARCH = {"scope": "All of it.", "on": "2013-02-06", "by": "J. Byrne"}
EXCEPTION = {"basis": "Backups.", "until": "2013-08-01"}
SAFEGUARDS = ["no_decisions", "no_sharing", "secured", "will_delete"]
# One entry of each outcome, with every member that it may have somewhere.
COPIES: list[dict[str, Any]] = [
    {"outcome": "none_found", "search": SEARCH, "count": 0, "onWordOf": "A. N. Other"},
    {"outcome": "deleted", "method": "overwrite", **DONE, "technique": "x", "tool": "y"},
    {
        "outcome": "destroyed",
        "method": "shred",
        "level": "P-4",
        **DONE,
        "witnessedBy": "P. Osei",
        "standard": "other",
        "media": [{"serial": "1", "model": "2"}, {"assetTag": "3", "manufacturer": "4"}],
    },
    {
        "outcome": "crypto_erased",
        "method": "key_destruction",
        **DONE,
        "verification": {"method": "a", "result": "b", "by": "c"},
        "evidence": [{"name": "scan.pdf", "digest": {"sha256": "ab" * 32}}],
    },
    {"outcome": "returned", **DONE, "returnedTo": "Northshire"},
    {"outcome": "beyond_use", "exception": {**EXCEPTION, "safeguards": SAFEGUARDS}},
    {"outcome": "legal_hold", "exception": EXCEPTION},
    {"outcome": "cannot_locate", "search": SEARCH, "note": "Lost\nin the move."},
    {"outcome": "passed_on", "passedTo": {"name": "Midshire", "demand": "M/1"}},
]


@pytest.fixture
def page(new_visitor: NewVisitor) -> Page:
    return open_floor(new_visitor())


def with_copies(copies: list[Any], **members: Any) -> dict[str, Any]:
    """A good attestation with other entries, each for a store of its own."""
    statement = json.loads(samples.attestation())
    statement["predicate"] |= members
    statement["predicate"]["copies"] = [
        {"storeId": store, **entry} if isinstance(entry, dict) else entry
        for store, entry in zip(STORES, copies, strict=False)
    ]
    return statement


def checked(page: Page, cases: list[list[Any]]) -> list[str]:
    """Documents that have a spelling, as statements."""

    def ask(case: list[Any]) -> None:
        check_statement(case[0], decode(encode(case[1])))

    return check(page, "statement", cases, ask, lambda case: [case[0], b64(encode(case[1]))])


@pytest.mark.parametrize("name", PREDICATES)
def test_statements(page: Page, name: str) -> None:
    statement = deepcopy(STATEMENTS[name])
    if name == "deletion-attestation":
        # Entries have a test of their own.
        statement = with_copies(COPIES[:1], supersedes="ab" * 32)
        statement["predicate"]["copies"] = []
    # The text of the declaration is long, and no schema looks into it.
    if "declaration" in statement["predicate"]:
        statement["predicate"]["declaration"]["text"] = "What the signer reads.\nAll of it."
    cases = [[name, statement], *([name, other] for other in mutations(statement))]
    cases += [[name, other] for other in ([], 1, "x", *STATEMENTS.values())]
    reasons = checked(page, cases)
    assert reasons[0] == "good"
    assert len(set(reasons)) > 40


def test_the_tables_of_refused_statements(page: Page) -> None:
    checked(page, [[name, changed(name, path, value)] for name, path, value in BAD])
    long = STATEMENTS["attestation-review"]
    for count in (1000, 1001):
        subject = [
            {"name": f"{n:08x}-1111-4111-8111-111111111111", "digest": {"sha256": "ab" * 32}}
            for n in range(count)
        ]
        checked(page, [["attestation-review", {**long, "subject": subject}], ["none", long]])


@pytest.mark.parametrize("entry", COPIES, ids=lambda entry: str(entry["outcome"]))
def test_what_became_of_a_copy(page: Page, entry: dict[str, Any]) -> None:
    cases = [with_copies([other]) for other in [entry, *mutations(entry)]]
    reasons = checked(page, [["deletion-attestation", case] for case in cases])
    assert reasons[0] == "good"
    assert len(set(reasons)) > 15


def test_every_method_with_every_outcome(page: Page) -> None:
    cases = [
        with_copies([{**entry, "method": method, **level}])
        for entry in COPIES
        for method in (*METHODS, "burn")
        for level in ({}, {"level": "H-5"}, {"level": "H-8"})
    ]
    cases += [with_copies([{**COPIES[0], "outcome": name}]) for name in (*OUTCOMES, "toString")]
    cases += [with_copies([{**COPIES[0], "note": "x" * n}]) for n in (10_000, 10_001)]
    cases += [with_copies([{**COPIES[0], "media": [{"model": "x"}] * n}]) for n in (500, 501, 1001)]
    reasons = checked(page, [["deletion-attestation", case] for case in cases])
    assert len(set(reasons)) > 30


def test_the_order_of_copies(page: Page) -> None:
    two = with_copies(COPIES[:2])
    doubled = with_copies(COPIES[:2])
    copies = two["predicate"]["copies"]
    doubled["predicate"]["copies"] = [copies[0], copies[0]]
    turned = with_copies(COPIES[:2])
    turned["predicate"]["copies"] = copies[::-1]
    many = with_copies([])
    many["predicate"]["copies"] = [1] * 10_001
    reasons = checked(page, [["deletion-attestation", one] for one in (two, doubled, turned, many)])
    assert reasons[0] == "good"
    assert "good" not in reasons[1:]


def test_onward_disclosure(page: Page) -> None:
    recipient = {"name": "Midshire", "what": "A printout.", "on": "2013-02-06"}
    given = {"disclosed": True, "recipients": [recipient]}
    cases = [with_copies(COPIES[:1], onward=other) for other in [given, *mutations(given)]]
    reasons = checked(page, [["deletion-attestation", case] for case in cases])
    assert reasons[0] == "good"


@pytest.mark.parametrize("kind", PLAIN_TYPES)
def test_plain_bodies(page: Page, kind: str) -> None:
    good = body(kind)
    cases = [good, *mutations(good), [], 1, "x"]
    cases += [{**good, "until": "2013-02-20", "decision": "refused"}]
    cases += [{**good, "fileIds": [samples.FILE_ID] * 2}]

    def ask(case: Any) -> None:
        check_plain(kind, decode(encode(case)))

    reasons = check(page, "plain", cases, ask, lambda case: [kind, b64(encode(case))])
    assert reasons[0] == "good"
    assert len(set(reasons)) > 20


def test_envelopes(page: Page) -> None:
    keys = (samples.OFFICER_KEY, samples.SIGNATORY_KEY)
    good = [json.loads(sign_payload(b'{"a":1}', *keys[:count])) for count in (1, 2)]
    odd = [other for envelope in good for other in mutations(envelope)]
    # Names that read like the right ones when they are put side by side.
    odd.append({"payload,payloadType": 1, "signatures": []})
    odd.append({**good[0], "signatures": [{"keyid,sig": 1}]})

    def said(case: Any) -> str:
        envelope = parse_envelope(encode(case))
        signed = ",".join(one.keyid + one.sig.hex() for one in envelope.signatures)
        return f"{envelope.payload.hex()} {signed}"

    check(page, "envelope", [*good, *odd], said, lambda case: b64(encode(case)))


def test_trust_files(page: Page) -> None:
    log = closed_log()
    trust = trust_of(log, pinned=(ANNE, OSCAR), may_withhold=frozenset({"letter.sent"}))
    good = decode(encode_trust(trust))
    good["revoked"] = [{"keyid": ANNE.keyid, "since": "2013-03-01T00:00:00Z"}]
    good["seen"][0]["note"] = "a\nb"
    good["tsaRoots"] = list(FULL.tsa_roots)
    cases = [good, *mutations(good), [], 1]
    cases += [{**good, "logKey": b64(key)} for key in (bytes(32), b"\x01" + bytes(31), b"\2" * 32)]
    for origin in (
        "x",
        "/demand/",
        f"/demand/{log.demand_id}",
        f"a/demand/b/demand/{log.demand_id}",
    ):
        cases.append({**good, "origin": origin})
    cases += [{**good, "mayWithhold": kinds} for kinds in ([*PLAIN_TYPES], ["\uffff", "😀", "a"])]

    pem = FULL.tsa_roots[0]
    for root in (pem * 2, f"x{pem}", f"{pem}\n", pem[:-1], pem.replace("MII", "MIJ"), pem.lower()):
        cases.append({**good, "tsaRoots": [pem, root]})

    def ask(data: bytes) -> None:
        parse_trust(data)

    files = [encode(case) for case in cases]
    files += [encode(good) + b"\n", encode(good) + b"\n\n", b"", b"\n", b"\xff"]
    reasons = check(page, "trust", files, ask, b64)
    assert reasons[0] == "good"
    assert reasons[len(cases)] == "good"

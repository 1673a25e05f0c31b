"""Signed statements: what their closed schemas take, and each way to miss them."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from attest.signing import b64
from attest.statements.canonical import FormatError, decode
from attest.statements.predicates import PREDICATES, check_statement
from tests.statements import samples

STATEMENTS: dict[str, dict[str, Any]] = {
    name: json.loads(make()) for name, make in samples.PAYLOADS.items()
}
MISSING = object()


def changed(name: str, path: str, value: Any) -> dict[str, Any]:
    """A copy of a good statement with one member set, or taken out."""
    statement = copy.deepcopy(STATEMENTS[name])
    inner: Any = statement
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in steps:
        inner = inner[step]
    if value is MISSING:
        del inner[last]
    else:
        inner[last] = value
    return statement


@pytest.mark.parametrize("name", PREDICATES)
def test_good_statements(name: str) -> None:
    check_statement(name, STATEMENTS[name])
    assert decode(samples.PAYLOADS[name]()) == STATEMENTS[name]


@pytest.mark.parametrize("name", PREDICATES)
def test_every_member_is_a_must_and_no_other_is_allowed(name: str) -> None:
    optional = {"reason", "compromisedSince", "supersedes"}
    for member in STATEMENTS[name]["predicate"]:
        if member in optional and (name, member) != ("key-revocation", "reason"):
            continue
        with pytest.raises(FormatError, match=member):
            check_statement(name, changed(name, f"predicate.{member}", MISSING))
    for path in ("extra", "predicate.extra", "subject.0.extra", "subject.0.digest.sha512"):
        with pytest.raises(FormatError, match="not a member"):
            check_statement(name, changed(name, path, "x"))


@pytest.mark.parametrize("name", PREDICATES)
def test_no_statement_passes_for_another(name: str) -> None:
    for other in PREDICATES:
        if other != name:
            with pytest.raises(FormatError):
                check_statement(other, STATEMENTS[name])


@pytest.mark.parametrize("name", PREDICATES)
@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("_type", "https://in-toto.io/Statement/v0.1"),
        ("predicateType", "urn:attest:other:v1"),
        ("predicate", []),
        ("subject", []),
        ("subject", {}),
        ("subject.0.digest.sha256", "AB" * 32),
        ("subject.0.name", ""),
        ("predicate.nonce", b64(bytes(15))),
        ("predicate.nonce", "x"),
        ("predicate.statedAt", "2013-02-14T10:00:05+00:00"),
        ("predicate.statedAt", "2013-02-30T10:00:05Z"),
        ("predicate.statedAt", 1),
    ],
)
def test_what_no_statement_may_be(name: str, path: str, value: Any) -> None:
    with pytest.raises(FormatError):
        check_statement(name, changed(name, path, value))


BAD: list[tuple[str, str, Any]] = [
    ("key-enrolment", "subject.0.digest.sha256", "ab" * 32),
    ("key-enrolment", "subject.0.name", "log"),
    ("key-enrolment", "predicate.publicKey", b64(bytes(31))),
    ("key-enrolment", "predicate.holder.side", "carrier"),
    ("key-enrolment", "predicate.holder.duty", "liaison"),
    ("key-enrolment", "predicate.holder.name", "two\nlines"),
    ("key-enrolment", "predicate.holder.name", "Ze\u0301"),
    ("key-enrolment", "predicate.holder.name", "x" * 201),
    ("key-enrolment", "predicate.holder.keyid", "ab" * 32),
    ("key-confirmation", "predicate.method", "letter"),
    ("key-confirmation", "predicate.signer.keyid", "xyz"),
    ("key-confirmation", "predicate.keyid", "ab" * 32),
    ("key-revocation", "predicate.compromisedSince", "2013-02-14"),
    ("deletion-demand", "subject.0.digest.sha256", "ab" * 32),
    ("deletion-demand", "subject.0.name", "key"),
    ("deletion-demand", "predicate.seen.size", -1),
    ("deletion-demand", "predicate.seen.size", True),
    ("deletion-demand", "predicate.seen.size", "12"),
    ("deletion-demand", "predicate.seen.rootHash", b64(bytes(31))),
    ("deletion-demand", "predicate.parties.controllers", []),
    ("deletion-demand", "predicate.parties.controllers.0.role", "joint"),
    ("deletion-demand", "predicate.parties.controllers.1.role", "lead"),
    ("deletion-demand", "predicate.parties.controllers.1.name", "Northshire Constabulary"),
    ("deletion-demand", "predicate.parties.contractor.name", "Northshire Constabulary"),
    ("deletion-demand", "predicate.parties.carriers.0.name", "Northshire Constabulary"),
    ("deletion-demand", "predicate.parties.concurrence", "all"),
    ("deletion-demand", "predicate.action", "shred"),
    ("deletion-demand", "predicate.dueOn", "2013-2-18"),
    ("deletion-demand", "predicate.dueOn", "2013-02-18T00:00:00Z"),
    ("deletion-demand", "predicate.basis", "two\nlines"),
    ("deletion-demand", "predicate.instruction", " "),
    ("deletion-demand", "predicate.instruction", "a\tb"),
    ("deletion-demand", "predicate.demandId", "3F0B6A52-6F5E-4D53-9D0A-0C8DDC52F1A1"),
    ("deletion-demand", "predicate.declaration.lang", "cy"),
    ("deletion-demand", "predicate.declaration.template", "v2"),
    ("deletion-demand", "predicate.declaration.text", "a\u202eb"),
    ("deletion-attestation", "subject.1.name", "contents"),
    ("deletion-attestation", "predicate.copies.0.method", "shred"),
    ("deletion-attestation", "predicate.copies", {}),
    ("deletion-attestation", "predicate.copies", ["x"]),
    ("deletion-attestation", "predicate.copies", [samples.DELETED, samples.DELETED]),
    (
        "deletion-attestation",
        "predicate.copies",
        [{**samples.DELETED, "storeId": samples.OTHER_STORE_ID}, samples.DELETED],
    ),
    ("deletion-attestation", "predicate.onward", {}),
    ("deletion-attestation", "predicate.onward", True),
    ("deletion-attestation", "predicate.onward", {"disclosed": 0}),
    ("deletion-attestation", "predicate.onward", {"disclosed": 1, "recipients": []}),
    ("deletion-attestation", "predicate.onward", {"disclosed": True}),
    ("deletion-attestation", "predicate.onward", {"disclosed": True, "recipients": []}),
    ("deletion-attestation", "predicate.onward", {"disclosed": False, "recipients": []}),
    (
        "deletion-attestation",
        "predicate.onward",
        {"disclosed": True, "recipients": [{"name": "A", "what": "B", "on": "soon"}]},
    ),
    ("deletion-attestation", "predicate.supersedes", "none"),
    ("attestation-review", "subject.0.name", "not-a-uuid"),
    ("attestation-review", "predicate.decision", "rejected"),
    ("attestation-review", "predicate.decision", "maybe"),
    ("attestation-review", "subject", STATEMENTS["attestation-review"]["subject"] * 2),
    ("demand-closure", "predicate.outcome", "done"),
    ("demand-closure", "subject.0.digest.sha256", "ab" * 32),
]


@pytest.mark.parametrize(("name", "path", "value"), BAD, ids=lambda part: repr(part)[:40])
def test_what_one_statement_may_not_be(name: str, path: str, value: Any) -> None:
    with pytest.raises(FormatError):
        check_statement(name, changed(name, path, value))


def test_a_rejection_with_its_reason_is_good() -> None:
    statement = changed("attestation-review", "predicate.decision", "rejected")
    statement["predicate"]["reason"] = "A serial is missing.\nPlease add it."
    check_statement("attestation-review", statement)


def test_disclosure_is_good_with_its_recipients() -> None:
    onward = {"disclosed": True, "recipients": [{"name": "A", "what": "B", "on": "2013-02-01"}]}
    check_statement(
        "deletion-attestation", changed("deletion-attestation", "predicate.onward", onward)
    )


def test_at_most_a_thousand_subjects() -> None:
    subjects = [
        {"name": f"{number:08x}-0000-4000-8000-000000000000", "digest": {"sha256": "ab" * 32}}
        for number in range(1001)
    ]
    check_statement("attestation-review", changed("attestation-review", "subject", subjects[1:]))
    with pytest.raises(FormatError, match="subject"):
        check_statement("attestation-review", changed("attestation-review", "subject", subjects))


def test_unknown_names_and_no_objects() -> None:
    with pytest.raises(FormatError, match="not the name"):
        check_statement("deletion-order", STATEMENTS["deletion-demand"])
    with pytest.raises(FormatError, match="object"):
        check_statement("deletion-demand", [])

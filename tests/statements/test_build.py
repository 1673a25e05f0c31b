"""What the builders make is canonical, meets its schema and says what it was given."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta, timezone

import pytest

from attest.signing import b64, unb64
from attest.statements import build
from attest.statements.canonical import FormatError, decode
from tests.statements import samples


def test_nonces_are_fresh() -> None:
    nonces = {build.new_nonce() for _ in range(50)}
    assert len(nonces) == 50
    assert {len(unb64(nonce)) for nonce in nonces} == {16}


def test_an_attestation_names_its_file_by_its_body() -> None:
    statement = decode(samples.attestation())
    digest = hashlib.sha256(samples.FILE_BODY).hexdigest()
    assert statement["subject"] == [
        {"name": samples.FILE_MEMBERS["name"], "digest": {"sha256": digest}},
        {"name": "content", "digest": {"sha256": samples.FILE_MEMBERS["sha256"]}},
    ]
    assert "supersedes" not in statement["predicate"]
    again = decode(samples.attestation(supersedes="ab" * 32))
    assert again["predicate"]["supersedes"] == "ab" * 32


def test_without_a_hash_of_the_content_there_is_one_subject() -> None:
    members = {n: v for n, v in samples.FILE_MEMBERS.items() if n != "sha256"}
    body = build.plain("file.named", samples.DEMAND_ID, samples.NONCE, **members)
    assert len(decode(samples.attestation(file_body_bytes=body))["subject"]) == 1


def test_copies_are_put_in_order() -> None:
    context = samples.FixedContext(
        samples.CONTEXT.named_files,
        {
            samples.STORE_ID: samples.STORE_MEMBERS,
            samples.OTHER_STORE_ID: samples.STORE_MEMBERS,
        },
        samples.CONTEXT.files,
        samples.CONTEXT.stores,
        samples.CONTEXT.withdrawn,
        samples.CONTEXT.reference,
    )
    other = {**samples.DELETED, "storeId": samples.OTHER_STORE_ID}
    one = samples.attestation(copies=[other, samples.DELETED], context=context)
    assert one == samples.attestation(copies=[samples.DELETED, other], context=context)


def test_the_prefix_is_the_demands_subject() -> None:
    seen = build.seen("attest.example/demand/x", 3, bytes(32))
    assert seen == {"origin": "attest.example/demand/x", "size": 3, "rootHash": b64(bytes(32))}
    for payload in (samples.demand(seen=seen), samples.closure(seen=seen)):
        assert decode(payload)["subject"] == [{"name": "log", "digest": {"sha256": "00" * 32}}]


def test_times_are_written_in_utc() -> None:
    later = datetime(2013, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=1)))
    assert decode(samples.review(stated_at=later))["predicate"]["statedAt"] == (
        "2013-07-01T11:00:00Z"
    )
    with pytest.raises(ValueError, match="time zone"):
        samples.review(stated_at=datetime(2013, 7, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="fractions"):
        samples.review(stated_at=later.replace(microsecond=1))


def test_the_declaration_is_part_of_what_is_signed() -> None:
    predicate = json.loads(samples.demand())["predicate"]
    assert predicate["declaration"]["lang"] == "en-GB"
    assert predicate["declaration"]["template"] == "v1"
    assert predicate["reference"] in predicate["declaration"]["text"]


def test_what_the_format_does_not_allow_is_not_built() -> None:
    with pytest.raises(FormatError, match="reason"):
        samples.review(decision="rejected")
    with pytest.raises(FormatError, match="can only be claimed as"):
        samples.attestation(copies=[{**samples.DELETED, "method": "shred"}])
    with pytest.raises(FormatError, match="instruction"):
        samples.demand(instruction="")
    with pytest.raises(FormatError, match="method"):
        samples.confirmation(method="letter")


def test_a_statement_too_large_for_an_envelope_is_refused_by_its_schema_or_size() -> None:
    with pytest.raises(FormatError):
        samples.demand(instruction="x" * 10_001)

"""Write statements and plain bodies: canonical bytes, the declaration rendered, the schema met.

Nothing here signs. Times are aware datetimes in whole seconds, dates are dates; each function
gives the payload (or the plain body) as bytes, and raises FormatError for what the format does
not allow.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from attest.domain.scalars import format_time
from attest.signing import b64, unb64
from attest.signing import keyid as keyid_of
from attest.statements.bodies import check_plain
from attest.statements.canonical import decode, encode
from attest.statements.declarations import LANG, TEMPLATE, Context, render
from attest.statements.predicates import STATEMENT_TYPE, check_statement, predicate_type

Members = Mapping[str, Any]


def new_nonce() -> str:
    """16 random bytes in base64."""
    return b64(secrets.token_bytes(16))


def seen(origin: str, size: int, root: bytes) -> dict[str, Any]:
    """The prefix of the log that a signer saw: `size` leaves with that 32-byte root."""
    return {"origin": origin, "size": size, "rootHash": b64(root)}


def plain(type: str, demand_id: str, nonce: str, **members: Any) -> bytes:
    """A plain body of a type. A member that is None is left out."""
    body = {"v": 1, "demandId": demand_id, "nonce": nonce, **_members(members)}
    check_plain(type, body)
    return encode(body)


def key_enrolment(public_key: bytes, holder: Members, *, nonce: str, stated_at: datetime) -> bytes:
    """A key says whose it is."""
    predicate = {
        "publicKey": b64(public_key),
        "holder": dict(holder),
        **_said(nonce, stated_at),
    }
    return _payload("key-enrolment", [_subject("key", keyid_of(public_key))], predicate)


def key_confirmation(
    keyid: str,
    holder: Members,
    signer: Members,
    method: str,
    *,
    nonce: str,
    stated_at: datetime,
) -> bytes:
    """A controller's signatory says that a key is its holder's."""
    predicate = {
        "keyid": keyid,
        "holder": dict(holder),
        "signer": dict(signer),
        "method": method,
        **_said(nonce, stated_at),
    }
    return _payload("key-confirmation", [_subject("key", keyid)], predicate)


def key_revocation(
    keyid: str,
    signer: Members,
    reason: str,
    *,
    nonce: str,
    stated_at: datetime,
    compromised_since: datetime | None = None,
) -> bytes:
    """A key must not be used any more."""
    predicate = {
        "keyid": keyid,
        "signer": dict(signer),
        **_members({"reason": reason, "compromisedSince": compromised_since}),
        **_said(nonce, stated_at),
    }
    return _payload("key-revocation", [_subject("key", keyid)], predicate)


def deletion_demand(
    *,
    demand_id: str,
    reference: str,
    parties: Members,
    basis: str,
    action: str,
    due_on: date,
    instruction: str,
    signer: Members,
    seen: Members,
    context: Context,
    nonce: str,
    stated_at: datetime,
) -> bytes:
    """The lead controller asks for every copy of every file; also an amendment of that."""
    predicate = {
        "reference": reference,
        "parties": dict(parties),
        "basis": basis,
        "action": action,
        "dueOn": due_on.isoformat(),
        "instruction": instruction,
        **_in_demand(demand_id, signer, seen, nonce, stated_at),
    }
    return _declared("deletion-demand", [_log(seen)], predicate, context)


def deletion_attestation(
    *,
    demand_id: str,
    file_id: str,
    file_body_bytes: bytes,
    copies: Iterable[Members],
    onward: Members,
    supersedes: str | None,
    signer: Members,
    seen: Members,
    context: Context,
    nonce: str,
    stated_at: datetime,
) -> bytes:
    """The officer says what became of each copy of a file.

    `file_body_bytes` is the `file.named` body as it stands in the log. `copies` may come in any
    order; they are put into that of their `storeId`.
    """
    file = decode(file_body_bytes)
    subject = [_subject(file["name"], hashlib.sha256(file_body_bytes).hexdigest())]
    if "sha256" in file:
        subject.append(_subject("content", file["sha256"]))
    predicate = {
        "fileId": file_id,
        "copies": sorted((dict(copy) for copy in copies), key=lambda copy: str(copy["storeId"])),
        "onward": dict(onward),
        **_members({"supersedes": supersedes}),
        **_in_demand(demand_id, signer, seen, nonce, stated_at),
    }
    return _declared("deletion-attestation", subject, predicate, context)


def attestation_review(
    *,
    demand_id: str,
    subjects: Sequence[tuple[str, str]],
    decision: str,
    reason: str | None,
    signer: Members,
    seen: Members,
    context: Context,
    nonce: str,
    stated_at: datetime,
) -> bytes:
    """A controller accepts or rejects attestations: pairs of a file's id and a statement's hash."""
    predicate = {
        "decision": decision,
        **_members({"reason": reason}),
        **_in_demand(demand_id, signer, seen, nonce, stated_at),
    }
    listed = [_subject(file_id, statement) for file_id, statement in subjects]
    return _declared("attestation-review", listed, predicate, context)


def demand_closure(
    *,
    demand_id: str,
    outcome: str,
    reason: str | None,
    signer: Members,
    seen: Members,
    context: Context,
    nonce: str,
    stated_at: datetime,
) -> bytes:
    """The lead controller closes or withdraws the demand."""
    predicate = {
        "outcome": outcome,
        **_members({"reason": reason}),
        **_in_demand(demand_id, signer, seen, nonce, stated_at),
    }
    return _declared("demand-closure", [_log(seen)], predicate, context)


def _declared(
    name: str, subject: list[dict[str, Any]], predicate: dict[str, Any], context: Context
) -> bytes:
    # The schema first, with some text in place: a template may rely on it.
    predicate["declaration"] = {"lang": LANG, "template": TEMPLATE, "text": "to be rendered"}
    check_statement(name, _statement(name, subject, predicate))
    text = render(name, _statement(name, subject, predicate), context)
    predicate["declaration"] = {"lang": LANG, "template": TEMPLATE, "text": text}
    return _payload(name, subject, predicate)


def _payload(name: str, subject: list[dict[str, Any]], predicate: dict[str, Any]) -> bytes:
    statement = _statement(name, subject, predicate)
    check_statement(name, statement)
    return encode(statement)


def _statement(
    name: str, subject: list[dict[str, Any]], predicate: dict[str, Any]
) -> dict[str, Any]:
    return {
        "_type": STATEMENT_TYPE,
        "subject": subject,
        "predicateType": predicate_type(name),
        "predicate": predicate,
    }


def _in_demand(
    demand_id: str, signer: Members, seen: Members, nonce: str, stated_at: datetime
) -> dict[str, Any]:
    return {
        "demandId": demand_id,
        "signer": dict(signer),
        "seen": dict(seen),
        **_said(nonce, stated_at),
    }


def _said(nonce: str, stated_at: datetime) -> dict[str, Any]:
    return {"nonce": nonce, "statedAt": format_time(stated_at)}


def _subject(name: str, sha256: str) -> dict[str, Any]:
    return {"name": name, "digest": {"sha256": sha256}}


def _log(seen: Members) -> dict[str, Any]:
    return _subject("log", unb64(str(seen["rootHash"])).hex())


def _members(members: Members) -> dict[str, Any]:
    """Leave out what is None, and write times and dates as the format does."""
    return {name: _value(value) for name, value in members.items() if value is not None}


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return format_time(value)
    if isinstance(value, date):
        return value.isoformat()
    return value

"""Revoking a signing key: it signs nothing more, in any demand, from then on.

The statement is kept once and copied into every log in which the key is enrolled, in one
transaction: whoever relies on the key anywhere must learn of it (docs/formats.md §3,
`key-revocation`). What the key signed before stays valid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from attest.database import log_rows
from attest.database.tables import Account, Demand, KeyInLog, KeyStatement, SigningKey
from attest.domain.drafting import need_text
from attest.domain.refusal import NotAllowed, Refused
from attest.domain.scalars import FormatError, parse_time
from attest.domain.wording import moment_utc
from attest.services.context import Context
from attest.services.facts import demand_keys, keys, revokers
from attest.services.facts.revocations import revocations_of
from attest.services.log import aggregates
from attest.services.log.ledger import open_log
from attest.services.log.prepared import AHEAD, OLDEST, Stale, check_signature, signer
from attest.services.notices import key_notices
from attest.statements import build
from attest.statements.canonical import decode
from attest.statements.envelope import parse_envelope, statement_hash
from attest.statements.predicates import check_statement


@dataclass(frozen=True)
class PreparedRevocation:
    """What is to be signed, and with which key."""

    key: SigningKey  # the revoker's
    subject: SigningKey
    payload: bytes


def prepare_revocation(
    ctx: Context,
    account: Account,
    keyid: str,
    with_keyid: str,
    reason: str,
    since: datetime | None = None,
) -> PreparedRevocation:
    """The payload by which a key is revoked.

    `since`: from when it may have been in other hands. Raises NotFound, NotAllowed, and Refused
    with the field (`reason`, `since_on` or `key`).
    """
    subject, own = _signing(ctx, account, keyid, with_keyid)
    tidy = need_text(reason, "reason", "Say why the key is revoked.", multiline=True)
    _check_since(ctx, since)
    _expect_news(ctx, subject, since)
    payload = _payload(
        subject, own, tidy, since, nonce=build.new_nonce(), stated_at=ctx.now.replace(microsecond=0)
    )
    return PreparedRevocation(own, subject, payload)


def revoke_key(ctx: Context, account: Account, envelope: bytes) -> KeyStatement:
    """Keeps a signed revocation, in every log that knows the key, and writes to who must know.

    All or nothing. Sent again, the same envelope gives the same statement. Raises NotFound,
    NotAllowed, Refused and Stale.
    """
    not_it = Refused(
        "This is not the statement that the page asked you to sign. Nothing was kept. "
        "Open the page again and sign there."
    )
    try:
        parsed = parse_envelope(envelope)
        statement = decode(parsed.payload)
        check_statement(keys.REVOCATION, statement)
        said = statement["predicate"]
        stated_at = parse_time(said["statedAt"])
        since = parse_time(said["compromisedSince"]) if "compromisedSince" in said else None
    except (FormatError, ValueError, KeyError, TypeError) as error:
        raise not_it from error
    found = statement_hash(parsed.payload)
    revokers.find(ctx, account, said["keyid"])
    known = ctx.session.get(KeyStatement, found)
    if known is not None:
        return known
    demands = _hold_demands(ctx, said["keyid"])
    keys.hold_keys(ctx, said["keyid"], said["signer"]["keyid"], to_change=True)
    if [demand.id for demand in demands] != _demand_ids(ctx, said["keyid"]):
        raise Stale("Somebody signed with this key at this very moment. Press the button again.")
    known = ctx.session.get(KeyStatement, found)
    if known is not None:
        return known
    subject, own = _signing(ctx, account, said["keyid"], said["signer"]["keyid"])
    reason = need_text(said["reason"], "reason", "Say why the key is revoked.", multiline=True)
    built = _payload(subject, own, reason, since, nonce=said["nonce"], stated_at=stated_at)
    if built != parsed.payload:
        raise not_it
    if not ctx.now - OLDEST <= stated_at <= ctx.now + AHEAD:
        raise Refused("This page is too old. Open it again and sign there.")
    _check_since(ctx, since)
    _expect_news(ctx, subject, since)
    _expect_newest(ctx, subject, stated_at)
    check_signature(own, parsed)
    kept = KeyStatement(
        hash=found,
        name=keys.REVOCATION,
        keyid=subject.keyid,
        signer_keyid=own.keyid,
        method=None,
        stated_at=stated_at,
        envelope=envelope,
    )
    ctx.session.add(kept)
    subject.revoked_at = subject.revoked_at or ctx.now
    ctx.session.flush()
    for demand in demands:
        _copy(ctx, demand, subject)
    key_notices.revoked(ctx, demands, subject, own, reason, since)
    return kept


def _copy(ctx: Context, demand: Demand, subject: SigningKey) -> None:
    ledger = open_log(ctx, demand.id)
    if ledger.judge.keys.get(subject.keyid) is None:
        return  # its officer's, who has not signed here: nothing in this log stands on it
    about = {subject.keyid}
    if subject.duty == "signatory":
        # What it confirmed here must come first: a confirmation copied later would be void.
        about |= _confirmed_by(ctx, demand, subject)
    ledger.copy_key_statements(about, demand_keys.controller_keyids(ctx, demand))
    ledger.save()
    aggregates.refresh(ctx, demand, ledger.judge)


def _confirmed_by(ctx: Context, demand: Demand, subject: SigningKey) -> set[str]:
    """The keys of the demand's officer that this key confirmed."""
    return set(
        ctx.session.scalars(
            select(KeyStatement.keyid)
            .join(SigningKey, SigningKey.keyid == KeyStatement.keyid)
            .where(
                KeyStatement.name == keys.CONFIRMATION,
                KeyStatement.signer_keyid == subject.keyid,
                SigningKey.person_id == demand.officer_id,
                SigningKey.duty == "officer",
            )
        )
    )


def _demand_ids(ctx: Context, keyid: str) -> list[str]:
    """The demands that a revocation touches, in an order that everybody takes them in.

    Those in whose logs the key is enrolled, and the live ones that wait for its officer.
    """
    logs = ctx.session.scalars(select(KeyInLog.demand_id).where(KeyInLog.keyid == keyid))
    officers = ctx.session.scalars(
        select(Demand.id)
        .join(SigningKey, SigningKey.person_id == Demand.officer_id)
        .where(SigningKey.keyid == keyid, SigningKey.duty == "officer", Demand.closed_at.is_(None))
    )
    return sorted({*logs, *officers})


def _hold_demands(ctx: Context, keyid: str) -> list[Demand]:
    held = [
        log_rows.hold_demand(ctx.session, Demand.id == demand_id)
        for demand_id in _demand_ids(ctx, keyid)
    ]
    return [demand for demand in held if demand is not None]


def _signing(
    ctx: Context, account: Account, keyid: str, with_keyid: str
) -> tuple[SigningKey, SigningKey]:
    """The key to be revoked, and the one that the account revokes it with."""
    standing = revokers.find(ctx, account, keyid)
    if not standing.signers:
        raise NotAllowed(revokers.WHO_MAY)
    for own in standing.signers:
        if own.keyid == with_keyid:
            return standing.key, own
    raise Refused("Choose the key that you sign this with.", field="key")


def _check_since(ctx: Context, since: datetime | None) -> None:
    if since is not None and since > ctx.now:
        raise Refused("This moment is still to come. Enter one that has passed.", field="since_on")


def _expect_news(ctx: Context, subject: SigningKey, since: datetime | None) -> None:
    """A key that is revoked already may only turn out to have been lost earlier."""
    if subject.revoked_at is None:
        return
    known = [said.since for said in revocations_of(ctx, [subject.keyid]) if said.since]
    if since is None:
        raise Refused(
            "This key is revoked already. It can be revoked once more only to say since when it "
            "may have been in other hands.",
            field="since_on",
        )
    if known and since >= min(known):
        raise Refused(
            "It was said already that this key may have been in other hands since "
            f"{moment_utc(min(known))}. Enter an earlier moment.",
            field="since_on",
        )


def _expect_newest(ctx: Context, subject: SigningKey, stated_at: datetime) -> None:
    # Statements about one key stand in the order of statedAt (docs/formats.md §6 step 7).
    newest = ctx.session.scalar(
        select(func.max(KeyStatement.stated_at)).where(KeyStatement.keyid == subject.keyid)
    )
    if newest is not None and newest > stated_at:
        raise Stale("Something was said about this key since you opened the page. Look again.")


def _payload(
    subject: SigningKey,
    own: SigningKey,
    reason: str,
    since: datetime | None,
    *,
    nonce: str,
    stated_at: datetime,
) -> bytes:
    return build.key_revocation(
        subject.keyid,
        signer(own),
        reason,
        nonce=nonce,
        stated_at=stated_at,
        compromised_since=since,
    )

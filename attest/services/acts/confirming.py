"""Confirming a key over another channel, and comparing one for an organisation's own trust file.

The fingerprint is typed as it was heard. It is compared here and is never shown before, and
a wrong one gets no hint: whoever could guess group by group would not have to listen.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

from attest.database.tables import KeyComparison, KeyStatement, SigningKey
from attest.domain.refusal import NotAllowed, NotFound, Refused
from attest.domain.scalars import FormatError, parse_time
from attest.domain.wording import CONFIRMATION_METHODS
from attest.services.access import CONTROLLER, Seat
from attest.services.context import Context
from attest.services.facts import demand_keys, keys
from attest.services.facts.demand_keys import KeyView
from attest.services.log import aggregates
from attest.services.log.ledger import open_log
from attest.services.log.prepared import AHEAD, OLDEST, check_signature
from attest.services.notices import key_notices
from attest.signing import fingerprint
from attest.statements import build
from attest.statements.canonical import decode
from attest.statements.envelope import parse_envelope, statement_hash
from attest.statements.predicates import check_statement


@dataclass(frozen=True)
class PreparedConfirmation:
    """What the signatory signs, and with which key."""

    key: SigningKey  # the signatory's own
    subject: SigningKey
    payload: bytes


def key_at(ctx: Context, seat: Seat, keyid: str) -> KeyView:
    """One key that matters in the demand. Raises NotFound for any other."""
    for view in demand_keys.keys_of(ctx, seat):
        if view.key.keyid == keyid:
            return view
    raise NotFound


def prepare_confirmation(
    ctx: Context, seat: Seat, keyid: str, typed: str, method: str
) -> PreparedConfirmation:
    """Compares what was heard with the key, and gives the payload to sign.

    Raises NotFound, NotAllowed, and Refused with the field (`typed` or `method`).
    """
    signer = _signer(ctx, seat)
    subject = _subject(ctx, seat, keyid)
    check_method(method)
    check_typed(subject.keyid, typed)
    payload = _payload(subject, signer, method, nonce=build.new_nonce(), stated_at=ctx.now)
    return PreparedConfirmation(signer, subject, payload)


def confirm_key(ctx: Context, seat: Seat, envelope: bytes) -> KeyStatement:
    """Keeps a signed confirmation, and copies it into the log of the demand.

    Other demands copy it when they need it. Sent again, the same envelope gives the same
    statement. Raises NotFound, NotAllowed, Refused.
    """
    not_it = Refused(
        "This is not the statement that the page asked you to sign. Nothing was kept. "
        "Open the page again and sign there."
    )
    try:
        parsed = parse_envelope(envelope)
        statement = decode(parsed.payload)
        check_statement(keys.CONFIRMATION, statement)
        predicate = statement["predicate"]
        stated_at = parse_time(predicate["statedAt"])
    except (FormatError, ValueError, KeyError, TypeError) as error:
        raise not_it from error
    signer = _signer(ctx, seat)
    subject = _subject(ctx, seat, predicate["keyid"])
    found = statement_hash(parsed.payload)
    known = ctx.session.get(KeyStatement, found)
    if known is not None:
        return known
    # Nobody revokes either of them until this is done, nor was either revoked meanwhile.
    keys.hold_keys(ctx, signer.keyid, subject.keyid)
    signer, subject = _signer(ctx, seat), _subject(ctx, seat, predicate["keyid"])
    check_method(predicate["method"])
    built = _payload(
        subject, signer, predicate["method"], nonce=predicate["nonce"], stated_at=stated_at
    )
    if built != parsed.payload:
        raise not_it
    if not ctx.now - OLDEST <= stated_at <= ctx.now + AHEAD:
        raise Refused("This page is too old. Open it again and sign there.")
    check_signature(signer, parsed)
    kept = KeyStatement(
        hash=found,
        name=keys.CONFIRMATION,
        keyid=subject.keyid,
        signer_keyid=signer.keyid,
        method=predicate["method"],
        stated_at=stated_at,
        envelope=envelope,
    )
    ctx.session.add(kept)
    ctx.session.flush()
    ledger = open_log(ctx, seat.demand.id)
    ledger.copy_key_statements([subject.keyid], demand_keys.controller_keyids(ctx, seat.demand))
    ledger.save()
    aggregates.refresh(ctx, seat.demand, ledger.judge)
    key_notices.confirmed(ctx, seat, subject, kept.method or "")
    return kept


def compare_key(ctx: Context, seat: Seat, keyid: str, typed: str) -> None:
    """An organisation heard the other side's fingerprint, and it is the same.

    Its trust file pins the key from then on. Raises NotFound, Refused with the field `typed`.
    """
    key = key_at(ctx, seat, keyid).key
    if key.person.organisation_id == seat.person.organisation_id:
        raise Refused("This is your own organisation's key: there is nothing to compare.")
    check_typed(key.keyid, typed)
    if ctx.session.get(KeyComparison, (seat.person.organisation_id, keyid)) is None:
        ctx.session.add(
            KeyComparison(
                organisation_id=seat.person.organisation_id,
                keyid=keyid,
                person_id=seat.person.id,
                at=ctx.now,
            )
        )
        ctx.session.flush()


def check_typed(keyid: str, typed: str) -> None:
    """Raises Refused where what was typed is not the fingerprint of this key."""
    heard = "".join(character for character in typed.lower() if character.isalnum())
    wanted = fingerprint(keyid).replace(" ", "")
    if len(heard) != len(wanted):
        raise Refused(
            f"Type all eight groups of four. You typed {len(heard)} of {len(wanted)} characters.",
            field="typed",
        )
    if not hmac.compare_digest(heard.encode(), wanted.encode()):
        raise Refused(
            "This is not the fingerprint of this key. Ask to hear it again, and mind that it has "
            "no 0, 1, 8 or 9. If it still differs, do not go on: "
            "the key that was enrolled is not the one in front of the other person.",
            field="typed",
        )


def check_method(method: str) -> None:
    """Raises Refused for a method that the formats don't know (docs/formats.md §3)."""
    if method not in CONFIRMATION_METHODS:
        raise Refused("Say how you heard the fingerprint.", field="method")


def _signer(ctx: Context, seat: Seat) -> SigningKey:
    if seat.side != CONTROLLER or "signatory" not in seat.duties:
        raise NotAllowed("Only a signatory of a controller confirms keys.")
    signer = keys.current_key(ctx, seat.person, "signatory")
    if signer is None:
        raise Refused("You have no signing key yet. Make one under Keys, then come back.")
    return signer


def _subject(ctx: Context, seat: Seat, keyid: str) -> SigningKey:
    key = key_at(ctx, seat, keyid).key
    # By the account: somebody may have been named on both sides.
    if key.person.account_id == seat.person.account_id:
        raise Refused("Nobody confirms their own key. Ask another signatory.")
    if key.revoked_at is not None or key.replaced_at is not None:
        raise Refused("This key is not in use any more. Look for the newer one on the keys page.")
    return key


def _payload(
    subject: SigningKey, signer: SigningKey, method: str, *, nonce: str, stated_at: datetime
) -> bytes:
    return build.key_confirmation(
        subject.keyid,
        subject.holder,
        dict(signer.holder) | {"keyid": signer.keyid},
        method,
        nonce=nonce,
        stated_at=stated_at,
    )

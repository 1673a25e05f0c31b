"""Making a signing key known: its holder proves possession, and the public half is kept.

Who still has an earlier key may let that one sign too: a rotation. It vouches for nothing, so the
new key is confirmed like any other; it shows that whoever held the old one made the new one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from attest.database.tables import KeyStatement, Person, SigningKey
from attest.domain.duties import DUTIES
from attest.domain.refusal import NotAllowed, Refused
from attest.domain.scalars import FormatError, parse_time
from attest.keyfiles import KeyFileError, parse_key_file
from attest.services.context import Context
from attest.services.facts.demand_keys import demands_of_officer
from attest.services.facts.keys import ENROLMENT, current_key, hold_keys, holder_of
from attest.services.log.prepared import AHEAD, OLDEST
from attest.services.notices import key_notices
from attest.signing import is_valid_public_key, keyid, unb64, verify
from attest.statements import build
from attest.statements.canonical import decode, encode
from attest.statements.envelope import Envelope, parse_envelope, statement_hash
from attest.statements.predicates import check_statement

NOT_IT = (
    "This is not the statement that the page asked your key to sign. Nothing was kept. "
    "Open the page again and make the key there."
)


def prepare_enrolment(ctx: Context, person: Person, duty: str, public_key: bytes) -> bytes:
    """The payload by which a new key says whose it is.

    Raises NotAllowed without the duty, Refused for a public key that must not be used.
    """
    _check_duty(person, duty)
    _check_point(ctx, public_key)
    return build.key_enrolment(
        public_key, holder_of(person, duty), nonce=build.new_nonce(), stated_at=ctx.now
    )


def old_key(ctx: Context, person: Person, duty: str) -> SigningKey | None:
    """The key that may sign the enrolment of the person's next one, if there is one.

    None as well where name, title or organisation have changed since: then it is another holder's
    (docs/formats.md §3, `key-enrolment`).
    """
    old = current_key(ctx, person, duty)
    return old if old is not None and old.holder == holder_of(person, duty) else None


def enrol_key(
    ctx: Context,
    person: Person,
    envelope: bytes,
    key_file: Mapping[str, Any] | None = None,
) -> SigningKey:
    """Keeps a new key, and marks the same holder's earlier one for this duty as replaced.

    `envelope` holds a key-enrolment signed by the key itself, and on a rotation by `old_key` too
    (docs/formats.md §3); `key_file` is the locked file that its owner leaves here, if any. Sent
    again, the same envelope gives the same key. Raises Refused, NotAllowed.
    """
    try:
        parsed = parse_envelope(envelope)
        statement = decode(parsed.payload)
        check_statement(ENROLMENT, statement)
        predicate = statement["predicate"]
        public_key = unb64(predicate["publicKey"])
        stated_at = parse_time(predicate["statedAt"])
        duty = str(predicate["holder"]["duty"])
    except (FormatError, ValueError, KeyError, TypeError) as error:
        raise Refused(NOT_IT) from error
    known = ctx.session.get(KeyStatement, statement_hash(parsed.payload))
    if known is not None:
        key = ctx.session.get_one(SigningKey, known.keyid)
        if key.person_id == person.id:
            return key
    _check_duty(person, duty)
    _check_point(ctx, public_key)
    built = build.key_enrolment(
        public_key, holder_of(person, duty), nonce=predicate["nonce"], stated_at=stated_at
    )
    if built != parsed.payload:
        raise Refused(NOT_IT)
    if not ctx.now - OLDEST <= stated_at <= ctx.now + AHEAD:
        raise Refused("This page is too old. Load it again and make the key there.")
    new_id = keyid(public_key)
    old = _check_signatures(ctx, person, duty, parsed, new_id, public_key)
    kept_file = _check_file(key_file, new_id)
    _replace_earlier(ctx, person, duty)
    key = SigningKey(
        keyid=new_id,
        person_id=person.id,
        public_key=public_key,
        holder=dict(predicate["holder"]),
        side=str(predicate["holder"]["side"]),
        duty=duty,
        key_file=kept_file,
        enrolled_at=ctx.now,
        revoked_at=None,
        replaced_at=None,
        rotated_from=None if old is None else old.keyid,
    )
    ctx.session.add(key)
    ctx.session.flush()
    ctx.session.add(
        KeyStatement(
            hash=statement_hash(parsed.payload),
            name=ENROLMENT,
            keyid=new_id,
            signer_keyid=new_id,
            method=None,
            stated_at=stated_at,
            envelope=envelope,
        )
    )
    ctx.session.flush()
    key_notices.made(ctx, key, demands_of_officer(ctx, person))
    return key


def _check_signatures(
    ctx: Context, person: Person, duty: str, parsed: Envelope, new_id: str, public_key: bytes
) -> SigningKey | None:
    """By the new key, and perhaps by the old one, which is given. Raises Refused."""
    keys = {new_id: public_key}
    others = [item.keyid for item in parsed.signatures if item.keyid != new_id]
    old = None
    if len(others) == len(parsed.signatures):
        raise Refused(NOT_IT)
    if others:
        held = current_key(ctx, person, duty)
        if held is None or held.keyid != others[0]:
            raise Refused(
                "The old key is not the one that you sign with now, so it can't sign the new one. "
                "Make the new key without it."
            )
        hold_keys(ctx, held.keyid, to_change=True)
        old = old_key(ctx, person, duty)
        if old is None:
            raise Refused(
                "Your old key can't sign the new one: it was revoked, or you sign under another "
                "name or title now. Make the new key without it."
            )
        keys[old.keyid] = old.public_key
    for item in parsed.signatures:
        if not verify(keys[item.keyid], parsed.signed_bytes, item.sig):
            raise Refused(
                "The signature does not fit the key: something was changed on the way. "
                "Nothing was kept. Open the page again and make the key there."
            )
    return old


def _check_duty(person: Person, duty: str) -> None:
    words = DUTIES.get(duty)
    if words is None or not words.signs or duty not in person.duties or not person.active:
        raise NotAllowed(
            "Only signatories and assurance officers have signing keys. "
            "Ask for that duty under People."
        )


def _check_point(ctx: Context, public_key: bytes) -> None:
    if not is_valid_public_key(public_key):
        raise Refused(
            "This is no public key that can be trusted. Load the page again and make another one."
        )
    if ctx.session.get(SigningKey, keyid(public_key)) is not None:
        raise Refused("This key is known here already. Load the page again and make another one.")


def _check_file(key_file: Mapping[str, Any] | None, wanted: str) -> dict[str, Any] | None:
    if key_file is None:
        return None
    try:
        parsed = parse_key_file(encode(dict(key_file)))
    except (KeyFileError, FormatError) as error:
        raise Refused(f"The key file can't be kept. {error}") from error
    if parsed.keyid != wanted:
        raise Refused("The key file belongs to another key. Load the page again.")
    return dict(key_file)


def _replace_earlier(ctx: Context, person: Person, duty: str) -> None:
    earlier = ctx.session.scalars(
        select(SigningKey).where(
            SigningKey.person_id == person.id,
            SigningKey.duty == duty,
            SigningKey.replaced_at.is_(None),
        )
    ).unique()
    for key in earlier:
        key.replaced_at = ctx.now

"""What a signing page gets to sign, and how an envelope that comes back is compared with it.

The server builds the payload; the browser signs exactly those bytes. When the envelope comes
back, the payload is built again from today's rows with the envelope's own nonce, time
and prefix: different bytes mean that something changed on the way, or since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from attest.bundle.listing import PrefixContext
from attest.database.tables import SigningKey
from attest.domain.refusal import Refused
from attest.domain.scalars import FormatError, parse_time
from attest.services.access import Seat
from attest.services.context import Context
from attest.services.facts import keys
from attest.signing import verify
from attest.statements.canonical import decode
from attest.statements.envelope import Envelope, parse_envelope
from attest.statements.predicates import check_statement

# How old a statement about a key may be when it comes: its file may have gone to another computer
# and back. How far its signer's clock may be ahead is docs/formats.md §6, step 9.
OLDEST = timedelta(days=7)
AHEAD = timedelta(seconds=600)


@dataclass(frozen=True)
class Prepared:
    """One payload to sign. `id` is the page's name for it, `label` is for people."""

    id: str
    label: str
    payload: bytes


@dataclass(frozen=True)
class ToSign:
    """Everything that a signing page needs (see static/signing.js and docs/formats.md §8)."""

    keyid: str
    key_file: Mapping[str, Any] | None
    items: list[Prepared]
    bodies: list[bytes] = field(default_factory=list)
    listing: Mapping[str, Any] | None = None
    reference: str | None = None
    reviewed: Mapping[str, list[bytes]] = field(default_factory=dict)
    also_keyid: str | None = None  # a rotation's old key, which signs the enrolment too


def listing_of(context: PrefixContext) -> Mapping[str, Any]:
    """The counts and hashes of what a demand lists, as a signing page shows them
    (docs/formats.md §8)."""
    return {
        name: {"count": listed.count, "sha256": listed.sha256}
        for name, listed in (
            ("files", context.files),
            ("stores", context.stores),
            ("withdrawn", context.withdrawn),
        )
    }


class Stale(Refused):
    """The state changed since the page was opened. The sentence says what."""


@dataclass(frozen=True)
class Draw:
    """What the envelope itself decides: its nonce, its time and the prefix that it saw."""

    nonce: str
    stated_at: datetime
    seen: dict[str, Any]


@dataclass(frozen=True)
class Signed:
    """An envelope whose shape was checked, its statement, and its own draw."""

    envelope: Envelope
    data: bytes
    statement: Mapping[str, Any]
    draw: Draw

    @property
    def predicate(self) -> Mapping[str, Any]:
        """The statement's predicate."""
        found: Mapping[str, Any] = self.statement["predicate"]
        return found


def read_signed(data: bytes, name: str) -> Signed:
    """Reads an envelope that should hold a statement called `name`. Raises Refused."""
    try:
        envelope = parse_envelope(data)
        statement = decode(envelope.payload)
        predicate = statement["predicate"]
        # Whole, so that no act stumbles over a member of another shape.
        check_statement(name, statement)
        draw = Draw(predicate["nonce"], parse_time(predicate["statedAt"]), predicate["seen"])
    except (FormatError, KeyError, TypeError, ValueError) as error:
        raise Refused(
            "This is not the statement that the page asked you to sign. Nothing was kept. "
            "Open the page again and sign there."
        ) from error
    return Signed(envelope, data, statement, draw)


def check_signature(key: SigningKey, signed: Envelope) -> None:
    """One signature, by this key, over these bytes. Raises Refused."""
    signatures = signed.signatures
    if len(signatures) != 1 or signatures[0].keyid != key.keyid:
        raise Refused(
            "This was signed with another key than the one that Attest knows as yours. "
            "Choose the right key file, or make a new key under Keys."
        )
    if not verify(key.public_key, signed.signed_bytes, signatures[0].sig):
        raise Refused(
            "The signature does not fit what was sent: it was changed on the way. "
            "Nothing was kept. Open the page again and sign there."
        )


def need_key(ctx: Context, seat: Seat, duty: str) -> SigningKey:
    """The person's current key for a duty. Raises Refused where there is none."""
    key = keys.key_to_sign(ctx, seat.person, duty)
    if key is None:
        raise Refused("You have no signing key yet. Make one under Keys, then come back.")
    return key


def signer(key: SigningKey) -> dict[str, Any]:
    """The `signer` member: the key's holder and its keyid."""
    return dict(key.holder) | {"keyid": key.keyid}


def expect_same(built: bytes, signed: Signed, changed: str) -> None:
    """Raises Stale with `changed` where the rows of today give other bytes."""
    if built != signed.envelope.payload:
        raise Stale(changed)


def texts(many: Iterable[Prepared]) -> list[str]:
    """The declarations, as they will be signed, for readers without JavaScript.

    Statements about keys carry none.
    """
    said = [decode(item.payload)["predicate"].get("declaration") for item in many]
    return [declaration["text"] for declaration in said if declaration is not None]

"""Open a signed body: envelope, signatures, statement (steps 7 and 8, docs/formats.md §3)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from attest.bundle.failure import Failure, at_step
from attest.domain.scalars import parse_time
from attest.signing import unb64, verify
from attest.statements.canonical import FormatError, decode
from attest.statements.envelope import Envelope, parse_envelope, statement_hash
from attest.statements.predicates import check_statement, predicate_type


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement by its closed schema, and the keyids of the signatures around it."""

    subject: Sequence[Mapping[str, Any]]
    predicate: Mapping[str, Any]
    hash: str
    keyids: tuple[str, ...]
    envelope: Envelope

    @property
    def nonce(self) -> bytes:
        """The statement's 16 random bytes."""
        return unb64(self.predicate["nonce"])

    @property
    def stated_at(self) -> datetime:
        """When the signer says that it was signed: an aware datetime."""
        return parse_time(self.predicate["statedAt"])

    def signed_by(self, keyid: str, public_key: bytes) -> bool:
        """Does the signature that names this key verify over the exact bytes?"""
        return any(
            signature.keyid == keyid
            and verify(public_key, self.envelope.signed_bytes, signature.sig)
            for signature in self.envelope.signatures
        )


def open_envelope(body: bytes, step: int, leaf: int) -> Envelope:
    """Parse an envelope; the payload is not looked at yet."""
    with at_step(step, leaf):
        return parse_envelope(body)


def open_statement(
    envelope: Envelope, name: str, step: int, leaf: int, *, trusted: bool
) -> Statement:
    """Parse the payload by the closed schema of `name`.

    `trusted` leaves the schema out, for bytes that the same code admitted before.
    """
    try:
        # Spelt canonically it was when it was admitted; reading it is enough then.
        statement = json.loads(envelope.payload) if trusted else decode(envelope.payload)
        if not isinstance(statement, dict):
            raise FormatError("the payload is no statement")
        if statement.get("predicateType") != predicate_type(name):
            raise FormatError("predicateType is not the one of the leaf's type")
        if not trusted:
            check_statement(name, statement)
    except FormatError as error:
        # The table of outcomes is a schema too, but it is step 10 that names it.
        refused_by = 10 if str(error).startswith("predicate.copies") else step
        raise Failure(refused_by, leaf, str(error)) from None
    return Statement(
        subject=statement["subject"],
        predicate=statement["predicate"],
        hash=statement_hash(envelope.payload),
        keyids=tuple(signature.keyid for signature in envelope.signatures),
        envelope=envelope,
    )

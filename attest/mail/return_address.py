"""The sender on a letter's envelope, where what cannot be delivered comes back to (VERP).

    attest+TOKEN@example.org

TOKEN is the letter's id and a code over it that only this instance can make (HMAC-SHA-256,
RFC 2104, cut to 80 bits), in base32 without padding (RFC 4648 §6). Base32 because mail servers may
change the case of what stands before the @; "+" is the usual separator of subaddresses (RFC 5233
§1). Whoever wants to make letters bounce that did not has to guess the code of each.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from uuid import UUID

from attest.settings import Settings

SEPARATOR = "+"
_PURPOSE = b"attest.return-address.v1\0"
_CODE_BYTES = 10
# 16 bytes of the id and the code, five bits a letter, rounded up.
TOKEN_LENGTH = 42


def envelope_sender(settings: Settings, letter_id: str) -> str:
    """What MAIL FROM says for this letter; without `signed_returns` the same for all of them.

    What stands before the @ has at most 64 octets (RFC 5321 §4.5.3.1.1): settings.py sees to it.
    """
    address = settings.return_address or settings.mail_from
    if not settings.signed_returns:
        return address
    local, _, domain = address.rpartition("@")
    return f"{local}{SEPARATOR}{_token(settings, UUID(letter_id))}@{domain}"


def letter_of(settings: Settings, address: str) -> str | None:
    """The id of the letter whose return address this is, in any case; None for any other text."""
    local, _, domain = address.strip().strip("<>").rpartition("@")
    known, _, known_domain = (settings.return_address or settings.mail_from).rpartition("@")
    name, _, token = local.rpartition(SEPARATOR)
    if (name.lower(), domain.lower()) != (known.lower(), known_domain.lower()):
        return None
    if len(token) != TOKEN_LENGTH or not token.isascii():
        return None
    try:
        raw = base64.b32decode(token.upper() + "=" * (-TOKEN_LENGTH % 8))
    except binascii.Error:
        return None
    letter_id = UUID(bytes=raw[:16])
    # The whole token, so that the spare bits at its end cannot be spelled in several ways.
    if not hmac.compare_digest(_token(settings, letter_id), token.lower()):
        return None
    return str(letter_id)


def _token(settings: Settings, letter_id: UUID) -> str:
    code = hmac.new(settings.secret_key.encode(), _PURPOSE + letter_id.bytes, hashlib.sha256)
    raw = letter_id.bytes + code.digest()[:_CODE_BYTES]
    return base64.b32encode(raw).decode("ascii").rstrip("=").lower()

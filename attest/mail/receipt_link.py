"""The link "I have received this": which letter a token in its address stands for.

The token is the letter's id and an HMAC-SHA256 over it (RFC 2104), cut to 16 bytes, under a key
that is derived from the instance's secret key for this purpose alone. It opens nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import uuid

from attest.settings import Settings

_PURPOSE = b"attest.receipt.v1"
_PRESSED = b"attest.receipt.form.v1"
_ID = 16  # bytes of a UUID
_CUT = 16  # bytes of the HMAC
_LENGTH = 43  # characters of base64 for both, without padding

# How long a page that was opened may be pressed on, in seconds.
FORM_LASTS = 24 * 60 * 60


def receipt_token(settings: Settings, letter_id: str) -> str:
    """What stands in the link for this letter: 43 letters, digits, `-` and `_`."""
    named = uuid.UUID(letter_id).bytes
    return _encoded(named + _mac(settings, _PURPOSE, named))


def receipt_link(settings: Settings, letter_id: str) -> str:
    """The address that the letter gives; the page there is `web/received`."""
    return f"{settings.base_url}/received/{receipt_token(settings, letter_id)}"


def letter_of(settings: Settings, token: str) -> str | None:
    """The id of the letter that a token stands for, None for any other text."""
    if len(token) != _LENGTH or not token.isascii():
        return None
    try:
        read = base64.urlsafe_b64decode(token + "=")
    except (binascii.Error, ValueError):
        return None
    # Base64 has several spellings of the same bytes: only ours is ours.
    if len(read) != _ID + _CUT or _encoded(read) != token:
        return None
    named, mac = read[:_ID], read[_ID:]
    if not hmac.compare_digest(mac, _mac(settings, _PURPOSE, named)):
        return None
    return str(uuid.UUID(bytes=named))


def form_token(settings: Settings, letter_id: str, at: int) -> str:
    """What the page's button sends along, made when the page was: `at` in seconds since 1970."""
    mac = _mac(settings, _PRESSED, f"{at}:{letter_id}".encode())
    return f"{at}.{_encoded(mac)}"


def is_form_token(settings: Settings, letter_id: str, sent: str, now: int) -> bool:
    """Whether `sent` stood on this letter's page in the last day."""
    at, _, _ = sent.partition(".")
    if not (sent.isascii() and at.isdigit() and len(at) <= 12):
        return False
    right = form_token(settings, letter_id, int(at))
    return hmac.compare_digest(right.encode(), sent.encode()) and 0 <= now - int(at) <= FORM_LASTS


def _mac(settings: Settings, purpose: bytes, message: bytes) -> bytes:
    key = hmac.new(settings.secret_key.encode(), purpose, hashlib.sha256).digest()
    return hmac.new(key, message, hashlib.sha256).digest()[:_CUT]


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode("ascii").rstrip("=")

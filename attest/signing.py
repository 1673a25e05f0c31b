"""Ed25519 keys and signatures (RFC 8032, docs/formats.md §2), over PyNaCl.

`verify` takes only what every implementation takes: libsodium, OpenSSL and WebCrypto disagree
about points of small order and about odd encodings, so both are refused here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from functools import lru_cache

from nacl.bindings import crypto_core_ed25519_is_valid_point
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

_SPKI_PREFIX = bytes.fromhex("302a300506032b6570032100")

# The order of the base point (RFC 8032 §5.1). S at or above it is a second spelling.
_ORDER = 2**252 + 27742317777372353535851937790883648493


class PrivateKey:
    """An Ed25519 private key. Its representation never shows the seed."""

    def __init__(self, key: SigningKey) -> None:
        self._key = key
        self.public_key: bytes = bytes(key.verify_key)
        self.keyid: str = keyid(self.public_key)

    @classmethod
    def generate(cls) -> PrivateKey:
        """Make a key from the system's randomness."""
        return cls(SigningKey.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> PrivateKey:
        """Take the 32 bytes that RFC 8032 calls the private key; ValueError for another length."""
        if len(seed) != 32:
            raise ValueError("an Ed25519 seed has 32 bytes")
        return cls(SigningKey(seed))

    @property
    def seed(self) -> bytes:
        """The 32 secret bytes."""
        return bytes(self._key)

    def sign(self, message: bytes) -> bytes:
        """Give the 64 bytes of the signature over a message."""
        return bytes(self._key.sign(message).signature)

    def __repr__(self) -> str:
        return f"<PrivateKey {self.keyid[:16]}…>"


def spki(public_key: bytes) -> bytes:
    """The 44-byte SubjectPublicKeyInfo of a 32-byte public key (RFC 8410 §4)."""
    if len(public_key) != 32:
        raise ValueError("an Ed25519 public key has 32 bytes")
    return _SPKI_PREFIX + public_key


def keyid(public_key: bytes) -> str:
    """SHA-256 of the SubjectPublicKeyInfo, 64 lower-case hex digits (docs/formats.md §2)."""
    return hashlib.sha256(spki(public_key)).hexdigest()


def fingerprint(key: str) -> str:
    """A keyid for reading out: eight groups of four letters and digits, `k5zq 2m4t …`."""
    letters = base64.b32encode(bytes.fromhex(key)[:20]).decode("ascii").lower()
    return " ".join(letters[start : start + 4] for start in range(0, 32, 4))


@lru_cache(maxsize=4096)
def is_valid_public_key(public_key: bytes) -> bool:
    """Is it a canonical point of the main subgroup, and not of small order?"""
    return _is_valid_point(public_key)


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Is it a signature over the message, in the only spelling that everybody accepts?

    S is below the group's order, and both R and the key are canonical points of the main
    subgroup. Then the equations with and without cofactor (RFC 8032 §5.1.7) agree.
    """
    if len(signature) != 64 or not is_valid_public_key(public_key):
        return False
    if int.from_bytes(signature[32:], "little") >= _ORDER:
        return False
    if not _is_valid_point(signature[:32]):
        return False
    try:
        VerifyKey(public_key).verify(message, signature)
    except BadSignatureError:
        return False
    return True


def b64(data: bytes) -> str:
    """Base64 by RFC 4648 §4, padded."""
    return base64.b64encode(data).decode("ascii")


def unb64(text: str) -> bytes:
    """Read base64 that encoding again would spell the same; ValueError for every other."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        data = b""
    if b64(data) != text:
        raise ValueError("is not base64 in its one spelling")
    return data


def _is_valid_point(point: bytes) -> bool:
    return len(point) == 32 and bool(crypto_core_ed25519_is_valid_point(point))

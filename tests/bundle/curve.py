"""Ed25519 by hand (RFC 8032 §5.1), for signatures that no library makes."""

from __future__ import annotations

import hashlib

from nacl.bindings import crypto_core_ed25519_add, crypto_scalarmult_ed25519_base_noclamp

from attest.signing import PrivateKey

ORDER = 2**252 + 27742317777372353535851937790883648493

# Points of small order: the neutral one, one of order 8, and the neutral one spelt y = p + 1.
NEUTRAL = (1).to_bytes(32, "little")
ORDER_EIGHT = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")
NEUTRAL_SPELT_OTHERWISE = (2**255 - 18).to_bytes(32, "little")
# No point has this y.
NOT_ON_THE_CURVE = (2).to_bytes(32, "little")


def secret_scalar(key: PrivateKey) -> int:
    """The number behind a private key (RFC 8032 §5.1.5)."""
    half = bytearray(hashlib.sha512(key.seed).digest()[:32])
    half[0] &= 248
    half[31] = half[31] & 127 | 64
    return int.from_bytes(half, "little")


def point(scalar: int) -> bytes:
    """That many times the base point."""
    return crypto_scalarmult_ed25519_base_noclamp((scalar % ORDER).to_bytes(32, "little"))


def plus_order_eight(of: bytes) -> bytes:
    """The point and one of order 8: of mixed order."""
    return crypto_core_ed25519_add(of, ORDER_EIGHT)


def challenge(r_point: bytes, public_key: bytes, message: bytes) -> int:
    """The hash in the equation, as a number."""
    return int.from_bytes(hashlib.sha512(r_point + public_key + message).digest(), "little")


def signature(r_point: bytes, r: int, scalar: int, public_key: bytes, message: bytes) -> bytes:
    """R, and S = r + h·a."""
    s = (r + challenge(r_point, public_key, message) * scalar) % ORDER
    return r_point + s.to_bytes(32, "little")


def another_signature(key: PrivateKey, message: bytes) -> bytes:
    """As good as the key's own, and other bytes: who holds the key chooses r."""
    return signature(point(2013), 2013, secret_scalar(key), key.public_key, message)

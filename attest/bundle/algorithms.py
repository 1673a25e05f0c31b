"""Hashes, signatures and public keys that a timestamp may use (docs/formats.md §5, Timestamps).

RSA PKCS#1 v1.5 of 2,048 to 8,192 bits and ECDSA over P-256, P-384 and P-521, each with SHA-256,
SHA-384 or SHA-512 (RFC 4055, RFC 5480, RFC 5754, RFC 5758). What multiplies points and powers is
handed in: this package needs nothing but PyNaCl. static/verifier/algorithms.js is its twin.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from attest.bundle.der import INTEGER, NOTHING, NULL, SEQUENCE, Reader
from attest.domain.scalars import FormatError

# Takes a SubjectPublicKeyInfo, an algorithm such as `RSA with SHA-256`, the data and a signature.
# An ECDSA signature is the DER of r and s, of the right form.
CheckSignature = Callable[[bytes, str, bytes, bytes], bool]

RSA = "RSA"
ECDSA = "ECDSA"
RSA_ENCRYPTION = "1.2.840.113549.1.1.1"

_DIGESTS = {
    "2.16.840.1.101.3.4.2.1": "SHA-256",
    "2.16.840.1.101.3.4.2.2": "SHA-384",
    "2.16.840.1.101.3.4.2.3": "SHA-512",
}
_HASHLIB = {"SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
_SIGNATURES = {
    "1.2.840.113549.1.1.11": (RSA, "SHA-256"),
    "1.2.840.113549.1.1.12": (RSA, "SHA-384"),
    "1.2.840.113549.1.1.13": (RSA, "SHA-512"),
    "1.2.840.10045.4.3.2": (ECDSA, "SHA-256"),
    "1.2.840.10045.4.3.3": (ECDSA, "SHA-384"),
    "1.2.840.10045.4.3.4": (ECDSA, "SHA-512"),
}
_EC_KEY = "1.2.840.10045.2.1"
_CURVES = {
    "1.2.840.10045.3.1.7": ("P-256", 32),
    "1.3.132.0.34": ("P-384", 48),
    "1.3.132.0.35": ("P-521", 66),
}
_LEAST_BITS, _MOST_BITS = 2048, 8192


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A SubjectPublicKeyInfo. `width` is the bytes of a modulus or of a coordinate."""

    der: bytes
    kind: str
    size: str
    width: int

    def verifies(self, digest: str, data: bytes, signature: bytes, check: CheckSignature) -> bool:
        """Did this key sign the data's hash? A signature of another form is no signature."""
        if self.kind == RSA:
            well_formed = len(signature) == self.width
        else:
            well_formed = _is_ecdsa_signature(signature, self.width)
        return well_formed and check(self.der, f"{self.kind} with {digest}", data, signature)


def digest_of(algorithm: str, data: bytes) -> bytes:
    """The hash of the data by `SHA-256`, `SHA-384` or `SHA-512`."""
    return hashlib.new(_HASHLIB[algorithm], data).digest()


def ecdsa_with(digest: str) -> bytes:
    """The algorithm of an ECDSA signature with that hash, in DER (RFC 5758 §3.2)."""
    last = {"SHA-256": 2, "SHA-384": 3, "SHA-512": 4}[digest]
    return bytes.fromhex("300a06082a8648ce3d0403") + bytes([last])


def read_digest(reader: Reader, what: str) -> str:
    """The name of a hash algorithm; its parameters are absent or NULL (RFC 5754 §2)."""
    algorithm = reader.inside(SEQUENCE, what)
    name = _DIGESTS.get(algorithm.oid(what))
    if name is None:
        raise FormatError(f"{what} is not SHA-256, SHA-384 or SHA-512")
    _absent_or_null(algorithm, what)
    return name


def read_signature_algorithm(reader: Reader, what: str) -> tuple[str, str]:
    """The kind of key and the hash algorithm of a signature, such as `RSA` and `SHA-256`."""
    algorithm = reader.inside(SEQUENCE, what)
    found = _SIGNATURES.get(algorithm.oid(what))
    if found is None:
        raise FormatError(f"{what} is not RSA (PKCS#1 v1.5) or ECDSA with SHA-256, -384 or -512")
    if found[0] == RSA:
        _absent_or_null(algorithm, what)
    algorithm.end(what)
    return found


def read_public_key(der: bytes, what: str) -> PublicKey:
    """A public key from its SubjectPublicKeyInfo (RFC 5280 §4.1.2.7, RFC 4055, RFC 5480)."""
    outer = Reader(der)
    info = outer.inside(SEQUENCE, what)
    algorithm = info.inside(SEQUENCE, what)
    kind = algorithm.oid(what)
    if kind == RSA_ENCRYPTION:
        if algorithm.take(NULL, what):
            raise FormatError(f"{what} is missing, or is not DER")
        algorithm.end(what)
        bits = _rsa_bits(info.bits(what), what)
        key = PublicKey(der, RSA, f"RSA {bits}", (bits + 7) // 8)
    elif kind == _EC_KEY:
        curve = _CURVES.get(algorithm.oid(what))
        algorithm.end(what)
        point = info.bits(what)
        if curve is None or len(point) != 1 + 2 * curve[1] or point[0] != 4:
            raise FormatError(f"{what} is not an uncompressed point of P-256, P-384 or P-521")
        key = PublicKey(der, ECDSA, f"ECDSA {curve[0]}", curve[1])
    else:
        raise FormatError(f"{what} is neither RSA nor ECDSA")
    info.end(what)
    return key


def _absent_or_null(algorithm: Reader, what: str) -> None:
    if algorithm.tag != NOTHING and algorithm.take(NULL, what):
        raise FormatError(f"{what} is missing, or is not DER")
    algorithm.end(what)


def _rsa_bits(data: bytes, what: str) -> int:
    outer = Reader(data)
    key = outer.inside(SEQUENCE, what)
    outer.end(what)
    modulus = int.from_bytes(key.integer(what), "big", signed=True)
    exponent = key.small(what)
    key.end(what)
    if not _LEAST_BITS <= max(modulus, 0).bit_length() <= _MOST_BITS:
        raise FormatError(f"{what} is not RSA of {_LEAST_BITS} to {_MOST_BITS} bits")
    # Both are odd in every RSA key; libraries disagree about what is none.
    if not modulus & 1 or exponent < 3 or not exponent & 1:
        raise FormatError(f"{what} is not an RSA key")
    return modulus.bit_length()


def _is_ecdsa_signature(signature: bytes, width: int) -> bool:
    """Two positive integers, in DER, neither wider than the curve's order."""
    outer = Reader(signature)
    try:
        both = outer.inside(SEQUENCE, "a signature")
        outer.end("a signature")
        integers = [both.take(INTEGER, "r"), both.take(INTEGER, "s")]
        both.end("s")
    except FormatError:
        return False
    return all(_is_positive(data) and len(data.lstrip(b"\0")) <= width for data in integers)


def _is_positive(data: bytes) -> bool:
    if not data or data[0] & 0x80:
        return False
    return data[0] != 0 or (len(data) > 1 and data[1] & 0x80 != 0)

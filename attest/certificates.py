"""Signatures of certificates and timestamps: RSA (PKCS#1 v1.5) and ECDSA, by `cryptography`.

attest.bundle needs PyNaCl alone, so that this one function is handed to it where timestamps are
to be checked. The profile (docs/formats.md §5, Timestamps) has looked at key and form before.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "SHA-256": hashes.SHA256(),
    "SHA-384": hashes.SHA384(),
    "SHA-512": hashes.SHA512(),
}


def check_signature(public_key: bytes, algorithm: str, data: bytes, signature: bytes) -> bool:
    """Did the key sign the data? `algorithm` is such as `RSA with SHA-256`.

    `public_key` is a SubjectPublicKeyInfo in DER. A key that is none signed nothing.
    """
    kind, _, name = algorithm.partition(" with ")
    try:
        key = serialization.load_der_public_key(public_key)
        if kind == "RSA" and isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), _HASHES[name])
        elif kind == "ECDSA" and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(_HASHES[name]))
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True

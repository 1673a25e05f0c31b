"""DSSE v1 envelopes around in-toto statements (docs/formats.md §3)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from attest.domain.scalars import is_sha256
from attest.signing import PrivateKey, b64, unb64
from attest.statements.canonical import FormatError, decode, encode

PAYLOAD_TYPE = "application/vnd.in-toto+json"

# A statement needs one signature and a rotation two; more would only be a place to hide things.
MAX_SIGNATURES = 2


@dataclass(frozen=True, slots=True)
class Signature:
    """64 bytes, and the keyid of the key that is said to have made them."""

    keyid: str
    sig: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """A payload with its signatures, none of them checked yet."""

    payload: bytes
    payload_type: str
    signatures: tuple[Signature, ...]

    @property
    def signed_bytes(self) -> bytes:
        """What each signature is over."""
        return pae(self.payload_type, self.payload)


def pae(payload_type: str, payload: bytes) -> bytes:
    """The pre-authentication encoding of DSSE v1: the bytes that are signed."""
    kind = payload_type.encode("utf-8")
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def parse_envelope(data: bytes) -> Envelope:
    """Read an envelope strictly; FormatError names what is wrong. The payload stays bytes."""
    obj = _members(decode(data), {"payload", "payloadType", "signatures"}, "envelope")
    if obj["payloadType"] != PAYLOAD_TYPE:
        raise FormatError("payloadType: is not the one that statements have")
    listed = obj["signatures"]
    if not isinstance(listed, list) or not 1 <= len(listed) <= MAX_SIGNATURES:
        raise FormatError(f"signatures: must be a list of 1 to {MAX_SIGNATURES}")
    signatures = tuple(_signature(item) for item in listed)
    if len({signature.keyid for signature in signatures}) != len(signatures):
        raise FormatError("signatures: two of them name the same key")
    return Envelope(_base64(obj["payload"], "payload"), PAYLOAD_TYPE, signatures)


def encode_envelope(payload: bytes, signatures: tuple[Signature, ...]) -> bytes:
    """Write an envelope; FormatError if it would be larger than 1 MiB."""
    return encode(
        {
            "payload": b64(payload),
            "payloadType": PAYLOAD_TYPE,
            "signatures": [{"keyid": item.keyid, "sig": b64(item.sig)} for item in signatures],
        }
    )


def sign_payload(payload: bytes, *keys: PrivateKey) -> bytes:
    """Sign a payload with each key, in the order given, and write the envelope."""
    message = pae(PAYLOAD_TYPE, payload)
    return encode_envelope(payload, tuple(Signature(k.keyid, k.sign(message)) for k in keys))


def statement_hash(payload: bytes) -> str:
    """What identifies a statement: SHA-256 of its payload, never of a signature."""
    return hashlib.sha256(payload).hexdigest()


def _signature(item: object) -> Signature:
    obj = _members(item, {"keyid", "sig"}, "signatures")
    keyid = obj["keyid"]
    if not isinstance(keyid, str) or not is_sha256(keyid):
        raise FormatError("signatures.keyid: is not 64 lower-case hex digits")
    sig = _base64(obj["sig"], "signatures.sig")
    if len(sig) != 64:
        raise FormatError("signatures.sig: is not 64 bytes")
    return Signature(keyid, sig)


def _members(value: object, names: set[str], where: str) -> dict[str, object]:
    if not isinstance(value, dict) or set(value) != names:
        raise FormatError(f"{where}: must be an object with exactly {', '.join(sorted(names))}")
    return value


def _base64(value: object, where: str) -> bytes:
    if not isinstance(value, str):
        raise FormatError(f"{where}: is not a string")
    try:
        return unb64(value)
    except ValueError as error:
        raise FormatError(f"{where}: {error}") from None

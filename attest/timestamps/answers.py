"""Asking for a timestamp, and checking one (RFC 3161 §2.4), with rfc3161-client.

A token is judged at its own time: the certificates have to be valid at genTime, not today
(docs/decisions/0007-time-that-lasts.md).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from attest.bundle.certificate import Certificate, read_certificate
from attest.bundle.normal_token import normalised
from attest.bundle.token import check_token
from attest.certificates import check_signature
from attest.domain.scalars import FormatError
from attest.timestamps.failure import BadRoots, StampingFailed
from attest.timestamps.transport import ask

SHA256, SHA512 = HashAlgorithm.SHA256, HashAlgorithm.SHA512

_OIDS = {SHA256: "2.16.840.1.101.3.4.2.1", SHA512: "2.16.840.1.101.3.4.2.3"}
_GRANTED = (0, 1)  # as asked for, or with changes
_NONE = "gave no timestamp that a verifier takes"
_MOST_NAME = 200
_MOST_WORDS = 200
_MAX_ROOTS_FILE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Roots:
    """Root certificates, as rfc3161-client takes them and as the verifier of bundles does."""

    certificates: tuple[x509.Certificate, ...]
    strict: tuple[Certificate, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """A timestamp that was checked: the DER TimeStampResp, and what it says."""

    response: bytes
    gen_time: datetime  # UTC
    tsa: str  # the name in the signer's certificate
    certificate_ends_on: datetime  # UTC: the first one in it that ends


def read_roots(path: Path) -> Roots:
    """The certificates of a PEM file.

    Raises `BadRoots`, also for one that the verifier of bundles does not take, and OSError where
    there is no file.
    """
    with path.open("rb") as file:
        data = file.read(_MAX_ROOTS_FILE + 1)
    try:
        if len(data) > _MAX_ROOTS_FILE:
            raise ValueError
        # Twice the same one is a mistake that does no harm.
        found = tuple(dict.fromkeys(x509.load_pem_x509_certificates(data)))
    except ValueError:
        raise BadRoots(f"{path} does not hold certificates in PEM.") from None
    try:
        strict = tuple(
            read_certificate(one.public_bytes(Encoding.DER), is_root=True) for one in found
        )
    except FormatError as error:
        raise BadRoots(f"{path} holds a certificate that verifiers do not take: {error}.") from None
    return Roots(found, strict)


def fetch(
    url: str, data: bytes, roots: Roots, timeout: int, algorithm: HashAlgorithm = SHA256
) -> Token:
    """Gets a timestamp over `data` that leads to one of `roots`. Only a hash leaves the house.

    `timeout` in whole seconds. Raises `StampingFailed`.
    """
    request = (
        TimestampRequestBuilder(data=data, hash_algorithm=algorithm)
        .nonce(nonce=True)
        .cert_request(cert_request=True)
        .build()
    )
    answer = ask(url, request.as_bytes(), timeout)
    return check(answer, data, roots, algorithm, nonce=request.nonce)


def check(
    answer: bytes,
    data: bytes,
    roots: Roots,
    algorithm: HashAlgorithm = SHA256,
    nonce: int | None = None,
) -> Token:
    """Reads a DER TimeStampResp over `data`. Raises `StampingFailed` for all that is amiss.

    What comes out is the same timestamp as bundles hold it: without anything that nobody signed.
    """
    _not_refused(answer)
    try:
        kept = normalised(answer)
    except FormatError as error:
        raise StampingFailed(f"gave no timestamp that a verifier takes: {error}") from None
    response = _decoded(kept)
    _fits(response, data, algorithm, nonce)
    try:
        verifier = VerifierBuilder(roots=list(roots.certificates), nonce=nonce).build()
        verifier.verify_message(response, data)
    except (VerificationError, ValueError, TypeError):
        raise StampingFailed(
            "gave a timestamp that does not verify against the root certificates given"
        ) from None
    if algorithm is SHA256:
        # Bundles hold this kind: their verifier has the last word.
        try:
            check_token(kept, data.decode("utf-8"), roots.strict, check_signature)
        except FormatError as error:
            raise StampingFailed(f"gave a timestamp that verifiers do not take: {error}") from None
    return _said(kept, response)


def check_kept(kept: bytes, data: bytes, roots: Roots | None) -> Token:
    """Reads a timestamp that was kept earlier; without `roots`, no signature is checked.

    Raises `StampingFailed`.
    """
    response = _decoded(kept)
    _fits(response, data, SHA256, None)
    token = _said(kept, response) if roots is None else check(kept, data, roots)
    if token.response != kept:
        raise StampingFailed("gave a timestamp that holds more than is signed")
    return token


def _not_refused(answer: bytes) -> None:
    """Tells a refusal in the authority's words."""
    try:
        response = decode_timestamp_response(answer)
        status, words = response.status, response.status_string
    except (ValueError, TypeError):
        return  # whatever it is, it is looked into
    if status not in _GRANTED:
        said = _tidy(" ".join(words))
        raise StampingFailed(
            f"refused to give a timestamp (status {status})" + (f": {said}" if said else "")
        )


def _decoded(response: bytes) -> TimeStampResponse:
    try:
        return decode_timestamp_response(response)
    except (ValueError, TypeError):
        raise StampingFailed(_NONE) from None


def _fits(
    response: TimeStampResponse, data: bytes, algorithm: HashAlgorithm, nonce: int | None
) -> None:
    try:
        info = response.tst_info
        imprint = info.message_imprint
        kind, digest, echoed = imprint.hash_algorithm.dotted_string, imprint.message, info.nonce
    except (ValueError, TypeError):
        raise StampingFailed(_NONE) from None
    if kind != _OIDS[algorithm]:
        raise StampingFailed("gave a timestamp over another kind of hash")
    if digest != hashlib.new(algorithm.value, data).digest():
        raise StampingFailed("gave a timestamp over something else")
    if nonce is not None and echoed != nonce:
        raise StampingFailed("gave an answer to another request")


def _said(response_bytes: bytes, response: TimeStampResponse) -> Token:
    try:
        certificates = [
            x509.load_der_x509_certificate(der) for der in response.signed_data.certificates
        ]
        (info,) = response.signed_data.signer_infos
        (signer,) = (
            one
            for one in certificates
            if (one.issuer, one.serial_number) == (info.issuer, info.serial_number)
        )
        return Token(
            response_bytes,
            response.tst_info.gen_time.astimezone(UTC),
            _name(signer.subject),
            min(one.not_valid_after_utc for one in certificates),
        )
    except (ValueError, TypeError):
        raise StampingFailed(_NONE) from None


def _name(subject: x509.Name) -> str:
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for attribute in subject.get_attributes_for_oid(oid):
            if name := _tidy(str(attribute.value), _MOST_NAME):
                return name
    return "a time-stamping authority without a name"


def _tidy(words: str, most: int = _MOST_WORDS) -> str:
    """What a stranger wrote, as one line that prints, without its full stop."""
    return "".join(c for c in " ".join(words.split()) if c.isprintable())[:most].strip(" .")

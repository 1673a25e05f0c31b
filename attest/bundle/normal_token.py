"""From what a TSA answers to what a bundle holds (docs/formats.md §5, Timestamps).

TSAs add words to a status, certificates that the chain does not need, and attributes that nobody
signed. None of it is covered by their signature, and the verifier takes none of it: whoever
stores a token writes it anew without. What is signed stays as it is, byte by byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from attest.bundle.algorithms import RSA, ecdsa_with
from attest.bundle.certificate import Certificate, read_certificate
from attest.bundle.chain import in_order
from attest.bundle.der import (
    INTEGER,
    NOTHING,
    OCTET_STRING,
    SEQUENCE,
    SET,
    Reader,
    context,
    element,
)
from attest.bundle.signed_data import (
    ALGORITHM_PROTECTION,
    GRANTED,
    RSA_KEY,
    SIGNED_DATA,
    SignedData,
    open_response,
)
from attest.bundle.token import signer_of
from attest.domain.scalars import FormatError

_GRANTED, _WITH_CHANGES = 0, 1
# In DER: the type of SignedData's ContentInfo, and its version.
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_VERSION = element(INTEGER, b"\x03")


@dataclass(frozen=True, slots=True)
class _Parts:
    """What of a token is kept, in DER."""

    content: bytes
    certificates: tuple[bytes, ...]
    signer: tuple[bytes, ...]  # version, identifier, digest algorithm, signed attributes
    digest_algorithm: bytes
    algorithm: bytes
    signature: bytes

    def response(self, certificates: Sequence[bytes], algorithm: bytes) -> bytes:
        """A TimeStampResp of these parts, with these certificates."""
        signer = element(SEQUENCE, *self.signer, algorithm, self.signature)
        data = element(
            SEQUENCE,
            _VERSION,
            element(SET, self.digest_algorithm),
            self.content,
            # The order of DER (X.690 §11.6), which some readers insist on.
            element(context(0), *sorted(set(certificates))),
            element(SET, signer),
        )
        token = element(SEQUENCE, _SIGNED_DATA, element(context(0), data))
        return element(SEQUENCE, GRANTED, token)


def normalised(response: bytes) -> bytes:
    """The same timestamp as the verifier takes it. FormatError says why there is none.

    No signature is checked here: `token.check_token` has the last word about what this gives.
    """
    parts = _parts(_token(response))
    signed = _opened(parts)
    readable = [found for der in signed.certificates if (found := _readable(der)) is not None]
    signer = signer_of(signed, readable)
    algorithm = parts.algorithm
    if ALGORITHM_PROTECTION not in signed.attributes:
        # Some name the key's algorithm here, or another hash than the one that they used.
        algorithm = RSA_KEY if signer.key.kind == RSA else ecdsa_with(signed.digest)
    chain = in_order(signer, [one for one in readable if one is not signer])
    # A root proves nothing by being there: the verifier has its own.
    kept = [one.der for one in chain if one is signer or one.issuer != one.subject]
    return parts.response(kept, algorithm)


def _opened(parts: _Parts) -> SignedData:
    """All of it, whatever name its signature's algorithm has."""
    try:
        return open_response(parts.response(parts.certificates, RSA_KEY))
    except FormatError:
        # Where signed attributes name the algorithm, there is one name that will do.
        return open_response(parts.response(parts.certificates, parts.algorithm))


def _token(response: bytes) -> Reader:
    """SignedData, from a TimeStampResp that grants."""
    outer = Reader(response)
    both = outer.inside(SEQUENCE, "the response")
    outer.end("the response")
    status = both.inside(SEQUENCE, "the response's status").small("the response's status")
    if status not in (_GRANTED, _WITH_CHANGES):
        raise FormatError(f"the timestamp was not granted (status {status})")
    token = both.inside(SEQUENCE, "the token")
    both.end("the token")
    if token.oid("the token's type") != SIGNED_DATA:
        raise FormatError("the token is not SignedData")
    return token.inside(context(0), "SignedData").inside(SEQUENCE, "SignedData")


def _parts(data: Reader) -> _Parts:
    data.small("the version of SignedData")
    data.take(SET, "digestAlgorithms")
    content = data.whole(SEQUENCE, "encapContentInfo")
    certificates = []
    if data.tag == context(0):
        several = data.inside(context(0), "the certificates")
        while several.tag != NOTHING:
            kind = several.tag
            one = several.whole(kind, "a certificate")
            if kind == SEQUENCE:
                certificates.append(one)
    if data.tag == context(1):
        data.take(context(1), "the revocation lists")
    signers = data.inside(SET, "signerInfos")
    data.end("signerInfos")
    signer = signers.inside(SEQUENCE, "SignerInfo")
    signers.end("the one SignerInfo")
    version = signer.whole(INTEGER, "the version of SignerInfo")
    identifier = signer.whole(signer.tag, "the signer's identifier")
    digest_algorithm = signer.whole(SEQUENCE, "the signer's digest algorithm")
    attributes = signer.whole(context(0), "the signed attributes")
    algorithm = signer.whole(SEQUENCE, "the signature's algorithm")
    signature = signer.whole(OCTET_STRING, "the signature")
    return _Parts(
        content=content,
        certificates=tuple(certificates),
        signer=(version, identifier, digest_algorithm, attributes),
        digest_algorithm=digest_algorithm,
        algorithm=algorithm,
        signature=signature,
    )


def _readable(der: bytes) -> Certificate | None:
    """One that this profile does not take is none that its chains need."""
    try:
        return read_certificate(der)
    except FormatError:
        return None

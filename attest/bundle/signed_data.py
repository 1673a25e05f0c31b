"""The CMS SignedData of a timestamp (RFC 5652 §5), in the one shape that docs/formats.md §5 takes.

Read so that every byte matters: what the TSA's signature does not cover has one allowed value,
repeats what it covers, or is a certificate with a signature of its own. So: no unsigned
attributes, no revocation lists, one signer. static/verifier/signed-data.js is its twin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from attest.bundle.algorithms import ECDSA, RSA, read_digest, read_signature_algorithm
from attest.bundle.der import NOTHING, OCTET_STRING, SEQUENCE, SET, Reader, context
from attest.domain.scalars import FormatError

# PKIStatusInfo (RFC 3161 §2.4.2): granted, and no text beside it.
GRANTED = bytes.fromhex("3003020100")
SIGNED_DATA = "1.2.840.113549.1.7.2"
TST_INFO = "1.2.840.113549.1.9.16.1.4"

CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
ALGORITHM_PROTECTION = "1.2.840.113549.1.9.52"

# AlgorithmIdentifier of rsaEncryption: nothing signs it, so that no other name will do.
RSA_KEY = bytes.fromhex("300d06092a864886f70d0101010500")


@dataclass(frozen=True, slots=True)
class SignedData:
    """What was signed, by whom, and everything that the signature is over.

    The signer is named by the DER of issuer and serial number. `signed` are the signed
    attributes as they are signed, `attributes` their values by type.
    """

    content: bytes
    certificates: tuple[bytes, ...]
    issuer_and_serial: bytes
    digest: str
    signed: bytes
    attributes: Mapping[str, bytes]
    kind: str
    signature: bytes


def open_response(response: bytes) -> SignedData:
    """Read a TimeStampResp that grants, with nothing beside its token (RFC 3161 §2.4.2)."""
    outer = Reader(response)
    both = outer.inside(SEQUENCE, "the response")
    outer.end("the response")
    if both.whole(SEQUENCE, "the response's status") != GRANTED:
        raise FormatError("the response's status is not granted, or says more than that")
    token = both.whole(SEQUENCE, "the token")
    both.end("the token")
    return _open_token(token)


def _open_token(token: bytes) -> SignedData:
    outer = Reader(token).inside(SEQUENCE, "the token")
    if outer.oid("the token's type") != SIGNED_DATA:
        raise FormatError("the token is not SignedData")
    wrapped = outer.inside(context(0), "SignedData")
    outer.end("SignedData")
    data = wrapped.inside(SEQUENCE, "SignedData")
    wrapped.end("SignedData")

    if data.small("the version of SignedData") != 3:
        raise FormatError("the version of SignedData is not 3")
    digests = data.inside(SET, "digestAlgorithms")
    digest_algorithm = digests.whole(SEQUENCE, "digestAlgorithms")
    digests.end("the one digest algorithm")
    content = _content(data.inside(SEQUENCE, "encapContentInfo"))
    if data.tag != context(0):
        raise FormatError("the token holds no certificates")
    certificates = _certificates(data.inside(context(0), "the certificates"))
    if data.tag == context(1):
        raise FormatError("the token holds revocation lists")
    signers = data.inside(SET, "signerInfos")
    data.end("signerInfos")
    signer = signers.inside(SEQUENCE, "SignerInfo")
    signers.end("the one SignerInfo")
    return _signer(signer, digest_algorithm, content, certificates)


def _content(info: Reader) -> bytes:
    if info.oid("eContentType") != TST_INFO:
        raise FormatError("what the token signs is not TSTInfo")
    wrapped = info.inside(context(0), "eContent")
    info.end("eContent")
    content = wrapped.take(OCTET_STRING, "eContent")
    wrapped.end("eContent")
    return content


def _certificates(several: Reader) -> tuple[bytes, ...]:
    found: list[bytes] = []
    while several.tag != NOTHING:
        if several.tag != SEQUENCE:
            raise FormatError("the token holds a certificate of another kind than X.509")
        found.append(several.whole(SEQUENCE, "a certificate"))
    if found != sorted(set(found)):
        raise FormatError("the certificates are not in the order of DER")
    return tuple(found)


def _signer(
    signer: Reader, digest_algorithm: bytes, content: bytes, certificates: tuple[bytes, ...]
) -> SignedData:
    if signer.small("the version of SignerInfo") != 1:
        raise FormatError("the version of SignerInfo is not 1")
    issuer_and_serial = signer.take(SEQUENCE, "the signer's issuer and serial number")
    if signer.whole(SEQUENCE, "the signer's digest algorithm") != digest_algorithm:
        raise FormatError("digestAlgorithms is not the signer's digest algorithm")
    digest = read_digest(Reader(digest_algorithm), "the signer's digest algorithm")
    if signer.tag != context(0):
        raise FormatError("the token has no signed attributes")
    # Signed with the tag of the SET that they are (RFC 5652 §5.4).
    signed = b"\x31" + signer.whole(context(0), "the signed attributes")[1:]
    attributes = _attributes(Reader(signed).inside(SET, "the signed attributes"))
    algorithm = signer.whole(SEQUENCE, "the signature's algorithm")
    kind = _kind(algorithm, digest_algorithm, digest, attributes.get(ALGORITHM_PROTECTION))
    signature = signer.take(OCTET_STRING, "the signature")
    if signer.tag == context(1):
        raise FormatError("the token has unsigned attributes")
    signer.end("the signature")
    return SignedData(
        content=content,
        certificates=certificates,
        issuer_and_serial=issuer_and_serial,
        digest=digest,
        signed=signed,
        attributes=attributes,
        kind=kind,
        signature=signature,
    )


def _attributes(several: Reader) -> dict[str, bytes]:
    """The one value of each type, in the order of DER, with nothing twice."""
    found: dict[str, bytes] = {}
    before = b""
    while several.tag != NOTHING:
        whole = several.whole(SEQUENCE, "a signed attribute")
        if whole <= before:
            raise FormatError("the signed attributes are not in the order of DER")
        before = whole
        attribute = Reader(whole).inside(SEQUENCE, "a signed attribute")
        kind = attribute.oid("a signed attribute's type")
        values = attribute.inside(SET, "a signed attribute's value")
        attribute.end("a signed attribute's value")
        if kind in found:
            raise FormatError(f"the signed attribute {kind} stands there twice")
        found[kind] = values.whole(values.tag, "a signed attribute's value")
        values.end("a signed attribute's one value")
    return found


def _kind(algorithm: bytes, digest_algorithm: bytes, digest: str, protection: bytes | None) -> str:
    """RSA or ECDSA, named in the one way that the rest of the token leaves open."""
    if protection is not None:
        # RFC 6211: both algorithms again, signed; the signature's with the tag [1].
        both = digest_algorithm + b"\xa1" + algorithm[1:]
        if Reader(protection).take(SEQUENCE, "algorithm protection") != both:
            raise FormatError("the signed attributes name other algorithms")
    if algorithm == RSA_KEY:
        return RSA
    kind, with_digest = read_signature_algorithm(Reader(algorithm), "the signature's algorithm")
    if with_digest != digest:
        raise FormatError("the signature's algorithm is with another hash")
    if kind != ECDSA and protection is None:
        raise FormatError("the signature's algorithm is not rsaEncryption, and nothing signs it")
    return kind


def attribute_of(signed: SignedData, kind: str, name: str) -> Reader:
    """A reader of the value of a signed attribute that has to be there."""
    if kind not in signed.attributes:
        raise FormatError(f"the signed attribute {name} is missing")
    return Reader(signed.attributes[kind])


def content_type(signed: SignedData) -> str:
    """What the signed attributes say is signed."""
    return attribute_of(signed, CONTENT_TYPE, "content-type").oid("content-type")


def message_digest(signed: SignedData) -> bytes:
    """The hash of the content, as the signed attributes say."""
    value = attribute_of(signed, MESSAGE_DIGEST, "message-digest")
    return value.take(OCTET_STRING, "message-digest")

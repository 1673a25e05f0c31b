"""RFC 3161 timestamps over checkpoints (docs/formats.md §5, Timestamps, and §6, step 13).

A token proves that the three lines of a checkpoint were there at a moment that a time-stamping
authority vouches for. `check_token` takes one to pieces and believes none of it before the chain
to a root of the verifier's own holds. static/verifier/token.js is its twin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from attest.bundle.algorithms import CheckSignature, digest_of, read_digest
from attest.bundle.certificate import Certificate, each_extension, read_certificate
from attest.bundle.chain import check_chain, find_chain
from attest.bundle.der import (
    BOOLEAN,
    GENERALIZED_TIME,
    INTEGER,
    NOTHING,
    OCTET_STRING,
    SEQUENCE,
    Reader,
    context,
    element,
    generalized_time,
    small,
)
from attest.bundle.signed_data import (
    SIGNING_CERTIFICATE_V2,
    TST_INFO,
    SignedData,
    attribute_of,
    content_type,
    message_digest,
    open_response,
)
from attest.domain.scalars import FormatError

_SECOND = 1_000_000_000  # nanoseconds
_MOST_SECONDS = 86_400
_LAST = 253_402_300_799  # 31 December 9999, 23:59:59 UTC: the last time that has a spelling


@dataclass(frozen=True, slots=True)
class Timestamp:
    """What a verified token proves.

    `time` is its genTime and `accuracy` what it adds, in seconds, both rounded up; None where the
    TSA states none. `proved` is the latest moment that the two can mean: the log was there by
    then. `until` is when the first certificate of the chain ends.
    """

    time: datetime
    accuracy: int | None
    proved: datetime
    tsa: str
    signed_with: str
    until: datetime


@dataclass(frozen=True, slots=True)
class _Info:
    """A TSTInfo: its imprint, its time and accuracy, and the name that it gives its TSA."""

    imprint: bytes
    seconds: int
    nanoseconds: int
    accuracy: int | None  # nanoseconds
    tsa: bytes | None  # a GeneralName


def check_token(
    response: bytes, text: str, roots: Sequence[Certificate], check: CheckSignature
) -> Timestamp:
    """Verify a timestamp over a checkpoint's three lines; FormatError says why not."""
    signed = open_response(response)
    certificates = [read_certificate(der) for der in signed.certificates]
    info = _read_info(signed.content)
    signer = signer_of(signed, certificates)
    others = [certificate for certificate in certificates if certificate is not signer]
    chain = find_chain(signer, others, roots, check)
    check_chain(chain, info.seconds, info.nanoseconds)
    _check_attributes(signed, chain)
    right_kind = signer.key.kind == signed.kind
    if not right_kind or not signer.key.verifies(
        signed.digest, signed.signed, signed.signature, check
    ):
        raise FormatError("the TSA's signature does not verify")
    if info.tsa is not None and info.tsa not in _names(signer):
        raise FormatError("the token names another TSA than its certificate")
    if info.imprint != digest_of("SHA-256", text.encode("utf-8")):
        raise FormatError("the token is over something else than the log's first leaves")
    return _timestamp(info, signed, chain)


def _timestamp(info: _Info, signed: SignedData, chain: Sequence[Certificate]) -> Timestamp:
    # Rounded up, never down: a token may not prove an earlier time than it says.
    nanoseconds = info.nanoseconds + (info.accuracy or 0)
    proved = info.seconds + -(-nanoseconds // _SECOND)
    time = info.seconds + (1 if info.nanoseconds else 0)
    if proved > _LAST:
        raise FormatError("genTime is not a time that this profile takes")
    return Timestamp(
        time=datetime.fromtimestamp(time, UTC),
        accuracy=None if info.accuracy is None else -(-info.accuracy // _SECOND),
        proved=datetime.fromtimestamp(proved, UTC),
        tsa=chain[0].name,
        signed_with=f"{chain[0].key.size} with {signed.digest}",
        until=min(certificate.until for certificate in chain),
    )


# --- The signer, and what its signature covers ------------------------------------------------


def signer_of(signed: SignedData, certificates: Sequence[Certificate]) -> Certificate:
    """The certificate that the token says it was signed by."""
    for certificate in certificates:
        serial = element(INTEGER, certificate.serial)
        if signed.issuer_and_serial == certificate.issuer + serial:
            return certificate
    raise FormatError("the token does not hold its signer's certificate")


def _names(signer: Certificate) -> list[bytes]:
    """The GeneralNames of a certificate: its subject as directoryName, and the others."""
    return [_directory_name(signer.subject), *signer.extensions.other_names]


def _directory_name(name: bytes) -> bytes:
    return element(context(4), name)


def _check_attributes(signed: SignedData, chain: Sequence[Certificate]) -> None:
    if content_type(signed) != TST_INFO:
        raise FormatError("content-type is not TSTInfo")
    if message_digest(signed) != digest_of(signed.digest, signed.content):
        raise FormatError("message-digest is not the hash of TSTInfo")
    # RFC 5035 §3: the signer's certificate first; any others are of the chain.
    what = "signing-certificate-v2"
    value = attribute_of(signed, SIGNING_CERTIFICATE_V2, what).inside(SEQUENCE, what)
    several = value.inside(SEQUENCE, what)
    if value.tag == SEQUENCE:
        value.take(SEQUENCE, what)  # policies, which nothing here depends on
    value.end(what)
    _check_certificate_id(several.inside(SEQUENCE, what), chain[:1])
    while several.tag != NOTHING:
        _check_certificate_id(several.inside(SEQUENCE, what), chain)


def _check_certificate_id(item: Reader, chain: Sequence[Certificate]) -> None:
    """An ESSCertIDv2 names one of these certificates."""
    what = "signing-certificate-v2"
    digest = "SHA-256"
    if item.tag == SEQUENCE:
        digest = read_digest(item, what)
    named = item.take(OCTET_STRING, what)
    found = [one for one in chain if digest_of(digest, one.der) == named]
    if not found:
        raise FormatError("signing-certificate-v2 names another certificate")
    if item.tag == SEQUENCE:
        both = item.inside(SEQUENCE, what)
        issuer = both.take(SEQUENCE, what)
        serial = both.integer(what)
        both.end(what)
        if issuer != _directory_name(found[0].issuer) or serial != found[0].serial:
            raise FormatError("signing-certificate-v2 names another certificate")
    item.end(what)


# --- TSTInfo (RFC 3161 §2.4.2) ----------------------------------------------------------------


def _read_info(content: bytes) -> _Info:
    outer = Reader(content)
    info = outer.inside(SEQUENCE, "TSTInfo")
    outer.end("TSTInfo")
    if info.small("the version of TSTInfo") != 1:
        raise FormatError("the version of TSTInfo is not 1")
    info.oid("the TSA's policy")
    imprint = info.inside(SEQUENCE, "messageImprint")
    if read_digest(imprint, "the imprint's algorithm") != "SHA-256":
        raise FormatError("the imprint is not by SHA-256")
    hashed = imprint.take(OCTET_STRING, "the imprint")
    imprint.end("the imprint")
    info.integer("the token's serial number")
    if info.tag != GENERALIZED_TIME:
        raise FormatError("genTime is missing, or is not DER")
    seconds, nanoseconds = generalized_time(info, "genTime")
    accuracy = _accuracy(info.inside(SEQUENCE, "accuracy")) if info.tag == SEQUENCE else None
    if info.tag == BOOLEAN:
        info.boolean("ordering")
    if info.tag == INTEGER:
        info.integer("the nonce")
    tsa = None
    if info.tag == context(0):
        wrapped = info.inside(context(0), "the TSA's name")
        tsa = wrapped.whole(wrapped.tag, "the TSA's name")
        wrapped.end("the TSA's name")
    if info.tag == context(1):
        extensions = info.inside(context(1), "an extension of TSTInfo")
        for name, critical, _ in each_extension(extensions, "an extension of TSTInfo"):
            if critical:
                raise FormatError(f"TSTInfo has a critical extension that is unknown: {name}")
    info.end("TSTInfo's last member")
    return _Info(hashed, seconds, nanoseconds, accuracy, tsa)


def _accuracy(parts: Reader) -> int:
    """Seconds, then thousandths and millionths of one (1 to 999), in nanoseconds."""
    seconds = parts.small("accuracy") if parts.tag == INTEGER else 0
    if seconds > _MOST_SECONDS:
        raise FormatError("accuracy is more than a day")
    total = seconds * _SECOND
    for number, unit in ((0, 1_000_000), (1, 1_000)):
        tag = context(number, constructed=False)
        if parts.tag == tag:
            value = small(parts.take(tag, "accuracy"), "accuracy")
            if not 1 <= value <= 999:
                raise FormatError("accuracy is out of range")
            total += value * unit
    parts.end("accuracy")
    return total

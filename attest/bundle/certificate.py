"""Certificates as a timestamp's profile takes them (RFC 5280; docs/formats.md §5, Timestamps).

Version 3, DER, every byte read or signed: what stands outside the signed part is the algorithm,
which must repeat the one inside, and the signature. static/verifier/certificate.js is its twin.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from attest.bundle.algorithms import PublicKey, read_public_key, read_signature_algorithm
from attest.bundle.der import (
    BIT_STRING,
    BOOLEAN,
    INTEGER,
    NOTHING,
    OCTET_STRING,
    SEQUENCE,
    Reader,
    context,
    time_without_fraction,
)
from attest.bundle.distinguished import name_text
from attest.domain.scalars import FormatError
from attest.signing import unb64

TIME_STAMPING = "1.3.6.1.5.5.7.3.8"
ANY_PURPOSE = "2.5.29.37.0"

_BASIC_CONSTRAINTS = "2.5.29.19"
_KEY_USAGE = "2.5.29.15"
_PURPOSES = "2.5.29.37"
_OTHER_NAMES = "2.5.29.17"
_NAME_CONSTRAINTS = "2.5.29.30"
# Policies restrict nothing where no certificate requires one, and a critical extension that
# would (policyConstraints) is refused.
_POLICIES = "2.5.29.32"
_READ = frozenset(
    {_BASIC_CONSTRAINTS, _KEY_USAGE, _PURPOSES, _OTHER_NAMES, _NAME_CONSTRAINTS, _POLICIES}
)

_PEM = re.compile(
    "-----BEGIN CERTIFICATE-----\n((?:[A-Za-z0-9+/=]+\n)+)-----END CERTIFICATE-----\n?"
)


@dataclass(frozen=True, slots=True)
class Extensions:
    """What a certificate's extensions say that matters here."""

    authority: bool = False
    path_length: int | None = None
    usage: int | None = None  # bits 0 to 7 of keyUsage, the first one highest
    purposes: tuple[str, ...] | None = None
    purposes_critical: bool = False
    other_names: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate's parts. Times are in seconds since 1970, UTC, and both still belong to it.

    `kind` and `digest` say how it was signed; they are empty for a root.
    """

    der: bytes
    signed: bytes
    serial: bytes
    issuer: bytes
    subject: bytes
    start: int
    end: int
    key: PublicKey
    kind: str
    digest: str
    signature: bytes
    extensions: Extensions = field(default_factory=Extensions)

    @property
    def name(self) -> str:
        """Whose it is, for people."""
        return name_text(self.subject, "a certificate's subject")

    @property
    def issuer_name(self) -> str:
        """Who issued it, for people."""
        return name_text(self.issuer, "a certificate's issuer")

    @property
    def until(self) -> datetime:
        """When it ends."""
        return datetime.fromtimestamp(self.end, UTC)


def read_pem(pem: str) -> Certificate:
    """One certificate in PEM (RFC 7468), and nothing around it, as a trust file lists roots."""
    found = _PEM.fullmatch(pem)
    try:
        der = unb64(found[1].replace("\n", "")) if found else None
    except ValueError:
        der = None
    if der is None:
        raise FormatError("is not one certificate in PEM")
    return read_certificate(der, is_root=True)


def read_certificate(der: bytes, *, is_root: bool = False) -> Certificate:
    """Read a certificate strictly, checking no signature. FormatError says what is wrong.

    A root is trusted as it stands: nobody checks its own signature, so that its algorithm may be
    any. Many signed themselves by SHA-1.
    """
    outer = Reader(der)
    whole = outer.inside(SEQUENCE, "a certificate")
    outer.end("a certificate")
    signed = whole.whole(SEQUENCE, "a certificate's signed part")
    algorithm = whole.whole(SEQUENCE, "a certificate's algorithm")
    kind, digest = "", ""
    if not is_root:
        kind, digest = read_signature_algorithm(Reader(algorithm), "a certificate's algorithm")
    signature = whole.bits("a certificate's signature")
    whole.end("a certificate's signature")

    part = Reader(signed).inside(SEQUENCE, "a certificate's signed part")
    if part.tag != context(0):
        raise FormatError("a certificate is not of version 3")
    version = part.inside(context(0), "a certificate's version")
    if version.small("a certificate's version") != 2:
        raise FormatError("a certificate is not of version 3")
    version.end("a certificate's version")
    serial = part.integer("a certificate's serial number")
    if part.whole(SEQUENCE, "a certificate's algorithm") != algorithm:
        raise FormatError("a certificate names two algorithms")
    issuer = part.whole(SEQUENCE, "a certificate's issuer")
    validity = part.inside(SEQUENCE, "a certificate's validity")
    start = time_without_fraction(validity, "a certificate's notBefore")
    end = time_without_fraction(validity, "a certificate's notAfter")
    validity.end("a certificate's notAfter")
    subject = part.whole(SEQUENCE, "a certificate's subject")
    key = read_public_key(part.whole(SEQUENCE, "a certificate's key"), "a certificate's key")
    extensions = Extensions()
    if part.tag == context(3):
        holder = part.inside(context(3), "a certificate's extensions")
        extensions = _extensions(holder.inside(SEQUENCE, "a certificate's extensions"))
        holder.end("a certificate's extensions")
    # Unique identifiers, which nobody writes, would stand before the extensions.
    part.end("a certificate's extensions")
    certificate = Certificate(
        der, signed, serial, issuer, subject, start, end, key, kind, digest, signature, extensions
    )
    # Names that cannot be shown could not be named in a reason either.
    name_text(issuer, "a certificate's issuer")
    name_text(subject, "a certificate's subject")
    return certificate


def _extensions(reader: Reader) -> Extensions:
    values: dict[str, tuple[bool, Reader]] = {}
    for name, critical, value in each_extension(reader, "a certificate's extension"):
        if name in values:
            raise FormatError(f"a certificate has the extension {name} twice")
        if name not in _READ and critical:
            raise FormatError(f"a certificate has a critical extension that is unknown: {name}")
        values[name] = critical, Reader(value)
    if _NAME_CONSTRAINTS in values:
        raise FormatError("a certificate constrains names, which this profile does not read")
    authority, path_length = _basic_constraints(_only(values, _BASIC_CONSTRAINTS))
    return Extensions(
        authority=authority,
        path_length=path_length,
        usage=_key_usage(_only(values, _KEY_USAGE)),
        purposes=_purposes(_only(values, _PURPOSES)),
        purposes_critical=_PURPOSES in values and values[_PURPOSES][0],
        other_names=_other_names(_only(values, _OTHER_NAMES)),
    )


def each_extension(reader: Reader, what: str) -> list[tuple[str, bool, bytes]]:
    """Identifier, criticality and value of each of some Extensions (RFC 5280 §4.1.2.9)."""
    found = []
    while reader.tag != NOTHING:
        extension = reader.inside(SEQUENCE, what)
        name = extension.oid(what)
        critical = extension.tag == BOOLEAN and extension.boolean(what)
        found.append((name, critical, extension.take(OCTET_STRING, what)))
        extension.end(what)
    return found


def _only(values: dict[str, tuple[bool, Reader]], name: str) -> Reader | None:
    return values[name][1] if name in values else None


def _basic_constraints(value: Reader | None) -> tuple[bool, int | None]:
    if value is None:
        return False, None
    what = "a certificate's basicConstraints"
    both = value.inside(SEQUENCE, what)
    value.end(what)
    authority = both.tag == BOOLEAN and both.boolean(what)
    path_length = both.small(what) if authority and both.tag == INTEGER else None
    both.end(what)
    return authority, path_length


def _key_usage(value: Reader | None) -> int | None:
    if value is None:
        return None
    what = "a certificate's keyUsage"
    # Nine named bits, of which the ninth matters to nobody here: one byte or two.
    data = value.take(BIT_STRING, what)
    value.end(what)
    if len(data) not in (2, 3) or data[0] > 7 or data[-1] & ((1 << data[0]) - 1):
        raise FormatError(f"{what} is missing, or is not DER")
    return data[1]


def _purposes(value: Reader | None) -> tuple[str, ...] | None:
    if value is None:
        return None
    what = "a certificate's extKeyUsage"
    several = value.inside(SEQUENCE, what)
    value.end(what)
    found = [several.oid(what)]
    while several.tag != NOTHING:
        found.append(several.oid(what))
    return tuple(found)


def _other_names(value: Reader | None) -> tuple[bytes, ...]:
    if value is None:
        return ()
    what = "a certificate's subjectAltName"
    several = value.inside(SEQUENCE, what)
    value.end(what)
    found = []
    while several.tag != NOTHING:
        found.append(several.whole(several.tag, what))
    return tuple(found)

"""Timestamps made member by member, so that a test can make one of them wrong.

`Making` holds what goes into a TimeStampResp; `make` writes it and signs it with real keys. As it
stands it makes a token that every verifier takes (test_token.py asks two others). What a forger
changes after signing is changed in `Making.after`, everything else is signed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from attest.bundle.der import element
from tests.tsa import Certified, Tsa, tsa

TEXT = "attest.example/demand/x\n1\nAAAA\n"

SHA256 = bytes.fromhex("300d06096086480165030402010500")
SHA1 = bytes.fromhex("300906052b0e03021a0500")
SHA512 = bytes.fromhex("300d06096086480165030402030500")
RSA_KEY = bytes.fromhex("300d06092a864886f70d0101010500")
SHA256_WITH_RSA = bytes.fromhex("300d06092a864886f70d01010b0500")
ECDSA_WITH_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")
SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
TST_INFO = bytes.fromhex("060b2a864886f70d0109100104")
DATA = bytes.fromhex("06092a864886f70d010701")

CONTENT_TYPE = bytes.fromhex("06092a864886f70d010903")
MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
SIGNING_TIME = bytes.fromhex("06092a864886f70d010905")
SIGNING_CERTIFICATE = bytes.fromhex("060b2a864886f70d010910020c")
SIGNING_CERTIFICATE_V2 = bytes.fromhex("060b2a864886f70d010910022f")
PROTECTION = bytes.fromhex("06092a864886f70d010934")

GRANTED = bytes.fromhex("3003020100")


def sequence(*contents: bytes) -> bytes:
    return element(0x30, *contents)


def integer(value: int) -> bytes:
    return element(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def octets(data: bytes) -> bytes:
    return element(0x04, data)


def attribute(kind: bytes, *values: bytes) -> bytes:
    return sequence(kind, element(0x31, *values))


def certificate_id(der: bytes) -> bytes:
    """The value of signing-certificate-v2 for one certificate."""
    return sequence(sequence(sequence(octets(hashlib.sha256(der).digest()))))


@dataclass
class Making:
    """What goes into a token. None leaves a member out."""

    by: Tsa
    text: str = TEXT
    status: bytes = GRANTED
    signed_data: bytes = SIGNED_DATA
    version: bytes = field(default_factory=lambda: integer(3))
    digests: bytes = SHA256
    content_type: bytes = TST_INFO
    info_version: bytes = field(default_factory=lambda: integer(1))
    imprint_algorithm: bytes = SHA256
    imprint: bytes | None = None
    time: bytes = b"20240301120000Z"
    accuracy: bytes | None = None
    tail: bytes = b""  # what stands behind accuracy in TSTInfo
    certificates: list[bytes] | None = None
    sort_certificates: bool = True
    lists: bytes = b""  # behind the certificates
    signer_version: bytes = field(default_factory=lambda: integer(1))
    signer_name: bytes | None = None
    signer_digest: bytes = SHA256
    attributes: dict[bytes, bytes | None] = field(default_factory=dict)
    more_attributes: bytes = b""
    sort_attributes: bool = True
    algorithm: bytes | None = None
    signing_key: Certified | None = None
    digest: hashes.HashAlgorithm = field(default_factory=hashes.SHA256)
    unsigned: bytes = b""
    more_signers: bytes = b""
    after: Callable[[bytes], bytes] = bytes

    def info(self) -> bytes:
        """TSTInfo (RFC 3161 §2.4.2)."""
        imprint = self.imprint or hashlib.sha256(self.text.encode()).digest()
        return sequence(
            self.info_version,
            bytes.fromhex("06092b0601040181fd5901"),
            sequence(self.imprint_algorithm, octets(imprint)),
            integer(7),
            element(0x18, self.time),
            self.accuracy or b"",
            self.tail,
        )

    def signed_attributes(self, info: bytes, signer: Certified) -> bytes:
        """The content of the SET that is signed."""
        said: dict[bytes, bytes | None] = {
            CONTENT_TYPE: self.content_type,
            MESSAGE_DIGEST: octets(hashlib.sha256(info).digest()),
            SIGNING_CERTIFICATE_V2: certificate_id(signer.der),
        }
        said.update(self.attributes)
        several = [attribute(kind, value) for kind, value in said.items() if value is not None]
        return b"".join(sorted(several) if self.sort_attributes else several) + self.more_attributes

    def make(self) -> bytes:
        """The TimeStampResp."""
        signer = self.by.signer
        info = self.info()
        attributes = self.signed_attributes(info, signer)
        signature = _sign(self.signing_key or signer, element(0x31, attributes), self.digest)
        serial = signer.certificate.serial_number
        name = signer.certificate.issuer.public_bytes()
        is_rsa = isinstance(signer.key, rsa.RSAPrivateKey)
        one = sequence(
            self.signer_version,
            self.signer_name or sequence(name, integer(serial)),
            self.signer_digest,
            element(0xA0, attributes) if attributes else b"",
            self.algorithm or (RSA_KEY if is_rsa else ECDSA_WITH_SHA256),
            octets(signature),
            self.unsigned,
        )
        certificates = self.certificates
        if certificates is None:
            certificates = [signer.der, *(between.der for between in self.by.intermediates)]
        if self.sort_certificates:
            certificates = sorted(certificates)
        data = sequence(
            self.version,
            element(0x31, self.digests),
            sequence(self.content_type, element(0xA0, octets(info))),
            element(0xA0, *certificates) if certificates else b"",
            self.lists,
            element(0x31, one, self.more_signers),
        )
        token = sequence(self.signed_data, element(0xA0, data))
        return self.after(sequence(self.status, token))


def making(kind: str = "ecdsa", **members: object) -> Making:
    """A good token by the tests' TSA, with these members in place of its own."""
    by = members.pop("by", None) or tsa("rsa" if kind == "rsa" else "ecdsa")
    return Making(by, **members)  # type: ignore[arg-type]


def make(kind: str = "ecdsa", **members: object) -> bytes:
    return making(kind, **members).make()


def _sign(signer: Certified, data: bytes, digest: hashes.HashAlgorithm) -> bytes:
    if isinstance(signer.key, rsa.RSAPrivateKey):
        return signer.key.sign(data, padding.PKCS1v15(), digest)
    return signer.key.sign(data, ec.ECDSA(digest))

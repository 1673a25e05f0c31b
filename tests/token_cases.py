"""Good and bad timestamps by name, each with the roots of whoever verifies it.

What Python says of each is in tests/bundle/test_token.py, what the browser says in
tests/browser/test_token_script.py, and the two are held against each other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from attest.bundle.der import element
from tests import forged_tokens as forged
from tests.forged_tokens import TEXT, integer, make, octets, sequence
from tests.tsa import TIMESTAMPING, Certified, Tsa, certify, tsa

SHA256_WITH_RSA = bytes.fromhex("2a864886f70d01010b")


@dataclass(frozen=True)
class Case:
    """A response, the text that it should be over, and the roots that are trusted."""

    response: bytes
    text: str
    roots: tuple[str, ...]


Maker = Callable[[], Case]
GOOD: dict[str, Maker] = {}
# With a part of the reason.
BAD: dict[str, tuple[Maker, str]] = {}


def good(maker: Maker) -> Maker:
    GOOD[maker.__name__] = maker
    return maker


def bad(reason: str) -> Callable[[Maker], Maker]:
    def add(maker: Maker) -> Maker:
        BAD[maker.__name__] = (maker, reason)
        return maker

    return add


def case(response: bytes, by: Tsa | None = None, **others: Any) -> Case:
    root = (by or tsa("ecdsa")).root_pem
    return replace(Case(response, TEXT, (root,)), **others)


def made(kind: str = "ecdsa", **members: Any) -> Case:
    by = members.get("by") or tsa("rsa" if kind == "rsa" else "ecdsa")
    assert isinstance(by, Tsa)
    return case(make(kind, **members), by)


@cache
def authority(
    *,
    signer: tuple[tuple[str, object], ...] = (),
    between: tuple[tuple[str, object], ...] = (),
    root: tuple[tuple[str, object], ...] = (),
    issuers: int = 1,
) -> Tsa:
    """A TSA with something of its own about one of its certificates."""

    def issue(owner: str, **members: object) -> Certified:
        return certify(owner, "ecdsa", **members)  # type: ignore[arg-type]

    top = issue("Odd root", **{"authority": True} | dict(root))
    chain: list[Certified] = []
    for number in range(issuers):
        above = chain[0] if chain else top
        said = {"by": above, "authority": True} | dict(between)
        chain.insert(0, issue(f"Odd CA {number}", **said))
    said = {"by": chain[0] if chain else top, "usages": TIMESTAMPING} | dict(signer)
    return Tsa(top, tuple(chain), issue("Odd TSA", **said), Path())


def odd(response: dict[str, Any] | None = None, **certificates: Any) -> Case:
    """A token by a TSA of which one certificate is odd: `signer`, `between` or `root`."""
    chosen = {
        which: tuple(said.items()) if isinstance(said, dict) else said
        for which, said in certificates.items()
    }
    by = authority(**chosen)
    return made(by=by, **(response or {}))


# --- Good ones --------------------------------------------------------------------------------


@good
def rsa_by_openssl() -> Case:
    return case(tsa("rsa").token(TEXT.encode()), tsa("rsa"))


@good
def ecdsa_by_openssl() -> Case:
    return case(tsa("ecdsa").token(TEXT.encode()))


@good
def ecdsa_without_an_intermediate() -> Case:
    by = tsa("ecdsa", intermediate=False)
    return case(by.token(TEXT.encode()), by)


@good
def rsa_without_an_intermediate() -> Case:
    by = tsa("rsa", intermediate=False)
    return case(by.token(TEXT.encode()), by)


@good
def several_roots() -> Case:
    by = tsa("ecdsa")
    others = (tsa("rsa").root_pem, tsa("ecdsa", owner="Example TSA two").root_pem)
    return replace(made(), roots=(*others, by.root_pem))


@good
def two_roots_of_one_name() -> Case:
    by = tsa("ecdsa")
    owner = "Example TSA root ecdsa"
    twin = certify(owner, authority=True, private_key=ec.generate_private_key(ec.SECP256R1()))
    return replace(made(), roots=(twin.pem, by.root_pem))


@good
def root_in_the_token() -> Case:
    by = tsa("ecdsa")
    chain = [by.root.der, by.intermediates[0].der, by.signer.der]
    return made(certificates=chain)


@good
def root_is_the_issuing_authority() -> Case:
    by = tsa("ecdsa")
    return replace(made(certificates=[by.signer.der]), roots=(by.intermediates[0].pem,))


@good
def root_is_the_issuing_authority_and_in_the_token() -> Case:
    return replace(made(), roots=(tsa("ecdsa").intermediates[0].pem,))


@good
def root_that_signed_itself_by_sha1() -> Case:
    # Only its own signature is by SHA-1, and nobody asks for that.
    by = tsa("rsa")
    sha1 = by.root.der.replace(SHA256_WITH_RSA, bytes.fromhex("2a864886f70d010105"))
    pem = x509.load_der_x509_certificate(sha1).public_bytes(Encoding.PEM).decode()
    return replace(made("rsa"), roots=(pem,))


@good
def root_ended_since() -> Case:
    return odd(root={"end": datetime(2024, 3, 1, 12, 0, 1, tzinfo=UTC)})


@good
def ends_at_that_moment() -> Case:
    return odd(signer={"end": datetime(2024, 3, 1, 12, 0, tzinfo=UTC)})


@good
def begins_at_that_moment() -> Case:
    return odd(signer={"start": datetime(2024, 3, 1, 12, 0, tzinfo=UTC)})


@good
def p384_and_p521() -> Case:
    return odd(
        signer={"private_key": curve_key("P-384")}, between={"private_key": curve_key("P-521")}
    )


@good
def sha512_throughout() -> Case:
    return made(
        digests=forged.SHA512,
        signer_digest=forged.SHA512,
        algorithm=bytes.fromhex("300a06082a8648ce3d040304"),
        digest=hashes.SHA512(),
        attributes={forged.MESSAGE_DIGEST: octets(hashlib.sha512(forged.making().info()).digest())},
    )


@good
def fraction_and_accuracy() -> Case:
    accuracy = sequence(integer(1), element(0x80, b"\x01\xf4"), element(0x81, b"\x64"))
    return made(time=b"20240301120000.75Z", accuracy=accuracy)


@good
def fraction_to_the_nanosecond() -> Case:
    return made(time=b"20240301120000.000000001Z")


@good
def accuracy_of_nothing() -> Case:
    return made(accuracy=sequence())


@good
def names_its_tsa() -> Case:
    subject = tsa("ecdsa").signer.certificate.subject.public_bytes()
    return made(tail=element(0xA0, element(0xA4, subject)))


@good
def names_its_tsa_by_another_name() -> Case:
    names = x509.SubjectAlternativeName([x509.DNSName("tsa.example")])
    tail = element(0xA0, element(0x82, b"tsa.example"))
    return odd({"tail": tail}, signer={"further": ((names, False),)})


@good
def ordering_nonce_and_an_extension() -> Case:
    extension = sequence(bytes.fromhex("06032a0304"), octets(b"anything"))
    return made(tail=b"\x01\x01\xff" + integer(2**64) + element(0xA1, extension))


@good
def signed_attributes_of_other_kinds() -> Case:
    sha1 = hashlib.sha1(tsa("ecdsa").signer.der, usedforsecurity=False).digest()
    v1 = sequence(sequence(sequence(octets(sha1))))
    when = element(0x17, b"240301120000Z")
    return made(attributes={forged.SIGNING_CERTIFICATE: v1, forged.SIGNING_TIME: when})


@good
def protected_algorithms() -> Case:
    rsa_with = b"\xa1" + forged.SHA256_WITH_RSA[1:]
    said = {forged.PROTECTION: sequence(forged.SHA256, rsa_with)}
    return made("rsa", algorithm=forged.SHA256_WITH_RSA, attributes=said)


@good
def certificates_by_chain_too() -> Case:
    by = tsa("ecdsa")
    three = [by.signer, by.intermediates[0], by.root]
    ids = [sequence(octets(hashlib.sha256(one.der).digest())) for one in three]
    return made(attributes={forged.SIGNING_CERTIFICATE_V2: sequence(sequence(*ids))})


@good
def certificate_by_issuer_and_serial_too() -> Case:
    return made(attributes={forged.SIGNING_CERTIFICATE_V2: identified()})


@good
def purposes_of_an_authority() -> Case:
    return odd(between={"usages": (ExtendedKeyUsageOID.CLIENT_AUTH, *TIMESTAMPING)})


def curve_key(curve: str) -> ec.EllipticCurvePrivateKey:
    found = _curve_key(curve)
    assert isinstance(found, ec.EllipticCurvePrivateKey)
    return found


@cache
def _curve_key(curve: str) -> ec.EllipticCurvePrivateKey:
    curves: dict[str, ec.EllipticCurve] = {
        "P-224": ec.SECP224R1(),
        "P-384": ec.SECP384R1(),
        "P-521": ec.SECP521R1(),
    }
    return ec.generate_private_key(curves[curve])


def identified(serial: int | None = None) -> bytes:
    """signing-certificate-v2 with issuer and serial number."""
    signer = tsa("ecdsa").signer
    issuer = signer.certificate.issuer.public_bytes()
    number = integer(signer.certificate.serial_number if serial is None else serial)
    both = sequence(sequence(element(0xA4, issuer)), number)
    named = octets(hashlib.sha512(signer.der).digest())
    return sequence(sequence(sequence(forged.SHA512, named, both)))

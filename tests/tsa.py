"""A time-stamping authority for tests: real certificates, and tokens by `openssl ts`.

`tsa()` is made once a run and costs well under a second; `Tsa.answer` takes a DER TimeStampReq
and gives the DER TimeStampResp, `Tsa.token` asks for itself. What OpenSSL would refuse to sign
(another key usage, an expired certificate) is made in tests/forged_tokens.py.
"""

from __future__ import annotations

import atexit
import hashlib
import shutil
import subprocess
import tempfile
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from attest.bundle.normal_token import normalised

Kind = Literal["rsa", "ecdsa"]
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

FROM = datetime(2010, 1, 1, tzinfo=UTC)
UNTIL = datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)
TIMESTAMPING = (ExtendedKeyUsageOID.TIME_STAMPING,)

_CONFIG = """\
[tsa]
default_tsa = only
[only]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.3.6.1.4.1.32473.1
digests = sha256, sha384, sha512
accuracy = secs:1, millisecs:500, microsecs:100
clock_precision_digits = 3
ordering = no
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True)
class Certified:
    """A key with its certificate."""

    key: PrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        """The certificate, as a trust file lists it."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)


@cache
def key(kind: Kind, owner: str) -> PrivateKey:
    """The same key for the same owner, as long as the run lasts."""
    if kind == "rsa":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


def name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "GB"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example Time"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def certify(
    owner: str,
    kind: Kind = "rsa",
    *,
    by: Certified | None = None,
    authority: bool = False,
    path_length: int | None = None,
    usages: tuple[ObjectIdentifier, ...] | None = None,
    usages_critical: bool = True,
    start: datetime = FROM,
    end: datetime = UNTIL,
    private_key: PrivateKey | None = None,
    signs: bool = True,
    further: tuple[tuple[x509.ExtensionType, bool], ...] = (),
) -> Certified:
    """A certificate by `by`, or self-signed. `signs` is about the usage of the key alone."""
    own = private_key or key(kind, owner)
    issuer = by.certificate.subject if by else name(owner)
    usage = x509.KeyUsage(
        digital_signature=signs and not authority,
        content_commitment=False,
        key_encipherment=not signs,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs and authority,
        crl_sign=signs and authority,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(owner))
        .issuer_name(issuer)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=path_length), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
    )
    if usages is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=usages_critical)
    for extension, critical in further:
        builder = builder.add_extension(extension, critical=critical)
    return Certified(own, builder.sign(by.key if by else own, hashes.SHA256()))


@dataclass(frozen=True)
class Tsa:
    """An authority that answers. The root is no part of its answers; an intermediate is."""

    root: Certified
    intermediates: tuple[Certified, ...]
    signer: Certified
    folder: Path
    _turn: threading.Lock = field(default_factory=threading.Lock)

    @property
    def root_pem(self) -> str:
        return self.root.pem

    def answer(self, request: bytes) -> bytes:
        """The DER TimeStampResp to a DER TimeStampReq: granted, or rejected by OpenSSL."""
        with self._turn:
            (self.folder / "request").write_bytes(request)
            # An empty chain is an error, and one with the signer in it would send that twice.
            chain = ("-chain", "chain.pem") if self.intermediates else ()
            _openssl(
                self.folder,
                *("ts", "-reply", "-config", "config", "-section", "only"),
                *("-queryfile", "request", "-signer", "signer.pem", "-inkey", "key.pem"),
                *(*chain, "-out", "answer"),
            )
            return (self.folder / "answer").read_bytes()

    def token(self, data: bytes) -> bytes:
        """A granted DER TimeStampResp over SHA-256 of the data, as a bundle holds it."""
        return normalised(self.answer(request(data)))

    def verifies(self, response: bytes, data: bytes) -> bool:
        """OpenSSL's opinion of a response over the data."""
        with self._turn:
            (self.folder / "response").write_bytes(response)
            (self.folder / "data").write_bytes(data)
            done = _openssl(
                self.folder,
                *("ts", "-verify", "-in", "response", "-data", "data", "-CAfile", "root.pem"),
                expected=(0, 1),
            )
            return done.returncode == 0 and b"Verification: OK" in done.stdout + done.stderr


def request(data: bytes) -> bytes:
    """A DER TimeStampReq over SHA-256 of the data that asks for the certificates (RFC 3161)."""
    imprint = (
        bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(data).digest()
    )
    body = b"\x02\x01\x01" + imprint + b"\x01\x01\xff"
    return b"\x30" + bytes([len(body)]) + body


@cache
def tsa(kind: Kind = "rsa", *, intermediate: bool = True, owner: str = "Example TSA") -> Tsa:
    """A TSA with keys of this kind, made once; another `owner` makes another, with other keys."""
    root = certify(f"{owner} root {kind}", kind, authority=True)
    between: tuple[Certified, ...] = ()
    if intermediate:
        between = (certify(f"{owner} CA {kind}", kind, by=root, authority=True, path_length=0),)
    issuer = between[-1] if between else root
    signer = certify(f"{owner} {kind}", kind, by=issuer, usages=TIMESTAMPING)
    folder = Path(tempfile.mkdtemp(prefix="attest-tsa-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "config").write_text(_CONFIG.format(folder=folder), encoding="ascii")
    (folder / "serial").write_text("01\n", encoding="ascii")
    (folder / "root.pem").write_text(root.pem, encoding="ascii")
    (folder / "signer.pem").write_text(signer.pem, encoding="ascii")
    (folder / "chain.pem").write_text("".join(one.pem for one in between), encoding="ascii")
    private = signer.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "key.pem").write_bytes(private)
    return Tsa(root, between, signer, folder)


def changed(token: bytes) -> bytes:
    """The token with another bit in its signature, which stands last."""
    return token[:-1] + bytes([token[-1] ^ 1])


def _openssl(
    folder: Path, *arguments: str, expected: tuple[int, ...] = (0,)
) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, check=False)
    if done.returncode not in expected:
        raise RuntimeError(done.stderr.decode("utf-8", "replace"))
    return done

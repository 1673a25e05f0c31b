"""A real mail server for tests, which accepts, defers, refuses or hangs up as it is told."""

from __future__ import annotations

import datetime as dt
import ssl
from asyncio import Transport
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from attest.services.instance import create_instance
from attest.settings import Settings
from tests.ports import HOST as HOST
from tests.ports import kept_port

USER, PASSWORD = "attest", "open sesame"
PATIENCE = 60  # seconds


@dataclass
class Behaviour:
    """What the server answers; None accepts. `hang_up` breaks the connection at a step."""

    mail: str | None = None
    rcpt: str | None = None
    data: str | None = None
    hang_up: str | None = None  # "rcpt", "before 250" or "after 250"
    received: list[Envelope] = field(default_factory=list)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.mail is None:
            envelope.mail_from = address
        return self.mail or "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.hang_up == "rcpt":
            _abort(server)
        if self.rcpt is None or self.rcpt.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.rcpt or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.data is None:
            self.received.append(envelope)
        if self.hang_up == "before 250":
            _abort(server)
        return self.data or "250 2.0.0 kept"


def _abort(server: SMTP) -> None:
    assert isinstance(server.transport, Transport)
    server.transport.abort()


def controller(behaviour: Behaviour, port: int, **options: Any) -> Controller:
    """The server, not started: on a busy machine it may take its time to."""
    return Controller(behaviour, hostname=HOST, port=port, ready_timeout=PATIENCE, **options)


@contextmanager
def mail_server(behaviour: Behaviour, **options: Any) -> Iterator[int]:
    """Runs the server on loopback; gives its port."""
    with kept_port() as port:
        server = controller(behaviour, port, **options)
        server.start()
        try:
            yield port
        finally:
            server.stop()


def authenticator(
    server: Any, session: Any, envelope: Any, mechanism: str, data: Any
) -> AuthResult:
    """Lets one user in."""
    right = data.login == USER.encode() and data.password == PASSWORD.encode()
    return AuthResult(success=right, handled=False)


def settings_for(folder: Path, **more: Any) -> Settings:
    """An instance of its own in `folder`, with SMTP where `more` says so."""
    return create_instance(
        folder / "instance",
        instance_name="attest.example",
        base_url="https://attest.example",
        mail_from="attest@attest.example",
        **more,
    )


def certificate(folder: Path, name: str = HOST, ends: dt.timedelta = dt.timedelta(days=1)) -> Path:
    """A certificate that signs itself, with its key, in one PEM file. `ends`: from now on."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    alternative: x509.GeneralName = x509.DNSName(name)
    with suppress(ValueError):
        alternative = x509.IPAddress(ip_address(name))
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=2))
        .not_valid_after(now + ends)
        .add_extension(x509.SubjectAlternativeName([alternative]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def tls_context(pem: Path) -> ssl.SSLContext:
    """The server's side of TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context

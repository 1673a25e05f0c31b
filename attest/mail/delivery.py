"""Hands one message to the mail server, or writes it to a file, and says what came of it.

| what happened | result | then |
|---|---|---|
| the server took it (250) | `sent` | |
| no connection, or the server wants nothing from us | `deferred` | tried again, later |
| 4xx about this reader or letter | `deferred` | the same |
| 5xx about this reader or letter, or no address at all | `bounced` | the controller is told |
| the connection broke after DATA | `unknown` | the controller is told, it's never sent again |
"""

from __future__ import annotations

import os
import smtplib
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Literal

from attest.mail.message import AddressRefused, Outgoing, build_message, one_line
from attest.settings import Settings


@dataclass(frozen=True)
class Result:
    """What came of one attempt; `answer` is what the mail server said, in one line."""

    state: Literal["sent", "deferred", "bounced", "unknown"]
    answer: str


def deliver(letter: Outgoing, settings: Settings, now: datetime) -> Result:
    """Sends one letter by SMTP, or writes it under the instance's `mail/` without a server."""
    try:
        message = build_message(letter, settings, now)
    except AddressRefused as error:
        return Result("bounced", str(error))
    if settings.smtp_host is None:
        return _write_file(message, letter, settings, now)
    try:
        return _send(message, letter, settings.smtp_host, settings)
    except smtplib.SMTPResponseException as error:
        # Not about this letter: a wrong password must not bounce the whole outbox.
        return Result("deferred", _said(error.smtp_code, error.smtp_error))
    except smtplib.SMTPNotSupportedError as error:
        return Result("deferred", f"the mail server can't do what the settings ask for: {error}")
    except (smtplib.SMTPException, OSError) as error:
        return Result("deferred", f"no answer from the mail server: {one_line(str(error))}")


def _send(message: EmailMessage, letter: Outgoing, host: str, settings: Settings) -> Result:
    with _connect(host, settings) as server:
        code, answer = server.mail(settings.mail_from)
        if code != 250:
            raise smtplib.SMTPResponseException(code, answer)
        code, answer = server.rcpt(letter.to_email)
        if code not in (250, 251):
            return _refused(code, answer)
        code, answer = server.docmd("DATA")
        if code != 354:
            return _refused(code, answer)
        # From here on the server may have the letter, whatever we hear.
        try:
            server.send(_as_data(message))
            code, answer = server.getreply()
        except (smtplib.SMTPException, OSError) as error:
            server.close()
            broke = f"the connection broke while the letter was sent: {one_line(str(error))}"
            return Result("unknown", broke)
        if 200 <= code < 300:
            return Result("sent", _said(code, answer))
        if 400 <= code < 600:
            return _refused(code, answer)
        return Result("unknown", f"the mail server answered with nonsense: {_said(code, answer)}")


def _refused(code: int, answer: bytes) -> Result:
    return Result("bounced" if 500 <= code < 600 else "deferred", _said(code, answer))


def _said(code: int, answer: bytes | str) -> str:
    words = answer if isinstance(answer, str) else answer.decode("utf-8", "replace")
    return one_line(f"{code} {words}")[:500]


def _as_data(message: EmailMessage) -> bytes:
    """The message as DATA takes it (RFC 5321 §4.5.2): dots doubled, a lone dot at the end."""
    data = message.as_bytes()
    if not data.endswith(b"\r\n"):
        data += b"\r\n"
    lines = data.split(b"\r\n")
    return b"\r\n".join(b"." + line if line[:1] == b"." else line for line in lines) + b".\r\n"


def _write_file(
    message: EmailMessage, letter: Outgoing, settings: Settings, now: datetime
) -> Result:
    """Writes `mail/<time>-<letter>.eml`, whole or not at all; only its owner may read it."""
    path = settings.mail_path / f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{letter.letter_id}.eml"
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        part = path.with_name(f".{letter.letter_id}.part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(message.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        return Result("deferred", f"{path} cannot be written: {error.strerror}")
    return Result("sent", f"written to {path.name}")


class _Session:
    """An SMTP connection that is closed whatever happens."""

    def __init__(self, server: smtplib.SMTP) -> None:
        self.server = server

    def __enter__(self) -> smtplib.SMTP:
        return self.server

    def __exit__(self, *_: object) -> None:
        try:
            self.server.quit()
        except (smtplib.SMTPException, OSError):
            self.server.close()


def _connect(host: str, settings: Settings) -> _Session:
    """Greets, encrypts and signs in; the password never travels in the clear."""
    timeout = settings.smtp_timeout_seconds
    server: smtplib.SMTP
    if settings.smtp_tls == "tls":
        server = smtplib.SMTP_SSL(
            host,
            settings.smtp_port,
            timeout=timeout,
            context=ssl.create_default_context(),
        )
    else:
        server = smtplib.SMTP(host, settings.smtp_port, timeout=timeout)
    try:
        server.ehlo_or_helo_if_needed()
        if settings.smtp_tls == "starttls":
            # Raises where the server doesn't offer it: then nothing is sent at all.
            code, answer = server.starttls(context=ssl.create_default_context())
            if code != 220:
                raise smtplib.SMTPResponseException(code, answer)
            server.ehlo_or_helo_if_needed()
        if settings.smtp_user and settings.smtp_password:
            server.login(settings.smtp_user, settings.smtp_password)
    except BaseException:
        server.close()
        raise
    return _Session(server)

"""The way to the mail server: greeting, TLS, password (RFC 5321, RFC 3207, RFC 4954).

Where any of it fails, nothing has been sent: what went wrong is said with what an administrator
can do about it. The password never travels in the clear.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from time import monotonic
from typing import Any

from attest.mail.answers import safe_line
from attest.mail.message import one_line
from attest.settings import Settings

LONGEST_ANSWER = 500
# Bytes of one answer that are read, all of its lines together.
_MOST = 65_536
_PIECE = 4_096
# OpenSSL's numbers (x509_vfy.h): not valid yet, no longer valid, for another name or address.
_OUT_OF_DATE = (9, 10)
_OTHER_NAME = (62, 64)


class Broke(Exception):
    """The conversation ended before the letter was given away."""

    def __init__(self, answer: str, *, ours: bool) -> None:
        super().__init__(answer)
        self.answer = answer
        self.ours = ours


class _CannotTrust(Exception):
    """`smtp_ca` is no certificate."""


class _Answers:
    """What the server says, as lines. Each answer has to be there in time, and to end."""

    def __init__(self, line: socket.socket, patience: float) -> None:
        self._line = line
        self._patience = patience
        self.unread = b""
        self.begin()

    def begin(self) -> None:
        """A new answer is waited for from now on."""
        self._until = monotonic() + self._patience
        self._left = _MOST

    def readline(self, most: int) -> bytes:
        """The next line with its end; less where there are `most` bytes, or the line is cut."""
        while b"\n" not in self.unread[:most] and len(self.unread) < most:
            piece = self._receive()
            if not piece:
                break
            self.unread += piece
        end = self.unread.find(b"\n", 0, most) + 1 or min(most, len(self.unread))
        line, self.unread = self.unread[:end], self.unread[end:]
        self._left -= len(line)
        if self._left < 0:
            raise OSError("its answer has no end")
        return line

    def close(self) -> None:
        """The line itself is somebody else's to close."""

    def _receive(self) -> bytes:
        left = self._until - monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._line.settimeout(left)
        try:
            return self._line.recv(_PIECE)
        finally:
            self._line.settimeout(self._patience)


class _Bounded(smtplib.SMTP):
    """The standard library waits for each byte anew, and reads lines for as long as some come."""

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _Answers(self.sock, self.timeout)
        elif self.file is not None:
            self.file.begin()
        return super().getreply()

    def send(self, s: Any) -> None:
        if self.file is not None and self.file.unread:
            # It would be taken for the answer to what is said now.
            self.close()
            raise smtplib.SMTPServerDisconnected("it answered what it was not asked")
        super().send(s)


class _BoundedTls(_Bounded, smtplib.SMTP_SSL):
    """The same, encrypted from the start."""


def said(code: int, answer: bytes | str) -> str:
    """A server's answer, in one line that is not too long and tells no token."""
    words = answer if isinstance(answer, str) else answer.decode("utf-8", "replace")
    return safe_line(f"{code} {words}", LONGEST_ANSWER)


def connect(host: str, settings: Settings) -> smtplib.SMTP:
    """Greets, encrypts and signs in; the password never travels in the clear.

    The server's certificate must be for `host` and lead to an authority that this machine trusts,
    or to `smtp_ca`. Raises `Broke` with what went wrong.
    """
    try:
        return _connect(host, settings)
    except (smtplib.SMTPException, _CannotTrust, OSError, ValueError) as error:
        raise Broke(safe_line(_what_to_do(error, settings), LONGEST_ANSWER), ours=True) from None


def _connect(host: str, settings: Settings) -> smtplib.SMTP:
    timeout = settings.smtp_timeout_seconds
    server: smtplib.SMTP
    if settings.smtp_tls == "tls":
        server = _BoundedTls(host, settings.smtp_port, timeout=timeout, context=_trust(settings))
    else:
        server = _Bounded(host, settings.smtp_port, timeout=timeout)
    try:
        if server.sock is not None:
            # A letter and its last dot are two writes: the dot would wait for the first one's
            # acknowledgement, up to 40 ms a letter (RFC 1122 §4.2.3.4).
            server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server.ehlo_or_helo_if_needed()
        if settings.smtp_tls == "starttls":
            # Raises where the server doesn't offer it, or refuses: then nothing is sent at all.
            server.starttls(context=_trust(settings))
            server.ehlo_or_helo_if_needed()
        if settings.smtp_user and settings.smtp_password:
            server.login(settings.smtp_user, settings.smtp_password)
    except BaseException:
        server.close()
        raise
    return server


def _trust(settings: Settings) -> ssl.SSLContext:
    """Certificate and host name are verified; with `smtp_ca`, that authority alone counts."""
    try:
        return ssl.create_default_context(cafile=settings.smtp_ca)
    except OSError as error:
        raise _CannotTrust(error.strerror or str(error)) from None


def _what_to_do(error: Exception, settings: Settings) -> str:
    """What went wrong, and whatever of it can be put right on this side."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        answer = said(error.smtp_code, error.smtp_error)
        return f"{answer} (smtp_user or smtp_password is not what the mail server expects)"
    if isinstance(error, smtplib.SMTPResponseException):
        return said(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        if "STARTTLS" in str(error):
            return (
                "the mail server offers no STARTTLS here, or somebody on the way hides it, so"
                ' nothing was sent: let the server offer it, or set smtp_tls to "tls" and smtp_port'
                " to the port that it has for that, often 465"
            )
        return (
            "the mail server takes no password here: set smtp_port to its port for that, often"
            " 587, or leave out smtp_user and smtp_password"
        )
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the mail server's certificate is not trusted: {_about_certificate(error)}"
    if isinstance(error, ssl.SSLError) and error.reason == "WRONG_VERSION_NUMBER":
        if settings.smtp_tls == "starttls":
            return "the mail server offered STARTTLS and then spoke no TLS, so nothing was sent"
        return (
            f"the mail server does not speak TLS from the start on port {settings.smtp_port}: set"
            ' smtp_tls to "starttls", or smtp_port to the port that it has for that, often 465'
        )
    if isinstance(error, _CannotTrust):
        return f"the certificate in smtp_ca cannot be read: {error}"
    if isinstance(error, UnicodeError):
        # Its own words would quote from the password.
        return "smtp_user or smtp_password has characters outside ASCII: no mail server takes it"
    return (
        f"no answer from the mail server: {one_line(str(error))} (see smtp_host, smtp_port and"
        " smtp_tls)"
    )


def _about_certificate(error: ssl.SSLCertVerificationError) -> str:
    words = error.verify_message.rstrip(".")
    if error.verify_code in _OUT_OF_DATE:
        return f"{words}. Renew it on the mail server, and see that this machine's clock is right"
    if error.verify_code in _OTHER_NAME:
        return f"{words}. Set smtp_host to a name that stands in it"
    return f"{words}. Name the certificate of the authority that made it in smtp_ca"

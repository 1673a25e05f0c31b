"""Hands letters to the mail server, or writes them to files, and says what came of each.

| what happened | result | then |
|---|---|---|
| the server took it (250) | `sent` | |
| no connection, or the server wants nothing from us | `deferred`, `ours` | again, never given up |
| 4xx about this reader or letter | `deferred` | tried again, in growing pauses |
| the connection broke before the end of the letter | `deferred` | the same |
| 5xx about this reader or letter, or no address at all | `bounced` | the controller is told |
| the connection broke after the end of the letter | `unknown` | the same; never sent again |
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage

from attest.mail.line import Line, Result
from attest.mail.message import AddressRefused, Outgoing, build_message, mailbox, to_bytes
from attest.mail.return_address import envelope_sender
from attest.settings import Settings

__all__ = ["Build", "Delivery", "Result", "deliver"]

# Makes a letter's message; may raise whatever is wrong with it.
Build = Callable[[Outgoing], bytes]


class Delivery:
    """Where letters go: to the mail server of the settings, or into files without one.

    One connection serves a run of letters; `close` ends it.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        host = settings.smtp_host
        self._line = None if host is None else Line(host, settings)

    def send(
        self,
        letter_id: str,
        to_name: str,
        to_email: str,
        finish: Callable[[Build], bytes | None],
        now: datetime,
    ) -> Result | None:
        """Sends one letter, dated `now`.

        `finish` gives its message once the mail server wants it, made with what it is handed, so
        that nothing can go wrong between its commit and the server; it is called a second time
        where the connection breaks then. None from it: nothing is sent, and None comes back.
        """
        try:
            mailbox(to_name, to_email)
        except AddressRefused as error:
            return Result("bounced", str(error))
        if self._line is None:
            message = finish(lambda letter: to_bytes(build_message(letter, self._settings, now)))
            return None if message is None else _write_file(message, letter_id, self._settings, now)

        def data() -> bytes | None:
            return finish(lambda letter: as_data(build_message(letter, self._settings, now)))

        return self._line.send(envelope_sender(self._settings, letter_id), to_email, data)

    def close(self) -> None:
        """Says goodbye to the mail server."""
        if self._line is not None:
            self._line.close()


def deliver(letter: Outgoing, settings: Settings, now: datetime) -> Result:
    """Sends one letter by itself."""
    delivery = Delivery(settings)
    try:
        result = delivery.send(
            letter.letter_id, letter.to_name, letter.to_email, lambda build: build(letter), now
        )
    finally:
        delivery.close()
    if result is None:
        raise AssertionError("there was a letter")
    return result


def as_data(message: EmailMessage) -> bytes:
    """The message as DATA takes it (RFC 5321 §4.5.2), dots doubled; without the last, lone one."""
    data = to_bytes(message)
    if not data.endswith(b"\r\n"):
        data += b"\r\n"
    lines = data.split(b"\r\n")
    return b"\r\n".join(b"." + line if line[:1] == b"." else line for line in lines)


def _write_file(message: bytes, letter_id: str, settings: Settings, now: datetime) -> Result:
    """Writes `mail/<time>-<letter>.eml`, whole or not at all; only its owner may read it."""
    path = settings.mail_path / f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{letter_id}.eml"
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        part = path.with_name(f".{letter_id}.part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(message)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        return Result("deferred", f"{path.name} cannot be written: {error.strerror}", ours=True)
    return Result("sent", f"written to {path.name}")

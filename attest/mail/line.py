"""The line to the mail server: one SMTP connection, kept for a run of letters (RFC 5321).

Between two letters it is reset (RSET, §4.1.1.5). A connection that has broken meanwhile, or on
which the server wants no more letters (421), is made anew before it costs a letter anything.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from attest.mail.connecting import LONGEST_ANSWER, Broke, connect, said
from attest.mail.message import one_line
from attest.settings import Settings

# A service that is shutting the channel down may say so in answer to any command (§3.8).
_CLOSING = 421
# A password is asked for, or was not taken (RFC 4954 §6).
_SIGN_IN = (530, 535, 538)
# What servers have against the sender (RFC 3463 §3.2), or against letters from here, for which
# there is no code. Postfix says it once it knows a reader, unless it is told otherwise.
_SENDER = re.compile(
    rb"^[45]\.1\.[78]\b|sender address rejected|relay access denied|relaying denied"
    rb"|relay not permitted|unable to relay",
    re.IGNORECASE | re.MULTILINE,
)
# What is not the server's own word: addresses, and what it heard from the reader's server.
_QUOTED = re.compile(rb"<[^<>]*>|\b(said|was):.*", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Result:
    """What came of one attempt; `answer` is what the mail server said, in one line.

    `ours`: it was not about this letter or its reader (no connection, a wrong password, a sender
    that the server does not take), so the letter is never given up for it. `of_reader`: the server
    said so only once it knew the reader, and may take letters to others.
    """

    state: Literal["sent", "deferred", "bounced", "unknown"]
    answer: str
    ours: bool = False
    of_reader: bool = False


class Line:
    """Sends letters one after the other over one connection. `close` says goodbye."""

    def __init__(self, host: str, settings: Settings) -> None:
        self._host = host
        self._settings = settings
        self._server: smtplib.SMTP | None = None

    def send(self, sender: str, reader: str, letter: Callable[[], bytes | None]) -> Result | None:
        """Sends one letter from and to these addresses.

        `letter` is asked for the message once the server wants this reader's letters: from then on
        the server may have it. None from it: nothing is sent, and None comes back.
        """
        if self._server is not None and self._reset(self._server):
            try:
                return self._talk(self._server, sender, reader, letter)
            except Broke:
                # An old connection is no reason to put a letter off.
                self._drop()
        try:
            self._server = connect(self._host, self._settings)
            return self._talk(self._server, sender, reader, letter)
        except Broke as broke:
            self._drop()
            return Result("deferred", broke.answer, ours=broke.ours)

    def close(self) -> None:
        """Says goodbye to the server, whatever it answers."""
        if self._server is not None:
            try:
                self._server.quit()
            except (smtplib.SMTPException, OSError):
                self._server.close()
            self._server = None

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def _reset(self, server: smtplib.SMTP) -> bool:
        try:
            code, _ = server.rset()
        except (smtplib.SMTPException, OSError):
            code = _CLOSING
        if code != 250:
            self._drop()
        return code == 250

    def _talk(
        self,
        server: smtplib.SMTP,
        sender: str,
        reader: str,
        letter: Callable[[], bytes | None],
    ) -> Result | None:
        code, answer = _asked(lambda: server.mail(sender), ours=True)
        if code != 250:
            raise Broke(said(code, answer), ours=True)
        code, answer = _asked(lambda: server.rcpt(reader))
        if code >= 400 and (code in _SIGN_IN or _SENDER.search(_QUOTED.sub(b"", answer))):
            return Result("deferred", said(code, answer), ours=True, of_reader=True)
        if code not in (250, 251):
            return _refused(code, answer)
        data = letter()
        if data is None:
            return None
        code, answer = _asked(lambda: server.docmd("DATA"))
        if code != 354:
            return _refused(code, answer)
        result = _give(server, data)
        if result.state == "unknown" or result.answer.startswith(str(_CLOSING)):
            self._drop()
        return result


def _asked(command: Callable[[], tuple[int, bytes]], *, ours: bool = False) -> tuple[int, bytes]:
    try:
        code, answer = command()
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise Broke(f"the connection broke: {one_line(str(error))}", ours=ours) from None
    if code == _CLOSING:
        raise Broke(said(code, answer), ours=ours)
    return code, answer


def _give(server: smtplib.SMTP, data: bytes) -> Result:
    """Sends the message. Without its last line (a dot) no server takes it (§4.1.1.4)."""
    try:
        server.send(data)
    except (smtplib.SMTPException, OSError) as error:
        return _cut_off(server, one_line(str(error)))
    if _spoke_early(server):
        return _cut_off(server, "it ended the conversation before it had the whole letter")
    try:
        server.send(b".\r\n")
        code, answer = server.getreply()
    except (smtplib.SMTPException, OSError) as error:
        broke = f"the connection broke while the letter was sent: {one_line(str(error))}"
        return Result("unknown", broke[:LONGEST_ANSWER])
    if 200 <= code < 300:
        return Result("sent", said(code, answer))
    if 400 <= code < 600:
        return _refused(code, answer)
    return Result("unknown", f"the mail server answered with nonsense: {said(code, answer)}")


def _cut_off(server: smtplib.SMTP, why: str) -> Result:
    server.close()
    answer = f"the connection broke before the whole letter was there: {why}"
    return Result("deferred", answer[:LONGEST_ANSWER])


def _spoke_early(server: smtplib.SMTP) -> bool:
    """Whether the server has hung up, or said anything, while it should be listening."""
    line = server.sock
    if line is None:
        return True
    patience = line.gettimeout()
    try:
        line.settimeout(0)
        line.recv(1)
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    except OSError:
        return True
    finally:
        line.settimeout(patience)
    return True


def _refused(code: int, answer: bytes) -> Result:
    return Result("bounced" if 500 <= code < 600 else "deferred", said(code, answer))

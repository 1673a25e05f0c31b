"""A mail server that says what a test tells it to, byte for byte, or hangs up, or is silent."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.mail_server import HOST

HANG_UP = None
SILENT = b""
# One byte of this after the other, each before anybody's patience ends.
DRIP = b"250-drip\r\n"
ENDLESS = b"250-and another thing\r\n"
DEFAULTS = {
    "": b"220 mail.attest.example ESMTP\r\n",
    "EHLO": b"250 mail.attest.example\r\n",
    "MAIL": b"250 OK\r\n",
    "RCPT": b"250 OK\r\n",
    "DATA": b"354 go on\r\n",
    ".": b"250 2.0.0 kept\r\n",
    "RSET": b"250 OK\r\n",
    "QUIT": b"221 bye\r\n",
}


@dataclass
class Script:
    """`answers` by command: "" at the beginning, "." at the letter's end. `heard`: every line."""

    answers: dict[str, bytes | None]
    heard: list[bytes] = field(default_factory=list)

    def verbs(self) -> set[str]:
        """The commands that came."""
        return {line.split()[0].decode("ascii", "replace").upper() for line in self.heard if line}


@contextmanager
def scripted(**answers: bytes | None) -> Iterator[tuple[Script, int]]:
    """Serves one connection after the other; `greeting` and `dot` name what has no verb."""
    named = {"greeting": "", "dot": "."}
    script = Script({**DEFAULTS, **{named.get(key, key): each for key, each in answers.items()}})
    over = threading.Event()
    with socket.create_server((HOST, 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection, suppress(OSError):
                        connection.settimeout(30)
                        _talk(connection, script, over)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield script, int(listener.getsockname()[1])
        finally:
            over.set()
            # A thread that waits in accept() would not notice that the socket is closed.
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(60)


def _talk(connection: socket.socket, script: Script, over: threading.Event) -> None:
    with connection.makefile("rb") as lines:
        if not _say(connection, script.answers[""], over):
            return
        in_letter = False
        for raw in lines:
            line = raw.rstrip(b"\r\n")
            if in_letter and line != b".":
                continue
            script.heard.append(line)
            verb = "." if in_letter else line.split()[0].decode("ascii", "replace").upper()
            in_letter = False
            answer = script.answers.get(verb, b"502 no such command\r\n")
            if not _say(connection, answer, over):
                return
            in_letter = verb == "DATA" and answer is not None and answer.startswith(b"354")


def _say(connection: socket.socket, answer: bytes | None, over: threading.Event) -> bool:
    if answer is HANG_UP:
        return False
    if answer is DRIP:
        while not over.wait(0.05):
            for byte in DRIP:
                connection.sendall(bytes([byte]))
                over.wait(0.05)
    if answer is ENDLESS:
        while not over.is_set():
            connection.sendall(ENDLESS * 100)
    connection.sendall(answer)
    return True

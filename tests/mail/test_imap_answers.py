"""A mailbox's server that answers too slowly, or without an end, over a real connection."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from time import monotonic

import pytest

from attest.mail import imap_answers
from attest.mail.imap import MailboxFailed, ReturnMailbox
from tests.mail_server import HOST, PASSWORD, USER, settings_for

GREETING = b"* PREAUTH ready\r\n"
SELECTED = b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] \r\n* OK [UIDNEXT 2] \r\n"
OK = b"%s OK done\r\n"
FETCHED = b"* 1 FETCH (UID 1 BODY[] {21}\r\nSubject: x\r\n\r\nwords\r\n)\r\n"
ANSWERS = {
    b"CAPABILITY": b"* CAPABILITY IMAP4rev1 AUTH=CRAM-MD5\r\n",
    b"SELECT": SELECTED,
    b"UID": FETCHED,
}


# Before what is asked for: 40 seconds of it, a byte now and then.
CHATTER = b"* 1 EXISTS\r\n" * 34


@contextmanager
def serving(dripping: str = "", endless: bytes = b"", at: str = "UID") -> Iterator[int]:
    """Answers, but for one command: of that a byte now and then, or `endless` again and again."""
    over = threading.Event()

    def talk(connection: socket.socket) -> None:
        def say(verb: str, answer: bytes) -> None:
            if verb == dripping:
                for byte in CHATTER + answer:
                    connection.sendall(bytes([byte]))
                    if over.wait(0.1):
                        return
            while verb == at and endless and not over.is_set():
                connection.sendall(endless)
            connection.sendall(answer)

        say("greeting", GREETING)
        for line in connection.makefile("rb"):
            tag, verb = line.split()[:2]
            answer = ANSWERS.get(verb.upper(), b"")
            say(verb.decode().upper(), answer + OK % tag)

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection, suppress(OSError):
                    connection.settimeout(30)
                    talk(connection)

    with socket.create_server((HOST, 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            over.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setattr(imap_answers, "MOST", 300_000)
    monkeypatch.setattr(ReturnMailbox, "_sign_in", lambda *_: None)
    plain = settings_for(tmp_path)
    return replace(plain, imap_host=HOST, imap_user=USER, imap_password=PASSWORD, imap_tls="none")


def read(settings, port: int) -> bytes | None:
    with ReturnMailbox(replace(settings, imap_port=port)) as mailbox:
        return mailbox.message(1)


def test_what_comes_whole_is_read(settings):
    with serving() as port:
        assert read(settings, port) == b"Subject: x\r\n\r\nwords\r\n"


def test_what_nobody_asked_for_is_not_taken(settings):
    with serving() as port, ReturnMailbox(replace(settings, imap_port=port)) as mailbox:
        assert mailbox.message(2) is None
        assert list(mailbox.headers([2, 3])) == []


@pytest.mark.parametrize("verb", ["greeting", "CAPABILITY", "SELECT", "UID"])
def test_a_server_that_gives_a_byte_now_and_then_holds_nobody(settings, monkeypatch, verb):
    monkeypatch.setattr(imap_answers, "PATIENCE", 0.5)
    began = monotonic()
    with serving(dripping=verb) as port, pytest.raises(MailboxFailed, match="time"):
        read(settings, port)
    # The goodbye has as long, where the connection still stands.
    assert monotonic() - began < 30


@pytest.mark.parametrize("endless", [b"* 1 EXISTS\r\n" * 1_000, b"x" * 10_000])
def test_an_answer_without_an_end_is_none(settings, endless):
    with serving(endless=endless) as port, pytest.raises(MailboxFailed):
        read(settings, port)


def test_a_literal_larger_than_anything_asked_for(settings):
    huge = b"* 1 FETCH (UID 1 BODY[] {99999999999}\r\n" + b"x" * 400_000
    with serving(endless=huge) as port, pytest.raises(MailboxFailed, match="no end"):
        read(settings, port)

"""A mailbox on a real IMAP server to which letters come back, and a stage that reads it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from attest.demo.acting import Stage
from attest.mail.imap import ReturnMailbox
from attest.mail.return_address import envelope_sender
from attest.services.sending.return_mailbox import ReturnedMail
from tests import stage as play
from tests.imap_server import ImapServer, imap_server
from tests.mail.came_back import POSTFIX, message
from tests.mail_server import HOST, PASSWORD, USER

STRANGER = message("To: attest@attest.example\nSubject: a question\n\nWhen?")


@pytest.fixture(scope="module")
def server() -> Iterator[ImapServer]:
    with imap_server() as running:
        yield running


@pytest.fixture
def stage(quick_stage_at, server) -> Stage:
    server.empty()
    set_stage: Stage = quick_stage_at("issued")
    set_stage.settings = replace(
        set_stage.settings,
        imap_host=HOST,
        imap_port=server.tls_port,
        imap_user=USER,
        imap_password=PASSWORD,
        imap_ca=server.authority,
    )
    return set_stage


def mailbox_of(stage: Stage) -> ReturnedMail:
    return ReturnedMail(stage.engine, stage.settings, stage.log_key, lambda: stage.now)


def report(stage: Stage, kind: str = "invitation_of_liaison") -> bytes:
    (letter,) = play.letters(stage, kind)
    return message(POSTFIX, envelope_sender(stage.settings, letter.id))


def states(stage: Stage) -> dict[str, str]:
    return {letter.kind: letter.state for letter in play.letters(stage)}


@pytest.fixture
def fetched(monkeypatch) -> list[str]:
    """What was fetched of which message: `headers UID` and `message UID`."""
    asked: list[str] = []
    headers, whole = ReturnMailbox.headers, ReturnMailbox.message

    def of_headers(mailbox, uids):
        asked.extend(f"headers {uid}" for uid in uids)
        return headers(mailbox, uids)

    def of_message(mailbox, uid):
        asked.append(f"message {uid}")
        return whole(mailbox, uid)

    monkeypatch.setattr(ReturnMailbox, "headers", of_headers)
    monkeypatch.setattr(ReturnMailbox, "message", of_message)
    return asked

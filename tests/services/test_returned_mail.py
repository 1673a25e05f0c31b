from collections.abc import Iterator
from dataclasses import replace

import pytest

from attest.demo.acting import Stage
from attest.mail.imap import MailboxFailed, ReturnMailbox
from attest.mail.return_address import envelope_sender
from attest.services import returns
from attest.services.returned_mail import ReturnedMail
from tests import stage as play
from tests.imap_server import HANDLED, ImapServer, imap_server
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


def test_what_came_back_is_taken_and_marked_and_the_rest_left_alone(stage, server):
    server.put(STRANGER, report(stage), STRANGER)
    assert mailbox_of(stage).look() == 1
    assert states(stage)["invitation_of_liaison"] == "bounced"
    assert (server.count("UNSEEN"), server.count("SEEN")) == (2, 1)


def test_the_second_look_finds_nothing_new_and_does_not_ask_for_strangers_again(
    stage, server, monkeypatch
):
    server.put(STRANGER, report(stage))
    mailbox = mailbox_of(stage)
    assert mailbox.look() == 1
    asked: list[list[int]] = []

    def nothing(_: ReturnMailbox, uids: list[int]) -> list[tuple[int, bytes]]:
        asked.append(uids)
        return []

    monkeypatch.setattr(ReturnMailbox, "headers", nothing)
    assert mailbox.look() == 0
    assert asked == [[]]


def test_a_crash_before_it_is_marked_repeats_harmlessly(stage, server, monkeypatch):
    server.put(report(stage))
    with monkeypatch.context() as crash:
        crash.setattr(ReturnMailbox, "handled", _killed)
        with pytest.raises(KeyboardInterrupt):
            mailbox_of(stage).look()
    assert (states(stage)["invitation_of_liaison"], server.count("UNSEEN")) == ("bounced", 1)
    log = play.log_types(stage, letters=True)
    assert mailbox_of(stage).look() == 1
    assert (server.count("UNSEEN"), play.log_types(stage, letters=True)) == (0, log)


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_one_that_cannot_be_taken_keeps_none_of_the_others_back(stage, server, monkeypatch):
    bad, good = report(stage), report(stage, "demand_issued")
    server.put(bad, good)
    take = returns.take_message

    def fails_first(*arguments):
        if arguments[4] == bad:
            raise RuntimeError("a damaged log")
        return take(*arguments)

    monkeypatch.setattr(returns, "take_message", fails_first)
    assert mailbox_of(stage).look() == 1
    assert states(stage)["demand_issued"] == "bounced"
    assert server.count("UNSEEN") == 1
    monkeypatch.undo()
    assert mailbox_of(stage).look() == 1
    assert states(stage)["invitation_of_liaison"] == "bounced"


def test_a_letter_that_is_being_sent_is_looked_at_again(stage, server):
    (letter,) = play.letters(stage, "invitation_of_liaison")
    with stage.act() as ctx:
        ctx.session.get_one(type(letter), letter.id).state = "sending"
    server.put(report(stage))
    mailbox = mailbox_of(stage)
    assert (mailbox.look(), server.count("UNSEEN")) == (0, 1)
    with stage.act() as ctx:
        ctx.session.get_one(type(letter), letter.id).state = "sent"
    assert (mailbox.look(), server.count("UNSEEN")) == (1, 0)


def test_what_is_handled_goes_where_the_settings_say(stage, server):
    stage.settings = replace(stage.settings, imap_handled_folder=HANDLED)
    server.put(report(stage))
    assert mailbox_of(stage).look() == 1
    assert (server.count(), server.count(folder=HANDLED)) == (0, 1)


def test_it_stops_when_it_is_told_to(stage, server):
    server.put(report(stage))
    assert mailbox_of(stage).look(lambda: True) == 0
    assert server.count("UNSEEN") == 1


def test_a_mailbox_that_cannot_be_read_is_said(stage):
    stage.settings = replace(stage.settings, imap_password="wrong horse")
    with pytest.raises(MailboxFailed):
        mailbox_of(stage).look()

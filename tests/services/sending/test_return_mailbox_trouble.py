"""A mailbox that breaks, messages that cannot be taken, processes that end in between."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from attest.database.outbox import PAUSES
from attest.mail.imap import MailboxFailed, ReturnMailbox
from attest.mail.reports import MOST
from attest.mail.return_address import envelope_sender
from attest.services.sending import returns
from attest.services.upkeep import mailbox_memory
from attest.services.upkeep.mailbox_memory import remembered
from tests import stage as play
from tests.breaking_line import breaking_line
from tests.mail.came_back import message
from tests.services.returning import STRANGER, mailbox_of, report, states
from tests.services.returning import fetched as fetched
from tests.services.returning import server as server
from tests.services.returning import stage as stage

MINUTE = timedelta(minutes=1)


def test_a_line_that_breaks_in_a_message_keeps_none_of_the_others_back(stage, server):
    (letter,) = play.letters(stage, "invitation_of_liaison")
    to = envelope_sender(stage.settings, letter.id)
    server.put(
        message(f"Delivered-To: {to}\nSubject: long\n\n") + b"x" * MOST,
        report(stage, "demand_issued"),
    )
    straight = stage.settings
    with breaking_line(server.tls_port, after=MOST // 2) as port:
        stage.settings = replace(straight, imap_port=port)
        with pytest.raises(MailboxFailed):
            mailbox_of(stage).look()
        assert remembered(stage.settings).fails_since == stage.now
        # The next look finds the second message; the first waits for its turn.
        assert mailbox_of(stage).look() == 1
    assert states(stage)["demand_issued"] == "bounced"
    stage.settings = straight
    stage.now += MINUTE
    assert mailbox_of(stage).look() == 1
    memory = remembered(stage.settings)
    assert (memory.waiting, memory.fails_since, memory.read_at) == ({}, None, stage.now)
    assert server.count("UNSEEN") == 0


def test_headers_that_break_the_line_come_again_one_by_one(stage, server, monkeypatch, fetched):
    server.put(STRANGER, report(stage), STRANGER)
    with monkeypatch.context() as breaks:
        breaks.setattr(ReturnMailbox, "headers", _broken)
        with pytest.raises(MailboxFailed):
            mailbox_of(stage).look()
    assert len(remembered(stage.settings).waiting) == 3
    server.put(report(stage, "demand_issued"))
    # New ones need not wait for that.
    assert mailbox_of(stage).look() == 1
    stage.now += MINUTE
    assert mailbox_of(stage).look() == 1
    assert states(stage)["invitation_of_liaison"] == "bounced"
    assert remembered(stage.settings).waiting == {}
    assert server.count("UNSEEN") == 2


def _broken(*_: object) -> None:
    raise MailboxFailed("FETCH: Internal error occurred")


def test_a_crash_before_it_is_marked_repeats_harmlessly(stage, server, monkeypatch):
    server.put(report(stage))
    with monkeypatch.context() as crash:
        crash.setattr(ReturnMailbox, "handled", _killed)
        with pytest.raises(KeyboardInterrupt):
            mailbox_of(stage).look()
    assert (states(stage)["invitation_of_liaison"], server.count("UNSEEN")) == ("bounced", 1)
    log = play.log_types(stage, letters=True)
    # Not at once: it might have been the message that ended the process.
    assert mailbox_of(stage).look() == 0
    stage.now += MINUTE
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
    assert mailbox_of(stage).look() == 0
    stage.now += MINUTE
    assert mailbox_of(stage).look() == 1
    assert states(stage)["invitation_of_liaison"] == "bounced"


def test_what_can_never_be_taken_is_fetched_ever_less_often_and_then_left(
    stage, server, monkeypatch, fetched
):
    server.put(report(stage))

    def fails(*_: object) -> None:
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(returns, "take_message", fails)
    mailbox = mailbox_of(stage)
    for pause in (*PAUSES, timedelta(days=1), timedelta(days=1)):
        mailbox.look()
        mailbox.look()
        stage.now += pause
    assert sum(each.startswith("message") for each in fetched) == len(PAUSES)
    assert remembered(stage.settings).waiting == {}
    assert server.count("UNSEEN") == 1


def test_where_too_much_waits_nothing_new_is_looked_at(stage, server, monkeypatch, fetched):
    monkeypatch.setattr(mailbox_memory, "MOST_WAITING", 1)
    server.put(STRANGER)
    with monkeypatch.context() as breaks:
        breaks.setattr(ReturnMailbox, "headers", _broken)
        with pytest.raises(MailboxFailed):
            mailbox_of(stage).look()
    server.put(report(stage))
    mailbox = mailbox_of(stage)
    assert (mailbox.look(), fetched) == (0, [])
    stage.now += MINUTE
    assert (mailbox.look(), len(fetched)) == (0, 1)
    assert mailbox.look() == 1


def test_a_letter_that_is_being_sent_is_looked_at_again(stage, server):
    (letter,) = play.letters(stage, "invitation_of_liaison")
    with stage.act() as ctx:
        ctx.session.get_one(type(letter), letter.id).state = "sending"
    server.put(report(stage))
    mailbox = mailbox_of(stage)
    assert (mailbox.look(), server.count("UNSEEN")) == (0, 1)
    with stage.act() as ctx:
        ctx.session.get_one(type(letter), letter.id).state = "sent"
    stage.now += MINUTE
    assert (mailbox.look(), server.count("UNSEEN")) == (1, 0)


def test_a_mailbox_that_cannot_be_read_is_said(stage):
    stage.settings = replace(stage.settings, imap_password="wrong horse")
    with pytest.raises(MailboxFailed):
        mailbox_of(stage).look()


def test_since_when_and_why_it_cannot_be_read_is_remembered(stage, server):
    right, since = stage.settings, stage.now
    stage.settings = replace(right, imap_password="wrong horse")
    for _ in range(2):
        with pytest.raises(MailboxFailed):
            mailbox_of(stage).look()
        stage.now += MINUTE
    memory = remembered(stage.settings)
    assert memory.fails_since == since
    assert memory.why is not None
    assert "uthentication" in memory.why
    assert "horse" not in stage.settings.mailbox_memory_path.read_text()
    stage.settings = right
    mailbox_of(stage).look()
    memory = remembered(stage.settings)
    assert (memory.fails_since, memory.why, memory.read_at) == (None, None, stage.now)
    assert stage.settings.mailbox_memory_path.stat().st_mode & 0o077 == 0

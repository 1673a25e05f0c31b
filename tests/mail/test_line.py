"""One connection for a run of letters, over real servers that break it in every place."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from select import select
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from attest.mail import line as line_module
from attest.mail.connecting import connect
from attest.mail.delivery import Delivery
from attest.mail.line import Result
from attest.mail.message import Outgoing
from attest.settings import Settings
from tests.mail_server import (
    HOST,
    PATIENCE,
    Behaviour,
    controller,
    mail_server,
    settings_for,
)
from tests.ports import kept_port
from tests.rows import NOW

LETTER_ID = "66666666-2222-4333-8444-5555555555{:02d}"
BUSY = "421 4.7.0 Too many letters on one connection"


class Counting(Behaviour):
    """Also says how many connections there were, and breaks off what it is told to."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.connections = 0
        self.full_after: int | None = None  # letters on one connection
        self.refused: str | None = None  # this reader

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, answers: list[str]
    ) -> list[str]:
        self.connections += 1
        session.taken = 0  # type: ignore[attr-defined]
        session.host_name = hostname
        return answers

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.full_after is not None and session.taken >= self.full_after:  # type: ignore[attr-defined]
            return BUSY
        return await super().handle_MAIL(server, session, envelope, address, options)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address == self.refused:
            return "550 5.1.1 No such user"
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        session.taken += 1  # type: ignore[attr-defined]
        return await super().handle_DATA(server, session, envelope)

    @property
    def readers(self) -> list[str]:
        return [envelope.rcpt_tos[0] for envelope in self.received]


def letter(number: int) -> Outgoing:
    letter_id = LETTER_ID.format(number)
    return Outgoing(
        letter_id=letter_id,
        message_id=f"<{letter_id}@attest.example>",
        to_name="Tom Beck",
        to_email=f"reader-{number}@halden.example",
        subject="ND-2013-004: 5 files are overdue",
        text="Dear Tom Beck,\n\nFive files are overdue.\n",
    )


def send(line: Delivery, number: int) -> Result:
    each = letter(number)
    result = line.send(each.letter_id, each.to_name, each.to_email, lambda build: build(each), NOW)
    assert result is not None
    return result


def send_alone(settings: Settings, number: int) -> Result:
    """Over a connection of its own."""
    with closing(Delivery(settings)) as line:
        return send(line, number)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(
        settings_for(tmp_path), smtp_host=HOST, smtp_tls="none", smtp_timeout_seconds=PATIENCE
    )


@pytest.fixture
def server() -> Iterator[tuple[Counting, int]]:
    behaviour = Counting()
    with mail_server(behaviour) as port:
        yield behaviour, port


@pytest.fixture
def line(server: tuple[Counting, int], settings: Settings) -> Iterator[Delivery]:
    kept = Delivery(replace(settings, smtp_port=server[1]))
    yield kept
    kept.close()


@pytest.fixture
def behaviour(server: tuple[Counting, int]) -> Counting:
    return server[0]


def test_a_run_of_letters_takes_one_connection(line, behaviour):
    assert [send(line, number).state for number in range(5)] == ["sent"] * 5
    assert behaviour.connections == 1
    assert behaviour.readers == [f"reader-{number}@halden.example" for number in range(5)]


def test_the_last_dot_does_not_wait_for_an_acknowledgement(settings, server):
    with closing(connect(HOST, replace(settings, smtp_port=server[1]))) as made:
        assert made.sock is not None
        assert made.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_reader_that_is_refused_spoils_nothing_for_the_next_one(line, behaviour):
    behaviour.refused = "reader-1@halden.example"
    assert [send(line, number).state for number in range(3)] == ["sent", "bounced", "sent"]
    assert behaviour.connections == 1
    # Nobody's letter goes to the reader before.
    assert [envelope.rcpt_tos for envelope in behaviour.received] == [
        ["reader-0@halden.example"],
        ["reader-2@halden.example"],
    ]


def test_a_server_that_wants_few_letters_a_connection_costs_no_letter_anything(line, behaviour):
    behaviour.full_after = 2
    assert [send(line, number).state for number in range(5)] == ["sent"] * 5
    assert behaviour.connections == 3
    assert len(behaviour.received) == 5


def test_a_connection_that_broke_meanwhile_is_made_anew(settings):
    behaviour = Counting()
    with kept_port() as port:
        line = Delivery(replace(settings, smtp_port=port))
        for number in range(2):
            server = controller(behaviour, port)
            server.start()
            try:
                assert send(line, number).state == "sent"
            finally:
                # The server goes, and with it the connection that the line keeps.
                server.stop()
        assert behaviour.connections == 2
        assert send(line, 2).ours


def test_a_busy_server_at_the_first_letter_is_not_about_the_letter(line, behaviour):
    behaviour.full_after = 0
    result = send(line, 0)
    assert (result.state, result.answer, result.ours) == ("deferred", BUSY, True)


@pytest.mark.parametrize(
    ("answers", "ours"), [({"mail": "451 Not now"}, True), ({"rcpt": "451 Try later"}, False)]
)
def test_whose_fault_it_is(settings, answers, ours):
    with mail_server(Behaviour(**answers)) as port:
        result = send_alone(replace(settings, smtp_port=port), 0)
    assert (result.state, result.ours) == ("deferred", ours)


class HangsUp(SMTP):
    """Hangs up once it was told that a letter comes, before it has the letter's end."""

    async def smtp_DATA(self, arg: str) -> None:
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        assert self.transport is not None
        self.transport.abort()  # type: ignore[attr-defined]


def test_cut_off_before_the_end_of_the_letter_it_was_certainly_not_taken(settings, monkeypatch):
    behaviour = Counting()
    give = line_module._give

    def give_later(server, data):
        # Not before the end of the line is here: otherwise it would be a race.
        assert select([server.sock], [], [], PATIENCE)[0]
        return give(server, data)

    monkeypatch.setattr(line_module, "_give", give_later)
    with kept_port() as port:
        running = controller(behaviour, port)
        running.factory = lambda: HangsUp(behaviour)  # type: ignore[method-assign]
        running.start()
        try:
            result = send_alone(replace(settings, smtp_port=port), 0)
        finally:
            running.stop()
    assert (result.state, result.ours) == ("deferred", False)
    assert "before the whole letter was there" in result.answer
    assert behaviour.received == []


def test_hung_up_after_the_end_of_the_letter_nobody_knows(line, behaviour):
    behaviour.hang_up = "before 250"
    assert send(line, 0).state == "unknown"
    behaviour.hang_up = None
    assert send(line, 1).state == "sent"


@pytest.mark.parametrize(
    ("answer", "state"), [("999 what?", "unknown"), ("421 4.3.2 Closing down", "deferred")]
)
def test_after_such_an_answer_nothing_more_is_said_on_that_connection(
    line, behaviour, answer, state
):
    """What comes next on it could be taken for the answer to something else."""
    behaviour.data = answer
    assert send(line, 0).state == state
    behaviour.data = None
    assert send(line, 1).state == "sent"
    assert behaviour.connections == 2


def test_a_letter_that_is_taken_back_is_not_sent(line, behaviour):
    """The claim was lost while the server thought about the reader."""
    each = letter(0)
    assert line.send(each.letter_id, each.to_name, each.to_email, lambda build: None, NOW) is None
    assert send(line, 1).state == "sent"
    assert behaviour.readers == ["reader-1@halden.example"]

"""Letters that come together, and digests, as they leave: over a real mail server."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select

from attest.database import outbox
from attest.database.engine import read_session, write_session
from attest.database.tables import (
    ChasePause,
    Demand,
    Letter,
    LetterEvent,
    LogEntry,
    NamedFile,
    Person,
)
from attest.log.checkpoint import open_checkpoint, origin
from attest.mail import digest_letters, letters, together_letters
from attest.mail.return_address import envelope_sender
from attest.services.chasing.one_message import write_together
from attest.services.context import Context
from attest.services.instance import load_log_key
from attest.services.letters import post
from attest.services.letters.letter_facts import about
from attest.services.notices import delivery_problems
from attest.services.sending import returns
from attest.services.sending.digests import write_digests
from attest.services.sending.sending import send_due
from tests.mail.came_back import POSTFIX, message
from tests.mail_server import HOST, Behaviour, mail_server, settings_for
from tests.rows import add_issued_case, opened
from tests.services.several import add_demand, due

FIRST, SECOND = "ND-2013-004", "ND-2013-005"
TUESDAY = datetime(2013, 2, 19, 10, tzinfo=UTC)


class House:
    """Two late demands, each with a log, of the same people; and a mail server."""

    def __init__(self, engine: Any, folder: Any, server: Behaviour, port: int) -> None:
        self.engine, self.server = engine, server
        self.settings = settings_for(folder, smtp_host=HOST, smtp_port=port, smtp_tls="none")
        self.log_key = load_log_key(self.settings)
        with write_session(engine) as session:
            self.case = add_issued_case(session, self.log_key, FIRST)
            second = add_demand(session, self.case, SECOND, date(2013, 2, 18), log_key=self.log_key)
            self.ids = {FIRST: self.case.demand.id, SECOND: second.id}

    def ctx(self, session: Any, now: datetime = TUESDAY) -> Context:
        return Context(session, now, self.settings, self.log_key)

    def gather(self) -> None:
        with write_session(self.engine) as session:
            ctx = self.ctx(session)
            found = []
            for demand_id in self.ids.values():
                demand = session.get_one(Demand, demand_id)
                assert demand.liaison is not None
                found.append(due(ctx, demand, demand.liaison, "overdue", "after_1"))
            assert write_together(ctx, found) == 2

    def send(self, now: datetime = TUESDAY) -> Counter[str]:
        return send_due(self.engine, self.settings, self.log_key, now)

    def settle(self, reference: str) -> None:
        with write_session(self.engine) as session:
            demand = session.get_one(Demand, self.ids[reference])
            demand.files_open = 0
            demand.state = "awaiting_review"
            files = select(NamedFile).where(NamedFile.demand_id == demand.id)
            for file in session.scalars(files):
                file.state = "accepted"

    def rows(self) -> dict[str, Letter]:
        """The letters by kind, those of a demand by its reference, but those that one bounced."""
        names = {demand_id: reference for reference, demand_id in self.ids.items()}
        written = select(Letter).where(Letter.kind != delivery_problems.KIND)
        with read_session(self.engine) as session:
            return {
                names.get(row.demand_id or "", row.kind): row for row in session.scalars(written)
            }

    def leaves(self, reference: str, event: str) -> int:
        with read_session(self.engine) as session:
            found = select(LogEntry).where(
                LogEntry.demand_id == self.ids[reference], LogEntry.type == event
            )
            return len(session.scalars(found).all())

    def message(self, place: int = -1) -> EmailMessage:
        data = self.server.received[place].content
        assert isinstance(data, bytes)
        return message_from_bytes(data, policy=policy.SMTP)


@pytest.fixture
def house(database_url, tmp_path):
    server = Behaviour()
    with mail_server(server) as port, opened(database_url) as engine:
        yield House(engine, tmp_path, server, port)


def words(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return " ".join(part.get_content().split())


def notes(message: EmailMessage) -> dict[str, str]:
    """The checkpoints that came along, by file name."""
    return {
        part.get_filename() or "": part.get_content()
        for part in message.iter_attachments()
        if (part.get_filename() or "").startswith("checkpoint")
    }


def test_one_message_for_both_and_each_log_has_its_own_leaf(house):
    house.gather()
    house.send()
    assert len(house.server.received) == 1
    message = house.message()
    assert message["Subject"] == f"{FIRST} and 1 more demand: 10 files are overdue"
    for reference, demand_id in house.ids.items():
        assert f"/demands/{reference}/acknowledge" in words(message)
        assert demand_id in message["References"]
        assert house.leaves(reference, "letter.sent") == 1
        assert house.rows()[reference].state == outbox.SENT
        assert house.rows()[reference].message_id == message["Message-ID"]
        note = notes(message)[f"checkpoint-{reference}.txt"]
        name = origin(house.settings.instance_name, demand_id)
        checkpoint = open_checkpoint(note, name, house.log_key.public_key)
        assert checkpoint.size == house.rows()[reference].checkpoint_size
    assert house.rows()[together_letters.KIND].state == outbox.SENT
    assert not house.send()


def test_checkpoints_come_in_the_order_in_which_the_letter_speaks_of_demands(house):
    """Whatever order their rows have, which come under ids that mean nothing."""
    # The later ones are due first, so the letter tells of them first.
    named = {f"ND-2013-{9 - number:03}": date(2013, 2, 4 + number) for number in range(4)}
    with write_session(house.engine) as session:
        for reference, day in named.items():
            demand = add_demand(session, house.case, reference, day, log_key=house.log_key)
            house.ids[reference] = demand.id
        ctx = house.ctx(session)
        demands = [session.get_one(Demand, demand_id) for demand_id in house.ids.values()]
        write_together(
            ctx,
            [
                due(ctx, demand, demand.liaison, "overdue", "after_1")
                for demand in demands
                if demand.liaison is not None
            ],
        )
    house.send()
    message = house.message()
    told = re.findall(r"/demands/(ND-[0-9]+-[0-9]+)", words(message))
    assert told == [*named, FIRST, SECOND]
    assert list(notes(message)) == [f"checkpoint-{reference}.txt" for reference in told]
    assert message["References"].split() == [
        f"<demand.{house.ids[reference]}@attest.example>" for reference in told
    ]
    text = words(message)
    places = [text.index(f"checkpoint-{reference}.txt") for reference in told]
    assert places == sorted(places)


def test_what_was_settled_before_it_left_is_not_asked_for(house):
    house.gather()
    house.settle(FIRST)
    house.send()
    message = house.message()
    assert message["Subject"] == f"{SECOND}: 5 files are overdue"
    assert FIRST not in words(message)
    assert house.ids[FIRST] not in message["References"]
    assert list(notes(message)) == ["checkpoint.txt"]
    assert house.rows()[FIRST].state == outbox.DROPPED
    assert house.leaves(FIRST, "letter.sent") == 0
    assert house.leaves(SECOND, "letter.sent") == 1


def test_where_all_is_settled_nothing_leaves(house):
    house.gather()
    for reference in house.ids:
        house.settle(reference)
    house.send()
    assert house.server.received == []
    assert {row.state for row in house.rows().values()} == {outbox.DROPPED}


def test_what_comes_back_names_no_other_demand(house):
    """Its subject repeats the letter's, and each demand has readers who know of no other one."""
    house.gather()
    house.send()
    carrier = house.rows()[together_letters.KIND]
    address = envelope_sender(house.settings, carrier.id)
    raw = (
        f"From: Tom <tom@halden.example>\r\nTo: {address}\r\nAuto-Submitted: auto-replied\r\n"
        f"Subject: Away: {carrier.subject}\r\n\r\nI am away.\r\n"
    )
    taken = returns.take_message(
        house.engine, house.settings, house.log_key, TUESDAY, raw.encode(), address
    )
    assert taken == "taken"
    with read_session(house.engine) as session:
        answers = session.scalars(
            select(LetterEvent.answer).where(LetterEvent.what == "auto_replied")
        ).all()
    assert answers == ["a message from Tom <tom@halden.example>"] * 3


def test_a_report_about_a_message_is_each_demands(house):
    house.gather()
    house.send()
    address = envelope_sender(house.settings, house.rows()[together_letters.KIND].id)
    taken = returns.take_message(
        house.engine, house.settings, house.log_key, TUESDAY, message(POSTFIX, address), address
    )
    assert taken == "taken"
    for reference in house.ids:
        assert "User unknown" in (house.rows()[reference].answer or "")
        assert house.leaves(reference, "letter.failed") == 1


def test_after_a_pause_they_come_together_once_more(house):
    house.gather()
    with write_session(house.engine) as session:
        for number, demand_id in enumerate(house.ids.values()):
            session.add(
                ChasePause(
                    id=f"8888888{number}-2222-4333-8444-555555555555",
                    demand_id=demand_id,
                    started_at=TUESDAY,
                    started_by_id=house.case.case_handler.id,
                    until_on=date(2013, 2, 20),
                    reason="They moved house.",
                )
            )
    assert house.send() == {"dropped": 2}
    with write_session(house.engine) as session:
        for pause in session.scalars(select(ChasePause)):
            pause.ended_at = TUESDAY
    house.gather()
    house.send(TUESDAY + timedelta(minutes=5))
    assert len(house.server.received) == 1
    for reference in house.ids:
        assert house.leaves(reference, "letter.sent") == 1


def test_one_that_is_settled_while_the_server_puts_it_off_is_left_out_of_the_next_try(house):
    house.server.rcpt = "451 later"
    house.gather()
    house.send()
    assert {row.state for row in house.rows().values()} == {outbox.DEFERRED}
    house.settle(SECOND)
    house.server.rcpt = None
    house.send(TUESDAY + timedelta(minutes=5))
    assert words(house.message()).count("/acknowledge") == 1
    assert SECOND not in words(house.message())
    assert house.rows()[SECOND].state == outbox.DROPPED
    assert house.rows()[FIRST].state == outbox.SENT


def test_a_bounce_is_each_demands(house):
    house.server.rcpt = "550 no such user"
    house.gather()
    house.send()
    for reference in house.ids:
        assert house.rows()[reference].state == outbox.BOUNCED
        assert house.leaves(reference, "letter.failed") == 1


def test_a_digest_takes_along_what_waited_for_it(house):
    with write_session(house.engine) as session:
        ctx = house.ctx(session, TUESDAY - timedelta(hours=12))
        handler = session.get_one(Person, house.case.case_handler.id)
        handler.daily_digest = True
        session.flush()
        by = letters.Writer("Tom Beck", "Contract manager", "Halden Support Services plc")
        for reference, demand_id in house.ids.items():
            demand = session.get_one(Demand, demand_id)
            post.queue_letter(
                ctx,
                letter=letters.acknowledged(about(ctx, demand), by),
                key=f"acknowledged:{reference}",
                person=handler,
                demand_id=demand_id,
            )
    assert not house.send(TUESDAY - timedelta(hours=2))
    with write_session(house.engine) as session:
        assert write_digests(house.ctx(session)) == 1
    house.send()
    assert len(house.server.received) == 1
    message = house.message()
    for reference, demand_id in house.ids.items():
        assert f"{reference}: Halden Support Services plc has acknowledged" in words(message)
        assert demand_id in message["References"]
        assert f"checkpoint-{reference}.txt" in notes(message)
        assert house.leaves(reference, "letter.sent") == 1
        assert house.rows()[reference].state == outbox.SENT
    assert house.rows()[digest_letters.KIND].state == outbox.SENT


def test_without_a_digest_what_waited_goes_out_alone(house):
    with write_session(house.engine) as session:
        ctx = house.ctx(session, TUESDAY - timedelta(hours=12))
        handler = session.get_one(Person, house.case.case_handler.id)
        handler.daily_digest = True
        session.flush()
        by = letters.Writer("Tom Beck", "Contract manager", "Halden Support Services plc")
        letter = letters.acknowledged(about(ctx, session.get_one(Demand, house.ids[FIRST])), by)
        post.queue_letter(
            ctx, letter=letter, key="acknowledged:1", person=handler, demand_id=house.ids[FIRST]
        )
    house.send(TUESDAY)
    assert house.message()["Subject"].startswith(FIRST)
    assert house.rows()[FIRST].state == outbox.SENT

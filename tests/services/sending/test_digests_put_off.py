"""A daily digest that the mail server puts off waits for a morning, and is true when it comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from email import message_from_bytes, policy

import pytest

from attest.database import outbox
from attest.database.engine import write_session
from attest.database.tables import Demand, Letter, Person
from attest.services.sending.sending import send_due
from tests.mail_server import HOST, Behaviour, mail_server
from tests.rows import opened
from tests.services.chasing.test_together_sent import words
from tests.services.sending.test_digests import FRIDAY, MONDAY, SATURDAY, TUESDAY, Desk, at

WEDNESDAY = date(2013, 2, 20)


class Morning(Desk):
    """The case handler, and the mail server that takes their letters."""

    server: Behaviour

    def send(self, now: datetime) -> None:
        send_due(self.engine, self.settings, self.log_key, now)

    def came(self) -> list[str]:
        """What the mail server took."""
        found = []
        for envelope in self.server.received:
            assert isinstance(envelope.content, bytes)
            message = message_from_bytes(envelope.content, policy=policy.SMTP)
            found.append(f"{message['Subject']} | {words(message)}")
        return found

    def put_off(self, now: datetime) -> None:
        """The digest is written, and the mail server does not take it."""
        assert self.tick(now) == 1
        self.server.rcpt = "451 later"
        self.send(now)
        assert self.digests()[-1].state == outbox.DEFERRED
        self.server.rcpt = None


@pytest.fixture
def morning(database_url, tmp_path) -> Iterator[Morning]:
    server = Behaviour()
    with mail_server(server) as port, opened(database_url) as engine:
        found = Morning(engine, tmp_path)
        found.server = server
        found.change(Demand, found.demand, due_on=date(2013, 2, 14))
        found.settings = replace(found.settings, smtp_host=HOST, smtp_port=port, smtp_tls="none")
        yield found


def test_it_is_tried_again_the_same_day_as_it_was_written(morning):
    morning.put_off(at(TUESDAY, 16))
    text = morning.digests()[0].text
    morning.send(at(TUESDAY, 16, 5))
    assert len(morning.came()) == 1
    assert morning.digests()[0].text == text


def test_it_waits_for_its_readers_morning(morning):
    morning.change(Person, morning.handler, time_zone="America/New_York")
    morning.put_off(at(TUESDAY, 21, 59))
    for hour in (22, 23):
        morning.send(at(TUESDAY, hour, 30))
    morning.send(at(WEDNESDAY, 13, 59))
    assert morning.came() == []
    morning.send(at(WEDNESDAY, 14))
    assert len(morning.came()) == 1


def test_it_waits_over_a_day_off(morning):
    morning.put_off(at(FRIDAY, 16, 59))
    morning.send(at(SATURDAY, 12))
    assert morning.came() == []
    morning.send(at(MONDAY))
    assert len(morning.came()) == 1


def test_a_holiday_of_one_of_its_demands_holds_nothing_up(morning):
    """It is written on the working days of any calendar, and goes on the same."""
    with write_session(morning.engine) as session:
        english = session.get_one(Demand, morning.demand)
        columns = {each.key: getattr(english, each.key) for each in Demand.__table__.columns}
        columns |= {"id": "scottish", "reference": "ND-2013-005", "calendar": "GB-SCT"}
        session.add(Demand(**columns))
    easter_monday = date(2013, 4, 1)  # a working day in Scotland
    assert morning.told("acknowledged", at(date(2013, 3, 28), 15)).demand_id == morning.demand
    assert morning.tick(at(easter_monday)) == 1
    morning.send(at(easter_monday))
    (said,) = morning.came()
    assert "has acknowledged the demand" in said


@pytest.mark.parametrize("first", ["tick", "send"])
def test_the_next_day_it_is_that_days_and_alone(morning, first):
    morning.put_off(at(MONDAY, 16, 59))
    assert "5 files still open" in " ".join(morning.digests()[0].text.split())
    morning.change(Demand, morning.demand, files_open=3)
    for each in (first, "send", "tick", "send"):
        getattr(morning, each)(at(TUESDAY))
    (said,) = morning.came()
    assert "3 files still open" in said
    (digest,) = morning.digests()
    assert digest.key.endswith(f":{TUESDAY}")
    assert morning.tick(at(TUESDAY, 12)) == 0
    assert morning.tick(at(WEDNESDAY)) == 1


def test_what_went_along_still_does(morning):
    morning.told("acknowledged", at(FRIDAY, 15))
    morning.put_off(at(MONDAY, 16, 59))
    morning.send(at(TUESDAY))
    (said,) = morning.came()
    assert "has acknowledged the demand" in said
    assert morning.letter("acknowledged:1").state == outbox.SENT


def test_where_all_is_settled_by_then_it_does_not_come(morning):
    morning.put_off(at(MONDAY, 16, 59))
    morning.settle()
    morning.send(at(TUESDAY))
    morning.tick(at(TUESDAY, 9, 1))
    morning.send(at(TUESDAY, 9, 2))
    assert morning.came() == []
    (digest,) = morning.digests()
    assert (digest.state, digest.answer) == (outbox.DROPPED, "there is nothing to say any more")


def test_a_reader_who_moved_back_a_day_gets_it_too(morning):
    """In the zone of today the day was before, and has its digest."""
    morning.change(Person, morning.handler, time_zone="Pacific/Auckland")
    assert morning.tick(at(MONDAY, 21)) == 1  # Tuesday there
    morning.change(Letter, morning.digests()[0].id, state=outbox.SENT)
    morning.put_off(at(TUESDAY, 21))  # Wednesday there
    morning.change(Person, morning.handler, time_zone="Pacific/Honolulu")
    morning.send(at(TUESDAY, 22))  # Tuesday there
    assert len(morning.came()) == 1

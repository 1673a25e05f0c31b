"""What a letter that chases says of the day is true on its reader's own day when it really goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from attest.database import outbox
from attest.database.engine import write_session
from attest.database.tables import Demand, Letter, Person
from attest.services.chasing.forecast import coming
from attest.services.chasing.ticks import chase_due
from attest.services.sending import rewording
from attest.services.views.letter_view import coming_letter
from tests.mail_server import Behaviour, mail_server
from tests.rows import opened
from tests.services.chasing.test_together_sent import FIRST, SECOND, House, words

AUCKLAND, HONOLULU = "Pacific/Auckland", "Pacific/Honolulu"
LIAISON = "Tom Beck"


def feb(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment UTC. Pages tell the day by it, and both demands are due on Monday the 18th."""
    return datetime(2013, 2, day, hour, minute, tzinfo=UTC)


class Far(House):
    """The house with its liaison far away, and a worker's tick."""

    def move(self, zone: str, *references: str) -> None:
        """The liaison works in `zone`; only the demands of these references go on."""
        with write_session(self.engine) as session:
            session.get_one(Person, self.case.liaison.id).time_zone = zone
            session.get_one(Person, self.case.liaison.id).language = "en"
            for reference, demand_id in self.ids.items():
                demand = session.get_one(Demand, demand_id)
                demand.due_on = date(2013, 2, 18)
                demand.state = "acknowledged" if reference in references else "withdrawn"
                demand.acknowledged_at = demand.issued_at
                demand.chase_at = demand.issued_at if reference in references else None

    def chase(self, now: datetime) -> int:
        return chase_due(self.engine, self.settings, self.log_key, now)

    def came(self) -> list[str]:
        """What the mail server took, to the liaison."""
        found = []
        for place in range(len(self.server.received)):
            message = self.message(place)
            if LIAISON in message["To"]:
                found.append(f"{message['Subject']} | {words(message)}")
        return found


@pytest.fixture
def far(database_url, tmp_path) -> Iterator[Far]:
    server = Behaviour()
    with mail_server(server) as port, opened(database_url) as engine:
        yield Far(engine, tmp_path, server, port)


@pytest.fixture(params=[(FIRST, SECOND), (FIRST,)], ids=["together", "alone"])
def demands(request) -> tuple[str, ...]:
    return request.param


def put_off(far: Far, zone: str, demands: tuple[str, ...], now: datetime) -> None:
    """The day's letter is written, and the mail server puts it off."""
    far.move(zone, *demands)
    assert far.chase(now)
    far.server.rcpt = "451 later"
    far.send(now)
    far.server.rcpt = None
    assert far.came() == []


def test_in_auckland_it_waits_until_the_due_day_is_over_for_both(far, demands):
    put_off(far, AUCKLAND, demands, feb(17, 20))  # nine on Monday there
    # Nine on Tuesday there, and Monday on the pages: neither "today" nor "was due" is true of both.
    far.send(feb(18, 20))
    far.send(feb(18, 23, 59))
    assert far.came() == []
    far.send(feb(19, 0))
    (said,) = far.came()
    assert "Monday 18 February 2013 (1 working day late)" in said
    assert "was due" in said
    assert "(today)" not in said
    assert " is due" not in said


def test_in_auckland_the_day_itself_is_today(far, demands):
    put_off(far, AUCKLAND, demands, feb(17, 20))
    far.send(feb(18, 1))  # two in the afternoon of Monday there
    (said,) = far.came()
    assert "is due on Monday 18 February 2013 (today)" in said
    assert "was due" not in said


def test_in_honolulu_it_is_still_today_when_the_pages_say_that_it_is_late(far, demands):
    put_off(far, HONOLULU, demands, feb(18, 19))  # nine on Monday there
    far.send(feb(19, 1))  # three in the afternoon of Monday there
    (said,) = far.came()
    assert "is due on Monday 18 February 2013 (today)" in said
    assert "overdue" not in said
    assert "late)" not in said


def test_in_honolulu_the_next_morning_it_was_due(far, demands):
    put_off(far, HONOLULU, demands, feb(18, 19))
    far.send(feb(19, 5))  # evening there
    assert far.came() == []
    far.send(feb(19, 19))
    (said,) = far.came()
    assert "was due on Monday 18 February 2013 (1 working day late)" in said
    assert "(today)" not in said


def test_days_that_are_left_are_counted_from_the_day_on_which_it_goes(far, demands):
    put_off(far, HONOLULU, demands, feb(14, 19))  # Thursday
    far.send(feb(15, 19))
    (said,) = far.came()
    assert "Monday 18 February 2013 (in 1 working day)" in said
    assert "in 2 working days" not in said


def test_each_demands_own_row_says_the_same_day(far):
    """It is what the page shows of the letter."""
    put_off(far, HONOLULU, (FIRST, SECOND), feb(14, 19))
    far.send(feb(15, 19))
    rows = [row for name, row in far.rows().items() if name in far.ids]
    assert [row.state for row in rows] == [outbox.SENT] * 2
    assert all("(in 1 working day)" in " ".join(row.text.split()) for row in rows)


def test_what_is_shown_before_it_goes_is_what_goes(far):
    far.move(AUCKLAND, FIRST)
    with write_session(far.engine) as session:
        demand = session.get_one(Demand, far.ids[FIRST])
        ctx = far.ctx(session, feb(17, 12))
        shown = [
            coming_letter(ctx, each)
            for each in coming(ctx, demand)
            if each.reached.turn.name == "on_day" and each.reached.course.reader.name == LIAISON
        ]
    far.chase(feb(17, 20))
    far.send(feb(17, 20))
    (said,) = far.came()
    before, _, _ = shown[0].text.partition("Keep this letter")
    assert " ".join(before.split()) in said
    assert shown[0].subject in said


def test_the_link_of_one_that_asks_to_acknowledge_stays(far):
    far.move(HONOLULU, FIRST)
    with write_session(far.engine) as session:
        demand = session.get_one(Demand, far.ids[FIRST])
        demand.state, demand.acknowledged_at = "issued", None
        demand.issued_at, demand.due_on = feb(13, 19), date(2013, 2, 28)
        session.get_one(Person, far.case.liaison.id).account.password_hash = None
    assert far.chase(feb(14, 19))
    far.server.rcpt = "451 later"
    far.send(feb(14, 19))
    far.server.rcpt = None
    far.send(feb(15, 19))
    (said,) = far.came()
    assert "(in 9 working days)" in said
    assert len(re.findall(r"https://attest\.example/invitation/\S+", said)) == 1


def test_on_the_same_day_nothing_is_made_anew(far, monkeypatch):
    far.move(HONOLULU, FIRST)
    far.chase(feb(14, 19))

    def asked(*_):
        raise AssertionError("it was looked up")

    monkeypatch.setattr(rewording, "_reached", asked)
    far.send(feb(14, 20))
    assert len(far.came()) == 1


def test_a_letter_that_no_ladder_has_any_more_keeps_its_words(far):
    far.move(HONOLULU, FIRST)
    far.chase(feb(14, 19))
    with write_session(far.engine) as session:
        row = session.scalars(select(Letter).where(Letter.to_name == LIAISON)).one()
        before, row.key = row.text, f"{row.key}:again"
        ctx = far.ctx(session, row.queued_at + timedelta(days=1))
        assert not rewording.reword(ctx, row)
        assert row.text == before


def test_the_day_of_the_issue_holds_nothing_back_where_it_is_over(far):
    """In Auckland it is the morning of the 5th, and on the pages still the 4th."""
    asks = Letter(rung="issued_1", due_on=date(2013, 2, 4), time_zone=AUCKLAND)
    with write_session(far.engine) as session:
        ctx = far.ctx(session, feb(4, 20))
        assert rewording.when_the_day_is_over(ctx, [asks], ctx.now) == ctx.now
        asks.rung = "on_day"
        assert rewording.when_the_day_is_over(ctx, [asks], ctx.now) == feb(5, 0)

"""The daily digest: once each working day for whoever wants it, and what waits for it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import event, select
from structlog.testing import capture_logs

from attest.database import outbox
from attest.database.engine import read_session, write_session
from attest.database.tables import (
    Demand,
    FailingAddress,
    Letter,
    LetterEvent,
    Organisation,
    Person,
)
from attest.mail import letters
from attest.mail.digest_letters import KIND
from attest.services.context import Context
from attest.services.instance import load_log_key
from attest.services.letters import held, letter_events, post
from attest.services.letters.letter_facts import about
from attest.services.sending import digests
from attest.services.sending.digests import due, write_digests
from tests.mail_server import settings_for
from tests.rows import add_case, add_joint, add_person, letter_columns, opened

FRIDAY = date(2013, 2, 15)
SATURDAY = date(2013, 2, 16)
MONDAY = date(2013, 2, 18)
TUESDAY = date(2013, 2, 19)  # a demand that was due on Monday is late


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


class Desk:
    """A controller's case handler who wants a digest."""

    def __init__(self, engine: Any, folder: Any) -> None:
        self.engine = engine
        self.settings = settings_for(folder)
        self.log_key = load_log_key(self.settings)
        with write_session(engine) as session:
            case = add_case(session)
            case.case_handler.daily_digest = True
            self.demand, self.handler = case.demand.id, case.case_handler.id
            self.controller, self.liaison = case.controller.id, case.liaison.id

    def ctx(self, session: Any, now: datetime) -> Context:
        return Context(session, now, self.settings, self.log_key)

    def tick(self, now: datetime) -> int:
        with write_session(self.engine) as session:
            return write_digests(self.ctx(session, now))

    def change(self, table: Any, key: Any, **columns: Any) -> None:
        with write_session(self.engine) as session:
            row = session.get_one(table, key)
            for name, value in columns.items():
                setattr(row, name, value)

    def settle(self) -> None:
        """Nothing waits for anybody any more."""
        self.change(Demand, self.demand, state="withdrawn", files_open=0)

    def told(self, kind: str, now: datetime) -> Letter:
        """A letter of this kind to the case handler, as an act writes it."""
        with write_session(self.engine) as session:
            ctx = self.ctx(session, now)
            demand = session.get_one(Demand, self.demand)
            template = letters.acknowledged(about(ctx, demand), BECK)
            letter = letters.Letter(kind, template.subject, template.text, template.values)
            if kind != "acknowledged":
                letter = _of_kind(kind, template)
            handler = session.get_one(Person, self.handler)
            post.queue_letter(
                ctx, letter=letter, key=f"{kind}:1", person=handler, demand_id=demand.id
            )
        return self.letter(f"{kind}:1")

    def letter(self, key: str) -> Letter:
        with read_session(self.engine) as session:
            return session.scalars(select(Letter).where(Letter.key == key)).one()

    def digests(self) -> list[Letter]:
        with read_session(self.engine) as session:
            kind = select(Letter).where(Letter.kind == KIND).order_by(Letter.queued_at)
            return list(session.scalars(kind))


BECK = letters.Writer("Tom Beck", "Contract manager", "Halden Support Services plc")


class _Named(letters.Letter):
    """Another kind of letter, with the words of a known one."""

    def words(self, *args: Any, **more: Any) -> Any:
        return letters.acknowledged((self.values or {})["about"], BECK).words(*args, **more)


def _of_kind(kind: str, like: letters.Letter) -> letters.Letter:
    return _Named(kind, like.subject, like.text, like.values)


@pytest.fixture
def desk(database_url, tmp_path):
    with opened(database_url) as engine:
        yield Desk(engine, tmp_path)


def test_it_comes_at_the_opening_of_working_hours_and_once_a_day(desk):
    assert desk.tick(at(TUESDAY, 8, 59)) == 0
    assert desk.digests() == []
    assert desk.tick(at(TUESDAY)) == 1
    assert desk.tick(at(TUESDAY, 9, 1)) == 0
    with read_session(desk.engine) as session:
        assert due(desk.ctx(session, at(TUESDAY, 9, 1))) == []
    assert desk.tick(at(TUESDAY, 16)) == 0
    (digest,) = desk.digests()
    assert digest.state == outbox.QUEUED
    assert digest.subject == "Northshire Constabulary: 1 late"
    text = " ".join(digest.text.split())
    assert "Halden Support Services plc is late with ND-2013-004: 5 files still open" in text
    assert "https://attest.example/demands/ND-2013-004" in text


def test_it_is_in_its_readers_language(desk):
    desk.change(Person, desk.handler, language="cy")
    assert desk.tick(at(TUESDAY)) == 1
    (digest,) = desk.digests()
    assert digest.language == "cy"
    assert digest.subject == "Northshire Constabulary: 1 yn hwyr"
    assert (
        "Mae Halden Support Services plc yn hwyr gyda ND-2013-004: mae 5 ffeil yn agored o hyd. "
        "https://attest.example/demands/ND-2013-004"
    ) in " ".join(digest.text.split())


def test_on_no_day_off(desk):
    assert desk.tick(at(SATURDAY)) == 0
    assert desk.tick(at(date(2013, 3, 29))) == 0  # Good Friday
    assert desk.tick(at(date(2013, 4, 2))) == 1  # after Easter Monday
    assert desk.digests()[0].key == f"{KIND}:{desk.handler}:2013-04-02"


def test_on_the_working_days_of_any_calendar_whatever_its_weekend(desk):
    friday, sunday = FRIDAY, date(2013, 2, 17)
    desk.change(Demand, desk.demand, calendar="IL")
    assert desk.tick(at(friday)) == 0
    letter = desk.told("acknowledged", at(friday, 10))
    assert letter.next_attempt_at == at(sunday, 10)
    assert desk.tick(at(SATURDAY)) == 0
    assert desk.tick(at(sunday)) == 1


def test_it_asks_once_for_the_days_off_of_all_who_want_one(desk):
    with write_session(desk.engine) as session:
        controller = session.get_one(Organisation, desk.controller)
        for number in range(5):
            person = add_person(session, controller, f"Handler {number}", "case_handler")
            person.daily_digest = True

    def queries() -> int:
        asked: list[str] = []

        def note(*told: Any) -> None:
            asked.append(told[2])

        with read_session(desk.engine) as session:
            event.listen(desk.engine, "before_cursor_execute", note)
            try:
                due(desk.ctx(session, at(TUESDAY, 8)))
            finally:
                event.remove(desk.engine, "before_cursor_execute", note)
        return sum("demand.calendar" in each for each in asked)

    assert queries() == 1


def test_at_no_hour_of_the_night_after_a_day_of_standing_still(desk):
    assert desk.tick(at(TUESDAY, 17)) == 0
    assert desk.tick(at(TUESDAY, 23)) == 0
    assert desk.digests() == []


def test_the_morning_is_the_readers_own(desk):
    desk.change(Person, desk.handler, time_zone="America/New_York")
    assert desk.tick(at(TUESDAY, 9)) == 0
    assert desk.tick(at(TUESDAY, 14)) == 1


def test_the_organisations_zone_counts_where_the_person_has_none(desk):
    desk.change(Organisation, desk.controller, time_zone="Asia/Tokyo")
    assert desk.tick(at(TUESDAY, 9)) == 0
    assert desk.tick(at(TUESDAY, 0)) == 1


def test_a_demand_whose_calendar_is_gone_stops_no_digest(desk):
    desk.change(Demand, desk.demand, calendar="XX")
    with capture_logs() as journal:
        assert desk.tick(at(TUESDAY)) == 1
    assert {"event": "no such calendar", "calendar": "XX", "log_level": "error"} in journal


@pytest.mark.parametrize("kind", ["acknowledged", "extension_requested"])
def test_nor_an_act_that_writes_to_somebody_with_a_digest(desk, kind):
    desk.change(Demand, desk.demand, calendar="XX", due_on=date(2013, 3, 20))
    with write_session(desk.engine) as session:
        ctx = desk.ctx(session, at(MONDAY, 12))
        handler = session.get_one(Person, desk.handler)
        assert held.until(ctx, handler, kind, desk.demand) == at(TUESDAY, 10)


def test_nothing_to_say_is_no_letter_that_day(desk):
    desk.settle()
    assert desk.tick(at(TUESDAY)) == 0
    (row,) = desk.digests()
    assert row.state == outbox.DROPPED
    with read_session(desk.engine) as session:
        (happened,) = session.scalars(select(LetterEvent).where(LetterEvent.letter_id == row.id))
        assert (happened.what, happened.answer) == ("dropped", "there was nothing to say")
    # What comes later that day waits for the next morning.
    desk.change(Demand, desk.demand, state="issued", files_open=5)
    assert desk.tick(at(TUESDAY, 11)) == 0
    assert desk.tick(at(date(2013, 2, 20))) == 1


def test_nobody_else_gets_one(desk):
    desk.change(Person, desk.handler, daily_digest=False)
    desk.change(Person, desk.liaison, daily_digest=True)
    assert desk.tick(at(TUESDAY)) == 0
    assert desk.digests() == []


def test_one_that_cannot_be_written_keeps_nobody_elses_back(desk, monkeypatch):
    with write_session(desk.engine) as session:
        controller = session.get_one(Organisation, desk.controller)
        other = add_person(session, controller, "Handler 2", "case_handler")
        other.daily_digest = True
        theirs = other.id
    wanted = digests.digest_for

    def broken(ctx: Context, person: Person, *rest: Any) -> Any:
        if person.id == desk.handler:
            raise ValueError("no such need")
        return wanted(ctx, person, *rest)

    monkeypatch.setattr(digests, "digest_for", broken)
    with capture_logs() as logs:
        assert digests.digests_due(desk.engine, desk.settings, desk.log_key, at(TUESDAY)) == 1
    assert [each["person"] for each in logs if each["event"] == "no digest"] == [desk.handler]
    assert [row.key for row in desk.digests()] == [f"{KIND}:{theirs}:{TUESDAY}"]


@pytest.mark.usefixtures("patient")
def test_two_workers_write_one(desk):
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: desk.tick(at(TUESDAY)), range(4))) == 1
    assert len(desk.digests()) == 1


def test_what_can_wait_goes_along_in_the_next_digest(desk):
    waits = desk.told("acknowledged", at(FRIDAY, 15))
    assert waits.next_attempt_at == at(MONDAY, 10)  # alone, where no digest came by then
    desk.settle()
    assert desk.tick(at(MONDAY)) == 1
    (digest,) = desk.digests()
    held_one = desk.letter("acknowledged:1")
    assert held_one.carried_by_id == digest.id
    assert held_one.message_id == digest.message_id
    assert held_one.next_attempt_at == digest.next_attempt_at
    assert "Halden Support Services plc has acknowledged the demand" in " ".join(
        digest.text.split()
    )


@pytest.mark.parametrize("kind", ["not_us", "never_received", "delivery_problem", "draft_ready"])
def test_what_cannot_wait_goes_at_once(desk, kind):
    assert desk.told(kind, at(FRIDAY, 15)).next_attempt_at == at(FRIDAY, 15)


def test_more_time_waits_only_while_its_day_is_far(desk):
    desk.change(Demand, desk.demand, due_on=date(2013, 2, 20))
    assert desk.told("extension_requested", at(FRIDAY, 15)).next_attempt_at == at(FRIDAY, 15)


def test_more_time_of_a_day_that_is_far_waits(desk):
    desk.change(Demand, desk.demand, due_on=date(2013, 2, 21))
    assert desk.told("extension_requested", at(FRIDAY, 15)).next_attempt_at == at(MONDAY, 10)


def test_who_wants_none_hears_at_once(desk):
    desk.change(Person, desk.handler, daily_digest=False)
    assert desk.told("acknowledged", at(FRIDAY, 15)).next_attempt_at == at(FRIDAY, 15)


def test_held_letters_are_let_go(desk):
    desk.told("acknowledged", at(FRIDAY, 15))
    with write_session(desk.engine) as session:
        person = session.get_one(Person, desk.handler)
        assert held.release(desk.ctx(session, at(FRIDAY, 16)), person) == 1
    assert desk.letter("acknowledged:1").next_attempt_at == at(FRIDAY, 16)


def test_it_tells_of_addresses_that_fail_and_letters_of_unknown_fate(desk):
    with write_session(desk.engine) as session:
        columns = letter_columns("x:1", now=at(FRIDAY), demand_id=desk.demand)
        outbox.queue(session, **columns)
        lost = session.get_one(Letter, columns["id"])
        lost.state = outbox.UNKNOWN
        # Its worker died just before Friday's digest, and that was known just after it.
        lost.claimed_at = at(FRIDAY, 8, 50)
        session.flush()
        letter_events.note(session, lost.id, at(FRIDAY, 9, 6), "unknown")
        columns = letter_columns(f"{KIND}:{desk.handler}:{FRIDAY}", now=at(FRIDAY))
        outbox.queue(session, **{**columns, "state": outbox.SENT})
        session.add(
            FailingAddress(
                demand_id=desk.demand,
                email="tom.beck@halden.example",
                since=at(FRIDAY),
                letter_id=lost.id,
                answer="550 no such user",
            )
        )
    assert desk.tick(at(MONDAY)) == 1
    text = " ".join(desk.digests()[0].text.split())
    assert "tom.beck@halden.example, for ND-2013-004" in text
    assert "to Tom Beck, for ND-2013-004" in text
    desk.change(Letter, desk.digests()[0].id, state=outbox.SENT)
    assert desk.tick(at(TUESDAY)) == 1
    again = " ".join(desk.digests()[1].text.split())
    assert "tom.beck@halden.example" in again  # still fails
    assert "to Tom Beck" not in again  # was told yesterday


def test_it_tells_of_no_other_controllers_letters(desk):
    with write_session(desk.engine) as session:
        other = add_case(session, reference="XX-2013-001")
        joint = other.controller
        add_joint(session, session.get_one(Demand, desk.demand), joint)
        for demand, of in ((other.demand.id, None), (desk.demand, joint.id)):
            columns = letter_columns(
                f"x:{demand}", now=at(MONDAY), demand_id=demand, organisation_id=of
            )
            outbox.queue(session, **columns)
            lost = session.get_one(Letter, columns["id"])
            lost.state = outbox.UNKNOWN
            session.flush()
            letter_events.note(session, lost.id, at(MONDAY), "unknown")
            session.add(
                FailingAddress(
                    demand_id=demand,
                    email="tom.beck@halden.example",
                    since=at(MONDAY),
                    letter_id=lost.id,
                    answer="550 no such user",
                )
            )
        columns = letter_columns("x:own", demand_id=desk.demand)
        outbox.queue(session, **columns)
        session.add(
            FailingAddress(
                demand_id=desk.demand,
                email="ruth.adeyemi@halden.example",
                since=at(MONDAY),
                letter_id=columns["id"],
                answer="550 no such user",
            )
        )
    assert desk.tick(at(TUESDAY)) == 1
    text = " ".join(desk.digests()[0].text.split())
    assert "ruth.adeyemi@halden.example, for ND-2013-004" in text
    assert "XX-2013-001" not in text
    assert "tom.beck" not in text
    assert "Tom Beck" not in text


def test_each_kind_that_waits_says_why():
    assert all(held.CAN_WAIT.values())
    assert not {"not_us", "never_received", "delivery_problem", "officer_left"} & set(held.CAN_WAIT)

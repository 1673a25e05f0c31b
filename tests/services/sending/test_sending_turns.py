"""When a letter's turn comes: what is dropped, what waits, what goes together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from attest.database import log_rows, outbox
from attest.database.engine import read_session, write_session
from attest.database.tables import (
    ChasePause,
    Demand,
    FailingAddress,
    LogEntry,
    NamedFile,
)
from attest.services.instance import load_log_key
from attest.services.letters.letter_events import events_of
from attest.services.log.ledger import LogDamaged
from attest.services.sending import letter_leaves, still_asked
from attest.services.sending.sending import Sender
from tests.mail_server import HOST, Behaviour, mail_server, settings_for
from tests.ports import kept_port
from tests.rows import NOW, add_issued_case, letter_columns, opened
from tests.services.sending.test_sending import House

DUE = date(2013, 2, 18)
NIGHT = datetime(2013, 2, 4, 22, 0, tzinfo=UTC)
MORNING = datetime(2013, 2, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
def house(database_url, tmp_path) -> Iterator[House]:
    settings = settings_for(tmp_path, database_url=database_url)
    log_key = load_log_key(settings)
    with opened(database_url) as engine:
        with write_session(engine) as session:
            case = add_issued_case(session, log_key)
        yield House(engine, settings, log_key, case)


@pytest.fixture
def cut_off(house: House) -> Iterator[House]:
    """The same house, whose mail server is away."""
    with kept_port() as port:
        house.settings = replace(house.settings, smtp_host=HOST, smtp_port=port, smtp_tls="none")
        yield house


@pytest.fixture
def behaviour() -> Behaviour:
    return Behaviour()


@pytest.fixture
def posted(house, behaviour) -> Iterator[House]:
    with mail_server(behaviour) as port:
        house.settings = replace(house.settings, smtp_host=HOST, smtp_port=port, smtp_tls="none")
        yield house


def put(house: House, key: str, **more: Any) -> str:
    """Queues a letter that chases."""
    columns = letter_columns(
        key,
        **{
            "demand_id": house.case.demand.id,
            "rung": "before_5",
            "due_on": DUE,
            "time_zone": "Europe/London",
            **more,
        },
    )
    with write_session(house.engine) as session:
        assert outbox.queue(session, **columns)
    return str(columns["id"])


def change(house: House, **columns: Any) -> None:
    with write_session(house.engine) as session:
        session.execute(update(Demand).values(**columns))


def told(house: House, letter_id: str) -> list[tuple[str, str | None]]:
    with read_session(house.engine) as session:
        return [(row.what, row.answer) for row in events_of(session, [letter_id])[letter_id]]


def test_what_still_has_something_to_ask_goes(house):
    letter_id = put(house, "one")
    assert house.send() == {"sent": 1}
    assert [what for what, _ in told(house, letter_id)] == ["sent"]


@pytest.mark.parametrize(
    ("changed", "rung", "why"),
    [
        ({"state": "withdrawn"}, "before_5", "ended"),
        ({"state": "closed"}, "waits_2", "ended"),
        ({"files_attested": 0}, "waits_2", "review"),
        ({"state": "acknowledged"}, "decide_after_1", "decided"),
        ({"due_on": date(2013, 3, 4)}, "before_5", "nothing is open"),
        ({"state": "acknowledged"}, "issued_1", "acknowledged"),
        ({"disputed_at": NOW}, "before_5", "not for it"),
    ],
)
def test_what_has_nothing_left_to_ask_is_dropped(house, changed, rung, why):
    # What chases a controller speaks of no due day.
    letter_id = put(house, "one", rung=rung, due_on=DUE if rung[0] in "bi" else None)
    change(house, **changed)
    assert house.send() == {"dropped": 1}
    (letter,) = house.letters()
    assert (letter.state, letter.attempts, letter.sent_at) == ("dropped", 0, None)
    ((what, answer),) = told(house, letter_id)
    assert what == "dropped"
    assert answer is not None
    assert why in answer
    assert house.events() == []
    assert house.send(NOW + timedelta(days=30)) == {}


def test_once_the_last_file_is_settled_nobody_is_asked(house):
    put(house, "one")
    with write_session(house.engine) as session:
        session.execute(update(NamedFile).values(state="attested"))
    assert house.send() == {"dropped": 1}


def test_a_pause_drops_what_waits_and_the_ladder_may_write_it_again(house):
    put(house, "one")
    with write_session(house.engine) as session:
        session.add(
            ChasePause(
                id="88888888-2222-4333-8444-555555555555",
                demand_id=house.case.demand.id,
                started_at=NOW,
                started_by_id=house.case.case_handler.id,
                until_on=date(2013, 2, 6),
                reason="They moved house.",
            )
        )
    assert house.send() == {"dropped": 1}
    put(house, "one")
    assert house.send(NOW + timedelta(days=2)) == {"sent": 1}


def test_a_pause_ends_on_its_readers_morning(house):
    """In Auckland it is Wednesday already, in London Tuesday."""
    put(house, "one", time_zone="Pacific/Auckland")
    with write_session(house.engine) as session:
        session.add(
            ChasePause(
                id="88888888-2222-4333-8444-555555555555",
                demand_id=house.case.demand.id,
                started_at=NOW,
                started_by_id=house.case.case_handler.id,
                until_on=date(2013, 2, 6),
                reason="They moved house.",
            )
        )
    assert house.send(datetime(2013, 2, 5, 20, 30, tzinfo=UTC)) == {"sent": 1}


def test_a_letter_that_cannot_be_looked_at_waits_and_keeps_no_other_back(house, monkeypatch):
    put(house, "poison", time_zone=None, to_email="ruth@halden.example")
    put(house, "other")
    usual = still_asked.needless

    def broken(ctx, letter):
        if letter.key == "poison":
            raise ValueError("nobody can look at it")
        return usual(ctx, letter)

    monkeypatch.setattr(still_asked, "needless", broken)
    assert house.send() == {"sent": 1}
    poison = house.letter("poison")
    assert (poison.state, poison.claim, poison.attempts) == ("queued", None, 0)
    assert poison.next_attempt_at == NOW + timedelta(hours=1)
    monkeypatch.undo()
    assert house.send(NOW + timedelta(hours=1)) == {"sent": 1}


def test_of_several_rungs_that_wait_the_latest_alone_goes(house):
    """The mail server was down for days, and the ladder went on."""
    put(house, "early", next_attempt_at=NOW, queued_at=NOW - timedelta(days=3))
    put(house, "late", rung="before_2")
    put(house, "another reader", to_email="ruth@halden.example", queued_at=NOW - timedelta(days=3))
    assert house.send() == {"dropped": 1, "sent": 2}
    assert house.letter("early").state == "dropped"


def test_a_letter_of_an_act_goes_at_night_and_one_that_chases_does_not(house):
    letter_id = put(house, "chases")
    put(house, "of an act", rung=None, due_on=None, time_zone=None)
    assert house.send(NIGHT) == {"sent": 1}
    letter = house.letter("chases")
    assert (letter.state, letter.next_attempt_at, letter.attempts) == ("queued", MORNING, 0)
    assert told(house, letter_id) == []
    assert house.send(MORNING) == {"sent": 1}


def test_what_chases_is_tried_again_in_working_hours_only(posted, behaviour):
    behaviour.rcpt = "450 4.2.1 Try later"
    put(posted, "one")
    assert posted.send(datetime(2013, 2, 4, 16, 59, 30, tzinfo=UTC)) == {"deferred": 1}
    assert posted.letter("one").next_attempt_at == MORNING


def test_what_goes_along_is_sent_logged_and_refused_with_what_carries_it(posted, behaviour):
    with write_session(posted.engine) as session:
        other = add_issued_case(session, posted.log_key, "ND-2013-005")
    carrier = put(posted, "carrier", demand_id=None, rung=None, due_on=None)
    first = put(posted, "first", carried_by_id=carrier)
    second = put(posted, "second", carried_by_id=carrier, demand_id=other.demand.id)
    behaviour.rcpt = "550 5.1.1 No such user"
    assert posted.send(limit=1) == {"bounced": 1}
    assert behaviour.received == []
    for letter_id in (carrier, first, second):
        assert [what for what, _ in told(posted, letter_id)] == ["bounced"]
    with read_session(posted.engine) as session:
        failing = {row.demand_id for row in session.scalars(select(FailingAddress))}
        leaves = session.execute(
            select(LogEntry.demand_id, LogEntry.type).where(LogEntry.type == "letter.failed")
        ).all()
    assert failing == {posted.case.demand.id, other.demand.id}
    assert sorted(leaf.demand_id for leaf in leaves) == sorted(failing)
    assert posted.check_log() == 5


def test_a_mail_server_that_is_away_costs_one_letter_a_try_and_none_its_attempts(cut_off):
    house = cut_off
    letter_ids = [put(house, f"{number}", time_zone=None, rung=None) for number in range(3)]
    clock = [NOW]
    sender = Sender(house.engine, house.settings, house.log_key, lambda: clock[0])
    assert +sender.round() == {"deferred": 1}
    assert sorted(len(told(house, each)) for each in letter_ids) == [0, 0, 1]
    assert {letter.attempts for letter in house.letters()} == {0}
    assert {letter.claim for letter in house.letters()} == {None}
    # The line rests for longer each time; until then nobody is asked.
    assert +sender.round() == {"deferred": 1}
    assert +sender.round() == {}
    clock[0] += timedelta(seconds=5)
    assert +sender.round() == {"deferred": 1}
    behaviour = Behaviour()
    with mail_server(behaviour) as port:
        house.settings = replace(house.settings, smtp_port=port)
        assert house.send(NOW + timedelta(days=30)) == {"sent": 3}


class OneRefused(Behaviour):
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.endswith("@nowhere.example"):
            return f"554 5.7.1 <{address}>: Relay access denied"
        return await super().handle_RCPT(server, session, envelope, address, options)


def test_a_reader_whom_the_mail_server_refuses_for_our_sake_keeps_no_others_waiting(house):
    refused = put(house, "act", time_zone=None, rung=None, to_email="tom@nowhere.example")
    clock = [NOW]
    behaviour = OneRefused()
    with mail_server(behaviour) as port:
        settings = replace(house.settings, smtp_host=HOST, smtp_port=port, smtp_tls="none")
        sender = Sender(house.engine, settings, house.log_key, lambda: clock[0])
        for minute in range(60):
            if minute == 30:
                put(house, "chases", queued_at=clock[0])
            sender.round()
            clock[0] += timedelta(minutes=1)
        assert [envelope.rcpt_tos for envelope in behaviour.received] == [
            [house.letter("chases").to_email]
        ]
        # Nor is it given up: the mail server may take nothing from here at all.
        for _ in range(30):
            clock[0] += timedelta(days=1)
            sender.round()
    assert {what for what, _ in told(house, refused)} == {"deferred"}
    assert house.letter("act").state == "deferred"


def test_a_clock_that_was_put_back_keeps_no_letter(cut_off):
    house = cut_off
    put(house, "first", time_zone=None, rung=None)
    clock = [NOW + timedelta(days=365)]
    sender = Sender(house.engine, house.settings, house.log_key, lambda: clock[0])
    for _ in range(2):
        clock[0] += timedelta(minutes=2)
        assert +sender.round() == {"deferred": 1}
    clock[0] = NOW
    put(house, "second", time_zone=None, rung=None)
    assert +sender.round() == {"deferred": 1}


def test_many_failures_of_a_demand_are_one_letter_to_each_case_handler(posted, behaviour):
    for number in range(12):
        put(
            posted, f"{number:02d}", time_zone=None, rung=None, to_email=f"r{number}@halden.example"
        )
    behaviour.rcpt = "550 5.1.1 No such user"
    assert posted.send() == {"bounced": 12}
    (problem,) = (one for one in posted.letters() if one.kind == "delivery_problem")
    behaviour.rcpt = None
    assert posted.send(NOW + timedelta(minutes=1)) == {"sent": 1}
    (problem,) = (one for one in posted.letters() if one.kind == "delivery_problem")
    assert "12 letters did not arrive" in problem.subject
    assert problem.text.count("550 5.1.1 No such user") == 5
    assert "And 7 more letters" in problem.text
    # The next one waits: at most one an hour.
    put(posted, "later", time_zone=None, rung=None)
    behaviour.rcpt = "550 5.1.1 No such user"
    later = NOW + timedelta(minutes=2)
    assert posted.send(later) == {"bounced": 1}
    queued = [one for one in posted.letters() if one.state == "queued"]
    assert [one.next_attempt_at for one in queued] == [NOW + timedelta(hours=1)]


def test_a_log_whose_rows_were_changed_is_not_signed_over(house):
    letter_id = put(house, "one")
    with write_session(house.engine) as session:
        entry = session.get_one(LogEntry, (house.case.demand.id, 1))
        entry.leaf = entry.leaf.replace(b"file.named", b"file.other")
    size = len(house.events())
    assert house.send() == {"sent": 1}
    assert [what for what, _ in told(house, letter_id)] == ["sent"]
    assert len(house.events()) == size


def test_only_letters_are_appended_without_the_judge(house):
    demand_id = house.case.demand.id
    with house.acting() as ctx, pytest.raises(ValueError, match="in passing"):
        letter_leaves.append(ctx, demand_id, [("file.reopened", b"{}")])
    with house.acting() as ctx, pytest.raises(LogDamaged):
        letter_leaves.append(ctx, "99999999-2222-4333-8444-555555555555", [])
    with read_session(house.engine) as session:
        head = log_rows.read_head(session, demand_id)
        assert head is not None
        assert head.size == 4

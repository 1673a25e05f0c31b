"""A message that carries several letters is taken, handed over and taken back whole."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from attest.database import outbox
from attest.database.engine import read_session, write_session
from attest.database.tables import Letter
from tests.rows import NOW, letter_columns, opened

# What carries the others comes last by its id: nobody may rely on the order of ids.
CARRIER = "90000000-2222-4333-8444-555555555555"
ALONG = ("10000000-2222-4333-8444-555555555555", "20000000-2222-4333-8444-555555555555")
LATE = NOW + outbox.UNHANDED_LASTS + timedelta(seconds=1)
LOST = NOW + outbox.CLAIM_LASTS + timedelta(seconds=1)


def claimed_message(engine: Any) -> Letter:
    with write_session(engine) as session:
        assert outbox.queue(session, **letter_columns("carrier", id=CARRIER))
        for letter_id in ALONG:
            columns = letter_columns(letter_id, id=letter_id, carried_by_id=CARRIER)
            assert outbox.queue(session, **columns)
    with write_session(engine) as session:
        (letter,) = outbox.claim(session, NOW, 10)
        return letter


def states(engine: Any) -> list[str]:
    with read_session(engine) as session:
        return list(session.scalars(select(Letter.state).order_by(Letter.id)))


def taken_back(engine: Any, now: Any) -> tuple[set[str], set[str]]:
    with write_session(engine) as session:
        back, unknown = outbox.left_behind(session, now)
        return {row.id for row in back}, {row.id for row in unknown}


@pytest.mark.parametrize("handed", [False, True])
def test_nothing_of_a_message_is_taken_back_while_its_sender_holds_it(database_url, handed):
    now = LOST if handed else LATE
    with opened(database_url) as engine:
        letter = claimed_message(engine)
        if handed:
            with write_session(engine) as session:
                outbox.hand_over(outbox.held(session, letter), NOW)
        if engine.dialect.name == "postgresql":
            with Session(engine) as slow:
                # A sender that is slow locks what carries the others before the others.
                slow.execute(select(Letter.id).where(Letter.id == CARRIER).with_for_update())
                assert taken_back(engine, now) == (set(), set())
        assert states(engine) == ["sending"] * 3
        everything = {CARRIER, *ALONG}
        expected = (set(), everything) if handed else (everything, set())
        assert taken_back(engine, now) == expected
        assert states(engine) == (["unknown"] if handed else ["queued"]) * 3


def test_what_was_taken_back_is_claimed_whole(database_url):
    with opened(database_url) as engine:
        slow = claimed_message(engine)
        taken_back(engine, LATE)
        with write_session(engine) as session:
            assert outbox.held(session, slow) == []
        with write_session(engine) as session:
            (again,) = outbox.claim(session, LATE, 10)
            assert {row.id for row in outbox.carried(session, [again])[CARRIER]} == set(ALONG)
            assert [row.id for row in outbox.held(session, again)] == [CARRIER, *ALONG]


def test_what_was_dropped_of_a_message_does_not_go_back_with_it(database_url):
    with opened(database_url) as engine:
        claimed_message(engine)
        with write_session(engine) as session:
            outbox.drop(session.get_one(Letter, ALONG[0]), "not needed")
        assert taken_back(engine, LATE) == ({CARRIER, ALONG[1]}, set())
        assert states(engine) == ["dropped", "queued", "queued"]


def test_a_part_of_a_message_is_never_handed_over(database_url):
    with opened(database_url) as engine:
        letter = claimed_message(engine)
        with write_session(engine) as session:
            session.get_one(Letter, CARRIER).claim = "somebody else's"
        with write_session(engine) as session:
            assert outbox.held(session, letter) == []

from datetime import timedelta

import pytest

from attest.database import outbox
from attest.database.engine import read_session, write_session
from attest.services.letters.letter_events import LONGEST_ANSWER, events_of, note
from tests.rows import NOW, letter_columns, opened


@pytest.fixture
def engine(database_url):
    with opened(database_url) as engine:
        yield engine


def queued(engine, key: str) -> str:
    columns = letter_columns(key)
    with write_session(engine) as session:
        assert outbox.queue(session, **columns)
    return str(columns["id"])


def told(engine, *letter_ids: str) -> dict[str, list[tuple[object, ...]]]:
    with read_session(engine) as session:
        return {
            letter_id: [(row.number, row.at, row.what, row.answer) for row in rows]
            for letter_id, rows in events_of(session, letter_ids).items()
        }


def test_rows_are_numbered_letter_by_letter_in_the_order_of_writing(engine):
    one, other = queued(engine, "one"), queued(engine, "other")
    later = NOW + timedelta(minutes=1)
    with write_session(engine) as session:
        note(session, one, NOW, "deferred", "450 4.2.1 Try later")
        note(session, other, NOW, "bounced", "550 5.1.1 No such user")
        note(session, one, later, "sent", "250 OK")
    # A clock that went back changes no order.
    with write_session(engine) as session:
        note(session, one, NOW, "received")
    assert told(engine, one, other) == {
        one: [
            (1, NOW, "deferred", "450 4.2.1 Try later"),
            (2, later, "sent", "250 OK"),
            (3, NOW, "received", None),
        ],
        other: [(1, NOW, "bounced", "550 5.1.1 No such user")],
    }
    assert told(engine, other).keys() == {other}
    assert told(engine) == {}


def test_a_long_answer_is_cut(engine):
    one = queued(engine, "one")
    with write_session(engine) as session:
        note(session, one, NOW, "returned", "x" * 10_000)
    ((_, _, _, answer),) = told(engine, one)[one]
    assert answer == "x" * LONGEST_ANSWER

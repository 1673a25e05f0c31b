"""A letter is handed over: what cannot be made waits, and what was lost is taken up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from attest.database import log_rows, outbox
from attest.database.engine import write_session
from attest.database.tables import Demand, NamedFile
from attest.mail import delivery, message
from attest.services.sending import delivered, outgoing, sending
from attest.services.sending.sending import Sender
from tests.mail_server import HOST, Behaviour, mail_server
from tests.rows import NOW
from tests.services.sending.test_sending import House
from tests.services.sending.test_sending_turns import behaviour, house, posted, put

__all__ = ["behaviour", "house", "posted"]  # the fixtures


def test_a_letter_that_cannot_be_put_together_waits_and_was_not_handed_over(posted, behaviour):
    put(posted, "poison", time_zone=None, to_email="ruth@halden.example")
    put(posted, "other")
    usual = outgoing.prepare

    def broken(session, settings, now, letter, along=()):
        if letter.key == "poison":
            raise ValueError("no words for it")
        return usual(session, settings, now, letter, along)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sending, "prepare", broken)
        assert posted.send() == {"sent": 1}
    poison = posted.letter("poison")
    assert (poison.state, poison.claim, poison.handed_at) == ("queued", None, None)
    assert posted.send(NOW + timedelta(hours=1)) == {"sent": 1}
    assert len(behaviour.received) == 2


def test_a_letter_whose_message_cannot_be_made_waits_and_was_not_handed_over(posted, behaviour):
    put(posted, "poison", time_zone=None, to_email="ruth@halden.example")
    put(posted, "other")
    poison = posted.letter("poison").id
    usual = message.build_message

    def broken(letter, settings, now):
        if letter.letter_id == poison:
            raise UnicodeEncodeError("ascii", "\udc80", 0, 1, "no letter")
        return usual(letter, settings, now)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivery, "build_message", broken)
        with capture_logs() as journal:
            assert posted.send() == {"sent": 1}
    assert {"id": poison, "error": "UnicodeEncodeError"} in [
        {"id": line["id"], "error": line["error"]} for line in journal if "error" in line
    ]
    waits = posted.letter("poison")
    assert (waits.state, waits.claim, waits.handed_at) == ("queued", None, None)
    assert waits.next_attempt_at == NOW + timedelta(hours=1)
    assert posted.send(NOW + timedelta(hours=1)) == {"sent": 1}
    assert len(behaviour.received) == 2


def test_what_was_lost_is_taken_up_after_its_demand_is_held(house, monkeypatch):
    """As acts do: two who take the same rows the other way round would wait for each other."""
    put(house, "lost", state="sending", claim="c", claimed_at=NOW, handed_at=NOW)
    taken: list[Any] = []
    usual = outbox.left_behind

    def hold(session, *which):
        taken.append(session.scalars(select(Demand.id).where(*which)).all())

    def left_behind(session, now):
        taken.append("letters")
        return usual(session, now)

    with monkeypatch.context() as patch:
        patch.setattr(log_rows, "hold", hold)
        patch.setattr(outbox, "left_behind", left_behind)
        assert house.send(NOW + outbox.CLAIM_LASTS + timedelta(seconds=1)) == {"unknown": 1}
    assert taken[:2] == [[house.case.demand.id], "letters"]
    assert house.letter("lost").state == "unknown"


@pytest.mark.parametrize("after", [timedelta(minutes=1), outbox.CLAIM_LASTS * 2])
def test_what_the_mail_server_said_is_kept_until_the_database_is_there_again(
    posted, behaviour, monkeypatch, after
):
    put(posted, "first")
    clock = [NOW]
    sender = Sender(posted.engine, posted.settings, posted.log_key, lambda: clock[0])
    usual = delivered.keep

    def away(*_: Any) -> str:
        raise OperationalError("COMMIT", {}, Exception("the server closed the connection"))

    with monkeypatch.context() as patch:
        patch.setattr(delivered, "keep", away)
        with pytest.raises(OperationalError):
            sender.round()
        if after > outbox.CLAIM_LASTS:
            clock[0] = NOW + after
            assert +sender.round() == {"unknown": 1}
    assert delivered.keep is usual
    clock[0] = NOW + after
    kept = +sender.round()
    letter = posted.letter("first")
    if after > outbox.CLAIM_LASTS:
        # Told by then: it is not taken back.
        assert (dict(kept), letter.state) == ({}, "unknown")
    else:
        assert (dict(kept), letter.state, letter.sent_at) == ({"sent": 1}, "sent", NOW)
        assert [kind for kind, _ in posted.events()] == ["letter.sent"]
    assert len(behaviour.received) == 1
    assert +sender.round() == {}
    posted.check_log()


class Slow(Behaviour):
    """Takes half a minute for its first letter, in which the last file is settled."""

    def __init__(self, house: House, clock: list[datetime]) -> None:
        super().__init__()
        self.house, self.clock = house, clock

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        self.clock[0] += timedelta(seconds=30)
        with write_session(self.house.engine) as rows:
            rows.execute(update(NamedFile).values(state="attested"))
        return answer


def test_what_was_claimed_is_asked_once_more_where_the_mail_server_takes_its_time(house):
    clock = [NOW]
    behaviour = Slow(house, clock)
    for name in ("one", "two", "three"):
        put(house, name, to_email=f"{name}@halden.example")
    with mail_server(behaviour) as port:
        settings = replace(house.settings, smtp_host=HOST, smtp_port=port, smtp_tls="none")
        sender = Sender(house.engine, settings, house.log_key, lambda: clock[0])
        assert +sender.round() == {"sent": 1, "dropped": 2}
    assert len(behaviour.received) == 1

"""Administrators are written to when the time-stamping service stays away for long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from attest.database.engine import write_session
from attest.database.tables import LogHead
from attest.demo.acting import account_of, add_person, tick
from attest.services.notices import stamps_away
from tests import stage as play
from tests import tsa_server
from tests.services.stamped import Stamped, stamped_stage

STEP, DAY = timedelta(hours=8), timedelta(days=1)
MORE = "more@operator.example"


@pytest.fixture
def stamped(quick_stage_at: Any, tmp_path: Any) -> Iterator[Stamped]:
    with stamped_stage(quick_stage_at("acknowledged"), tmp_path) as found:
        yield found


def write(stamped: Stamped) -> int:
    """What the worker does after its round."""
    stage = stamped.stage
    return stamps_away.write_when_away(stage.engine, stamped.settings, stage.log_key, stage.now)


def goes_on(stamped: Stamped, by: timedelta) -> int:
    """Eight hours after the other; gives how many letters."""
    end, new = stamped.stage.now + by, 0
    while stamped.stage.now < end:
        stamped.stage.now += STEP
        stamped.stamp()
        new += write(stamped)
    return new


def told(stamped: Stamped) -> list[tuple[str, datetime]]:
    found = play.letters(stamped.stage, stamps_away.KIND)
    return sorted((each.to_email, each.queued_at) for each in found)


def test_after_a_day_and_then_weekly_until_it_answers(stamped: Stamped) -> None:
    stage = stamped.stage
    well, stamped.running.answer = stamped.running.answer, tsa_server.broken
    stage.now += STEP
    stamped.stamp()
    began = stage.now
    assert goes_on(stamped, DAY - STEP) == 0
    assert goes_on(stamped, STEP) == 1
    (letter,) = play.letters(stage, stamps_away.KIND)
    assert letter.to_email == play.ADMINISTRATOR
    assert letter.demand_id is None
    assert letter.subject == "127.0.0.1 gives Attest no timestamps"
    said = " ".join(letter.text.split())
    assert "Since 4 February 2013, 19:00 UTC the time-stamping service 127.0.0.1 has given" in said
    assert "1 demand waits for one over its newest checkpoint." in said
    assert "> The time-stamping service 127.0.0.1 answered with HTTP status 500" in said
    assert f"{stamped.settings.base_url}/instance" in said
    assert write(stamped) == 0  # the same round once more
    assert goes_on(stamped, 7 * DAY - STEP) == 0
    assert goes_on(stamped, STEP) == 1
    assert told(stamped) == [
        (play.ADMINISTRATOR, began + DAY),
        (play.ADMINISTRATOR, began + 8 * DAY),
    ]
    # It answers, and goes away again at once: no letter before the week is over.
    stamped.running.answer = well
    goes_on(stamped, STEP)
    with stage.look() as ctx:
        assert stamps_away.away(ctx) is None
    stamped.running.answer = tsa_server.broken
    stamped.acts()
    assert goes_on(stamped, 6 * DAY) == 0
    assert goes_on(stamped, DAY) == 1
    tick(stage)
    assert {each.state for each in play.letters(stage, stamps_away.KIND)} == {"sent"}


def test_each_administrator_once(stamped: Stamped) -> None:
    stage = stamped.stage
    with stage.look() as ctx:
        from_operator = account_of(ctx, play.ADMINISTRATOR).people[0].organisation_id
    add_person(
        stage,
        from_operator,
        name="More",
        role="Manager",
        email=MORE,
        duties=frozenset({"administrator", "case_handler"}),
        password_hash=play.NO_PASSWORD,
    )
    stamped.running.answer = tsa_server.broken
    assert goes_on(stamped, 3 * DAY) == 2
    assert {email for email, _ in told(stamped)} == {MORE, play.ADMINISTRATOR}


def test_a_log_that_fails_alone_is_no_absence(stamped: Stamped) -> None:
    """Others get theirs: the service answers. What a checkpoint itself lacks is none either."""
    stage = stamped.stage
    stamped.running.answer = tsa_server.broken
    goes_on(stamped, 2 * STEP)
    with write_session(stage.engine) as session:
        session.execute(update(LogHead).values(stamped_at=stage.now))
    assert goes_on(stamped, 2 * DAY) == 0
    with write_session(stage.engine) as session:
        session.execute(
            update(LogHead).values(
                stamped_at=None,
                stamp_fails_since=None,
                checkpoint=LogHead.checkpoint.concat("x"),
            )
        )
    assert goes_on(stamped, 2 * DAY) == 0

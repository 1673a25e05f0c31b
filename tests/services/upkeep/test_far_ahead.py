"""A clock that ran far ahead: what waits for its time is named, and can be let go on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from attest.database import outbox
from attest.database.engine import write_session
from attest.database.tables import Demand, Letter
from attest.services.context import Context
from attest.services.instance import load_log_key
from attest.services.upkeep import far_ahead
from tests.mail_server import settings_for
from tests.rows import NOW, add_case, letter_columns, opened

FAR = datetime(2031, 3, 4, 9, tzinfo=NOW.tzinfo)
LONDON = "Europe/London"


@pytest.fixture
def ctx(database_url, tmp_path) -> Iterator[Context]:
    settings = settings_for(tmp_path)
    with opened(database_url) as engine, write_session(engine) as session:
        yield Context(session, NOW, settings, load_log_key(settings))


def waits(ctx: Context, key: str, until: datetime, **more: Any) -> str:
    """Queues a letter whose turn comes then; gives its id."""
    columns = letter_columns(key, **{"next_attempt_at": until, **more})
    outbox.queue(ctx.session, **columns)
    return str(columns["id"])


def said(ctx: Context) -> list[tuple[str, str]]:
    return [(finding.reference, finding.sentence) for finding in far_ahead.check(ctx)]


def test_letters_are_named_by_demand_with_what_to_do(ctx):
    case = add_case(ctx.session)
    waits(ctx, "a:1", FAR, demand_id=case.demand.id)
    waits(ctx, "a:2", FAR + timedelta(days=1), demand_id=case.demand.id, state=outbox.DEFERRED)
    waits(ctx, "a:3", FAR, kind="password_reset")
    what = "and nothing holds letters back so long. Once the clock is right: `attest tidy`."
    assert said(ctx) == [
        ("ND-2013-004", f"Nobody tries to send 2 letters before 2031-03-04 09:00 UTC, {what}"),
        ("Letters", f"Nobody tries to send 1 letter before 2031-03-04 09:00 UTC, {what}"),
    ]


def test_what_waits_as_it_should_is_not_named(ctx):
    days = {each: NOW + timedelta(days=each) for each in (1, 14)}
    add_case(ctx.session)
    waits(ctx, "a:1", days[1])  # put off for as long as any is
    waits(ctx, "a:2", days[14], time_zone=LONDON)  # over a long holiday
    waits(ctx, "a:3", days[14], kind="acknowledged")  # for a digest after it
    first = waits(ctx, "a:4", days[1])
    waits(ctx, "a:5", FAR, carried_by_id=first)  # goes when the first one does
    for state in (outbox.SENT, outbox.BOUNCED, outbox.DROPPED, outbox.UNKNOWN):
        waits(ctx, state, FAR, state=state)
    assert said(ctx) == []
    assert not far_ahead.find(ctx)


@pytest.mark.parametrize(
    ("days", "more"),
    [(3, {}), (22, {"time_zone": LONDON}), (22, {"kind": "acknowledged"})],
    ids=["put off", "working hours", "for a digest"],
)
def test_what_waits_for_longer_is(ctx, days, more):
    waits(ctx, "a:1", NOW + timedelta(days=days), **more)
    assert far_ahead.find(ctx) == far_ahead.FarAhead(letters=1, demands=0)
    assert len(said(ctx)) == 1


@pytest.mark.parametrize("chase_at", [None, FAR])
def test_a_demand_that_nobody_looks_at_is_named(ctx, chase_at):
    case = add_case(ctx.session)
    case.demand.chase_at = chase_at
    ctx.session.flush()
    ((reference, sentence),) = said(ctx)
    assert reference == "ND-2013-004"
    assert sentence.endswith(": `attest tidy`.")
    for over in ({"files_open": 0}, {"files_open": 5, "state": "withdrawn"}):
        for name, value in over.items():
            setattr(case.demand, name, value)
        ctx.session.flush()
        assert said(ctx) == []


def test_they_get_their_turn(ctx):
    case = add_case(ctx.session)
    case.demand.chase_at = FAR
    ctx.session.flush()
    far = waits(ctx, "a:1", FAR, demand_id=case.demand.id)
    near = waits(ctx, "a:2", NOW + timedelta(hours=1))
    found = far_ahead.find(ctx)
    assert found == far_ahead.FarAhead(letters=1, demands=1)
    assert far_ahead.bring_near(ctx) == found
    ctx.session.expire_all()
    assert ctx.session.get_one(Demand, case.demand.id).chase_at == NOW
    assert ctx.session.get_one(Letter, far).next_attempt_at == NOW
    assert ctx.session.get_one(Letter, near).next_attempt_at == NOW + timedelta(hours=1)
    assert [letter.id for letter in outbox.claim(ctx.session, NOW, 10)] == [far]
    assert said(ctx) == []
    assert not far_ahead.bring_near(ctx)

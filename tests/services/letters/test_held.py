"""What waits for somebody's daily digest, and the days on which one comes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from attest.database.tables import Demand, Person
from attest.demo.acting import Stage, account_of, demand_of
from attest.domain.calendar import is_working_day
from attest.services.letters import held
from tests.services.failing_acts import BESIDE, put_another_demand, put_beside, the_letter
from tests.stage import CASEWORK, LIAISON, SIGNATORY

SUNDAY, MAY_DAY, WEDNESDAY = date(2013, 5, 5), date(2013, 5, 6), date(2013, 5, 8)


def organisation(stage: Stage, email: str) -> str:
    with stage.look() as ctx:
        return account_of(ctx, email).people[0].organisation_id


def put(stage: Stage, **columns: Any) -> None:
    """A letter that waits for the case handler's digest, but for these columns."""
    waits = {
        "kind": "acknowledged",
        "state": "queued",
        "attempts": 0,
        "queued_at": stage.now,
        "next_attempt_at": stage.now + timedelta(days=1),
        "organisation_id": organisation(stage, CASEWORK),
        "to_email": CASEWORK,
        "invitation_id": None,
    }
    put_beside(stage, **{**waits, **columns})


def waiting(stage: Stage) -> list[str]:
    with stage.look() as ctx:
        return [each.id for each in held.held_for(ctx, account_of(ctx, CASEWORK).people[0])]


def test_the_oldest_comes_first(quick_stage_at):
    stage = quick_stage_at("issued")
    older = "77777777-2222-4333-8444-555555555555"
    put(stage)
    put(stage, id=older, key=older, queued_at=stage.now - timedelta(hours=1))
    assert waiting(stage) == [older, BESIDE]


@pytest.mark.parametrize(
    "other",
    [
        {"state": "dropped"},
        {"attempts": 1},
        {"kind": "not_us"},
        # A colleague's: nobody reads what is for another.
        {"to_email": SIGNATORY},
    ],
)
def test_no_other_letter_waits_for_it(quick_stage_at, other):
    stage = quick_stage_at("issued")
    put(stage, **other)
    assert waiting(stage) == []


def test_nor_what_goes_at_once_or_along_with_another_or_is_for_another_organisation(quick_stage_at):
    stage = quick_stage_at("issued")
    for number, other in enumerate(
        (
            {"next_attempt_at": stage.now},
            {"carried_by_id": the_letter(stage).id},
            {"organisation_id": organisation(stage, LIAISON)},
        )
    ):
        letter_id = f"7777777{number}-2222-4333-8444-555555555555"
        put(stage, id=letter_id, key=letter_id, **other)
    assert waiting(stage) == []


def test_who_has_left_wants_none(quick_stage_at):
    stage = quick_stage_at("issued")
    with stage.act() as ctx:
        person: Person = account_of(ctx, CASEWORK).people[0]
        person.daily_digest = True
        assert held.wants_digest(person)
        person.active = False
        assert not held.wants_digest(person)


@pytest.mark.parametrize(
    ("other", "works"),
    [
        # In Israel people work on Sundays, and on the holiday of 6 May.
        ({}, [SUNDAY, MAY_DAY, WEDNESDAY]),
        ({"state": "closed"}, [WEDNESDAY]),
        ({"organisation_id": "another"}, [WEDNESDAY]),
    ],
)
def test_it_comes_where_any_running_demand_of_theirs_has_a_working_day(
    quick_stage_at, other, works
):
    stage = quick_stage_at("issued")
    put_another_demand(stage)
    with stage.act() as ctx:
        theirs = demand_of(ctx, stage).organisation_id
        row = ctx.session.get_one(Demand, BESIDE)
        row.calendar = "IL"
        row.state = other.get("state", row.state)
        if "organisation_id" in other:
            row.organisation_id = account_of(ctx, LIAISON).people[0].organisation_id
    with stage.look() as ctx:
        off = held.off_in_all(ctx, [theirs])[theirs]
    days = (SUNDAY, MAY_DAY, WEDNESDAY)
    assert [day for day in days if is_working_day(day, off)] == works

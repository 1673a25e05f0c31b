"""Ladders of a demand's own, and the contacts of both sides; on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from attest.database.tables import ChasePause, Demand, EscalationContact, LadderRung
from attest.demo.acting import Stage, demand_of, seat_of
from attest.domain.ladder import DUE, LADDER, LIAISON, Rung
from attest.domain.refusal import NotAllowed, NotFound, Refused
from attest.services.acts import drafts, escalation, own_ladders
from attest.services.acts.escalation import ContactAnswers, contact_of
from attest.services.facts.ladders import ladder_of
from tests import chase_acts as chase
from tests import stage as play


def ladder(stage: Stage) -> tuple[Rung, ...]:
    with stage.look() as ctx:
        return ladder_of(ctx, demand_of(ctx, stage))


def row(stage: Stage) -> Demand:
    with stage.look() as ctx:
        return demand_of(ctx, stage)


def count_of(stage: Stage, table: Any) -> int:
    with stage.look() as ctx:
        return ctx.session.scalar(select(func.count()).select_from(table)) or 0


def test_kept_in_the_order_of_its_days_and_seen_by_the_next_tick(stage_at):
    stage = stage_at("issued")
    assert ladder(stage) == LADDER
    before = play.log_types(stage, letters=True)
    chase.keep_own(stage, chase.OWN[::-1])
    assert ladder(stage) == chase.OWN
    assert row(stage).own_ladder
    assert row(stage).chase_at == stage.now
    # Another one takes its place, whole.
    chase.keep_own(stage, chase.OWN[1:])
    assert ladder(stage) == chase.OWN[1:]
    assert play.log_types(stage, letters=True) == before
    assert play.problems(stage) == []


def test_back_to_the_usual_one(stage_at):
    stage = stage_at("issued")
    chase.keep_own(stage)
    with stage.act() as ctx:
        own_ladders.back_to_usual(ctx, chase.lead(ctx, stage, play.SIGNATORY))
    assert ladder(stage) == LADDER
    assert not row(stage).own_ladder
    assert count_of(stage, LadderRung) == 0


def test_the_usual_rungs_are_no_ladder_of_its_own(stage_at):
    stage = stage_at("issued")
    chase.keep_own(stage)
    chase.keep_own(stage, LADDER)
    assert not row(stage).own_ladder
    assert count_of(stage, LadderRung) == 0


def test_what_the_rules_refuse_changes_nothing(stage_at):
    stage = stage_at("issued")
    chase.keep_own(stage)
    for rungs in ((), (replace(chase.OWN[1], offset=1),), (Rung(DUE, 999, (LIAISON,), "overdue"),)):
        with pytest.raises(Refused):
            chase.keep_own(stage, rungs)
    assert ladder(stage) == chase.OWN


def test_a_draft_has_one_too_and_takes_it_along(quick_stage_at):
    stage = quick_stage_at("drafted")
    chase.keep_own(stage)
    chase.name_both(stage, receipt=True)
    assert ladder(stage) == chase.OWN
    assert row(stage).chase_at is None  # nobody is chased for a draft
    with stage.act() as ctx:
        drafts.discard(ctx, chase.lead(ctx, stage))
    assert count_of(stage, LadderRung) == count_of(stage, EscalationContact) == 0


def test_a_demand_that_has_ended_has_none_to_change(quick_stage_at):
    stage = quick_stage_at("closed")
    for act in (chase.keep_own, chase.pause, chase.end_pause, chase.at_once):
        with pytest.raises(Refused):
            act(stage)
    with pytest.raises(Refused, match="has ended"):
        chase.name_both(stage, receipt=False)
    assert count_of(stage, ChasePause) == 0


def test_who_may_not(quick_stage_at):
    stage = quick_stage_at("issued")
    with stage.look() as ctx:
        for email in (play.JOINT, play.LIAISON):
            with pytest.raises(NotAllowed):
                seat_of(ctx, stage, email, side="controller", lead=True)
        with pytest.raises(NotFound):
            seat_of(ctx, stage, play.OTHER_CONTROLLER, side="controller", lead=True)


# --- The contacts of both sides --------------------------------------------------------------


def contacts(stage: Stage) -> list[tuple[str, str, str | None, str | None]]:
    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        found = [contact_of(ctx, demand, side) for side in ("contractor", "controller")]
        return [(c.name, c.email, c.time_zone, c.language) for c in found if c is not None]


def test_both_sides_are_named_with_zone_and_language(stage_at):
    stage = stage_at("issued")
    theirs = replace(chase.THEIRS, time_zone="Europe/Lisbon", language="cy")
    chase.name_both(stage, theirs, receipt=True)
    assert contacts(stage) == [
        ("Rita Vance", "r.vance@halden.example", "Europe/Lisbon", "cy"),
        ("Ivor Lane", "i.lane@northshire.example", None, None),
    ]
    assert row(stage).asks_receipt
    assert row(stage).chase_at == stage.now
    # Empty takes back; and the liaison, who is asked for neither, leaves both.
    with stage.act() as ctx:
        from_liaison = ContactAnswers("Rita Vance", "Director", "r.vance@halden.example")
        escalation.name_contact(ctx, seat_of(ctx, stage, play.LIAISON), from_liaison)
    assert contacts(stage)[0][2:] == ("Europe/Lisbon", "cy")
    chase.name_both(stage, replace(theirs, time_zone="", language=""), receipt=False)
    assert contacts(stage)[0][2:] == (None, None)
    assert not row(stage).asks_receipt
    chase.name_both(stage, ContactAnswers(), ContactAnswers(), receipt=False)
    assert contacts(stage) == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (replace(chase.OURS, email="nobody"), "controller_email"),
        (replace(chase.OURS, name=""), "controller_name"),
        (replace(chase.OURS, name="x\u202ey"), "controller_name"),
        (replace(chase.OURS, time_zone="Mars/Olympus"), "controller_time_zone"),
        (replace(chase.OURS, language="xx"), "controller_language"),
        (replace(chase.OURS, language="../../etc"), "controller_language"),
    ],
)
def test_what_cannot_be_kept_keeps_nothing(quick_stage_at, wrong, field):
    stage = quick_stage_at("issued")
    with pytest.raises(Refused) as refused:
        chase.name_both(stage, chase.THEIRS, wrong, receipt=True)
    assert refused.value.field == field
    assert contacts(stage) == []
    assert not row(stage).asks_receipt


@pytest.mark.parametrize(
    "email", [play.LIAISON, play.LIAISON.upper(), play.OFFICER, chase.THEIRS.email]
)
def test_the_controllers_contact_is_nobody_of_the_contractors(quick_stage_at, email):
    stage = quick_stage_at("ready")
    ours = replace(chase.OURS, email=email)
    with pytest.raises(Refused, match="an address of the contractor's") as refused:
        chase.name_both(stage, chase.THEIRS, ours, receipt=True)
    assert refused.value.field == "controller_email"
    assert contacts(stage) == []


def test_nor_does_the_contractors_contact_become_the_controllers(quick_stage_at):
    stage = quick_stage_at("ready")
    chase.name_both(stage, receipt=True)
    before = contacts(stage)
    with pytest.raises(Refused) as refused:
        chase.name_both(stage, replace(chase.THEIRS, email=chase.OURS.email), receipt=True)
    assert refused.value.field == "controller_email"
    assert contacts(stage) == before

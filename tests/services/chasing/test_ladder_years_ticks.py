"""Random demands through the real tick, rows, letters and all, held against the naive telling."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings

from attest.database.engine import write_session
from attest.database.tables import ChasePause, Demand, EscalationContact, Extension, Letter, Person
from tests.services import ladder_years
from tests.services.ladder_years import Year
from tests.services.office import Office, open_office

# Demands on each database, and how many days of each are played. In full with ATTEST_FULL=1.
DEMANDS, DAYS = (100, 365) if os.environ.get("ATTEST_FULL") == "1" else (4, 50)
CONTACT = "board@halden.example"


@pytest.fixture
def office(database_url, tmp_path):
    with open_office(database_url, tmp_path) as opened:
        yield opened


def begin(office: Office, year: Year) -> Any:
    """The demand as its issue leaves it; everybody where they work."""
    with write_session(office.engine) as session:
        # Of the demands before it, nothing more is wanted.
        session.query(Demand).update({Demand.chase_at: None})
    case = office.add(reference=f"ND-{uuid4().hex[:10]}", state="issued", due_on=year.due_on)
    with write_session(office.engine) as session:
        session.get_one(Person, case.liaison.id).time_zone = year.zones[0]
        session.get_one(Person, case.signatory.id).time_zone = year.zones[2]
        demand = session.get_one(Demand, case.demand.id)
        demand.officer_id = None
        demand.calendar = year.calendar
        demand.issued_at = demand.chase_at = year.issued_at
        session.add(
            EscalationContact(
                demand_id=demand.id,
                side="contractor",
                name="Rita Vance",
                email=CONTACT,
                time_zone=year.zones[1],
                given_at=year.issued_at,
                given_by_id=case.liaison.id,
            )
        )
    return case


def happens(office: Office, year: Year, case: Any, now: datetime) -> None:
    """What acts do to the rows at this moment; each lets the next tick look."""
    with write_session(office.engine) as session:
        demand = session.get_one(Demand, case.demand.id)
        if now == year.acknowledged_at:
            demand.acknowledged_at = now
            demand.state = "acknowledged"
        if now == year.settled_at:
            demand.files_open = 0
        if year.granted is not None and now == year.granted[0]:
            until = year.granted[1]
            session.add(
                Extension(
                    id=str(uuid4()),
                    demand_id=demand.id,
                    seq=1,
                    body_hash="0" * 64,
                    state="granted",
                    due_on=demand.due_on,
                    until=until,
                    reason="The archive is far away.",
                    asked_at=now,
                    decided_at=now,
                    granted_until=until,
                )
            )
            demand.due_on = until
        if year.paused is not None and now == year.paused[0]:
            session.add(
                ChasePause(
                    id=str(uuid4()),
                    demand_id=demand.id,
                    started_at=now,
                    started_by_id=case.case_handler.id,
                    until_on=year.paused[1],
                    reason="Their offices are flooded.",
                )
            )
        demand.chase_at = now


def play(office: Office, year: Year, case: Any) -> None:
    """Each moment at which something happens, and each that the tick asked for."""
    now = year.issued_at
    while now < year.ends_at:
        if now in year.moments:
            happens(office, year, case, now)
        if year.is_up(now):
            office.chase(now)
        with write_session(office.engine) as session:
            looks = session.get_one(Demand, case.demand.id).chase_at
        ahead = [each for each in (*year.moments, looks) if each is not None and each > now]
        now = min([*ahead, now + timedelta(days=1)])


@settings(
    max_examples=DEMANDS,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(year=ladder_years.years())
def test_what_the_ticks_write_is_what_the_telling_says(office: Office, year: Year) -> None:
    year = replace(year, days=DAYS)
    case = begin(office, year)
    play(office, year, case)
    addresses = (case.liaison.account.email, CONTACT, case.signatory.account.email)
    theirs: list[Letter] = [row for row in office.letters() if row.demand_id == case.demand.id]
    assert {row.to_email for row in theirs} <= set(addresses)
    for number, address in enumerate(addresses):
        went = [(row.queued_at, row.rung) for row in theirs if row.to_email == address]
        assert went == ladder_years.expected(year, number)

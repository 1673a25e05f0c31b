"""Who hears of letters that did not arrive: of a joint controller's own, nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from attest.database.engine import write_session
from attest.database.tables import (
    Account,
    Demand,
    Duty,
    Letter,
    Organisation,
    Person,
)
from attest.services.context import Context
from attest.services.letters import letter_events
from attest.services.letters.failing import mark_failing
from attest.services.notices import delivery_problems
from attest.services.sending.digests import digest_for
from tests.rows import NOW, add_issued_case, add_joint, letter_columns
from tests.services.office import open_office

JOINT = "edith@eastshire.example"


@pytest.fixture
def office(database_url, tmp_path):
    with open_office(database_url, tmp_path) as opened:
        yield opened


def add_eastshire(session: Any, demand: Demand) -> Organisation:
    """A joint controller with a case handler."""
    joint = Organisation(id=str(uuid4()), name="Eastshire", code="EA2", created_at=NOW)
    account = Account(id=str(uuid4()), email=JOINT, created_at=NOW)
    session.add_all([joint, account])
    session.flush()
    person = Person(
        id=str(uuid4()),
        organisation_id=joint.id,
        account_id=account.id,
        name="Edith East",
        role="Information manager",
        created_at=NOW,
    )
    session.add(person)
    session.flush()
    session.add(Duty(person_id=person.id, name="case_handler"))
    add_joint(session, demand, joint, position=9)
    session.flush()
    return joint


def fail(ctx: Context, demand: Demand, organisation_id: str, email: str, state: str) -> Letter:
    columns = letter_columns(
        f"to {email}",
        demand_id=demand.id,
        organisation_id=organisation_id,
        to_email=email,
        to_name=email,
        subject=f"For {email}",
        state=state,
    )
    letter_id = columns["id"]
    ctx.session.execute(Letter.__table__.insert().values(**({"attempts": 1} | columns)))  # type: ignore[attr-defined]
    row = ctx.session.get_one(Letter, letter_id)
    row.claimed_at = ctx.now
    what: letter_events.What = "bounced" if state == "bounced" else "unknown"
    letter_events.note(ctx.session, row.id, ctx.now, what, "550 5.1.1 No such user")
    if state == "bounced":
        mark_failing(ctx, row, "550 5.1.1 No such user")
    return row


@pytest.mark.parametrize("state", ["bounced", "unknown"])
def test_of_a_joint_controllers_letter_only_its_own_people_hear(office, state):
    with write_session(office.engine) as session:
        case = add_issued_case(session, office.log_key)
        demand = session.get_one(Demand, case.demand.id)
        joint = add_eastshire(session, demand)
        session.refresh(demand, ["parties"])
        ctx = Context(session, NOW + timedelta(hours=1), office.settings, office.log_key)
        theirs = fail(ctx, demand, joint.id, "inside@eastshire.example", state)
        ours = fail(ctx, demand, case.contractor.id, "tom@halden.example", state)
        delivery_problems.tell(ctx, [theirs, ours])
        told = {
            letter.to_email: letter.text
            for letter in session.scalars(
                select(Letter).where(Letter.kind == delivery_problems.KIND)
            )
        }
        handler = session.get_one(Person, case.case_handler.id)
        assert set(told) == {JOINT, handler.account.email}
        assert "inside@eastshire.example" in told[JOINT]
        assert "tom@halden.example" not in told[JOINT]
        assert "inside@eastshire.example" not in told[handler.account.email]
        assert "tom@halden.example" in told[handler.account.email]
        digest = digest_for(ctx, handler, NOW, [])
        said = [line.sentence for line in (*digest.failing, *digest.unknown)]
        assert len(said) == 1
        assert "tom@halden.example" in said[0]
        # What is worded anew before it goes says no more.
        for letter in session.scalars(select(Letter).where(Letter.kind == delivery_problems.KIND)):
            delivery_problems.rewrite(ctx, letter)
            assert ("inside@eastshire.example" in letter.text) == (letter.to_email == JOINT)


def test_a_demand_that_nobody_can_write_about_does_not_keep_the_outbox_from_going_on(office):
    with write_session(office.engine) as session:
        case = add_issued_case(session, office.log_key)
        demand = session.get_one(Demand, case.demand.id)
        # Rows that no act makes: a letter cannot say by when it all is due.
        demand.due_on = None
        ctx = Context(session, NOW + timedelta(hours=1), office.settings, office.log_key)
        row = fail(ctx, demand, case.contractor.id, "tom@halden.example", "bounced")
        delivery_problems.tell(ctx, [row])
        kinds = session.scalars(select(Letter.kind)).all()
    assert delivery_problems.KIND not in kinds


def test_a_demand_whose_calendar_is_gone_is_written_about(office):
    with write_session(office.engine) as session:
        case = add_issued_case(session, office.log_key)
        demand = session.get_one(Demand, case.demand.id)
        demand.calendar = "XX"
        ctx = Context(session, NOW + timedelta(hours=1), office.settings, office.log_key)
        row = fail(ctx, demand, case.contractor.id, "tom@halden.example", "bounced")
        delivery_problems.tell(ctx, [row])
        kinds = session.scalars(select(Letter.kind)).all()
    assert delivery_problems.KIND in kinds

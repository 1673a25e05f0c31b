"""Letters come back in the play: what tests of failing addresses share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from attest.database.tables import Demand, FailingAddress, Letter
from attest.demo.acting import Stage, account_of, demand_of
from attest.mail.return_address import envelope_sender
from attest.services.context import Context
from attest.services.sending.returns import Outcome, take_message
from tests import stage as play
from tests.mail.came_back import POSTFIX, message

KIND = "invitation_of_liaison"
# A demand, or a letter, beside the one of the play.
BESIDE = "66666666-2222-4333-8444-555555555555"


def the_letter(stage: Stage, kind: str = KIND) -> Letter:
    """The one letter of a kind."""
    (found,) = play.letters(stage, kind)
    return found


def come_back(stage: Stage, text: str, letter: Letter | None = None) -> Outcome:
    """This message comes back to the return address of a letter, the liaison's first one."""
    letter = letter or the_letter(stage)
    raw = message(text, envelope_sender(stage.settings, letter.id))
    return take_message(stage.engine, stage.settings, stage.log_key, stage.now, raw)


def put_beside(stage: Stage, **columns: Any) -> None:
    """A letter like the one that brings the demand, but for these columns."""
    first = the_letter(stage)
    like = {each.key: getattr(first, each.key) for each in Letter.__table__.columns}
    with stage.act() as ctx:
        ctx.session.add(Letter(**{**like, "id": BESIDE, "key": BESIDE, **columns}))


def put_another_demand(stage: Stage) -> None:
    """A demand like this one."""
    with stage.act() as ctx:
        demand = demand_of(ctx, stage)
        like = {each.key: getattr(demand, each.key) for each in Demand.__table__.columns}
        ctx.session.add(Demand(**{**like, "id": BESIDE, "reference": "ND-2013-005"}))


def failing_in(ctx: Context, demand: Demand) -> list[FailingAddress]:
    """The failing addresses of one demand, oldest first."""
    rows = select(FailingAddress).where(FailingAddress.demand_id == demand.id)
    return list(ctx.session.scalars(rows.order_by(FailingAddress.since, FailingAddress.email)))


def nobody_signed_in(stage: Stage) -> None:
    """The contractor's liaison has not followed the link yet."""
    with stage.act() as ctx:
        account_of(ctx, play.LIAISON).password_hash = None


def nobody_there(stage: Stage) -> None:
    """And its letter comes back: the address was wrong from the start."""
    nobody_signed_in(stage)
    come_back(stage, POSTFIX)

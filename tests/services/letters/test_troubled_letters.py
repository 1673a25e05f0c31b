"""What a dashboard counts of letters that failed: no more than the letters' page would show."""

from __future__ import annotations

from sqlalchemy import update

from attest.database.tables import Demand, Letter
from attest.demo.acting import Stage, account_of, seat_of
from attest.services.letters import letter_list
from attest.services.letters.troubled_letters import Troubled, troubled
from tests import stage as play


def counted(stage: Stage, email: str) -> list[Troubled]:
    with stage.look() as ctx:
        return list(troubled(ctx, account_of(ctx, email)))


def test_it_counts_what_the_letters_page_shows(stage_at) -> None:
    stage = stage_at("attested")
    emails = (play.CASEWORK, play.SIGNATORY, play.JOINT, play.LIAISON, play.OFFICER)
    for email in (*emails, play.OTHER_CONTRACTOR, play.ADMINISTRATOR):
        assert counted(stage, email) == []
    with stage.act() as ctx:
        ctx.session.execute(update(Letter).values(state="bounced"))
        for email in (play.LIAISON, play.JOINT):
            ctx.session.execute(
                update(Letter).where(Letter.to_email == email).values(state="unknown")
            )
    seen = set()
    for email in emails:
        with stage.look() as ctx:
            states = letter_list.states(ctx, seat_of(ctx, stage, email))
        [found] = counted(stage, email)
        assert found == Troubled(
            stage.reference, states.get("bounced", 0), states.get("unknown", 0)
        )
        seen.add(found)
    assert len(seen) == 3
    for email in (play.OTHER_CONTRACTOR, play.ADMINISTRATOR):
        assert counted(stage, email) == []
    with stage.act() as ctx:
        ctx.session.execute(update(Demand).values(state="closed"))
    assert counted(stage, play.CASEWORK) == []

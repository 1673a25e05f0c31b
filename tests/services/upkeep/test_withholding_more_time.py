"""What was said about more time is erased with its type; that it was granted stays."""

from __future__ import annotations

from sqlalchemy import select

from attest.database.tables import Extension, LogEntry
from attest.demo import script
from attest.demo.acting import demand_of, seat_of, tick
from attest.services.acts import escalation
from attest.services.acts.escalation import ContactAnswers
from attest.services.acts.extension_deciding import AS_ASKED, NO
from attest.services.views import extension_view
from tests import more_time_acts
from tests import stage as play
from tests.erasing import after_retention, withhold

MORE_TIME = frozenset({"extension.requested", "extension.decided"})
WHY, NOT_WHY = "The administrator is on leave.", "The regulator waits."


def closed(stage_at):
    """Asked twice, refused and granted; somebody is named; then all goes its way to the end."""
    stage = stage_at("ready")
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.LIAISON)
        escalation.name_contact(ctx, seat, ContactAnswers("Hanna", "", "board@halden.example"))
    refused = more_time_acts.ask(stage, why=WHY)
    more_time_acts.decide(stage, refused, NO, None, NOT_WHY)
    more_time_acts.decide(stage, more_time_acts.ask(stage, why=WHY), AS_ASKED)
    play.answered(stage)
    play.attested(stage)
    play.accepted(stage)
    script.close(stage)
    tick(stage)
    return after_retention(stage)


def said(stage) -> str:
    with stage.look() as ctx:
        rows = ctx.session.scalars(select(Extension)).all()
        bodies = ctx.session.scalars(select(LogEntry.body).where(LogEntry.body.is_not(None)))
        told = b"\n".join(bodies).decode()
        letters = [letter.text for letter in play.letters(stage)]
        flat = " ".join(" ".join(letters).split())
        return flat + told + "".join(f"{row.reason}{row.decision_reason}" for row in rows)


def test_the_reasons_go_and_the_days_stay(stage_at) -> None:
    stage = closed(stage_at)
    assert WHY in said(stage)
    assert NOT_WHY in said(stage)
    found = withhold(stage, MORE_TIME)
    assert found.bodies == {"extension.requested": 2, "extension.decided": 2}
    assert found.more_time == 4
    assert WHY not in said(stage)
    assert NOT_WHY not in said(stage)
    with stage.look() as ctx:
        rows = ctx.session.scalars(select(Extension).order_by(Extension.seq)).all()
        assert [row.state for row in rows] == ["refused", "granted"]
        assert {(row.asked_by_id, row.decided_by_id) for row in rows} == {(None, None)}
        seat = seat_of(ctx, stage, play.SIGNATORY)
        assert {each.asked_by for each in extension_view.history(ctx, seat)} == {""}
        assert demand_of(ctx, stage).due_on == more_time_acts.LATER
        assert escalation.contact_of(ctx, demand_of(ctx, stage)) is not None
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage)) == (0, [])
    assert not withhold(stage, MORE_TIME)


def test_the_contact_goes_with_the_letters(quick_stage_at) -> None:
    stage = closed(quick_stage_at)
    found = withhold(stage, frozenset({"letter.sent"}))
    assert found.contacts
    with stage.look() as ctx:
        assert escalation.contact_of(ctx, demand_of(ctx, stage)) is None
    assert play.problems(stage) == []

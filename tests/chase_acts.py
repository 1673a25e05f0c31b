"""The lead controller's hand on the chasing, in plays and walks."""

from __future__ import annotations

from datetime import date
from typing import Any

from attest.demo.acting import Stage, seat_of
from attest.domain.ladder import DUE, ISSUE, LIAISON, OFFICER, Rung
from attest.services.acts import chase_now, escalation, own_ladders, pausing
from attest.services.acts.escalation import ContactAnswers
from attest.services.facts import unsent
from attest.services.facts.unsent import Place
from attest.services.views import chasing_view
from tests import stage as play

WHY = "Their offices are flooded."
UNTIL = date(2013, 2, 11)  # a Monday, a week after the stage's first day
OWN = (
    Rung(ISSUE, 3, (LIAISON,), "not_acknowledged"),
    Rung(DUE, -1, (LIAISON, OFFICER), "reminder"),
    Rung(DUE, 1, (LIAISON, OFFICER), "overdue", every=5),
)
LINE = "We spoke on Tuesday.\nWhat is missing?"
ONCE = "0123456789abcdef" * 2
THEIRS = ContactAnswers("Rita Vance", "Managing Director", "r.vance@halden.example")
OURS = ContactAnswers("Ivor Lane", "Chief of Staff", "i.lane@northshire.example", "", "")


def lead(ctx: Any, stage: Stage, email: str = play.CASEWORK) -> Any:
    """The seat of the lead controller's case handler, at a draft too."""
    return seat_of(ctx, stage, email, lead=True, draft=None)


def keep_own(stage: Stage, rungs: Any = OWN) -> None:
    """The demand has a ladder of its own."""
    with stage.act() as ctx:
        own_ladders.keep_ladder(ctx, lead(ctx, stage), rungs)


def pause(stage: Stage, until: date | None = UNTIL, reason: str = WHY) -> None:
    """Nobody is chased for a while."""
    with stage.act() as ctx:
        pausing.pause(ctx, lead(ctx, stage), reason, until)


def end_pause(stage: Stage) -> None:
    """Letters go out again."""
    with stage.act() as ctx:
        pausing.end_pause(ctx, lead(ctx, stage))


def at_once(
    stage: Stage, to: Any = (LIAISON,), line: str = LINE, once: str = ONCE, again: bool = False
) -> list[str]:
    """Chases now; gives the addresses that are newly written to."""
    with stage.act() as ctx:
        told = chase_now.chase_now(ctx, lead(ctx, stage), to, line, once, again)
        return [reader.email for reader in told]


def name_both(
    stage: Stage, theirs: ContactAnswers = THEIRS, ours: ContactAnswers = OURS, *, receipt: bool
) -> None:
    """Names the contacts of both sides."""
    with stage.act() as ctx:
        escalation.name_contacts(ctx, lead(ctx, stage), theirs, ours, receipt)


def all_of_it(stage: Stage) -> None:
    """A ladder of its own, both contacts, a letter at once, another one begun, and a pause."""
    keep_own(stage)
    name_both(stage, receipt=True)
    at_once(stage)
    begin_another(stage)
    pause(stage)


def begin_another(stage: Stage) -> None:
    """Typed, and read before it goes."""
    typed = [("to", "liaison"), ("line", LINE), ("once", "e" * 32), ("again", "y")]
    with stage.act() as ctx:
        seat = lead(ctx, stage)
        unsent.keep(ctx, Place("chase-now", seat.person.id, demand_id=seat.demand.id), typed)


def a_coming_letter(ctx: Any, stage: Stage) -> str:
    """What asks for the first letter that will go out."""
    first = chasing_view.plan(ctx, lead(ctx, stage)).going[0]
    return f"rung={first.turn}&due={first.due_on or ''}&to={first.to[0].key}"

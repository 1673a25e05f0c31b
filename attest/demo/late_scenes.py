"""What happens in the reference case between issue and closure that is no straight line.

Somebody to be written to when it is late, evidence, more time, and a printout that turns up.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from attest.database.tables import Extension, NamedFile, Store
from attest.demo import case, script
from attest.demo.acting import Stage, demand_of, seat_of
from attest.domain.file_states import TO_ANSWER
from attest.services.access import CONTRACTOR
from attest.services.acts import (
    escalation,
    evidence_files,
    extending,
    extension_deciding,
    reopening,
)
from attest.services.acts.evidence_uses import Places

DIRECTOR = f"director@{case.CONTRACTOR.domain}"


def name_contact(stage: Stage) -> None:
    """The liaison names who is written to once the demand is late."""
    with stage.act() as ctx:
        escalation.name_contact(
            ctx,
            seat_of(ctx, stage, script.LIAISON),
            escalation.ContactAnswers(case.DIRECTOR, "Above the bid team", DIRECTOR),
        )


def show(stage: Stage, name: str, data: bytes, stores: Collection[str]) -> None:
    """The officer attaches an evidence file to the copies of every open file in these stores
    (keys of case.STORES)."""
    kept = evidence_files.keep(stage.settings, name, data)
    labels = [place.label for place in case.STORES if place.key in stores]
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, script.OFFICER)
        files = ctx.session.scalars(
            select(NamedFile.id).where(
                NamedFile.demand_id == seat.demand.id, NamedFile.state.in_(TO_ANSWER)
            )
        ).all()
        places = ctx.session.scalars(
            select(Store.id).where(Store.demand_id == seat.demand.id, Store.label.in_(labels))
        ).all()
        cells = [(file, place) for file in files for place in places]
        evidence_files.add(ctx, seat, [kept], Places(cells))


def ask_for_time(stage: Stage) -> None:
    """The liaison asks for three working days more."""
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, script.LIAISON, side=CONTRACTOR)
        extending.request_extension(
            ctx, seat, extending.Asked(case.ASKED_UNTIL, case.WHY_MORE_TIME)
        )


def grant_less(stage: Stage) -> None:
    """The case handler grants two of them."""
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, script.CASEWORK, lead=True)
        [asked] = ctx.session.scalars(
            select(Extension.id).where(Extension.demand_id == demand_of(ctx, stage).id)
        )
        less = extension_deciding.Decision(
            extension_deciding.LESS, case.GRANTED_UNTIL, case.WHY_LESS
        )
        extension_deciding.decide_extension(ctx, seat, asked, less)


def find_printout(stage: Stage) -> None:
    """The officer opens the costings again: a second printout has turned up in Unit 7."""
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, script.OFFICER)
        file = ctx.session.scalars(
            select(NamedFile).where(
                NamedFile.demand_id == seat.demand.id, NamedFile.name == case.COSTINGS
            )
        ).one()
        unit7 = next(place for place in case.STORES if place.key == "unit7")
        store = ctx.session.scalars(
            select(Store.id).where(Store.demand_id == seat.demand.id, Store.label == unit7.label)
        ).one()
        reopening.reopen_file(ctx, seat, file.id, case.FOUND, [store])

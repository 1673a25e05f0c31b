"""Copies that are passed on: down a chain of contractors, each with a demand of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from sqlalchemy import select

from attest.database.tables import Demand, Letter, LogEntry
from attest.demo import script
from attest.demo.acting import Stage, account_of, give_password, seat_of, sign, tick
from attest.domain.drafting import Party
from attest.services.access import Seat
from attest.services.acts import acknowledging, answers, closing, draft_stores, drafts, raising
from attest.services.context import Context
from attest.services.views.needs import needs_of
from attest.services.views.next_step import next_step
from attest.services.views.situation import situation
from tests import stage as play


@dataclass(frozen=True)
class Firm:
    """A contractor somewhere down the chain."""

    name: str
    domain: str

    @property
    def liaison(self) -> str:
        return f"liaison@{self.domain}"

    @property
    def officer(self) -> str:
        return f"officer@{self.domain}"


HALDEN = Firm(play.HALDEN, "halden.example")
PRINTERS = Firm("Printers Ltd", "printers.example")
COURIERS = Firm("Couriers LLP", "couriers.example")


@contextmanager
def at(stage: Stage, reference: str, firm: Firm) -> Iterator[None]:
    """The play's acts are about this demand, with this contractor's people, while it lasts."""
    before = stage.reference
    stage.reference = reference
    with patch.multiple(script, LIAISON=firm.liaison, OFFICER=firm.officer):
        yield
    stage.reference = before


def passed_to(name: str, demand: str = "") -> dict[str, Any]:
    """The typed fields of a copy that was passed on."""
    return {"outcome": "passed_on", "passed_to": name, "passed_to_demand": demand}


def say_passed_on(stage: Stage, firm: Firm, to: str, names: tuple[str, ...] = play.FILES) -> None:
    """The officer of the play's demand answers that these files went from the share to somebody,
    discloses it, and signs for all."""
    files, stores = play.files(stage), play.stores(stage)
    script.fill(stage, play.plain_answer(stage))
    share = stores[play.SHARE.label].id
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, firm.officer)
        answers.save(ctx, seat, [(files[name].id, share) for name in names], passed_to(to))
        ids = [files[name].id for name in names]
        answers.save_onward(ctx, seat, ids, True, f"{to}; a copy")
    script.attest_all(stage)


def raise_against(stage: Stage, name: str) -> str:
    """The case handler raises a demand from the play's one; gives the draft's reference."""
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.CASEWORK, side="controller", lead=True)
        return raising.raise_demand(ctx, seat, name).reference


def issue_to(stage: Stage, firm: Firm) -> None:
    """The case handler completes the play's draft, and it goes out to this firm."""
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.CASEWORK, draft=True)
        contact = drafting_parties(seat, firm)
        drafts.save_parties(ctx, seat, contact, seat.demand.concurrence)
        if not seat.demand.stores_total:
            draft_stores.add_stores(ctx, seat, [play.CABINET])
    with stage.act() as ctx:
        drafts.hand_over(ctx, seat_of(ctx, stage, play.CASEWORK, draft=True))
    stage.now += timedelta(minutes=5)
    script.issue(stage)
    tick(stage)
    give_password(stage, firm.liaison, play.NO_PASSWORD)


def drafting_parties(seat: Seat, firm: Firm) -> list[Any]:
    """The draft's parties, with a contact for the contractor."""
    return [
        Party(
            party.role,
            party.name,
            party.contact_name or "A contact",
            party.contact_role or "Manager",
            firm.liaison if party.role == "contractor" else party.contact_email or "",
        )
        for party in seat.demand.parties
        if party.role != "lead"
    ]


def get_ready(stage: Stage, firm: Firm) -> None:
    """The firm acknowledges the play's demand, and its officer has a confirmed key."""
    stage.now += timedelta(minutes=5)
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, firm.liaison)
        acknowledging.acknowledge(ctx, seat)
        officer = acknowledging.OfficerAnswers("An Officer", "Assurance lead", firm.officer)
        acknowledging.name_officer(ctx, seat, officer)
    give_password(stage, firm.officer, play.NO_PASSWORD)
    script.make_officer_key(stage)
    script.compare_signatory(stage)
    script.confirm_officer(stage)
    tick(stage)


def close_with(stage: Stage, outcome: str) -> None:
    """The signatory closes the play's demand."""

    def prepare(ctx: Context, seat: Seat) -> Any:
        return closing.prepare_closure(ctx, seat, outcome, "No more is to be done.")

    sign(
        stage,
        play.SIGNATORY,
        prepare,
        lambda ctx, seat, sent: closing.close_demand(ctx, seat, sent[0][1]),
    )
    tick(stage)


def settle(stage: Stage) -> None:
    """The officer deletes all, the signatory accepts, and the demand is closed."""
    script.fill(stage, lambda store, file: play.deleted(stage))
    script.attest_all(stage)
    script.review(stage, "accepted")
    script.close(stage)
    tick(stage)


def lost(stage: Stage) -> dict[str, Any]:
    """The typed fields of a copy that was searched for and not found."""
    return {
        "outcome": "cannot_locate",
        "search_scope": "Every drawer",
        "search_on": stage.now.date(),
        "search_by": "Records officer",
        "note": "A printout that was taken to a meeting.",
    }


def exceptions(stage: Stage) -> None:
    """Signed: one file passed on from the share and lost in the cabinet, the other's copy in the
    share put beyond use, and kept in the cabinet under a legal hold."""
    script.fill(stage, play.plain_answer(stage))
    until = stage.now.date() + timedelta(days=3)
    play.fill(stage, play.SHARE.label, play.beyond_use(until), ("costings.xlsx",))
    hold = {
        "outcome": "legal_hold",
        "exception_basis": "An order of the High Court",
        "exception_until": until + timedelta(days=90),
    }
    play.fill(stage, play.CABINET.label, hold, ("costings.xlsx",))
    play.fill(stage, play.CABINET.label, lost(stage), ("list.csv",))
    files, stores = play.files(stage), play.stores(stage)
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.OFFICER)
        cell = (files["list.csv"].id, stores[play.SHARE.label].id)
        answers.save(ctx, seat, [cell], passed_to(PRINTERS.name))
        answers.save_onward(ctx, seat, [cell[0]], True, f"{PRINTERS.name}; a copy")
    script.attest_all(stage)


def raised(stage: Stage) -> None:
    """And a demand against the recipient has gone out, the first file has come back."""
    exceptions(stage)
    child = raise_against(stage, PRINTERS.name)
    with at(stage, child, PRINTERS):
        issue_to(stage, PRINTERS)
    script.review(stage, "rejected", "Name the demand that was raised.", files=["list.csv"])
    script.review(stage, "accepted")


def seen_by(stage: Stage, email: str) -> tuple[str, str | None]:
    """The next step's sentence and button."""
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, email)
        step = next_step(seat, situation(ctx, seat))
        return step.sentence, step.action


def needs(stage: Stage, email: str) -> list[str]:
    with stage.look() as ctx:
        return [need.sentence for need in needs_of(ctx, account_of(ctx, email))]


def obstacles(stage: Stage) -> list[str]:
    with stage.look() as ctx:
        return closing.obstacles(ctx, seat_of(ctx, stage, play.SIGNATORY))


def everything_said(stage: Stage, reference: str, email: str) -> str:
    """All that the people of one side can read of a demand: its log's bodies, and their letters."""
    with stage.look() as ctx:
        demand = ctx.session.scalars(select(Demand).where(Demand.reference == reference)).one()
        bodies = ctx.session.scalars(
            select(LogEntry.body).where(LogEntry.demand_id == demand.id)
        ).all()
        organisation = account_of(ctx, email).people[0].organisation_id
        letters = ctx.session.scalars(
            select(Letter).where(Letter.organisation_id == organisation)
        ).all()
        return "\n".join(
            [*(body.decode() for body in bodies if body)]
            + [f"{letter.subject}\n{letter.text}" for letter in letters]
        )


def name_share(stage: Stage, email: str) -> None:
    if play.SHARE.label not in play.stores(stage):
        play.name_store(stage, email, play.SHARE)

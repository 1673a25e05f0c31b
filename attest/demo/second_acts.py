"""What people of the second case do, whoever they are: acts for any demand of its chain."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from attest.database.tables import Demand, DemandParty, NamedFile, Store
from attest.demo import script, second_case
from attest.demo.acting import Stage, make_key, seat_of
from attest.demo.case import Body
from attest.demo.second_case import Firm
from attest.services.acts import acknowledging, answers, draft_stores, drafts, not_received, raising

Answer = Callable[[str, str], dict[str, Any] | None]  # store's label, file's name -> typed fields


def demand_against(stage: Stage, firm: Body) -> str:
    """The reference of the demand whose contractor this is."""
    with stage.look() as ctx:
        found = select(Demand.reference).join(DemandParty, DemandParty.demand_id == Demand.id)
        return ctx.session.scalars(
            found.where(DemandParty.role == "contractor", DemandParty.name == firm.name)
        ).one()


@contextmanager
def about(stage: Stage, firm: Body) -> Iterator[Stage]:
    """The stage with the demand against this contractor in the middle, while it lasts."""
    before = stage.reference
    stage.reference = demand_against(stage, firm)
    try:
        yield stage
    finally:
        stage.reference = before


def issue(stage: Stage) -> None:
    """The case handler hands the draft over, the signatory signs it."""
    with stage.act() as ctx:
        drafts.hand_over(ctx, seat_of(ctx, stage, second_case.CASEWORK, draft=True))
    script.issue(stage, by=second_case.SIGNATORY)


def acknowledge(stage: Stage, firm: Firm) -> None:
    """The liaison acknowledges, and names the officer."""
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, firm.liaison)
        acknowledging.acknowledge(ctx, seat)
        officer = acknowledging.OfficerAnswers(
            f"{firm.word} assurance officer", "Head of compliance", firm.officer
        )
        acknowledging.name_officer(ctx, seat, officer)


def compare_keys(stage: Stage, firm: Firm) -> None:
    """The officer makes a key; the lead's signatory confirms it, and both controllers' signatories
    read out theirs."""
    make_key(stage, firm.officer, "officer")
    for signatory in (second_case.SIGNATORY, second_case.COUNCILLOR):
        script.compare_signatory(stage, officer=firm.officer, signatory=signatory)
    script.confirm_officer(stage, officer=firm.officer, by=second_case.SIGNATORY)


def compare_controllers(stage: Stage) -> None:
    """The signatories of both controllers ring each other: each trust file pins the other's key."""
    both = (second_case.SIGNATORY, second_case.COUNCILLOR)
    for hears, reads in (both, both[::-1]):
        script.compare_signatory(stage, officer=hears, signatory=reads)


def answer(
    stage: Stage, firm: Firm, told: Answer, passed_on: Mapping[str, Body] | None = None
) -> None:
    """The officer answers for copies of open files; where `told` says None, the answer stays.

    `passed_on`: to whom copies of a file went; all others stayed with the parties.
    """
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, firm.officer)
        files = {file.name: file.id for file in answers.open_files(ctx, seat)}
        stores = ctx.session.execute(
            select(Store.label, Store.id).where(Store.demand_id == seat.demand.id, Store.standing)
        ).all()
        for name, file_id in files.items():
            for label, store_id in stores:
                typed = told(label, name)
                if typed is not None:
                    answers.save(ctx, seat, [(file_id, store_id)], typed)
            if passed_on is not None:
                to = passed_on.get(name)
                recipients = f"{to.name}; a copy" if to else ""
                answers.save_onward(ctx, seat, [file_id], to is not None, recipients)


def attest(stage: Stage, firm: Firm) -> None:
    """The officer signs all that is answered."""
    script.attest_all(stage, by=firm.officer)


def accept(stage: Stage, by: str) -> None:
    """A controller's signatory accepts what waits for that controller."""
    script.review(stage, "accepted", by=by)


def raise_demand(stage: Stage, firm: Firm) -> None:
    """From the stage's demand: the draft against a recipient, completed, then signed."""
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, second_case.CASEWORK, side="controller", lead=True)
        raising.raise_demand(ctx, seat, firm.name)
    with about(stage, firm):
        complete(stage, firm)
        issue(stage)


def complete(stage: Stage, firm: Firm) -> None:
    """What a raised draft lacks: whom it goes to, and where to search."""
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, second_case.CASEWORK, draft=True)
        drafts.save_parties(ctx, seat, [second_case.joint(), firm.party], seat.demand.concurrence)
        draft_stores.add_stores(ctx, seat, second_case.STORES[firm.name])


def claim(stage: Stage, firm: Firm, told: Mapping[str, str]) -> None:
    """The liaison says of some files that they never came, and how that is known."""
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, firm.liaison)
        for name, reason in told.items():
            file_id = ctx.session.scalars(
                select(NamedFile.id).where(
                    NamedFile.demand_id == seat.demand.id, NamedFile.name == name
                )
            ).one()
            not_received.claim(ctx, seat, file_id, reason)


def rule(stage: Stage, rulings: Mapping[str, tuple[str, str]]) -> None:
    """The case handler rules on each."""
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, second_case.CASEWORK)
        for row in not_received.claims(ctx, seat.demand.id):
            ruling, reason = rulings[row.file.name]
            not_received.rule(ctx, seat, row.id, ruling, reason)


def close(stage: Stage, outcome: str) -> None:
    """The lead's signatory closes the demand."""
    script.close(stage, outcome=outcome, by=second_case.SIGNATORY)

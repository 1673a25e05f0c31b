"""Who is told of withdrawn stores, of files never received, and of amendments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from attest.database.tables import Demand, NamedFile, NotReceived, Store
from attest.mail import letters
from attest.services.access import CONTROLLER, Seat
from attest.services.context import Context
from attest.services.letters import post
from attest.services.letters.letter_facts import about, writer


def store_withdrawn(ctx: Context, seat: Seat, store: Store, reason: str) -> None:
    """To the lead controller, who decides; or from it to the contractor."""
    demand = seat.demand
    lead = seat.side == CONTROLLER
    letter = letters.store_withdrawn(about(ctx, demand), _by(seat), store.label, reason, lead=lead)
    told = post.contractor_people(demand) if lead else post.lead_controller(ctx, demand)
    post.write_to(ctx, told, letter=letter, key=f"store_withdrawn:{store.id}", demand=demand)


def store_kept(ctx: Context, seat: Seat, store: Store, reason: str) -> None:
    """To the contractor: the store is still to be searched."""
    letter = letters.store_kept(about(ctx, seat.demand), _by(seat), store.label, reason)
    _to_contractor(ctx, seat.demand, letter, f"store_kept:{store.id}")


def never_received(ctx: Context, seat: Seat, file: NamedFile, reason: str) -> None:
    """To the lead controller: rule on it."""
    demand = seat.demand
    letter = letters.never_received(about(ctx, demand), _by(seat), file.name, reason)
    key = f"never_received:{file.id}:{post.occasion(ctx)}"
    post.write_to(ctx, post.lead_controller(ctx, demand), letter=letter, key=key, demand=demand)


def ruled(ctx: Context, seat: Seat, row: NotReceived) -> None:
    """To the contractor: how the lead controller rules."""
    letter = letters.never_received_ruled(
        about(ctx, seat.demand),
        _by(seat),
        row.file.name,
        row.ruling_reason or "",
        stands=row.ruling == "stands",
    )
    _to_contractor(ctx, seat.demand, letter, f"never_received_ruled:{row.id}")


def amendment_ready(ctx: Context, seat: Seat, changes: Sequence[str]) -> None:
    """To the signatories. It goes into no log: the contractor reads that."""
    demand = seat.demand
    letter = letters.amendment_ready(about(ctx, demand), _by(seat), changes)
    key = f"amendment_ready:{demand.id}:{post.occasion(ctx)}"
    post.write_to(ctx, post.signatories(ctx, demand), letter=letter, key=key, demand=None)


def amendment_returned(ctx: Context, seat: Seat, note: str) -> None:
    """To the case handlers; as `amendment_ready`, it goes into no log."""
    demand = seat.demand
    letter = letters.amendment_returned(about(ctx, demand), _by(seat), note)
    key = f"amendment_returned:{demand.id}:{post.occasion(ctx)}"
    post.write_to(ctx, post.case_handlers(ctx, demand), letter=letter, key=key, demand=None)


def demand_amended(
    ctx: Context,
    seat: Seat,
    changes: Sequence[str],
    seq: int,
    *,
    files: int,
    files_due: date | None,
    opened: int,
    opened_due: date | None,
    overruled: Sequence[str],
) -> None:
    """To both sides. `seq`: the amendment's leaf. Days: of files with one of their own."""
    demand = seat.demand
    facts = about(ctx, demand)
    letter = letters.demand_amended(
        replace(facts, due_on=demand.due_on or facts.due_on),
        _by(seat),
        changes,
        files=files,
        files_due=files_due,
        opened=opened,
        opened_due=opened_due,
        overruled=overruled,
    )
    everybody = [
        *post.lead_controller(ctx, demand),
        *post.joint_controllers(ctx, demand),
        *post.contractor_people(demand),
    ]
    key = f"demand_amended:{demand.id}:{seq}"
    post.write_to(ctx, everybody, letter=letter, key=key, demand=demand)


def _to_contractor(ctx: Context, demand: Demand, letter: letters.Letter, key: str) -> None:
    post.write_to(ctx, post.contractor_people(demand), letter=letter, key=key, demand=demand)


def _by(seat: Seat) -> letters.Writer:
    return writer(seat.person, seat.organisation)

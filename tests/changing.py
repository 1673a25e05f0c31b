"""Changed minds, acted out: amendments, stores withdrawn, files never received."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from attest.demo.acting import Stage, demand_of, seat_of, sign
from attest.services.acts import (
    amendment_drafts,
    amendment_files,
    amendment_signing,
    not_received,
    withdrawing,
)
from tests import stage as play

Envelopes = Sequence[tuple[str, bytes]]
SIGNING: Mapping[str, Any] = {"side": "controller", "duty": "signatory", "lead": True}


def draft(
    stage: Stage,
    *,
    files: Sequence[str] = (),
    due_on: date | None = None,
    concurrence: str | None = None,
    instruction: str | None = None,
    keep: Mapping[str, bool] | None = None,
) -> None:
    """A case handler prepares an amendment. `keep`: by store's label."""
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.CASEWORK)
        row = amendment_drafts.begin(ctx, seat)
        terms = amendment_drafts.Terms(
            basis=row.basis,
            action=row.action,
            instruction=instruction or row.instruction,
            due_on=due_on or row.due_on,
            concurrence=concurrence or row.concurrence,
        )
        amendment_drafts.save_terms(ctx, seat, terms)
        for name in files:
            amendment_files.add_file(ctx, seat, {"name": name, "kind": "electronic"})
        if keep is not None:
            labels = play.stores(stage)
            amendment_drafts.decide_stores(
                ctx, seat, {labels[label].id: value for label, value in keep.items()}
            )


def hand_over(stage: Stage) -> None:
    """The case handler hands it over."""
    with stage.act() as ctx:
        amendment_drafts.hand_over(ctx, seat_of(ctx, stage, play.CASEWORK))


def sign_it(stage: Stage) -> None:
    """The signatory signs what lies with them."""
    sign(
        stage,
        play.SIGNATORY,
        amendment_signing.prepare_amendment,
        lambda ctx, seat, made: amendment_signing.amend_demand(ctx, seat, made[0][1]),
        **SIGNING,
    )


def amend(stage: Stage, **changes: Any) -> None:
    """All of it: prepared, handed over, signed."""
    draft(stage, **changes)
    hand_over(stage)
    sign_it(stage)


def withdraw_store(stage: Stage, label: str = play.SHARE.label, email: str = play.LIAISON) -> None:
    """Somebody withdraws a store."""
    store = play.stores(stage)[label]
    with stage.act() as ctx:
        withdrawing.withdraw_store(ctx, seat_of(ctx, stage, email), store.id, "It is not ours.")


def refuse(stage: Stage, label: str = play.SHARE.label) -> None:
    """The lead controller keeps the store."""
    store = play.stores(stage)[label]
    with stage.act() as ctx:
        withdrawing.refuse_withdrawal(
            ctx, seat_of(ctx, stage, play.CASEWORK), store.id, "It had a copy."
        )


def claim(stage: Stage, name: str = "list.csv", email: str = play.LIAISON) -> str:
    """The contractor says that it never received a file; gives the claim's id."""
    file = play.files(stage)[name]
    with stage.act() as ctx:
        not_received.claim(ctx, seat_of(ctx, stage, email), file.id, "It is in no mail of ours.")
    with stage.look() as ctx:
        return not_received.claims(ctx, demand_of(ctx, stage).id, file.id)[0].id


def rule(stage: Stage, claim_id: str, ruling: str = "stands") -> None:
    """The lead controller rules."""
    with stage.act() as ctx:
        not_received.rule(
            ctx, seat_of(ctx, stage, play.CASEWORK), claim_id, ruling, "Our gateway says so."
        )


def in_the_middle(stage: Stage) -> None:
    """For the walk: an amendment in preparation, a store withdrawn, a file never received."""
    withdraw_store(stage)
    claim(stage)
    draft(stage, files=["further files.docx"], due_on=stage.now.date() + timedelta(days=30))


def to_be_signed(stage: Stage) -> None:
    """For the walk: an amendment lies with the signatory."""
    withdraw_store(stage)
    refuse(stage)
    draft(stage, files=["further files.docx"], instruction="Shred the paper too.")
    hand_over(stage)


def all_of_it(stage: Stage) -> None:
    """For the walk: the same, signed; then a claim that was ruled on."""
    to_be_signed(stage)
    sign_it(stage)
    rule(stage, claim(stage), "nil_return")

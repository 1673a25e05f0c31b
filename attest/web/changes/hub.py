"""What changed, and what somebody would change: one page for all parties of a demand."""

from flask import render_template

from attest.domain import demand_states
from attest.services.access import CONTRACTOR, demand_for
from attest.services.acts import amendment_drafts, not_received, withdrawing
from attest.services.views import amended
from attest.services.views.next_step import party_name
from attest.web.changes.blueprint import Answer, pages
from attest.web.session import ctx, current_account


@pages.get("/demands/<reference>/changes")
def changes(reference: str) -> Answer:
    """Amendments, stores withdrawn, files never received, and what this reader may do."""
    seat = demand_for(ctx(), current_account(), reference)
    demand = seat.demand
    row = amendment_drafts.amendment_of(ctx(), demand) if seat.lead else None
    return render_template(
        "pages/changes/changes.html",
        seat=seat,
        live=demand.state in demand_states.LIVE,
        amendment=amendment_drafts.view(ctx(), seat, row) if row else None,
        amended=amended.amendments_of(ctx(), demand),
        withdrawals=withdrawing.withdrawals(ctx(), demand.id),
        claims=not_received.claims(ctx(), demand.id),
        rulings=not_received.RULINGS,
        lead=party_name(demand, "lead"),
        contractor=party_name(demand, "contractor"),
        drafts=seat.lead and "case_handler" in seat.duties,
        signs=seat.lead and "signatory" in seat.duties,
        asks=seat.side == CONTRACTOR,
    )

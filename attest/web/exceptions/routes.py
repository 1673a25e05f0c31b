"""Which exceptions live and until when; and a demand against somebody who was passed copies."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from attest.domain import demand_states
from attest.services.access import CONTROLLER, Seat, demand_for
from attest.services.acts import raising
from attest.services.facts import children, exceptions
from attest.services.views.next_step import party_name
from attest.web.errors import look_again_at
from attest.web.session import ctx, current_account

pages = Blueprint("exceptions", __name__)

# Files that the page lists before one is raised.
LISTED = 50


@pages.get("/demands/<reference>/exceptions")
def show(reference: str) -> str:
    """Every exception; to a controller, what became of copies that were passed on."""
    seat = demand_for(ctx(), current_account(), reference)
    controller = seat.side == CONTROLLER
    return render_template(
        "pages/exceptions/exceptions.html",
        seat=seat,
        found=exceptions.exceptions(ctx(), seat.demand),
        recipients=children.recipients(ctx(), seat.demand) if controller else (),
        raised=exceptions.raised(ctx(), seat),
        parent=exceptions.raised_from(ctx(), seat),
        contractor=party_name(seat.demand, "contractor"),
        raises=_raises(seat),
    )


@pages.route("/demands/<reference>/raise", methods=["GET", "POST"])
def raise_one(reference: str) -> str | Response:
    """What a demand against `?to=` would hold; a POST begins its draft."""
    seat = demand_for(
        ctx(), current_account(), reference, side=CONTROLLER, duty="case_handler", lead=True
    )
    look_again_at(f"/demands/{reference}/exceptions")
    to = request.values.get("to", "")
    try:
        proposal = raising.propose(ctx(), seat, to)
    except raising.RaisedAlready as already:
        # As by another window, or "Back" in this one.
        flash(already.sentence)
        return redirect(f"/demands/{already.reference}")
    if request.method == "POST":
        child = raising.raise_demand(ctx(), seat, to)
        flash(
            f"The draft {child.reference} is prepared. Name whom it goes to, read the terms, and "
            "hand it over."
        )
        return redirect(f"/demands/{child.reference}/draft")
    return render_template(
        "pages/exceptions/raise.html",
        seat=seat,
        proposal=proposal,
        listed=LISTED,
        contractor=party_name(seat.demand, "contractor"),
        controllers=children.party_names(seat.demand, "lead", "joint"),
    )


def _raises(seat: Seat) -> bool:
    """Whether this reader may raise a demand from this one."""
    return seat.lead and "case_handler" in seat.duties and seat.demand.state in demand_states.LIVE

"""What the pages of a draft share: the blueprint, who may open them, where they lead."""

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from attest.services.access import CONTROLLER, Seat, demand_for
from attest.web.session import ctx, current_account

pages = Blueprint("drafts", __name__)

Answer = str | Response | tuple[str, int]


def reader(reference: str) -> Seat:
    """The lead controller's case handlers and signatories read a draft."""
    return demand_for(ctx(), current_account(), reference, side=CONTROLLER, lead=True, draft=True)


def writer(reference: str) -> Seat:
    """Its case handlers change it."""
    return demand_for(
        ctx(),
        current_account(),
        reference,
        side=CONTROLLER,
        duty="case_handler",
        lead=True,
        draft=True,
    )


def draft_of(seat: Seat) -> str:
    """The address of the task list."""
    return f"/demands/{seat.demand.reference}/draft"


def locked(seat: Seat) -> Response | None:
    """A draft that lies with the signatory is read, not changed: the way to where that is."""
    if seat.demand.handed_at is None:
        return None
    return redirect(f"{draft_of(seat)}/check")

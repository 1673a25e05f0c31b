"""What the pages of an amendment share: the blueprint, who may open them, where they lead."""

from flask import Blueprint
from werkzeug.wrappers import Response

from attest.database.tables import Amendment
from attest.domain.refusal import NotFound
from attest.services.access import CONTROLLER, Seat, demand_for
from attest.services.acts import amendment_drafts
from attest.services.acts.acknowledging import live
from attest.web.session import ctx, current_account

pages = Blueprint("amending", __name__)

Answer = str | Response | tuple[str, int]


def reader(reference: str) -> Seat:
    """The lead controller's people; the other parties know nothing of it before it is signed."""
    return demand_for(ctx(), current_account(), reference, side=CONTROLLER, lead=True)


def writer(reference: str) -> Seat:
    """Its case handlers prepare it."""
    return demand_for(
        ctx(), current_account(), reference, side=CONTROLLER, duty="case_handler", lead=True
    )


def signatory(reference: str) -> Seat:
    """Its signatories sign it."""
    return demand_for(
        ctx(), current_account(), reference, side=CONTROLLER, duty="signatory", lead=True
    )


def amendment(seat: Seat) -> Amendment:
    """The amendment that is being prepared. Raises NotFound, and Refused where all has ended."""
    row = amendment_drafts.amendment_of(ctx(), seat.demand)
    if row is None:
        live(seat)
        raise NotFound
    return row


def address_of(seat: Seat) -> str:
    """The address of the amendment's page."""
    return f"/demands/{seat.demand.reference}/amendment"

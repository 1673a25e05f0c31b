"""What the pages of the chasing share: the blueprint, who may open them, where they lead.

The controllers' side alone: when it writes next, and to whom, says how much a reader can let pass.
"""

from flask import Blueprint
from werkzeug.wrappers import Response

from attest.services.access import CONTROLLER, Seat, demand_for
from attest.web.session import ctx, current_account

pages = Blueprint("chasing", __name__)

Answer = str | Response | tuple[str, int]


def reader(reference: str) -> Seat:
    """Every controller's case handlers and signatories see what will go out."""
    return demand_for(ctx(), current_account(), reference, side=CONTROLLER, draft=None)


def leader(reference: str) -> Seat:
    """The lead controller's change it, while the demand is drafted too."""
    return demand_for(ctx(), current_account(), reference, side=CONTROLLER, lead=True, draft=None)


def leader_of_issued(reference: str) -> Seat:
    """As `leader`, once the demand is issued: a draft chases nobody."""
    return demand_for(ctx(), current_account(), reference, side=CONTROLLER, lead=True)


def chasing_of(seat: Seat) -> str:
    """The address of the first of these pages."""
    return f"/demands/{seat.demand.reference}/chasing"

"""What the pages about many answers share."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from attest.services.access import Seat, demand_for
from attest.services.acts import acknowledging
from attest.web.errors import look_again_at
from attest.web.session import ctx, current_account

pages = Blueprint("answer_lists", __name__)

Answer = str | Response | tuple[str, int]


def officer(reference: str) -> Seat:
    """The reader as an assurance officer of the contractor, at a demand that goes on."""
    look_again_at(f"/demands/{reference}/answer")
    seat = demand_for(ctx(), current_account(), reference, side="contractor", duty="officer")
    acknowledging.live(seat)
    return seat

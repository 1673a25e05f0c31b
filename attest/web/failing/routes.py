"""An address works again."""

from flask import Blueprint, flash, redirect, request
from werkzeug.wrappers import Response

from attest.services import failing
from attest.services.access import CONTROLLER, demand_for
from attest.web.session import ctx, current_account

pages = Blueprint("failing", __name__)


@pages.post("/demands/<reference>/letters/write-again")
def write_again(reference: str) -> Response:
    """A case handler knows that letters arrive at an address again."""
    seat = demand_for(
        ctx(), current_account(), reference, side=CONTROLLER, duty="case_handler", lead=True
    )
    email = request.form.get("email", "")
    failing.write_again(ctx(), seat, email)
    flash(f"Letters go to {email} again, from the next one on.")
    return redirect(f"/demands/{reference}/letters")

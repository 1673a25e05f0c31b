"""The burn-down of a demand, for all its parties alike."""

from flask import Blueprint, render_template

from attest.services.access import demand_for
from attest.services.views.burn_down import burn_down
from attest.services.views.glance import standing
from attest.web.chart import charts
from attest.web.session import ctx, current_account

pages = Blueprint("progress", __name__)


@pages.get("/demands/<reference>/progress")
def progress(reference: str) -> str:
    """The figure, and the same as a table."""
    seat = demand_for(ctx(), current_account(), reference)
    found = burn_down(ctx(), seat.demand)
    return render_template(
        "pages/progress/progress.html",
        seat=seat,
        lead=standing(seat.demand, found),
        days=found.days,
        charts=charts(found, seat.demand.due_on),
    )

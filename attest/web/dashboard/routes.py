"""All demands at a glance: what is late, what waits, what ends soon, how long contractors take."""

from flask import Blueprint, render_template, request

from attest.services.acts import pausing
from attest.services.facts.calendars import today
from attest.services.letters import troubled_letters
from attest.services.views import dashboard, demand_list
from attest.services.views.needs import needs_of
from attest.web.session import ctx, current_account

pages = Blueprint("dashboard", __name__)

A_FEW = 10
USUAL = 30


@pages.get("/dashboard")
def show() -> str:
    """Four short lists. `?within=90` looks further ahead for exceptions that end."""
    account = current_account()
    asked = request.args.get("within", "")
    within = int(asked) if asked in {str(days) for days in dashboard.WITHIN} else USUAL
    late = demand_list.demands(ctx(), account, state="overdue")
    needs = needs_of(ctx(), account)
    return render_template(
        "pages/dashboard/dashboard.html",
        late=late.items[:A_FEW],
        late_total=late.total,
        needs=needs[:A_FEW],
        needs_total=len(needs),
        endings=dashboard.ending_soon(ctx(), account, within),
        within=within,
        spans=dashboard.WITHIN,
        held_back=pausing.held_back(ctx(), account),
        troubled=troubled_letters.troubled(ctx(), account),
        paces=dashboard.paces(ctx(), account),
        today=today(ctx().settings, ctx().now),
    )

"""What will go out if nothing happens, and each of these letters to be read."""

from flask import render_template, request

from attest.domain import demand_states, ladder_rules
from attest.domain.refusal import NotFound
from attest.services.access import CONTRACTOR, CONTROLLER
from attest.services.accounts.time_zones import place
from attest.services.acts import escalation, pausing
from attest.services.facts.ladders import ladder_of
from attest.services.facts.reader_clock import calendar_name
from attest.services.views import chasing_view, letter_view
from attest.services.views.next_step import party_name
from attest.web.chasing.blueprint import Answer, leader_of_issued, pages, reader
from attest.web.chasing.words import AUDIENCE_LABELS
from attest.web.session import ctx


@pages.get("/demands/<reference>/chasing")
def show(reference: str) -> Answer:
    """ "These letters will go out on these days if nothing happens." """
    seat = reader(reference)
    demand = seat.demand
    found = chasing_view.plan(ctx(), seat)
    return render_template(
        "pages/chasing/chasing.html",
        seat=seat,
        plan=found,
        paused_by=pausing.who_paused(ctx(), found.pause) if found.pause else None,
        rungs=ladder_of(ctx(), demand),
        draft=demand.state == demand_states.DRAFT,
        live=demand.state in demand_states.LIVE,
        ended=demand.state in demand_states.ENDED,
        calendar=calendar_name(demand.calendar),
        contacts=[
            (side, escalation.contact_of(ctx(), demand, side)) for side in (CONTRACTOR, CONTROLLER)
        ],
        contractor=party_name(demand, "contractor") or "the contractor",
        labels=AUDIENCE_LABELS,
        rules=ladder_rules,
        titles={**ladder_rules.LETTERS, **ladder_rules.OTHERS},
        place=place,
    )


@pages.get("/demands/<reference>/chasing/letter")
def letter(reference: str) -> Answer:
    """One letter that will go out, as its reader would get it. Looking makes no link."""
    seat = leader_of_issued(reference)
    asked = [request.args.get(name, "") for name in ("rung", "due", "to")]
    if not all(asked[::2]):
        raise NotFound
    to = chasing_view.find(ctx(), seat, *asked)
    return render_template(
        "pages/chasing/letter.html",
        seat=seat,
        to=to,
        shown=letter_view.coming_letter(ctx(), to.coming),
        labels=AUDIENCE_LABELS,
        place=place,
    )

"""A file that the contractor says it never received, and the ruling."""

from flask import flash, redirect, render_template, request

from attest.domain.refusal import NotFound, Refused
from attest.services.access import CONTRACTOR, CONTROLLER, demand_for
from attest.services.acts import not_received
from attest.services.acts.acknowledging import live
from attest.services.views import overview
from attest.services.views.next_step import party_name
from attest.web.changes.blueprint import Answer, pages
from attest.web.changes.forms import ClaimForm, RulingForm
from attest.web.session import ctx, current_account
from attest.web.unsent import typed_at


@pages.route("/demands/<reference>/files/<int:position>/never-received", methods=["GET", "POST"])
def claim(reference: str, position: int) -> Answer:
    """ "We never received this": the reason, and what it changes and does not."""
    seat = demand_for(ctx(), current_account(), reference, side=CONTRACTOR)
    live(seat)
    file = overview.file_at(ctx(), seat.demand, position)
    typed = typed_at("never-received", seat, request.path, str(position))
    form = ClaimForm(**typed.filled)
    if form.validate_on_submit():
        try:
            not_received.claim(ctx(), seat, file.id, form.reason.data or "")
        except Refused as refused:
            form.refuse(refused)
        else:
            typed.forget()
            flash("The lead controller gets a letter, and rules on it.")
            return redirect(f"/demands/{reference}/changes")
    told = not_received.claims(ctx(), seat.demand.id, file.id)
    page = render_template(
        "pages/changes/never_received.html",
        form=form,
        typed=typed,
        seat=seat,
        file=file,
        refused=not_received.why_not(seat, file, told),
        lead=party_name(seat.demand, "lead"),
    )
    return page, 400 if form.errors or form.form_errors else 200


@pages.route("/demands/<reference>/claims/<claim_id>", methods=["GET", "POST"])
def rule(reference: str, claim_id: str) -> Answer:
    """The lead controller rules, and is told plainly what the formats allow."""
    seat = demand_for(ctx(), current_account(), reference, side=CONTROLLER, lead=True)
    live(seat)
    told = {row.id: row for row in not_received.claims(ctx(), seat.demand.id)}
    row = told.get(claim_id)
    if row is None:
        raise NotFound
    typed = typed_at("ruling", seat, request.path, row.id)
    form = RulingForm(**typed.filled)
    if form.validate_on_submit():
        try:
            not_received.rule(ctx(), seat, row.id, form.ruling.data or "", form.reason.data or "")
        except Refused as refused:
            form.refuse(refused)
        else:
            typed.forget()
            flash("You have ruled, and the contractor gets a letter.")
            return redirect(f"/demands/{reference}/changes")
    page = render_template(
        "pages/changes/rule.html",
        form=form,
        typed=typed,
        seat=seat,
        claim=row,
        rulings=not_received.RULINGS,
        contractor=party_name(seat.demand, "contractor"),
    )
    return page, 400 if form.errors or form.form_errors else 200

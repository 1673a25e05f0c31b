"""An address works again, or the liaison is somebody else."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from attest.domain import demand_states
from attest.domain.refusal import Refused
from attest.services.access import CONTRACTOR, CONTROLLER, demand_for
from attest.services.acts import replacing_liaison
from attest.services.acts.replacing_liaison import LiaisonAnswers
from attest.services.chasing import write_there_again
from attest.services.views.next_step import party_name
from attest.web.failing.forms import LiaisonForm
from attest.web.session import ctx, current_account

pages = Blueprint("failing", __name__)


@pages.post("/demands/<reference>/letters/write-again")
def write_again(reference: str) -> Response:
    """A case handler knows that letters arrive at an address again."""
    seat = demand_for(ctx(), current_account(), reference, side=CONTROLLER, duty="case_handler")
    email = request.form.get("email", "")
    follows = write_there_again.write_again(ctx(), seat, email)
    flash(f"Letters go to {email} again. {follows.sentences}")
    return redirect(f"/demands/{reference}/letters")


@pages.post("/demands/<reference>/liaison/me")
def take_over(reference: str) -> Response:
    """A liaison of the contractor has letters about this demand come to them."""
    seat = demand_for(ctx(), current_account(), reference, side=CONTRACTOR, duty="liaison")
    replacing_liaison.take_over(ctx(), seat)
    flash(f"You are the liaison of this demand now. Letters go to {seat.person.account.email}.")
    return redirect(f"/demands/{reference}/letters")


@pages.route("/demands/<reference>/liaison", methods=["GET", "POST"])
def liaison(reference: str) -> str | Response | tuple[str, int]:
    """Names the liaison anew, while nobody of the contractor has signed in."""
    seat = demand_for(
        ctx(), current_account(), reference, side=CONTROLLER, duty="case_handler", lead=True
    )
    if request.method == "POST":
        replacing_liaison.replaceable(ctx(), seat.demand)  # else the page has no form
    before = seat.demand.liaison
    form = LiaisonForm(data={"name": before.name, "role": before.role} if before else {})
    if form.validate_on_submit():
        answers = LiaisonAnswers(form.name.data or "", form.role.data or "", form.email.data or "")
        try:
            person = replacing_liaison.replace_liaison(ctx(), seat, answers)
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(f"The demand goes to {person.name}, {person.account.email}.")
            return redirect(f"/demands/{reference}/letters")
    page = render_template(
        "pages/failing/liaison.html",
        form=form,
        seat=seat,
        contractor=party_name(seat.demand, "contractor"),
        live=seat.demand.state in demand_states.LIVE,
        possible=replacing_liaison.may_be_replaced(ctx(), seat.demand),
    )
    return page, 400 if form.errors or form.form_errors else 200

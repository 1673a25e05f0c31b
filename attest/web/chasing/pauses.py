"""Holding letters back for a while, and letting them go again."""

from flask import flash, redirect, render_template, request

from attest.domain.refusal import Refused
from attest.domain.wording import day
from attest.services.acts import own_ladders, pausing
from attest.web.chasing.blueprint import Answer, chasing_of, leader_of_issued, pages
from attest.web.chasing.forms import PauseForm
from attest.web.session import ctx
from attest.web.unsent import typed_at


@pages.route("/demands/<reference>/chasing/pause", methods=["GET", "POST"])
def pause(reference: str) -> Answer:
    """Until which day, and why."""
    seat = leader_of_issued(reference)
    own_ladders.changeable(seat)
    typed = typed_at("pause", seat, request.path)
    form = PauseForm(**typed.filled)
    if form.validate_on_submit():
        try:
            row = pausing.pause(ctx(), seat, form.reason.data or "", form.until.data)
        except Refused as refused:
            form.refuse(refused)
        else:
            typed.forget()
            flash(f"Nobody is chased until {day(row.until_on)}.")
            return redirect(chasing_of(seat))
    page = render_template(
        "pages/chasing/pause.html",
        form=form,
        typed=typed,
        seat=seat,
        standing=pausing.standing_pause(ctx(), seat.demand),
    )
    return page, 400 if form.errors or form.form_errors else 200


@pages.post("/demands/<reference>/chasing/pause/end")
def end_pause(reference: str) -> Answer:
    """Letters go out on their days again."""
    seat = leader_of_issued(reference)
    pausing.end_pause(ctx(), seat)
    flash("Letters go out on their days again.")
    return redirect(chasing_of(seat))

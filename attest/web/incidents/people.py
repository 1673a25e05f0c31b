"""Who among the people affected was told: counts by batch, channel and day."""

from flask import flash, redirect, render_template, request

from attest.domain import breach
from attest.domain.refusal import Refused
from attest.services.acts import incident_letter, incident_telling
from attest.services.acts.incident_telling import TellingAnswers
from attest.services.views import incident_view
from attest.web.incidents.blueprint import Answer, address_of, pages, seat_at
from attest.web.incidents.forms import ToldForm
from attest.web.session import ctx


@pages.get("/incidents/<reference>/people")
def people(reference: str) -> Answer:
    """Each batch, the sum, and the reasons where nobody is told."""
    seat = seat_at(reference)
    return render_template(
        "pages/incidents/people.html",
        seat=seat,
        found=incident_view.view(ctx(), seat.incident),
        merges=incident_letter.merges_of(ctx(), seat.incident),
        channels=breach.TELL_CHANNELS,
        grounds=breach.GROUNDS,
    )


@pages.route("/incidents/<reference>/people/told", methods=["GET", "POST"])
def told(reference: str) -> Answer:
    """Records a batch of people who were told."""
    seat = seat_at(reference)
    form = ToldForm(data={"people": request.args.get("people", type=int), "channel": "post"})
    if form.validate_on_submit():
        try:
            incident_telling.tell(
                ctx(),
                seat,
                TellingAnswers(
                    form.batch.data or "",
                    form.channel.data or "",
                    form.people.data,
                    form.told_on.data,
                ),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            flash("It is recorded.")
            return redirect(f"{address_of(seat)}/people")
    page = render_template("pages/incidents/told.html", form=form, seat=seat)
    return page, 400 if form.errors or form.form_errors else 200

"""What the authority is told, in phases, and the decision that it need not be told."""

from flask import flash, redirect, render_template

from attest.domain import breach, breach_clock
from attest.domain.refusal import Refused
from attest.services.acts import incident_reporting, incident_telling
from attest.services.acts.incident_reporting import DecisionAnswers, ReportAnswers
from attest.services.facts.incident_access import IncidentSeat
from attest.services.views import incident_view
from attest.web.incidents.blueprint import Answer, address_of, moment, pages, seat_at
from attest.web.incidents.forms import DecisionForm, NotToldForm, ReportForm, StrikeForm
from attest.web.session import ctx


@pages.get("/incidents/<reference>/authority")
def authority(reference: str) -> Answer:
    """What was reported when, to whom, with which reference; and what was decided."""
    seat = seat_at(reference)
    return render_template(
        "pages/incidents/authority.html",
        seat=seat,
        found=incident_view.view(ctx(), seat.incident),
        channels=breach.REPORT_CHANNELS,
        states=breach_clock.CLOCK_STATES,
        sentence=breach_clock.sentence,
    )


@pages.route("/incidents/<reference>/report", methods=["GET", "POST"])
def report(reference: str) -> Answer:
    """Records one phase of a report."""
    seat = seat_at(reference)
    found = incident_view.view(ctx(), seat.incident)
    earlier = found.standing_reports
    form = ReportForm(
        data={"authority": earlier[-1].authority, "reference": earlier[-1].reference or ""}
        if earlier
        else None
    )
    if form.validate_on_submit():
        try:
            incident_reporting.report(
                ctx(),
                seat,
                ReportAnswers(
                    moment(form.reported_on.data, form.reported_time),
                    form.authority.data or "",
                    form.channel.data or "",
                    form.told.data or "",
                    form.reference.data or "",
                    form.late_reasons.data or "",
                    bool(form.more_to_follow.data),
                ),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            flash("The report is recorded.")
            return redirect(f"{address_of(seat)}/authority")
    page = render_template("pages/incidents/report.html", form=form, seat=seat, found=found)
    return page, _status(form)


@pages.route("/incidents/<reference>/no-report", methods=["GET", "POST"])
def no_report(reference: str) -> Answer:
    """Records that no report is needed, or that one is after all."""
    return _decide(seat_at(reference), breach.REPORT, "authority")


@pages.route("/incidents/<reference>/people/not-told", methods=["GET", "POST"])
def not_told(reference: str) -> Answer:
    """Records why people affected need not be told, or that they have to be after all."""
    return _decide(seat_at(reference), breach.TELL, "people")


def _decide(seat: IncidentSeat, subject: str, back: str) -> Answer:
    stands = incident_reporting.decision_on(ctx(), seat.incident, subject)
    takes_back = stands is not None and not stands.needed
    form = NotToldForm() if subject == breach.TELL and not takes_back else DecisionForm()
    if form.validate_on_submit():
        try:
            incident_reporting.decide(
                ctx(),
                seat,
                subject,
                DecisionAnswers(
                    takes_back,
                    form.decided_by.data or "",
                    form.decided_on.data,
                    form.reason.data or "",
                    form.ground.data or "" if isinstance(form, NotToldForm) else "",
                ),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            flash("The decision is recorded.")
            return redirect(f"{address_of(seat)}/{back}")
    page = render_template(
        "pages/incidents/decision.html",
        form=form,
        seat=seat,
        subject=subject,
        stands=stands,
        takes_back=takes_back,
        back=back,
    )
    return page, _status(form)


@pages.route("/incidents/<reference>/strike/<kind>/<row_id>", methods=["GET", "POST"])
def strike(reference: str, kind: str, row_id: str) -> Answer:
    """Strikes out a report or a batch that was recorded by mistake."""
    seat = seat_at(reference)
    row = incident_telling.to_strike(ctx(), seat, kind, row_id)
    back = "authority" if kind == "report" else "people"
    form = StrikeForm()
    if form.validate_on_submit():
        try:
            incident_telling.strike(ctx(), seat, kind, row_id, form.reason.data or "")
        except Refused as refused:
            form.refuse(refused)
        else:
            flash("It is struck out, and stays on record.")
            return redirect(f"{address_of(seat)}/{back}")
    page = render_template(
        "pages/incidents/strike.html", form=form, seat=seat, row=row, kind=kind, back=back
    )
    return page, _status(form)


def _status(form: ReportForm | DecisionForm | StrikeForm) -> int:
    return 400 if form.errors or form.form_errors else 200

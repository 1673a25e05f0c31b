"""Three sections of a draft: the incident, the parties, the terms."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request

from attest.database.tables import Demand
from attest.domain.calendar import add_working_days
from attest.domain.refusal import Refused
from attest.domain.wording import day
from attest.services.access import Seat
from attest.services.acts import drafts
from attest.services.acts.drafts import IncidentAnswers, Terms
from attest.services.acts.escalation import contact_of
from attest.services.facts.calendars import calendars, days_off, today
from attest.services.views import due_remarks
from attest.web.drafts.blueprint import Answer, draft_of, locked, pages, writer
from attest.web.drafts.forms import INSTRUCTION, IncidentForm, TermsForm
from attest.web.drafts.parties_page import PartiesPage, page_of_demand, page_of_request
from attest.web.forms import Form
from attest.web.session import ctx
from attest.web.unsent import Typed, typed_at

USUAL_DAYS = 10


@pages.get("/demands/<reference>/draft/incident")
def incident(reference: str) -> Answer:
    """What happened, as kept so far."""
    seat = writer(reference)
    form = IncidentForm(**_typed(seat, "incident").filled, data=_saved_incident(seat))
    return locked(seat) or _page("incident", form, seat)


def _saved_incident(seat: Seat) -> dict[str, object]:
    kept = seat.demand.incident
    noticed = kept.noticed_at.astimezone(_zone()) if kept.noticed_at else None
    return {
        "title": kept.title,
        "what_happened": kept.what_happened,
        "occurred_on": kept.occurred_on,
        "noticed_at": noticed.date() if noticed else None,
        "noticed_time": f"{noticed:%H:%M}" if noticed else "",
        "people_affected": kept.people_affected,
        "data_affected": kept.data_affected,
        "agreements": kept.agreements,
    }


@pages.post("/demands/<reference>/draft/incident")
def save_incident(reference: str) -> Answer:
    """Keeps what happened."""
    seat = writer(reference)
    form = IncidentForm()

    def act() -> None:
        drafts.save_incident(
            ctx(),
            seat,
            IncidentAnswers(
                title=form.title.data or "",
                what_happened=form.what_happened.data or "",
                occurred_on=form.occurred_on.data,
                noticed_at=_noticed(form),
                people_affected=form.people_affected.data,
                data_affected=form.data_affected.data or "",
                agreements=form.agreements.data or "",
            ),
        )

    return _save(form, seat, act, "incident")


def _noticed(form: IncidentForm) -> datetime | None:
    """The moment where this instance's people are, from a day and a time."""
    noticed_on: date | None = form.noticed_at.data
    clock = form.noticed_time.clock
    if noticed_on is None or clock is None:
        return None
    return datetime.combine(noticed_on, clock, _zone())


def _zone() -> ZoneInfo:
    return ZoneInfo(ctx().settings.time_zone)


@pages.get("/demands/<reference>/draft/parties")
def parties(reference: str) -> Answer:
    """The parties as kept so far."""
    seat = writer(reference)
    typed = _typed(seat, "parties")
    return locked(seat) or render_template(
        "pages/drafts/parties.html",
        form=page_of_request(typed.formdata, "show") if typed.formdata else _saved_page(seat),
        seat=seat,
        typed=typed,
    )


def _saved_page(seat: Seat) -> PartiesPage:
    return page_of_demand(seat.demand, contact_of(ctx(), seat.demand))


def _saved_parties(seat: Seat) -> object:
    return [form.data for form in _saved_page(seat).forms]


@pages.post("/demands/<reference>/draft/parties")
def save_parties(reference: str) -> Answer:
    """Keeps the parties; or shows the page again with a row more or less."""
    seat = writer(reference)
    act = request.form.get("act", "")
    form = page_of_request(request.form, act if act != "save" else "")
    status = 200
    if act in ("", "save"):
        status = 400
        if form.validate():
            try:
                drafts.save_parties(
                    ctx(),
                    seat,
                    form.parties(),
                    form.review.concurrence.data or "",
                    form.contact(),
                )
            except Refused as refused:
                form.refuse(refused)
            else:
                _typed(seat, "parties").forget()
                flash("The parties are kept.")
                return redirect(draft_of(seat))
    page = render_template(
        "pages/drafts/parties.html", form=form, seat=seat, typed=_typed(seat, "parties")
    )
    return page, status


@pages.get("/demands/<reference>/draft/terms")
def terms(reference: str) -> Answer:
    """What is demanded, as kept so far."""
    seat = writer(reference)
    form = _terms_form(seat.demand, _typed(seat, "terms"), data=_saved_terms(seat))
    return locked(seat) or _page("terms", form, seat)


def _saved_terms(seat: Seat) -> dict[str, object]:
    demand = seat.demand
    return {
        "basis": demand.basis,
        "action": demand.action,
        "instruction": demand.instruction or INSTRUCTION,
        "due_on": demand.due_on,
        "calendar": demand.calendar,
    }


@pages.post("/demands/<reference>/draft/terms")
def save_terms(reference: str) -> Answer:
    """Keeps what is demanded."""
    seat = writer(reference)
    form = _terms_form(seat.demand, _typed(seat, "terms"))

    def act() -> None:
        drafts.save_terms(
            ctx(),
            seat,
            Terms(
                basis=form.basis.data or "",
                action=form.action.data or "",
                instruction=form.instruction.data or "",
                due_on=form.due_on.data,
                calendar=form.calendar.data or "",
            ),
        )

    return _save(form, seat, act, "terms")


def _terms_form(demand: Demand, typed: Typed, data: dict[str, object] | None = None) -> TermsForm:
    form = TermsForm(**typed.filled, data=data)
    form.calendar.choices = list(calendars())
    soon = add_working_days(today(ctx().settings, ctx().now), USUAL_DAYS, days_off(demand.calendar))
    form.due_on.description = f"Ten working days from today is {day(soon)}."
    return form


def _save(form: Form, seat: Seat, act: Callable[[], None], section: str) -> Answer:
    if form.validate_on_submit():
        try:
            act()
        except Refused as refused:
            form.refuse(refused)
        else:
            _typed(seat, section).forget()
            flash(KEPT[section])
            return redirect(draft_of(seat))
    return _page(section, form, seat), 400


def _page(section: str, form: Form, seat: Seat) -> str:
    return render_template(
        f"pages/drafts/{section}.html",
        form=form,
        seat=seat,
        typed=_typed(seat, section),
        remark=due_remarks.of_draft(ctx(), seat.demand),
    )


def _typed(seat: Seat, section: str) -> Typed:
    saved = _SAVED[section](seat)
    return typed_at(f"draft-{section}", seat, f"{draft_of(seat)}/{section}", saved=saved)


_SAVED: dict[str, Callable[[Seat], object]] = {
    "incident": _saved_incident,
    "parties": _saved_parties,
    "terms": _saved_terms,
}
KEPT = {"incident": "What happened is kept.", "terms": "What is demanded is kept."}

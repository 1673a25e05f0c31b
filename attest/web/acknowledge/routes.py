"""What a liaison does first: look whether it is genuine, acknowledge, name the officer."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from attest.database.tables import Person
from attest.domain import demand_states
from attest.domain.refusal import Refused
from attest.services.access import Seat, demand_for
from attest.services.accounts import people
from attest.services.acts import acknowledging, escalation
from attest.services.facts import demand_keys
from attest.services.views.next_step import party_name
from attest.web.acknowledge.forms import (
    ANOTHER,
    ME,
    AcknowledgeForm,
    ContactForm,
    NotUsForm,
    OfficerForm,
)
from attest.web.session import ctx, current_account
from attest.web.unsent import typed_at

pages = Blueprint("acknowledge", __name__)

Answer = str | Response | tuple[str, int]


@pages.route("/demands/<reference>/acknowledge", methods=["GET", "POST"])
def acknowledge(reference: str) -> Answer:
    """What this is, how to check that it is genuine, and the button."""
    seat = _liaison(reference)
    saved = _contact(seat)
    typed = typed_at("acknowledge", seat, f"/demands/{reference}/acknowledge", saved=saved)
    form = AcknowledgeForm(**typed.filled, data=saved)
    if form.validate_on_submit():
        try:
            # Sent along by the page itself; who only acknowledges changes nothing in it.
            if seat.demand.acknowledged_at is None and "contact_name" in request.form:
                escalation.name_contact(ctx(), seat, form.answers())
            acknowledging.acknowledge(ctx(), seat, form.note.data)
        except Refused as refused:
            form.refuse(refused)
        else:
            typed.forget()
            flash(f"{party_name(seat.demand, 'lead')} knows that you have received the demand.")
            return redirect(f"/demands/{reference}/officer")
    page = render_template(
        "pages/acknowledge/acknowledge.html",
        form=form,
        typed=typed,
        seat=seat,
        live=seat.demand.state in demand_states.LIVE,
        lead=party_name(seat.demand, "lead"),
        # Without fingerprints: who has still to hear one must not read it first.
        signatories=[
            view
            for view in demand_keys.keys_of(ctx(), seat)
            if view.current and view.key.side == "controller"
        ],
    )
    return page, 400 if form.errors else 200


@pages.route("/demands/<reference>/not-us", methods=["GET", "POST"])
def not_us(reference: str) -> Answer:
    """The demand does not concern this contractor, and why."""
    seat = _liaison(reference)
    acknowledging.live(seat)
    saved = {"reason": seat.demand.dispute_reason or ""}
    typed = typed_at("not-us", seat, f"/demands/{reference}/not-us", saved=saved)
    form = NotUsForm(**typed.filled, data=saved)
    if form.validate_on_submit():
        try:
            acknowledging.dispute(ctx(), seat, form.reason.data or "")
        except Refused as refused:
            form.refuse(refused)
        else:
            typed.forget()
            flash(f"{party_name(seat.demand, 'lead')} is told, with your reason.")
            return redirect(f"/demands/{reference}/acknowledge")
    page = render_template(
        "pages/acknowledge/not_us.html",
        form=form,
        typed=typed,
        seat=seat,
        lead=party_name(seat.demand, "lead"),
    )
    return page, 400 if form.errors else 200


@pages.route("/demands/<reference>/officer", methods=["GET", "POST"])
def officer(reference: str) -> Answer:
    """Names the assurance officer, or replaces them."""
    seat = _liaison(reference)
    acknowledging.live(seat)
    known = _officers(seat)
    saved = {"officer": seat.demand.officer_id}
    typed = typed_at("officer", seat, f"/demands/{reference}/officer", saved=saved)
    form = OfficerForm(**typed.filled)
    form.who.choices = _choices(seat, known)
    form.who.hints = {
        ME: f"{seat.person.role}. You record what was done, and sign for it.",
        **{person.id: f"{person.role}, {person.account.email}" for person in known},
    }
    if not known:
        form.who.hints[ANOTHER] = "They need no account yet: a letter invites them."
    if form.validate_on_submit():
        try:
            named = _name(seat, form)
        except Refused as refused:
            form.refuse(refused)
        else:
            typed.forget()
            return _told(seat, named)
    page = render_template(
        "pages/acknowledge/officer.html",
        form=form,
        typed=typed,
        seat=seat,
        lead=party_name(seat.demand, "lead"),
    )
    return page, 400 if form.errors else 200


@pages.route("/demands/<reference>/escalation", methods=["GET", "POST"])
def contact(reference: str) -> Answer:
    """Who is written to when the demand is late, and what that letter is."""
    seat = _liaison(reference)
    acknowledging.live(seat)
    form = ContactForm(data=_contact(seat))
    if form.validate_on_submit():
        try:
            escalation.name_contact(ctx(), seat, form.answers())
        except Refused as refused:
            form.refuse(refused)
        else:
            nobody = form.answers().nobody
            flash("Nobody is named any more." if nobody else f"{form.contact_name.data} is named.")
            return redirect(f"/demands/{reference}")
    page = render_template(
        "pages/acknowledge/contact.html",
        form=form,
        seat=seat,
    )
    return page, 400 if form.errors or form.form_errors else 200


def _contact(seat: Seat) -> dict[str, str]:
    kept = escalation.contact_of(ctx(), seat.demand)
    if kept is None:
        return {}
    return {
        "contact_name": kept.name,
        "contact_role": kept.role or "",
        "contact_email": kept.email,
    }


def _liaison(reference: str) -> Seat:
    return demand_for(ctx(), current_account(), reference, side="contractor", duty="liaison")


def _officers(seat: Seat) -> list[Person]:
    """Those who are officers of the contractor already, the demand's own one left out."""
    return [
        person
        for person in people.people_in(ctx(), seat.person.organisation)
        if person.active
        and "officer" in person.duties
        and person.id not in (seat.demand.officer_id, seat.person.id)
    ]


def _choices(seat: Seat, known: Sequence[Person]) -> list[tuple[str, str]]:
    choices = [(person.id, person.name) for person in known]
    if seat.demand.officer_id != seat.person.id:
        choices.append((ME, f"I am ({seat.person.name})"))
    return [*choices, (ANOTHER, "Somebody else")]


def _name(seat: Seat, form: OfficerForm) -> Person:
    if form.who.data == ME:
        me = seat.person
        mine = acknowledging.OfficerAnswers(me.name, me.role, me.account.email)
        return acknowledging.name_officer(ctx(), seat, mine)
    if form.who.data == ANOTHER:
        typed = acknowledging.OfficerAnswers(
            form.name.data or "", form.role.data or "", form.email.data or ""
        )
        return acknowledging.name_officer(ctx(), seat, typed)
    return acknowledging.choose_officer(ctx(), seat, form.who.data)


def _told(seat: Seat, named: Person) -> Response:
    reference = seat.demand.reference
    if named.id == seat.person.id:
        flash("You are the assurance officer of this demand now.")
        return redirect(f"/demands/{reference}/answer")
    flash(
        f"{named.name} is the assurance officer of this demand now. "
        f"A letter is on its way to {named.account.email}."
    )
    return redirect(f"/demands/{reference}")

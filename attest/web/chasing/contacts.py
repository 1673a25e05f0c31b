"""The escalation contacts of both sides, and whether letters ask for a receipt."""

from flask import flash, redirect, render_template

from attest.database.tables import Organisation
from attest.domain.refusal import Refused
from attest.mail import languages
from attest.services.access import CONTRACTOR, CONTROLLER, Seat
from attest.services.acts import escalation, own_ladders
from attest.services.facts import preferences
from attest.services.facts.readers import contractor_of
from attest.services.views.next_step import party_name
from attest.web.chasing.blueprint import Answer, chasing_of, leader, pages
from attest.web.chasing.forms import ContactsForm
from attest.web.chasing.words import zone_choices
from attest.web.session import ctx

_PARTS = ("name", "role", "email", "time_zone", "language")


@pages.route("/demands/<reference>/chasing/contacts", methods=["GET", "POST"])
def contacts(reference: str) -> Answer:
    """Somebody above those who act, on either side."""
    seat = leader(reference)
    own_ladders.changeable(seat)
    form = ContactsForm(data={**_kept(seat), "receipt": seat.demand.asks_receipt})
    for side in (CONTRACTOR, CONTROLLER):
        _offer(form, seat, side)
    if form.validate_on_submit():
        try:
            escalation.name_contacts(
                ctx(),
                seat,
                form.answers(CONTRACTOR),
                form.answers(CONTROLLER),
                bool(form.receipt.data),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            flash("The contacts are kept.")
            return redirect(chasing_of(seat))
    page = render_template(
        "pages/chasing/contacts.html",
        form=form,
        seat=seat,
        contractor=party_name(seat.demand, "contractor"),
    )
    return page, 400 if form.errors or form.form_errors else 200


def _kept(seat: Seat) -> dict[str, str]:
    found = {}
    for side in (CONTRACTOR, CONTROLLER):
        row = escalation.contact_of(ctx(), seat.demand, side)
        for part in _PARTS:
            found[f"{side}_{part}"] = (getattr(row, part) or "") if row else ""
    return found


def _offer(form: ContactsForm, seat: Seat, side: str) -> None:
    known = seat.demand.organisation_id if side == CONTROLLER else contractor_of(seat.demand)
    organisation = ctx().session.get(Organisation, known) if known else None
    zone = preferences.organisations_zone(ctx().settings, organisation)
    form[f"{side}_time_zone"].choices = zone_choices(zone)
    spoken = languages.choices(ctx().settings.letters_path)
    usual = spoken.get(preferences.organisations_language(organisation), "English")
    form[f"{side}_language"].choices = [
        ("", f"As at their organisation ({usual})"),
        *spoken.items(),
    ]

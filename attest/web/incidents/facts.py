"""The facts of an incident: read in the authority's order, answered section by section."""

from typing import Any

from flask import flash, redirect, render_template

from attest.domain import incident_facts
from attest.domain.incident_facts import CHOICES, MOMENT, SECTIONS, in_words, of_section
from attest.domain.refusal import NotFound, Refused
from attest.domain.wording import count
from attest.services.acts import incident_changes
from attest.web.incidents.blueprint import Answer, address_of, moment, pages, seat_at, zone
from attest.web.incidents.forms import SECTION_FORMS, TIME
from attest.web.session import ctx
from attest.web.unsent import typed_about


@pages.get("/incidents/<reference>/facts")
def facts(reference: str) -> Answer:
    """Every question with its answer."""
    seat = seat_at(reference)
    values = incident_changes.values_of(ctx(), seat.incident)
    missing = {fact.name for fact in incident_facts.missing(values)}
    return render_template(
        "pages/incidents/facts.html",
        seat=seat,
        sections=[
            (
                section,
                words,
                [
                    (fact.question, in_words(fact, values[fact.name], zone()), fact.name in missing)
                    for fact in of_section(section)
                ],
            )
            for section, words in SECTIONS.items()
        ],
        missing=len(missing),
    )


@pages.route("/incidents/<reference>/facts/<section>", methods=["GET", "POST"])
def section(reference: str, section: str) -> Answer:
    """One section of the facts, to be answered or put right."""
    seat = seat_at(reference)
    if section not in SECTIONS:
        raise NotFound
    saved = _shown(incident_changes.values_of(ctx(), seat.incident), section)
    again = f"{address_of(seat)}/facts/{section}"
    typed = typed_about(f"facts-{section}", seat.person, seat.incident, again, saved=saved)
    form = SECTION_FORMS[section](**typed.filled, data=saved)
    if form.validate_on_submit():
        try:
            changed = incident_changes.save_section(ctx(), seat, section, typed_of(form, section))
        except Refused as refused:
            form.refuse(refused)
        else:
            typed.forget()
            flash(f"{count(changed, 'answer')} changed." if changed else "Nothing was changed.")
            return redirect(f"{address_of(seat)}/facts")
    page = render_template(
        "pages/incidents/section.html", form=form, seat=seat, heading=SECTIONS[section], typed=typed
    )
    return page, 400 if form.errors or form.form_errors else 200


def typed_of(form: Any, section: str) -> dict[str, Any]:
    """What a form of facts holds, by the facts' names."""
    typed = {fact.name: form[fact.name].data for fact in of_section(section)}
    for fact in of_section(section):
        if fact.kind == MOMENT:
            typed[fact.name] = moment(typed[fact.name], form[f"{fact.name}{TIME}"])
    return typed


def _shown(values: dict[str, Any], section: str) -> dict[str, Any]:
    """What a form of facts begins with."""
    shown = {}
    for fact in of_section(section):
        value = values[fact.name]
        if fact.kind == CHOICES:
            value = str(value).split(";") if value else []
        elif fact.kind == MOMENT and value is not None:
            local = value.astimezone(zone())
            shown[f"{fact.name}{TIME}"] = f"{local:%H:%M}"
            value = local.date()
        shown[fact.name] = value
    return shown

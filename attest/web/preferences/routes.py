"""The pages where one chooses for oneself, and for one's organisation."""

from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from attest.database.tables import Person
from attest.domain.duties import may_invite
from attest.domain.refusal import NotAllowed, NotFound, Refused
from attest.domain.wording import capital, count
from attest.mail import languages
from attest.services.accounts import time_zones
from attest.services.accounts.preferring import Choices, prefer, prefer_for_all
from attest.services.facts import preferences
from attest.services.letters import held
from attest.web.preferences.forms import OrganisationForm, OwnForm
from attest.web.session import ctx, current_people, resources

pages = Blueprint("preferences", __name__)

Answer = str | Response | tuple[str, int]


@pages.route("/me", methods=["GET", "POST"])
def me() -> Answer:
    """One's own choices, in the organisation that the address names, else the first one."""
    person = _person()
    form = OwnForm(
        data={
            "time_zone": person.time_zone or "",
            "language": person.language or "",
            "daily_digest": person.daily_digest,
        }
    )
    zone = preferences.organisations_zone(resources().settings, person.organisation)
    language = preferences.organisations_language(person.organisation)
    _offer(form, f"as {person.organisation.name}", zone, language)
    digests = bool(person.duties & held.READERS)
    if not digests:
        del form.daily_digest
    if form.validate_on_submit():
        wants = bool(digests and form.daily_digest.data)
        try:
            released = prefer(ctx(), person, _choices(form), daily_digest=wants)
        except Refused as refused:
            form.refuse(refused)
        else:
            flash("Your preferences are kept." + _released(released))
            return redirect(_here("/me", person))
    page = render_template(
        "pages/preferences/me.html",
        form=form,
        person=person,
        others=_others(person),
        now_there=_clock(preferences.zone_of(resources().settings, person)),
        hours=resources().settings.working_hours,
    )
    return page, 400 if form.errors or form.form_errors else 200


@pages.route("/people/organisation", methods=["GET", "POST"])
def organisation() -> Answer:
    """The choices for everybody of an organisation."""
    person = _person()
    if not may_invite(person.duties):
        raise NotAllowed("Only case handlers, liaisons and administrators change this.")
    settings = resources().settings
    form = OrganisationForm(
        data={
            "time_zone": person.organisation.time_zone or "",
            "language": person.organisation.language or "",
        }
    )
    _offer(form, "as this installation", settings.time_zone, preferences.ENGLISH)
    if form.validate_on_submit():
        try:
            prefer_for_all(ctx(), person, _choices(form))
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(f"Kept for {person.organisation.name}.")
            return redirect("/people")
    zone = preferences.organisations_zone(settings, person.organisation)
    page = render_template(
        "pages/preferences/organisation.html",
        form=form,
        person=person,
        now_there=_clock(zone),
        hours=settings.working_hours,
    )
    return page, 400 if form.errors or form.form_errors else 200


def _person() -> Person:
    """The reader, in the organisation that the address names. Raises NotFound."""
    wanted = request.args.get("organisation")
    for person in current_people():
        if wanted in (None, person.organisation_id):
            return person
    raise NotFound


def _others(person: Person) -> list[tuple[str, str]]:
    """The reader's other organisations, each with the address of its page."""
    return [
        (other.organisation.name, f"/me?organisation={other.organisation_id}")
        for other in current_people()
        if other.id != person.id
    ]


def _here(page: str, person: Person) -> str:
    return f"{page}?organisation={person.organisation_id}" if _others(person) else page


def _offer(form: OrganisationForm, whose: str, zone: str, language: str) -> None:
    """Fills the lists. The empty choice says what it comes to."""
    spoken = languages.choices(resources().settings.letters_path)
    form.time_zone.blank = f"{time_zones.place(zone)} ({whose})"
    form.time_zone.choices = form.time_zone.with_blank(time_zones.time_zones())
    form.language.blank = f"{spoken.get(language, language)} ({whose})"
    form.language.choices = form.language.with_blank(list(spoken.items()))


def _choices(form: OrganisationForm) -> Choices:
    return Choices(form.time_zone.data or "", form.language.data or "")


def _released(letters: int) -> str:
    if not letters:
        return ""
    goes = "goes" if letters == 1 else "go"
    return f" {capital(count(letters, 'letter'))} that waited for the digest {goes} out now."


def _clock(zone: str) -> str:
    """What the clock shows there."""
    return f"{ctx().now.astimezone(ZoneInfo(zone)):%H:%M}"

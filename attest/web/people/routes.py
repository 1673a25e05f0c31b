"""The people of one's organisations: who is here, inviting, ending somebody's access."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from attest.database.tables import Person
from attest.domain.duties import DUTIES, may_hand_out, may_invite
from attest.domain.refusal import NotAllowed, NotFound, Refused
from attest.domain.wording import capital, count
from attest.services.accounts import inviting
from attest.services.accounts.time_zones import place
from attest.services.acts import leaving
from attest.services.acts.leaving import Leaving
from attest.services.facts import preferences
from attest.web.people.forms import LATER, EndForm, InviteForm
from attest.web.session import ctx, current_people, resources

pages = Blueprint("people", __name__)

Answer = str | Response | tuple[str, int]


@pages.get("/people")
def people() -> Answer:
    """Everybody of each organisation in which the reader acts."""
    groups = [
        (person, inviting.colleagues(ctx(), person), may_invite(person.duties))
        for person in current_people()
    ]
    settings = resources().settings
    places = {
        person.organisation_id: place(preferences.organisations_zone(settings, person.organisation))
        for person, _, _ in groups
    }
    return render_template("pages/people/people.html", groups=groups, duties=DUTIES, places=places)


@pages.route("/people/invite", methods=["GET", "POST"])
def invite() -> Answer:
    """Invites somebody into the organisation that the address names, else the first one."""
    inviter = _inviter(request.args.get("organisation"))
    offered = may_hand_out(inviter.duties)
    form = InviteForm()
    form.duties.choices = [(name, DUTIES[name].label) for name in offered]
    form.duties.hints = {name: DUTIES[name].may for name in offered}
    if form.validate_on_submit():
        try:
            invited = inviting.invite(
                ctx(),
                inviter,
                name=form.name.data or "",
                role=form.role.data or "",
                email=form.email.data or "",
                duties=form.duties.data or [],
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(
                f"{invited.name} can act for {inviter.organisation.name} now. "
                "Whoever has no password yet gets a letter with a link."
            )
            return redirect("/people")
    page = render_template("pages/people/invite.html", form=form, inviter=inviter)
    return page, 400 if form.errors else 200


@pages.post("/people/<person_id>/letter")
def letter(person_id: str) -> Answer:
    """Writes the invitation again."""
    changer, _ = _changing(person_id)
    person = inviting.send_again(ctx(), changer, person_id)
    flash(f"A new letter is on its way to {person.account.email}. The earlier link has ended.")
    return redirect("/people")


@pages.route("/people/<person_id>/end", methods=["GET", "POST"])
def end(person_id: str) -> Answer:
    """Asks, then ends somebody's access."""
    changer, person = _changing(person_id)
    told = leaving.leaving(ctx(), changer, person_id)
    form = EndForm()
    asked = bool(told.demands and told.successors)
    if asked:
        form.successor.choices = [
            *((other.id, f"{other.name}, {other.role}") for other in told.successors),
            (LATER, "Nobody yet"),
        ]
        form.successor.hints = {LATER: "The liaison names another officer in each demand."}
    else:
        del form.successor
    if form.validate_on_submit():
        chosen = form.successor.data if asked else LATER
        try:
            leaving.end_access(ctx(), changer, person_id, None if chosen == LATER else chosen)
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_ended(told, changer, chosen))
            return redirect("/people")
    page = render_template("pages/people/end.html", form=form, person=person, told=told)
    return page, 400 if form.errors or form.form_errors else 200


def _ended(told: Leaving, changer: Person, chosen: str) -> str:
    gone = f"{told.person.name} does not act for {changer.organisation.name} any more."
    if not told.demands:
        return gone
    what = count(len(told.demands), "demand")
    for other in told.successors:
        if other.id == chosen:
            return f"{gone} {other.name} is the assurance officer of {what} now, and is told."
    return f"{gone} {capital(what)} need{'s' if len(told.demands) == 1 else ''} another officer."


def _inviter(organisation_id: str | None) -> Person:
    """The reader, as whom they invite. Raises NotFound, NotAllowed."""
    mine = [
        person
        for person in current_people()
        if organisation_id is None or person.organisation_id == organisation_id
    ]
    if not mine:
        raise NotFound
    for person in mine:
        if may_invite(person.duties):
            return person
    raise NotAllowed(
        "Only case handlers, liaisons and administrators invite people. Ask one of them."
    )


def _changing(person_id: str) -> tuple[Person, Person]:
    """The reader, as whom they change somebody, and that somebody."""
    for person in current_people():
        try:
            return person, inviting.changeable_person(ctx(), person, person_id)
        except NotFound:
            continue
    raise NotFound

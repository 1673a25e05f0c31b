"""A draft from its title to the signatory: the task list, the check, the hand-over."""

from flask import flash, redirect, render_template, request

from attest.database.tables import Demand, Person
from attest.domain.drafting import SECTIONS
from attest.domain.refusal import Refused
from attest.domain.stores import KINDS
from attest.services.access import Seat
from attest.services.acts import drafts, incident_remains
from attest.services.facts import exceptions, leaks
from attest.services.views import due_remarks
from attest.services.views.draft_view import draft_view
from attest.web.drafts.blueprint import Answer, draft_of, pages, reader, writer
from attest.web.drafts.forms import NewForm
from attest.web.session import ctx, current_account, current_people


@pages.route("/demands/new", methods=["GET", "POST"])
def new() -> Answer:
    """Raises a demand: its title, and the draft begins."""
    drafts.drafter(current_account())  # says no to whoever is no case handler
    people = [person for person in current_people() if "case_handler" in person.duties]
    form = NewForm(data={"organisation": people[0].id if len(people) == 1 else ""})
    form.organisation.choices = [(person.id, person.organisation.name) for person in people]
    if len(people) == 1:
        del form.organisation
    if form.validate_on_submit():
        try:
            demand = _create(form, people)
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(f"The draft {demand.reference} is begun.")
            return redirect(f"/demands/{demand.reference}/draft")
    return render_template("pages/drafts/new.html", form=form), 400 if form.errors else 200


def _create(form: NewForm, people: list[Person]) -> Demand:
    chosen = form.organisation.data if "organisation" in form else people[0].id
    person = next(person for person in people if person.id == chosen)
    return drafts.create(ctx(), person, form.title.data or "")


@pages.get("/demands/<reference>/draft")
def task_list(reference: str) -> Answer:
    """What is done, what is missing, and with whom the draft lies."""
    seat = reader(reference)
    gaps = drafts.gaps(ctx(), seat.demand)
    return render_template(
        "pages/drafts/task_list.html",
        seat=seat,
        sections=[(name, words, gaps[name]) for name, words in SECTIONS.items()],
        ready=not any(gaps.values()),
        writes="case_handler" in seat.duties,
        signs="signatory" in seat.duties,
        parent=exceptions.raised_from(ctx(), seat),
        remark=due_remarks.of_draft(ctx(), seat.demand),
    )


@pages.get("/demands/<reference>/draft/check")
def check(reference: str) -> Answer:
    """The whole demand as the contractor will read it, before it is handed over."""
    return _check_page(reader(reference))


@pages.post("/demands/<reference>/draft/hand-over")
def hand_over(reference: str) -> Answer:
    """Locks the draft and tells the signatories."""
    seat = writer(reference)
    drafts.hand_over(ctx(), seat)
    flash(f"{seat.demand.reference} is with your signatory, who gets a letter.")
    return redirect(draft_of(seat))


@pages.post("/demands/<reference>/draft/take-back")
def take_back(reference: str) -> Answer:
    """Unlocks the draft before the signatory has signed."""
    seat = writer(reference)
    drafts.take_back(ctx(), seat)
    flash("The draft is back with you. Change it, then hand it over again.")
    return redirect(draft_of(seat))


@pages.route("/demands/<reference>/draft/discard", methods=["GET", "POST"])
def discard(reference: str) -> Answer:
    """Asks once more, then deletes the draft."""
    seat = writer(reference)
    if request.method == "GET":
        stays = incident_remains.stays(ctx(), seat.demand)
        return render_template("pages/drafts/discard.html", seat=seat, stays=stays)
    drafts.discard(ctx(), seat)
    flash(f"The draft {reference} is discarded.")
    return redirect("/demands")


def _check_page(seat: Seat) -> str:
    gaps = drafts.gaps(ctx(), seat.demand)
    return render_template(
        "pages/drafts/check.html",
        seat=seat,
        view=draft_view(ctx(), seat.demand, page=request.args.get("files", 1, type=int)),
        kinds=KINDS,
        missing=[gap for section in gaps.values() for gap in section],
        remark=due_remarks.of_draft(ctx(), seat.demand),
        look_at=leaks.look_at(ctx(), seat.demand),
        writes="case_handler" in seat.duties,
        signs="signatory" in seat.duties,
    )

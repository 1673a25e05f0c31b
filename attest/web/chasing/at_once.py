"""A letter at once: to whom, with which line, read before it goes."""

from uuid import uuid4

from flask import flash, redirect, render_template, request

from attest.domain.refusal import Refused
from attest.domain.wording import listing
from attest.services.access import Seat
from attest.services.acts import chase_now, pausing
from attest.services.acts.chase_now import Candidate
from attest.services.views import letter_view
from attest.web.chasing.blueprint import Answer, chasing_of, leader_of_issued, pages
from attest.web.chasing.forms import NowForm
from attest.web.chasing.words import AUDIENCE_LABELS
from attest.web.session import ctx


@pages.route("/demands/<reference>/chasing/now", methods=["GET", "POST"])
def now(reference: str) -> Answer:
    """The form; then the letters as they will be; then they go."""
    seat = leader_of_issued(reference)
    people = chase_now.candidates(ctx(), seat)
    form = NowForm(data={"once": uuid4().hex})
    form.to.choices = [(each.reader.duty, _label(each)) for each in people]
    form.to.hints = {each.reader.duty: note for each in people if (note := _note(each))}
    act = request.form.get("act", "preview")
    if form.validate_on_submit() and act != "change":
        try:
            if act == "send":
                return _send(seat, form)
            return _preview(seat, form)
        except Refused as refused:
            form.refuse(refused)
    page = render_template(
        "pages/chasing/now.html",
        form=form,
        seat=seat,
        refused=_why_not(seat),
        people=people,
        standing=pausing.standing_pause(ctx(), seat.demand),
    )
    return page, 400 if form.errors or form.form_errors else 200


def _preview(seat: Seat, form: NowForm) -> str:
    found = chase_now.written_to(ctx(), seat, *_typed(form))
    return render_template(
        "pages/chasing/now_preview.html",
        seat=seat,
        to=form.to.data or [],
        line=form.line.data or "",
        once=form.once.data or "",
        again=form.again.data,
        shown=[letter_view.shown(ctx(), seat.demand, *each) for each in found],
        labels=AUDIENCE_LABELS,
    )


def _send(seat: Seat, form: NowForm) -> Answer:
    told = chase_now.chase_now(ctx(), seat, *_typed(form))
    if told:
        flash(f"A letter is on its way to {listing(reader.name for reader in told)}.")
    else:
        flash("That letter was on its way already. Nobody is written to twice.")
    return redirect(chasing_of(seat))


def _typed(form: NowForm) -> tuple[list[str], str, str, bool]:
    return form.to.data or [], form.line.data or "", form.once.data or "", bool(form.again.data)


def _label(each: Candidate) -> str:
    return f"{each.reader.name}, {AUDIENCE_LABELS[each.reader.duty]}"


def _note(each: Candidate) -> str:
    notes = [each.reader.email]
    if each.fails:
        notes.append("Letters to this address did not arrive.")
    if each.lately:
        notes.append("A letter went there less than ten minutes ago.")
    if each.away:
        notes.append(f"{each.away} The letter goes at once all the same.")
    return " · ".join(notes[:1]) + ("" if len(notes) == 1 else f". {' '.join(notes[1:])}")


def _why_not(seat: Seat) -> str | None:
    try:
        chase_now.may_chase(seat)
    except Refused as refused:
        return refused.sentence
    return None

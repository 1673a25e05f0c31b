"""A letter at once: to whom, with which line, read before it goes."""

from uuid import uuid4

from flask import flash, redirect, render_template, request

from attest.domain.refusal import Refused
from attest.domain.wording import listing
from attest.services.access import Seat
from attest.services.acts import chase_now, pausing
from attest.services.acts.chase_now import Candidate
from attest.services.facts import unsent
from attest.services.views import letter_view
from attest.web.chasing.blueprint import Answer, chasing_of, leader_of_issued, pages
from attest.web.chasing.forms import NowForm
from attest.web.chasing.words import AUDIENCE_LABELS
from attest.web.session import ctx
from attest.web.unsent import Typed, typed_at


@pages.route("/demands/<reference>/chasing/now", methods=["GET", "POST"])
def now(reference: str) -> Answer:
    """The form; then the letters as they will be, on a page of their own; then they go."""
    seat = leader_of_issued(reference)
    people = chase_now.candidates(ctx(), seat)
    typed = _typed(seat)
    form = NowForm(**typed.filled, data={"once": uuid4().hex})
    form.to.choices = [(each.reader.duty, _label(each)) for each in people]
    form.to.hints = {each.reader.duty: note for each in people if (note := _note(each))}
    if form.validate_on_submit():
        try:
            if request.form.get("act") == "send":
                return _send(seat, form)
            return _look(seat, form)
        except Refused as refused:
            form.refuse(refused)
    page = render_template(
        "pages/chasing/now.html",
        form=form,
        typed=typed,
        seat=seat,
        refused=_why_not(seat),
        people=people,
        standing=pausing.standing_pause(ctx(), seat.demand),
    )
    return page, 400 if form.errors or form.form_errors else 200


@pages.get("/demands/<reference>/chasing/now/preview")
def now_preview(reference: str) -> Answer:
    """The letters as they will be. What was typed is kept, so that the page can be opened again."""
    seat = leader_of_issued(reference)
    kept = _typed(seat).kept
    if kept is None:
        return redirect(f"{chasing_of(seat)}/now")
    to, line, once = kept.all_of("to"), kept.first("line"), kept.first("once")
    again = bool(kept.first("again"))
    try:
        found = chase_now.written_to(ctx(), seat, to, line, once, again)
    except Refused:  # something changed meanwhile: the form has it all
        return redirect(f"{chasing_of(seat)}/now")
    return render_template(
        "pages/chasing/now_preview.html",
        seat=seat,
        to=to,
        line=line,
        once=once,
        again=again,
        shown=[letter_view.shown(ctx(), seat.demand, *each) for each in found],
        labels=AUDIENCE_LABELS,
    )


def _look(seat: Seat, form: NowForm) -> Answer:
    chase_now.written_to(ctx(), seat, *_said(form))
    typed = _typed(seat)
    typed.forget()  # a save that is still on its way must not come over what is read
    unsent.keep(ctx(), typed.place, list(request.form.items(multi=True)))
    return redirect(f"{chasing_of(seat)}/now/preview")


def _send(seat: Seat, form: NowForm) -> Answer:
    told = chase_now.chase_now(ctx(), seat, *_said(form))
    _typed(seat).forget()
    if told:
        flash(f"A letter is on its way to {listing(reader.name for reader in told)}.")
    else:
        flash("That letter was on its way already. Nobody is written to twice.")
    return redirect(chasing_of(seat))


def _typed(seat: Seat) -> Typed:
    return typed_at("chase-now", seat, f"{chasing_of(seat)}/now")


def _said(form: NowForm) -> tuple[list[str], str, str, bool]:
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

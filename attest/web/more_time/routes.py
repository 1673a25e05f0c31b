"""The history of requests for more time; the contractor's form and the controller's."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from attest.domain import demand_states, extensions
from attest.domain.due_day import DayRemark
from attest.domain.extensions import MOST_FILES
from attest.domain.refusal import NotAllowed, NotFound, Refused
from attest.services.access import CONTRACTOR, CONTROLLER, Seat, demand_for
from attest.services.acts import extending, extension_deciding
from attest.services.acts.extending import Asked
from attest.services.acts.extension_deciding import AS_ASKED, NO, Decision
from attest.services.facts import due_days
from attest.services.log.prepared import Stale
from attest.services.views import due_remarks, extension_view
from attest.services.views.next_step import party_name
from attest.web.errors import look_again_at
from attest.web.more_time.forms import SOME, WHOLE, AskForm, DecideForm
from attest.web.session import ctx, current_account
from attest.web.unsent import typed_at

pages = Blueprint("more_time", __name__)

Answer = str | Response | tuple[str, int]
_TOLD = {
    extensions.GRANTED: "More time is granted.",
    extensions.GRANTED_IN_PART: "More time is granted in part.",
    extensions.REFUSED: "More time is refused: the day stands.",
}


@pages.get("/demands/<reference>/extension")
def show(reference: str) -> Answer:
    """Every request and what became of it, newest first."""
    seat = demand_for(ctx(), current_account(), reference)
    return render_template(
        "pages/more_time/history.html",
        seat=seat,
        due=due_days.of_demand(seat.demand),
        history=extension_view.history(ctx(), seat),
        may_ask=seat.side == CONTRACTOR and _why_not(seat) is None,
        may_decide=seat.lead and seat.demand.state in demand_states.WITH_CONTRACTOR,
        contractor=party_name(seat.demand, "contractor"),
        lead=party_name(seat.demand, "lead"),
    )


@pages.route("/demands/<reference>/extension/ask", methods=["GET", "POST"])
def ask(reference: str) -> Answer:
    """The contractor asks: by when, why, for what."""
    seat = demand_for(ctx(), current_account(), reference, side=CONTRACTOR)
    refused_now = _why_not(seat)
    if refused_now and request.method == "POST":
        raise Refused(refused_now)
    files = extending.open_files(ctx(), seat.demand)
    typed = typed_at("more-time", seat, request.path)
    form = AskForm(**typed.filled, data={"scope": WHOLE})
    form.file.choices = [(row.id, row.name) for row in files]
    form.until.description = f"Now it is due {due_days.of_demand(seat.demand)}."
    valid = form.validate_on_submit()
    remark = due_remarks.of_asked(ctx(), seat.demand, form.until.data)
    if valid and _read(remark, form.until.data):
        chosen = list(form.file.data or []) if form.scope.data == SOME else []
        try:
            if form.scope.data == SOME and not chosen:
                raise Refused("Tick at least one file, or choose the whole demand.", field="file")
            asked = Asked(form.until.data, form.reason.data or "", chosen)
            extending.request_extension(ctx(), seat, asked)
        except Refused as refused:
            form.refuse(refused)
        else:
            typed.forget()
            flash(f"{party_name(seat.demand, 'lead')} is asked. Until they answer, the day stands.")
            return redirect(f"/demands/{reference}/extension")
    page = render_template(
        "pages/more_time/ask.html",
        form=form,
        typed=typed,
        seat=seat,
        refused=refused_now,
        remark=remark,
        more=len(files) >= MOST_FILES and seat.demand.files_open > MOST_FILES,
        shown=len(files),
        lead=party_name(seat.demand, "lead"),
    )
    return page, 400 if form.errors or form.form_errors else 200


@pages.post("/demands/<reference>/extension/<extension_id>/withdraw")
def withdraw(reference: str, extension_id: str) -> Answer:
    """The contractor takes its request back."""
    seat = demand_for(ctx(), current_account(), reference, side=CONTRACTOR)
    extending.withdraw_extension(ctx(), seat, extension_id)
    flash("The request is withdrawn. The day stands.")
    return redirect(f"/demands/{reference}/extension")


@pages.route("/demands/<reference>/extension/<extension_id>", methods=["GET", "POST"])
def decide(reference: str, extension_id: str) -> Answer:
    """The lead controller decides: its case handlers or its signatories."""
    seat = demand_for(ctx(), current_account(), reference, side=CONTROLLER)
    row = extending.found(ctx(), seat.demand, extension_id)
    if not seat.lead:
        raise NotAllowed("The lead controller decides on more time. You can read every request.")
    look_again_at(f"/demands/{reference}/extension")
    asked = extension_view.view(ctx(), seat, row)
    typed = typed_at("decide-more-time", seat, request.path, row.id)
    form = DecideForm(**typed.filled, data=_to_begin(asked.overtaken, row.until))
    files = extension_deciding.files_to_choose(ctx(), seat.demand, row)
    form.file.choices = [(file.id, file.name) for file in files]
    form.until.description = f"They ask for {asked.asked}."
    valid = form.validate_on_submit()
    until = row.until if form.answer.data == AS_ASKED else form.until.data
    remark = due_remarks.of_granted(ctx(), seat.demand, until, row.until)
    if valid and (form.answer.data == NO or _read(remark, until)):
        decision = Decision(
            form.answer.data or "",
            form.until.data,
            form.reason.data or "",
            list(form.file.data or []),
        )
        try:
            decided = extension_deciding.decide_extension(ctx(), seat, extension_id, decision)
        except (Stale, NotFound):
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            typed.forget()
            flash(f"{_TOLD[decided.state]} Both sides get a letter.")
            return redirect(f"/demands/{reference}/extension")
    page = render_template(
        "pages/more_time/decide.html",
        form=form,
        typed=typed,
        seat=seat,
        asked=asked,
        remark=remark,
        remarked=until,
        all_of=not any(each.asked for each in row.files),
        contractor=party_name(seat.demand, "contractor"),
    )
    return page, 400 if form.errors or form.form_errors else 200


def _to_begin(overtaken: bool, until: date) -> dict[str, object]:
    return {"answer": NO if overtaken else AS_ASKED, "until": until}


def _read(remark: DayRemark | None, until: date | None) -> bool:
    """Whether this day's remark stood on the page that was sent, or there is none to be read."""
    return remark is None or request.form.get("remarked") == str(until)


def _why_not(seat: Seat) -> str | None:
    """Why the contractor cannot ask now, in a sentence; None where it can."""
    try:
        extending.may_ask(ctx(), seat)
    except Refused as refused:
        return refused.sentence
    return None

"""An amendment from its beginning to the signatory: what it changes, its terms, its stores."""

from flask import flash, redirect, render_template, request

from attest.domain import demand_states
from attest.domain.refusal import Refused
from attest.services.acts import amendment_drafts, withdrawing
from attest.services.facts import leaks
from attest.services.views import due_remarks
from attest.web.amending.blueprint import Answer, address_of, amendment, pages, reader, writer
from attest.web.amending.forms import KEEP, RELEASE, StoreForm, TermsForm
from attest.web.session import ctx
from attest.web.unsent import typed_at


@pages.get("/demands/<reference>/amendment")
def show(reference: str) -> Answer:
    """What it changes, old and new, and with whom it lies."""
    seat = reader(reference)
    row = amendment(seat)
    return render_template(
        "pages/amending/amendment.html",
        seat=seat,
        view=amendment_drafts.view(ctx(), seat, row),
        remark=due_remarks.of_amendment(ctx(), seat.demand, row),
        look_at=leaks.look_at_amendment(ctx(), seat.demand, row),
        live=seat.demand.state in demand_states.LIVE,
        writes="case_handler" in seat.duties,
        signs="signatory" in seat.duties,
    )


@pages.post("/demands/<reference>/amendment")
def begin(reference: str) -> Answer:
    """Begins one, or goes on with the one that is there."""
    seat = writer(reference)
    amendment_drafts.begin(ctx(), seat)
    return redirect(address_of(seat))


@pages.route("/demands/<reference>/amendment/terms", methods=["GET", "POST"])
def terms(reference: str) -> Answer:
    """Due date, action, basis, instruction, and whose review counts."""
    seat = writer(reference)
    row = amendment(seat)
    if row.handed_at is not None:
        return redirect(address_of(seat))
    saved = {
        name: getattr(row, name)
        for name in ("due_on", "action", "concurrence", "basis", "instruction")
    }
    typed = typed_at("amendment-terms", seat, request.path, saved=saved)
    form = TermsForm(**typed.filled, data=saved)
    if form.validate_on_submit():
        said = amendment_drafts.Terms(
            basis=form.basis.data or "",
            action=form.action.data or "",
            instruction=form.instruction.data or "",
            due_on=form.due_on.data,
            concurrence=form.concurrence.data or "",
        )
        try:
            amendment_drafts.save_terms(ctx(), seat, said)
        except Refused as refused:
            form.refuse(refused)
        else:
            typed.forget()
            flash("The terms are kept. Nothing changes until the amendment is signed.")
            return redirect(address_of(seat))
    remark = due_remarks.of_amendment(ctx(), seat.demand, row)
    page = render_template(
        "pages/amending/terms.html", form=form, typed=typed, seat=seat, remark=remark
    )
    return page, 400 if form.errors or form.form_errors else 200


@pages.route("/demands/<reference>/amendment/stores", methods=["GET", "POST"])
def stores(reference: str) -> Answer:
    """What becomes of each store that was withdrawn: an amendment covers them all."""
    seat = writer(reference)
    row = amendment(seat)
    if row.handed_at is not None:
        return redirect(address_of(seat))
    decided = amendment_drafts.view(ctx(), seat, row).stores
    forms = [(each, _store_form(each)) for each in decided]
    # All are looked at, so that each says what it lacks.
    wrong = [form for _, form in forms if form.is_submitted() and not form.validate()]
    if forms and forms[0][1].is_submitted() and not wrong:
        keep = {each.withdrawal.store_id: form.keep.data == KEEP for each, form in forms}
        try:
            amendment_drafts.decide_stores(ctx(), seat, keep)
        except Refused as refused:
            forms[0][1].refuse(Refused(refused.sentence))
            wrong = [forms[0][1]]
        else:
            flash("What becomes of the stores is kept.")
            return redirect(address_of(seat))
    page = render_template(
        "pages/amending/stores.html",
        seat=seat,
        forms=forms,
        refused=withdrawing.REFUSED,
        **({"form": wrong[0]} if wrong else {}),
    )
    return page, 400 if wrong else 200


def _store_form(each: amendment_drafts.Decided) -> StoreForm:
    said = {None: None, True: KEEP, False: RELEASE}[each.keep]
    form = StoreForm(data={"keep": said}, prefix=each.withdrawal.store_id)
    form.keep.label.text = f"“{each.withdrawal.store.label}”"
    return form


@pages.post("/demands/<reference>/amendment/hand-over")
def hand_over(reference: str) -> Answer:
    """Locks the amendment and tells the signatories."""
    seat = writer(reference)
    amendment(seat)
    amendment_drafts.hand_over(ctx(), seat)
    flash("The amendment is with your signatory, who gets a letter.")
    return redirect(address_of(seat))


@pages.post("/demands/<reference>/amendment/take-back")
def take_back(reference: str) -> Answer:
    """Unlocks it before it is signed."""
    seat = writer(reference)
    amendment(seat)
    amendment_drafts.take_back(ctx(), seat)
    flash("The amendment is back with you. Change it, then hand it over again.")
    return redirect(address_of(seat))


@pages.route("/demands/<reference>/amendment/discard", methods=["GET", "POST"])
def discard(reference: str) -> Answer:
    """Asks once more, then deletes what was prepared."""
    seat = writer(reference)
    row = amendment(seat)
    if request.method == "POST":
        amendment_drafts.discard(ctx(), seat)
        flash("The amendment is discarded. The demand stands as it did.")
        return redirect(f"/demands/{reference}/changes")
    return render_template(
        "pages/amending/discard.html", seat=seat, files=amendment_drafts.files_count(ctx(), row)
    )

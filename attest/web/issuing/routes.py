"""Everything on one page as the contractor will read it; then the signature, or the way back."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from attest.domain.demand_states import DRAFT
from attest.domain.refusal import Refused
from attest.domain.stores import KINDS
from attest.services.access import CONTROLLER, Seat, demand_for
from attest.services.acts import drafts, issuing
from attest.services.log.prepared import ToSign
from attest.services.views import due_remarks
from attest.services.views.draft_view import draft_view
from attest.web.errors import look_again_at
from attest.web.issuing.forms import ReturnForm
from attest.web.session import ctx, current_account
from attest.web.signing_page import read_envelopes, signed, signing_page
from attest.web.unsent import Typed, typed_at

pages = Blueprint("issuing", __name__)

Answer = str | Response | tuple[str, int]


def _signatory(reference: str, *, draft: bool | None = True) -> Seat:
    return demand_for(
        ctx(),
        current_account(),
        reference,
        side=CONTROLLER,
        duty="signatory",
        lead=True,
        draft=draft,
    )


@pages.get("/demands/<reference>/issue")
def issue(reference: str) -> Answer:
    """The page that signs. A letter's link still leads somewhere when another was quicker."""
    seat = _signatory(reference, draft=None)
    if seat.demand.state != DRAFT:
        return redirect(f"/demands/{reference}/issued")
    if seat.demand.handed_at is None:
        return redirect(f"/demands/{reference}/draft")
    return _page(seat, ReturnForm(**_typed(seat).filled))


@pages.post("/demands/<reference>/issue")
def return_draft(reference: str) -> Answer:
    """Returns the draft with a note."""
    seat = _signatory(reference)
    form = ReturnForm()
    if form.validate_on_submit():
        try:
            drafts.return_with_note(ctx(), seat, form.note.data or "")
        except Refused as refused:
            form.refuse(refused)
        else:
            _typed(seat).forget()
            flash(f"{reference} is back with the case handlers, who get a letter.")
            return redirect(f"/demands/{reference}/draft")
    return make_response(_page(seat, form), 400)


@pages.post("/demands/<reference>/issue/envelopes")
def issue_now(reference: str) -> Response:
    """Takes the signed demand. The same one twice is answered the same way."""
    seat = _signatory(reference, draft=None)
    look_again_at(f"/demands/{reference}/issue")
    results: list[tuple[str, str | None]] = []
    for sent in read_envelopes(seat.demand.id):
        issuing.issue_demand(ctx(), seat, sent.envelope)
        results.append((sent.id, None))
    return signed(results, next_page=f"/demands/{reference}/issued")


@pages.get("/demands/<reference>/issued")
def issued(reference: str) -> Answer:
    """The receipt: what was done, and what happens next."""
    seat = demand_for(ctx(), current_account(), reference, side=CONTROLLER, lead=True)
    return render_template(
        "pages/issuing/issued.html", seat=seat, view=draft_view(ctx(), seat.demand)
    )


def _typed(seat: Seat) -> Typed:
    return typed_at("return-draft", seat, f"/demands/{seat.demand.reference}/issue")


def _page(seat: Seat, form: ReturnForm) -> str | Response:
    to_sign: ToSign | None = None
    obstacle = ""
    try:
        to_sign = issuing.prepare_issue(ctx(), seat)
    except Refused as refused:  # no key yet, or the due date has passed: the rest can be read
        obstacle = refused.sentence
    address = f"/demands/{seat.demand.reference}/issue"
    more: dict[str, Any] = {
        "seat": seat,
        "form": form,
        "returning": _typed(seat),
        "view": draft_view(ctx(), seat.demand, page=request.args.get("files", 1, type=int)),
        "kinds": KINDS,
        "obstacle": obstacle,
        "remark": due_remarks.of_draft(ctx(), seat.demand),
    }
    template = "pages/issuing/issue.html"
    if to_sign is None:
        return render_template(template, data=None, texts=[], offline=None, **more)
    # The other form of this page returns the draft: the file is asked for by its address alone.
    return signing_page(template, to_sign, f"{address}/envelopes", again=address, **more)

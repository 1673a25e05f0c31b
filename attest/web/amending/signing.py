"""The signatory reads an amendment, old beside new, and signs it or returns it."""

from typing import Any

from flask import flash, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from attest.domain import demand_states
from attest.domain.refusal import Refused
from attest.services.access import Seat
from attest.services.acts import amendment_drafts, amendment_files, amendment_signing
from attest.services.log.prepared import ToSign
from attest.services.views import due_remarks
from attest.web.amending.blueprint import Answer, address_of, amendment, pages, signatory
from attest.web.amending.forms import ReturnForm
from attest.web.errors import look_again_at
from attest.web.session import ctx
from attest.web.signing_page import read_envelopes, signed, signing_page
from attest.web.unsent import Typed, typed_at


@pages.get("/demands/<reference>/amendment/sign")
def sign(reference: str) -> Answer:
    """The page that signs. A letter's link leads somewhere in any case."""
    seat = signatory(reference)
    row = amendment_drafts.amendment_of(ctx(), seat.demand)
    if row is None or seat.demand.state in demand_states.ENDED:
        return redirect(f"/demands/{reference}/changes")
    if row.handed_at is None:
        return redirect(address_of(seat))
    return _page(seat, ReturnForm(**_typed(seat).filled))


@pages.post("/demands/<reference>/amendment/sign")
def return_amendment(reference: str) -> Answer:
    """Returns the amendment with a note."""
    seat = signatory(reference)
    amendment(seat)
    form = ReturnForm()
    if form.validate_on_submit():
        try:
            amendment_drafts.return_with_note(ctx(), seat, form.note.data or "")
        except Refused as refused:
            form.refuse(refused)
        else:
            _typed(seat).forget()
            flash("The amendment is back with the case handlers, who get a letter.")
            return redirect(f"/demands/{reference}/changes")
    return make_response(_page(seat, form), 400)


@pages.post("/demands/<reference>/amendment/sign/envelopes")
def envelopes(reference: str) -> Response:
    """Takes the signed amendment. The same one twice is answered the same way."""
    seat = signatory(reference)
    look_again_at(f"/demands/{reference}/amendment/sign")
    results: list[tuple[str, str | None]] = []
    for sent in read_envelopes(seat.demand.id):
        amendment_signing.amend_demand(ctx(), seat, sent.envelope)
        results.append((sent.id, None))
    return signed(
        results,
        f"/demands/{reference}/changes",
        notice="The demand is amended. Both sides get a letter with what changed.",
    )


def _typed(seat: Seat) -> Typed:
    return typed_at("return-amendment", seat, f"{address_of(seat)}/sign")


def _page(seat: Seat, form: ReturnForm) -> str | Response:
    row = amendment(seat)
    to_sign: ToSign | None = None
    obstacle = ""
    try:
        to_sign = amendment_signing.prepare_amendment(ctx(), seat)
    except Refused as refused:  # no key yet, or something is missing now: the rest can be read
        obstacle = refused.sentence
    address = f"{address_of(seat)}/sign"
    more: dict[str, Any] = {
        "seat": seat,
        "form": form,
        "returning": _typed(seat),
        "view": amendment_drafts.view(ctx(), seat, row),
        "files": amendment_files.files(ctx(), row, request.args.get("files", 1, type=int)),
        "obstacle": obstacle,
        "remark": due_remarks.of_amendment(ctx(), seat.demand, row),
    }
    template = "pages/amending/sign.html"
    if to_sign is None:
        return render_template(template, data=None, texts=[], offline=None, **more)
    # The other form of this page returns the amendment: the file is asked for by its address alone.
    return signing_page(template, to_sign, f"{address}/envelopes", again=address, **more)

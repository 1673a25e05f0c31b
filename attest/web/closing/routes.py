"""Closing a demand: what stands in the way, or how it ends; then the page that signs it."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from attest.domain import demand_states
from attest.domain.refusal import Refused
from attest.services.access import CONTROLLER, Seat, demand_for
from attest.services.acts import closing, reviewing
from attest.services.facts import compromised, dealt_with, exceptions, keys
from attest.services.log.prepared import Stale, ToSign
from attest.web.closing.forms import ClosingForm
from attest.web.errors import look_again_at
from attest.web.session import ctx, current_account
from attest.web.signing_page import read_envelopes, signed, signing_page
from attest.web.unsent import typed_at

pages = Blueprint("closing", __name__)

Answer = str | Response | tuple[str, int]

_CHOICES = {
    "closed": ("Close it", "Every file is accepted, and every copy is settled."),
    "closed_with_exceptions": (
        "Close it with exceptions",
        "Every file is accepted, and some copies are not settled, like one put beyond use. "
        "When such an exception ends, its file opens the demand again.",
    ),
    "withdrawn": ("Withdraw it", "Nothing more is asked of the contractor. What was signed stays."),
}
_ACTIONS = {
    "closed": "Close the demand",
    "closed_with_exceptions": "Close the demand with exceptions",
    "withdrawn": "Withdraw the demand",
}


@pages.route("/demands/<reference>/close", methods=["GET", "POST"])
def show(reference: str) -> Answer:
    """What stands in the way, or the choice; a choice leads to the page that signs."""
    seat = _closer(reference)
    look_again_at(f"/demands/{reference}/close")
    closable = closing.closable(ctx(), seat)
    # Forgotten with everything that was typed for the demand, once it has ended.
    typed = typed_at("close", seat, request.path)
    form = ClosingForm(**typed.filled)
    # An older page may have offered what is not possible any more: the service says so.
    form.outcome.choices = [(name, words) for name, (words, _) in _CHOICES.items()]
    if form.validate_on_submit():
        outcome = form.outcome.data or ""
        try:
            to_sign = closing.prepare_closure(ctx(), seat, outcome, form.reason.data)
        except Stale:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            return _signing_page(seat, to_sign, outcome)
    offered = [name for name in (closable.outcome, "withdrawn") if name]
    form.outcome.choices = [(name, _CHOICES[name][0]) for name in offered]
    form.outcome.hints = {name: _CHOICES[name][1] for name in offered}
    page = render_template(
        "pages/closing/close.html",
        form=form,
        typed=typed,
        seat=seat,
        ended=seat.demand.state in demand_states.ENDED,
        possible=closable.outcome,
        obstacles=closable.obstacles,
        files=closing.open_files(ctx(), seat),
        below=[each for each in exceptions.raised(ctx(), seat) if not each.ended],
        recipients=dealt_with.recipients(ctx(), seat),
        to_review=bool(reviewing.reviewable(ctx(), seat)),
        in_doubt=compromised.files_in_doubt(ctx(), seat.demand),
        own_key=keys.current_key(ctx(), seat.person, "signatory"),
    )
    return page, 400 if form.errors or form.form_errors else 200


@pages.post("/demands/<reference>/close/envelopes")
def envelopes(reference: str) -> Answer:
    """Keeps the signed closure."""
    seat = _closer(reference)
    look_again_at(f"/demands/{reference}/close")
    results: list[tuple[str, str | None]] = []
    for sent in read_envelopes(seat.demand.id):
        closing.close_demand(ctx(), seat, sent.envelope)
        results.append((sent.id, None))
    return signed(
        results,
        f"/demands/{reference}/downloads",
        notice="It is signed, and both sides are told. Download the evidence and keep it.",
    )


def _closer(reference: str) -> Seat:
    return demand_for(
        ctx(), current_account(), reference, side=CONTROLLER, duty="signatory", lead=True
    )


def _signing_page(seat: Seat, to_sign: ToSign, outcome: str) -> Answer:
    return signing_page(
        "pages/closing/sign.html",
        to_sign,
        f"/demands/{seat.demand.reference}/close/envelopes",
        seat=seat,
        action=_ACTIONS[outcome],
    )

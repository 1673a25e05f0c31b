"""The keys of a demand, and hearing a fingerprint over another channel.

A fingerprint that somebody still has to hear is on none of these pages: who could read it here
would not ring.
"""

from flask import Blueprint, flash, redirect, render_template
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from attest.domain import wording
from attest.domain.refusal import NotAllowed, Refused
from attest.services.access import CONTROLLER, Seat, demand_for
from attest.services.acts import confirming
from attest.services.exports.fingerprint_sheet import fingerprint_sheet, noted_telephone
from attest.services.facts import compromised, demand_keys, keys, revokers
from attest.services.facts.demand_keys import KeyView
from attest.services.log.prepared import Prepared, ToSign
from attest.services.views import key_history
from attest.web.demand_keys.forms import CompareForm, ConfirmForm
from attest.web.errors import look_again_at
from attest.web.session import ctx, current_account
from attest.web.signing_page import read_envelopes, signed, signing_page

pages = Blueprint("demand_keys", __name__)

Answer = str | Response | tuple[str, int]


@pages.get("/demands/<reference>/keys")
def show(reference: str) -> Answer:
    """Which keys count here, whose they are, and how each was confirmed."""
    seat = demand_for(ctx(), current_account(), reference)
    views = demand_keys.keys_of(ctx(), seat)
    account = current_account()
    return render_template(
        "pages/demand_keys/keys.html",
        seat=seat,
        views=views,
        histories=key_history.histories(views),
        touched={
            view.key.keyid: compromised.touched_since(
                ctx(), seat.demand, view.key.keyid, view.lost_since
            )
            for view in views
        },
        revocable={
            view.key.keyid
            for view in views
            if view.key.revoked_at is None and revokers.find(ctx(), account, view.key.keyid).signers
        },
        without_key=demand_keys.signers_without_key(ctx(), seat.demand, views),
        shown={view.key.keyid for view in views if demand_keys.shows_fingerprint(view, seat)},
        confirmable={view.key.keyid for view in views if _confirmable(view, seat)},
        comparable={view.key.keyid for view in views if demand_keys.comparable(view, seat)},
    )


@pages.get("/demands/<reference>/keys/sheet.pdf")
def sheet(reference: str) -> Response:
    """A page to print: what each side reads out, hears and ticks."""
    seat = demand_for(ctx(), current_account(), reference)
    answer = FlaskResponse(fingerprint_sheet(ctx(), seat), mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{reference}-keys.pdf")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.route("/demands/<reference>/keys/<keyid>/confirm", methods=["GET", "POST"])
def confirm(reference: str, keyid: str) -> Answer:
    """The signatory types what they hear; then the page that signs the confirmation."""
    seat = demand_for(ctx(), current_account(), reference, side=CONTROLLER, duty="signatory")
    view = confirming.key_at(ctx(), seat, keyid)
    if view.confirmations:
        flash(f"The key of {view.key.holder['name']} is confirmed already.")
        return redirect(f"/demands/{reference}/keys")
    form = ConfirmForm()
    if form.validate_on_submit():
        typed, method = form.typed.data or "", form.method.data or ""
        try:
            prepared = confirming.prepare_confirmation(ctx(), seat, keyid, typed, method)
        except NotAllowed:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            to_sign = ToSign(
                prepared.key.keyid,
                prepared.key.key_file,
                [Prepared("confirmation", "confirmation", prepared.payload)],
            )
            return signing_page(
                "pages/demand_keys/sign.html",
                to_sign,
                f"/demands/{reference}/keys/{keyid}/envelopes",
                typed=typed,
                seat=seat,
                view=view,
                method=wording.CONFIRMATION_METHODS[method],
            )
    page = render_template(
        "pages/demand_keys/confirm.html",
        form=form,
        seat=seat,
        view=view,
        own_key=keys.current_key(ctx(), seat.person, "signatory"),
        telephone=noted_telephone(seat, seat.demand, view.key.person.organisation_id),
    )
    return page, 400 if form.errors or form.form_errors else 200


@pages.post("/demands/<reference>/keys/<keyid>/envelopes")
def envelopes(reference: str, keyid: str) -> Answer:
    """Keeps the signed confirmation."""
    seat = demand_for(ctx(), current_account(), reference, side=CONTROLLER, duty="signatory")
    look_again_at(f"/demands/{reference}/keys/{keyid}/confirm")
    results: list[tuple[str, str | None]] = []
    for sent in read_envelopes():
        confirming.confirm_key(ctx(), seat, sent.envelope)
        results.append((sent.id, None))
    return signed(results, f"/demands/{reference}/keys", notice="The key is confirmed.")


@pages.route("/demands/<reference>/keys/<keyid>/compare", methods=["GET", "POST"])
def compare(reference: str, keyid: str) -> Answer:
    """Somebody types the other side's fingerprint; their trust file pins the key then."""
    seat = demand_for(ctx(), current_account(), reference)
    view = confirming.key_at(ctx(), seat, keyid)
    if view.compared:
        flash(f"The key of {view.key.holder['name']} is compared already.")
        return redirect(f"/demands/{reference}/keys")
    if not demand_keys.comparable(view, seat):
        raise NotAllowed(
            "This key is not yours to compare: it is your own organisation's, or it is the "
            "officer's, which a controller's signatory confirms."
        )
    form = CompareForm()
    if form.validate_on_submit():
        try:
            confirming.compare_key(ctx(), seat, keyid, form.typed.data or "")
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(
                f"That is the key of {view.key.holder['name']}. "
                "Your organisation’s trust file names it from now on."
            )
            return redirect(f"/demands/{reference}/keys")
    page = render_template(
        "pages/demand_keys/compare.html",
        form=form,
        seat=seat,
        view=view,
        telephone=noted_telephone(seat, seat.demand, view.key.person.organisation_id),
    )
    return page, 400 if form.errors or form.form_errors else 200


def _confirmable(view: KeyView, seat: Seat) -> bool:
    return (
        seat.side == CONTROLLER
        and "signatory" in seat.duties
        and view.current
        and not view.confirmations
        and view.key.duty == "officer"
    )

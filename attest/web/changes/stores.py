"""Withdrawing a store, and deciding that it stays."""

from flask import flash, redirect, render_template, request

from attest.domain.refusal import Refused
from attest.services.access import CONTROLLER, demand_for
from attest.services.acts import withdrawing
from attest.services.acts.acknowledging import live
from attest.services.views.next_step import party_name
from attest.web.changes.blueprint import Answer, pages
from attest.web.changes.forms import KeepStoreForm, WithdrawStoreForm
from attest.web.session import ctx, current_account
from attest.web.unsent import typed_at


@pages.route("/demands/<reference>/stores/<store_id>/withdraw", methods=["GET", "POST"])
def withdraw(reference: str, store_id: str) -> Answer:
    """What that brings about, and the reason."""
    seat = demand_for(ctx(), current_account(), reference)
    live(seat)
    store = withdrawing.store_of(ctx(), seat, store_id)
    typed = typed_at("withdraw-store", seat, request.path, store.id)
    form = WithdrawStoreForm(**typed.filled)
    if form.validate_on_submit():
        try:
            withdrawing.withdraw_store(ctx(), seat, store.id, form.reason.data or "")
        except Refused as refused:
            form.refuse(refused)
        else:
            typed.forget()
            flash(f"“{store.label}” is withdrawn. It stands until the demand is amended.")
            return redirect(f"/demands/{reference}/changes")
    page = render_template(
        "pages/changes/withdraw_store.html",
        form=form,
        typed=typed,
        seat=seat,
        store=store,
        refused=withdrawing.why_not(seat, store, withdrawing.withdrawals(ctx(), seat.demand.id)),
        lead=party_name(seat.demand, "lead"),
    )
    return page, 400 if form.errors or form.form_errors else 200


@pages.route("/demands/<reference>/stores/<store_id>/keep", methods=["GET", "POST"])
def keep(reference: str, store_id: str) -> Answer:
    """The lead controller refuses a withdrawal."""
    seat = demand_for(ctx(), current_account(), reference, side=CONTROLLER, lead=True)
    live(seat)
    store = withdrawing.store_of(ctx(), seat, store_id)
    typed = typed_at("keep-store", seat, request.path, store.id)
    form = KeepStoreForm(**typed.filled)
    if form.validate_on_submit():
        try:
            withdrawing.refuse_withdrawal(ctx(), seat, store.id, form.reason.data or "")
        except Refused as refused:
            form.refuse(refused)
        else:
            typed.forget()
            flash(f"“{store.label}” stays, and the contractor gets a letter.")
            return redirect(f"/demands/{reference}/changes")
    page = render_template(
        "pages/changes/keep_store.html", form=form, typed=typed, seat=seat, store=store
    )
    return page, 400 if form.errors or form.form_errors else 200

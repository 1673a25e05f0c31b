"""The stores of a draft: proposals to tick, and one's own."""

from flask import flash, redirect, render_template, request

from attest.domain.refusal import Refused
from attest.domain.stores import KINDS, ProposedStore
from attest.domain.wording import count
from attest.services.access import Seat
from attest.services.acts import draft_stores
from attest.services.acts.draft_stores import StoreAnswers
from attest.services.views import overview
from attest.web.drafts.blueprint import Answer, draft_of, locked, pages, writer
from attest.web.drafts.forms import ProposedStoresForm, StoreForm
from attest.web.forms import Form
from attest.web.forms.fields import PERMANENT
from attest.web.session import ctx
from attest.web.unsent import Typed, typed_at


@pages.get("/demands/<reference>/draft/stores")
def stores(reference: str) -> Answer:
    """The stores so far, and the ways to add one."""
    seat = writer(reference)
    return locked(seat) or _page(seat)


@pages.post("/demands/<reference>/draft/stores")
def add_stores(reference: str) -> Answer:
    """Adds the ticked proposals, or a store as typed."""
    seat = writer(reference)
    own = request.form.get("act") == "own"
    form: Form = StoreForm() if own else _proposals(seat)
    if form.validate_on_submit():
        chosen = [_typed(form)] if isinstance(form, StoreForm) else _ticked(seat, form)
        try:
            if not chosen:
                raise Refused("Tick at least one store, then add.", field="electronic")
            draft_stores.add_stores(ctx(), seat, chosen)
        except Refused as refused:
            form.refuse(refused)
        else:
            if own:
                _kept_of(seat, form).forget()
            flash(f"{count(len(chosen), 'store')} added.")
            return redirect(f"{draft_of(seat)}/stores")
    return _page(seat, form), 400


@pages.post("/demands/<reference>/draft/stores/remove")
def remove_store(reference: str) -> Answer:
    """Takes one store off the list."""
    seat = writer(reference)
    draft_stores.remove_store(ctx(), seat, request.form.get("store", ""))
    return redirect(f"{draft_of(seat)}/stores")


def _page(seat: Seat, form: Form | None = None) -> str:
    """`form` is the one that was sent; the other one is made anew."""
    typed = _kept_of(seat, form)
    own = form if isinstance(form, StoreForm) else StoreForm(formdata=typed.formdata)
    proposed = form if isinstance(form, ProposedStoresForm) else _proposals(seat, empty=True)
    named = {"form": form} if form is not None else {}
    return render_template(
        "pages/drafts/stores.html",
        seat=seat,
        stores=overview.stores(ctx(), seat.demand),
        proposed=proposed,
        own=own,
        typed=typed,
        kinds=KINDS,
        permanent=PERMANENT,
        **named,
    )


def _kept_of(seat: Seat, form: Form | None) -> Typed:
    """What was typed of a store of one's own, where `form` is not that."""
    again = f"{draft_of(seat)}/stores"
    return typed_at("draft-store", seat, again, opened=not isinstance(form, StoreForm))


def _proposals(seat: Seat, *, empty: bool = False) -> ProposedStoresForm:
    offered = draft_stores.propose_stores(ctx(), seat)
    form = ProposedStoresForm(formdata=None) if empty else ProposedStoresForm()
    for medium in ("electronic", "hard_copy"):
        fitting = [store for store in offered if store.medium == medium]
        form[medium].choices = [(store.kind, store.label) for store in fitting]
        form[medium].hints = {store.kind: store.hint for store in fitting}
    return form


def _ticked(seat: Seat, form: Form) -> list[StoreAnswers]:
    wanted = {*(form["electronic"].data or []), *(form["hard_copy"].data or [])}
    return [
        _answers(store)
        for store in draft_stores.propose_stores(ctx(), seat)
        if store.kind in wanted
    ]


def _answers(store: ProposedStore) -> StoreAnswers:
    return StoreAnswers(store.label, store.medium, store.kind)


def _typed(form: StoreForm) -> StoreAnswers:
    return StoreAnswers(
        form.label.data or "",
        form.medium.data or "",
        form.kind.data or "",
        form.location.data or "",
        form.custodian.data or "",
    )

"""The ladder of a demand: rows that grow and shrink without a script, seen before they are kept."""

from flask import flash, redirect, render_template, request

from attest.domain import ladder_rules
from attest.domain.ladder import AUDIENCES
from attest.domain.refusal import Refused
from attest.services.access import Seat
from attest.services.accounts.time_zones import place
from attest.services.acts import own_ladders
from attest.services.facts.ladders import ladder_of
from attest.services.facts.reader_clock import calendar_name
from attest.services.views import chasing_view
from attest.web.chasing.blueprint import Answer, chasing_of, leader, pages
from attest.web.chasing.forms import LadderForm
from attest.web.chasing.rungs_field import MOST_ROWS, WHEN, row_of
from attest.web.chasing.words import AUDIENCE_LABELS
from attest.web.session import ctx, doom
from attest.web.unsent import Typed, typed_at


@pages.get("/demands/<reference>/chasing/ladder")
def ladder(reference: str) -> Answer:
    """The rungs as they are kept, or as they were begun to be changed."""
    seat = leader(reference)
    own_ladders.changeable(seat)
    typed = _typed(seat)
    form = LadderForm(**typed.filled, data={"rungs": _saved(seat)})
    return _page(seat, form, typed)


@pages.post("/demands/<reference>/chasing/ladder")
def change_ladder(reference: str) -> Answer:
    """Keeps the rows, shows what they would mean, or shows a row more or less."""
    seat = leader(reference)
    act = request.form.get("act", "save")
    # Before anything is kept that is only looked at.
    typed, own = _typed(seat), seat.demand.own_ladder
    if act == "usual":
        own_ladders.back_to_usual(ctx(), seat)
        typed.forget()
        flash("The usual letters go out again.")
        return redirect(chasing_of(seat))
    form = LadderForm()
    if act not in ("save", "preview"):
        at = form.rungs.change(act)
        return _page(seat, form, typed, at=at)
    if form.validate():
        try:
            own_ladders.keep_ladder(ctx(), seat, form.rungs.rungs())
        except Refused as refused:
            doom()
            form.rungs.refuse(refused)
        else:
            if act == "save":
                typed.forget()
                flash("The letters are kept. This is what they mean.")
                return redirect(chasing_of(seat))
            meant = chasing_view.plan(ctx(), seat)
            doom()  # it was only looked at
            return _page(seat, form, typed, meant=meant, own=own)
    return _page(seat, form, typed), 400


def _page(
    seat: Seat,
    form: LadderForm,
    typed: Typed,
    *,
    at: int | None = None,
    meant: chasing_view.Plan | None = None,
    own: bool | None = None,
) -> str:
    return render_template(
        "pages/chasing/ladder.html",
        form=form,
        seat=seat,
        typed=typed,
        own=seat.demand.own_ladder if own is None else own,
        at=at,
        meant=meant,
        when=WHEN,
        audiences=[(name, ladder_rules.AUDIENCES[name]) for name in AUDIENCES],
        letters=ladder_rules.LETTERS,
        titles={**ladder_rules.LETTERS, **ladder_rules.OTHERS},
        most=MOST_ROWS,
        labels=AUDIENCE_LABELS,
        place=place,
        calendar=calendar_name(seat.demand.calendar),
    )


def _saved(seat: Seat) -> list[dict[str, object]]:
    return [row_of(rung) for rung in ladder_of(ctx(), seat.demand)]


def _typed(seat: Seat) -> Typed:
    return typed_at("ladder", seat, f"{chasing_of(seat)}/ladder", saved=_saved(seat))

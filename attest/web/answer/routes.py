"""The matrix to fill: choose copies, say what became of them, and go on to signing.

Two steps that need no script: the first chooses copies and the outcome, the second asks what that
outcome needs. Whole columns at once; what is saved is saved.
"""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from attest.domain.answers import asking
from attest.domain.file_states import TO_ANSWER
from attest.domain.outcomes import OFFERED, OUTCOMES, methods_of
from attest.domain.refusal import NotFound, Refused
from attest.domain.wording import count, listing
from attest.services.access import Seat
from attest.services.acts import answers, begun_answers
from attest.services.acts.selection import Keepers, Selection, keepers, select_copies
from attest.services.facts import children, due_days, unsent
from attest.services.facts import onward as disclosure
from attest.services.log.prepared import Stale
from attest.services.views import overview
from attest.services.views.desk import desk
from attest.services.views.next_step import party_name
from attest.web.answer.blueprint import FORM, LISTED, Answer, officer, pages
from attest.web.answer.copy_form import SEARCHED, CopyForm, as_form_data
from attest.web.answer.forms import ChooseForm
from attest.web.answer.words import CLAIMS, shown_for
from attest.web.session import ctx, doom, resources
from attest.web.unsent import Typed, typed_at

WAYS = {name: methods_of(name) for name in OUTCOMES if methods_of(name)}
# Outcomes whose media are what is looked for later: their rows stand open.
_MEDIA_FIRST = ("destroyed", "returned")


@pages.route("/demands/<reference>/answer", methods=["GET", "POST"])
def matrix(reference: str) -> Answer:
    """The matrix. A POST brings the chosen copies and goes on to the second step."""
    seat = officer(reference)
    form = ChooseForm()
    tokens = [token for sent in request.form.getlist("cell") for token in sent.split()]
    if request.method == "POST" and request.form.get("act") != "back" and form.validate():
        try:
            chosen = select_copies(ctx(), seat.demand, tokens, request.form.getlist("column"))
            return _ask(seat, chosen, form.outcome.data or "")
        except Refused as refused:
            form.refuse(refused)
    return _show(seat, form, frozenset(tokens))


@pages.route("/demands/<reference>/answer/copies", methods=["GET", "POST"])
def copies(reference: str) -> Answer:
    """The second step: what the outcome asks, for all chosen copies at once."""
    seat = officer(reference)
    if request.method == "GET":
        # A link to one copy, to what was begun, or the address of this page opened again.
        tokens = request.args.getlist("cell") or _begun(seat, request.args.get("begun", ""))
        if not tokens:
            return redirect(f"/demands/{reference}/answer")
        return _ask(seat, select_copies(ctx(), seat.demand, tokens), "")
    chosen = select_copies(ctx(), seat.demand, request.form.get("cell", "").split())
    outcome = request.form.get("outcome", "")
    if outcome not in OFFERED:
        raise Refused("Choose what became of the copies, on the page before this one.")
    typed = _typed(seat, chosen)
    form = CopyForm()
    form.offer(outcome, _mediums(chosen), _keepers(seat, chosen))
    if act := request.form.get("act", ""):
        # A page without a script: what the button asks for, and nothing typed is lost.
        # What is too much to be kept still stands on the page.
        with suppress(Refused):
            unsent.keep(ctx(), typed.place, list(request.form.items(multi=True)), typed.over)
        return _form_page(seat, form, chosen, typed, at=form.media.change(act))
    sound = form.sound_for(outcome)
    try:
        saved = answers.save(ctx(), seat, chosen.cells, form.typed(outcome))
    except Stale:
        raise
    except Refused as refused:
        form.refuse_all(refused)
    else:
        if sound:
            typed.forget()
            return _saved(seat, chosen, saved)
        doom()
    return _form_page(seat, form, chosen, typed), 400


def _saved(seat: Seat, chosen: Selection, saved: int) -> Response:
    """On to the table, or first to the disclosure that says otherwise than the answers."""
    address = f"/demands/{seat.demand.reference}/answer"
    said = f"Saved for {count(saved, 'copy')}."
    missing = disclosure.left_out(ctx(), seat.demand, [file.id for file in chosen.files])
    if missing:
        said += f" Now say here too that a copy went to {listing(missing)}."
        address += "/onward"
        if len(chosen.files) <= LISTED:
            address += "?" + urlencode([("file", file.position) for file in chosen.files])
    flash(said)
    return redirect(address)


def _show(seat: Seat, form: ChooseForm, picked: frozenset[str]) -> tuple[str, int]:
    page = request.args.get("page", 1, type=int)
    found = overview.matrix(ctx(), seat.demand, page=page, working=True)
    html = render_template(
        "pages/answer/matrix.html",
        form=form,
        seat=seat,
        matrix=found,
        due=due_days.of_open(seat.demand),
        picked=picked,
        desk=desk(ctx(), seat),
        to_answer=TO_ANSWER,
        begun=begun_answers.begun(ctx(), seat, FORM),
        lead=party_name(seat.demand, "lead"),
        evidence_limit=resources().settings.evidence_limit,
    )
    return html, 400 if form.mistakes else 200


def _ask(seat: Seat, chosen: Selection, outcome: str) -> str:
    """The second step, filled with what was begun, or with the answer that the copies share.

    Without an outcome it is that one's. Raises Refused where there is neither.
    """
    typed = _typed(seat, chosen)
    said = answers.common_answer(ctx(), seat, chosen.cells) or {}
    begun = typed.kept.first("outcome") if typed.kept else ""
    known = [outcome, "" if typed.behind else begun, said.get("outcome", ""), begun]
    outcome = next((name for name in known if name in OFFERED), "")
    if not outcome:
        raise Refused("Choose what became of the copies.", field="outcome")
    same = said.get("outcome") == outcome
    kept_by = _keepers(seat, chosen)
    data = as_form_data(said) if same else {"on_word_of": kept_by.everywhere}
    form = CopyForm(typed.formdata, data=data)
    form.offer(outcome, _mediums(chosen), kept_by)
    if outcome == "passed_on" and not form.passed_to_demand.data:
        against = dict(children.references(ctx(), seat.demand))
        form.passed_to_demand.data = against.get(form.passed_to.data or "", "")
    return _form_page(seat, form, chosen, typed)


def _typed(seat: Seat, chosen: Selection) -> Typed:
    """The answer that was begun for just these copies. The matrix opens the form by a POST."""
    tokens = sorted(chosen.tokens)
    saved = sorted(
        unsent.digest_of(each) for each in answers.saved_answers(ctx(), seat, chosen.cells)
    )
    return typed_at(
        FORM,
        seat,
        f"/demands/{seat.demand.reference}/answer",
        sha256(" ".join(tokens).encode()).hexdigest(),
        saved=saved,
        opened=request.endpoint == f"{pages.name}.matrix" or request.method == "GET",
    )


def _begun(seat: Seat, wanted: str) -> list[str]:
    """The copies of an answer that this person has begun. Raises NotFound."""
    if not wanted:
        return []
    for each in unsent.begun(ctx(), seat.person, seat.demand, FORM):
        if each.id == wanted:
            return each.first("cell").split()
    raise NotFound


def _form_page(
    seat: Seat, form: CopyForm, chosen: Selection, typed: Typed, at: int | None = None
) -> str:
    outcome = OUTCOMES[form.outcome.data]
    form.tell_demands(children.references(ctx(), seat.demand))
    return render_template(
        "pages/answer/copies.html",
        form=form,
        seat=seat,
        chosen=chosen,
        outcome=outcome,
        outcomes=OUTCOMES,
        claims=CLAIMS,
        ways=WAYS,
        several=[name for name, own in WAYS.items() if len(own) > 1],
        asking=asking,
        searched=SEARCHED,
        shown_for=shown_for,
        media_first=_media_first(chosen),
        keepers=_keepers(seat, chosen),
        typed=typed,
        at=at,
    )


def _media_first(chosen: Selection) -> tuple[str, ...]:
    return _MEDIA_FIRST if _mediums(chosen) != {"hard_copy"} else ()


def _keepers(seat: Seat, chosen: Selection) -> Keepers:
    return keepers(chosen.stores, seat.organisation)


def _mediums(chosen: Selection) -> frozenset[str]:
    return frozenset(store.medium for store in chosen.stores)

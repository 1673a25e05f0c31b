"""The matrix to fill: choose copies, say what became of them, and go on to signing.

Two steps that need no script: the first chooses copies and the outcome, the second asks what that
outcome needs. Whole columns at once; what is saved is saved.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from attest.database.tables import NamedFile
from attest.domain.outcomes import OFFERED, OUTCOMES
from attest.domain.refusal import Refused
from attest.domain.wording import count, listing
from attest.services import answering, answers, children, overview
from attest.services import onward as disclosure
from attest.services.access import Seat, demand_for
from attest.services.desk import desk
from attest.services.next_step import party_name
from attest.services.prepared import Stale
from attest.services.selection import Selection, select_copies
from attest.web.answer.forms import (
    ALL,
    CLAIMS,
    NO,
    SOME,
    YES,
    ChooseForm,
    CopyForm,
    OnwardForm,
    as_form_data,
)
from attest.web.errors import look_again_at
from attest.web.session import ctx, current_account, doom, resources

pages = Blueprint("answer", __name__)

Answer = str | Response | tuple[str, int]
# Files that the page about onward disclosure lists, to choose some of them.
LISTED = 200


@pages.route("/demands/<reference>/answer", methods=["GET", "POST"])
def matrix(reference: str) -> Answer:
    """The matrix. A POST brings the chosen copies and goes on to the second step."""
    seat = _officer(reference)
    form = ChooseForm()
    tokens = [token for sent in request.form.getlist("cell") for token in sent.split()]
    if request.method == "POST" and request.form.get("act") != "back" and form.validate():
        try:
            chosen = select_copies(ctx(), seat.demand, tokens, request.form.getlist("column"))
            outcome = form.outcome.data or _shared_outcome(seat, chosen)
        except Refused as refused:
            form.refuse(refused)
        else:
            return _ask(seat, chosen, outcome)
    return _show(seat, form, frozenset(tokens))


@pages.route("/demands/<reference>/answer/copies", methods=["GET", "POST"])
def copies(reference: str) -> Answer:
    """The second step: what the outcome asks, for all chosen copies at once."""
    seat = _officer(reference)
    if request.method == "GET":
        # A link to one copy, or the address of this page opened again.
        tokens = request.args.getlist("cell")
        if not tokens:
            return redirect(f"/demands/{reference}/answer")
        chosen = select_copies(ctx(), seat.demand, tokens)
        return _ask(seat, chosen, _shared_outcome(seat, chosen))
    chosen = select_copies(ctx(), seat.demand, request.form.get("cell", "").split())
    outcome = request.form.get("outcome", "")
    if outcome not in OFFERED:
        raise Refused("Choose what became of the copies, on the page before this one.")
    form = CopyForm()
    form.offer(outcome, _mediums(chosen))
    sound = form.validate()
    try:
        saved = answers.save(ctx(), seat, chosen.cells, form.typed(outcome))
    except Stale:
        raise
    except Refused as refused:
        form.refuse_all(refused)
    else:
        if sound:
            return _saved(seat, chosen, saved)
        doom()
    return _form_page(seat, form, chosen, outcome), 400


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


@pages.route("/demands/<reference>/answer/onward", methods=["GET", "POST"])
def onward(reference: str) -> Answer:
    """Whether a copy was passed to anybody else, for all open files or for some."""
    seat = _officer(reference)
    files = answers.open_files(ctx(), seat)
    asked = {str(position) for position in request.args.getlist("file")}
    chosen = [file for file in files if str(file.position) in asked]
    form = OnwardForm(data=_onward_data(seat, files, chosen))
    form.which.choices = [
        (ALL, "All of them" if len(files) == 1 else f"All {count(len(files), 'open file')}"),
        (SOME, "Only some"),
    ]
    form.files.choices = [(str(file.position), file.name) for file in files[:LISTED]]
    if len(files) < 2:
        form.which.data = ALL
    if form.validate_on_submit():
        ticked = set(form.files.data or [])
        some = [file.id for file in files if str(file.position) in ticked]
        try:
            answers.save_onward(
                ctx(),
                seat,
                None if form.which.data == ALL else some,
                form.disclosed.data == YES,
                form.recipients.data or "",
            )
        except Stale:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            flash("Saved.")
            return redirect(f"/demands/{reference}/answer")
    page = render_template("pages/answer/onward.html", form=form, seat=seat, files=files)
    return page, 400 if form.errors else 200


def _onward_data(
    seat: Seat, files: Sequence[NamedFile], chosen: Sequence[NamedFile]
) -> dict[str, Any]:
    """What is said already, or what the answers would have said: to whom copies were passed on."""
    of, recipients = disclosure.proposed(ctx(), seat.demand, [f.id for f in chosen or files])
    said = answers.common_onward(ctx(), seat, [file.id for file in chosen] or None)
    if recipients and (said is None or not said[0]):
        said = True, "\n".join(recipients)
        chosen = [file for file in files[:LISTED] if file.id in of]
    data: dict[str, Any] = {
        "which": SOME if chosen else ALL,
        "files": [str(file.position) for file in chosen],
    }
    if said is not None:
        data |= {"disclosed": YES if said[0] else NO, "recipients": said[1]}
    return data


def _officer(reference: str) -> Seat:
    """The reader as an assurance officer of the contractor, at a demand that goes on."""
    look_again_at(f"/demands/{reference}/answer")
    seat = demand_for(ctx(), current_account(), reference, side="contractor", duty="officer")
    answering.live(seat)
    return seat


def _shared_outcome(seat: Seat, chosen: Selection) -> str:
    """The outcome that the chosen copies have already. Raises Refused where they have none."""
    typed = answers.common_answer(ctx(), seat, chosen.cells)
    if typed is None or typed["outcome"] not in OFFERED:
        raise Refused("Choose what became of the copies.", field="outcome")
    return str(typed["outcome"])


def _show(seat: Seat, form: ChooseForm, picked: frozenset[str]) -> tuple[str, int]:
    page = request.args.get("page", 1, type=int)
    found = overview.matrix(ctx(), seat.demand, page=page, working=True)
    html = render_template(
        "pages/answer/matrix.html",
        form=form,
        seat=seat,
        matrix=found,
        picked=picked,
        desk=desk(ctx(), seat),
        to_answer=answers.TO_ANSWER,
        lead=party_name(seat.demand, "lead"),
        evidence_limit=resources().settings.evidence_limit,
    )
    return html, 400 if form.mistakes else 200


def _ask(seat: Seat, chosen: Selection, outcome: str) -> str:
    """The second step, filled with the answer that the chosen copies share, if any."""
    typed = answers.common_answer(ctx(), seat, chosen.cells) or {}
    same = typed.get("outcome") == outcome
    form = CopyForm(formdata=None, data=as_form_data(typed) if same else {})
    form.offer(outcome, _mediums(chosen))
    if outcome == "passed_on" and not form.passed_to_demand.data:
        against = dict(children.references(ctx(), seat.demand))
        form.passed_to_demand.data = against.get(form.passed_to.data or "", "")
    return _form_page(seat, form, chosen, outcome)


def _form_page(seat: Seat, form: CopyForm, chosen: Selection, outcome: str) -> str:
    if outcome == "passed_on":
        form.tell_demands(children.references(ctx(), seat.demand))
    return render_template(
        "pages/answer/copies.html",
        form=form,
        seat=seat,
        chosen=chosen,
        outcome=OUTCOMES[outcome],
        claim=CLAIMS.get(outcome),
    )


def _mediums(chosen: Selection) -> frozenset[str]:
    return frozenset(store.medium for store in chosen.stores)

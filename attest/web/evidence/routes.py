"""Evidence files of a demand: the list, adding, attaching to copies, downloads, thumbnails."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from attest.domain import demand_states
from attest.domain.evidence_files import MOST_BYTES
from attest.domain.file_states import TO_ANSWER
from attest.domain.refusal import NotFound, Refused
from attest.domain.wording import count, listing
from attest.services.access import CONTRACTOR, Seat, demand_for
from attest.services.acts import acknowledging, evidence_list, evidence_uses
from attest.services.acts.evidence_files import Added, add
from attest.services.acts.evidence_uses import may_attach
from attest.settings import Settings
from attest.web.again import wants_json
from attest.web.attachments import attached
from attest.web.errors import look_again_at
from attest.web.evidence.places import Chosen, chosen
from attest.web.evidence.views import attach_view
from attest.web.receiving import Fields, receive
from attest.web.security import distrust
from attest.web.session import (
    ctx,
    current_account,
    let_go,
    resources,
    streams,
    write_from_here,
)

pages = Blueprint("evidence", __name__)

Answer = str | BaseResponse | tuple[str, int]
DATA, JPEG = "application/octet-stream", "image/jpeg"


@pages.get("/demands/<reference>/evidence")
def show(reference: str) -> Answer:
    """Everything that was added, newest first; and adding more to the demand."""
    seat = demand_for(ctx(), current_account(), reference)
    asked = request.args.get("page", 1, type=int)
    return render_template(
        "pages/evidence/evidence.html",
        seat=seat,
        found=evidence_list.listed(ctx(), seat.demand, asked),
        live=seat.demand.state in demand_states.LIVE,
        may_attach=may_attach(seat),
        limit=_limit(resources().settings),
    )


@pages.post("/demands/<reference>/evidence")
@streams
def upload(reference: str) -> Answer:
    """Adds files, and attaches them where the fields say so. The request is read piece by piece."""
    look_again_at(f"/demands/{reference}/evidence")
    _adder(reference)
    # Nobody's transaction stays open while gigabytes come in.
    let_go()

    def allow(fields: Fields) -> None:
        seat = _adder(reference)
        if picked := chosen(ctx(), seat, fields):
            evidence_uses.check_places(ctx(), seat, picked.places)
        let_go()

    received = receive(resources().settings, allow)
    write_from_here()
    seat = _adder(reference)
    picked = chosen(ctx(), seat, received.fields)
    added = add(ctx(), seat, received.files, picked.places)
    goal = picked.page(seat)
    if wants_json():
        return jsonify(next=goal, added=list(added.new), known=list(added.known))
    flash(_told(added, picked))
    return redirect(goal)


@pages.route("/demands/<reference>/evidence/attach", methods=["GET", "POST"])
def attach(reference: str) -> Answer:
    """Evidence of chosen copies, or of one file: what is attached, and attaching more."""
    look_again_at(f"/demands/{reference}/answer")
    seat = demand_for(ctx(), current_account(), reference, side=CONTRACTOR, duty="officer")
    acknowledging.live(seat)
    if request.method == "GET":
        picked = chosen(ctx(), seat, request.args.to_dict(flat=False))
        if not picked:
            return redirect(f"/demands/{reference}/answer")
        return _attach_page(seat, picked)
    sent = request.form
    picked = chosen(ctx(), seat, sent.to_dict(flat=False), sent.getlist("column"))
    if not picked:
        raise Refused("Choose at least one copy in the table.", field="cell")
    if "take_off" in sent:
        evidence_uses.detach(ctx(), seat, sent["take_off"], picked.places)
        flash("Taken off. It stays in the log and in the list of evidence.")
    elif sent.get("act") == "attach":
        evidence_uses.attach(ctx(), seat, sent.getlist("digest"), picked.places)
        flash("Attached.")
    return _attach_page(seat, picked)


@pages.get("/demands/<reference>/evidence/<digest>")
def download(reference: str, digest: str) -> BaseResponse:
    """The file, to be saved: whatever it is, no browser opens it on our account."""
    seat = demand_for(ctx(), current_account(), reference)
    row = evidence_list.one(ctx(), seat.demand, digest)
    answer = attached(evidence_list.pieces_of(ctx(), row), DATA, row.name)
    answer.content_length = row.size
    distrust()
    return answer


@pages.get("/demands/<reference>/evidence/<digest>/thumbnail.jpg")
def thumbnail(reference: str, digest: str) -> BaseResponse:
    """The small picture that we made of it ourselves."""
    seat = demand_for(ctx(), current_account(), reference)
    small = evidence_list.one(ctx(), seat.demand, digest).thumbnail
    if small is None:
        raise NotFound
    distrust()
    return Response(small, mimetype=JPEG)


def _adder(reference: str) -> Seat:
    """Anybody of either side, while the demand goes on."""
    seat = demand_for(ctx(), current_account(), reference)
    acknowledging.live(seat)
    return seat


def _attach_page(seat: Seat, picked: Chosen) -> Answer:
    return render_template(
        "pages/evidence/attach.html",
        seat=seat,
        picked=picked,
        view=attach_view(ctx(), seat, picked),
        open=picked.file is None or picked.file.state in TO_ANSWER,
        limit=_limit(resources().settings),
    )


def _told(added: Added, picked: Chosen) -> str:
    """One sentence about what was done."""
    done = "Attached" if picked else "Added"
    sentences = []
    if added.new:
        sentences.append(f"{done}: {_names(added.new)}.")
    if added.known:
        verb = "was" if len(added.known) == 1 else "were"
        there = f"{_names(added.known)} {verb} there already, and {verb} not added twice."
        sentences.append(f"{there} Now attached here." if picked else there)
    return " ".join(sentences)


def _names(names: Sequence[str]) -> str:
    if len(names) > 3:
        return count(len(names), "file")
    return listing([f"“{name}”" for name in names])


def _limit(settings: Settings) -> int:
    """The largest file that is taken, in bytes."""
    return min(MOST_BYTES, settings.evidence_limit)

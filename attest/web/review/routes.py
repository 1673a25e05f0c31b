"""The review: each distinct set of answers in full, a decision, and the page that signs it."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from attest.domain.outcomes import OUTCOMES
from attest.domain.refusal import NotAllowed, NotFound, Refused
from attest.domain.wording import DECISIONS, count
from attest.services.access import CONTROLLER, Seat, demand_for
from attest.services.acts import reviewing
from attest.services.facts import compromised, concurrence, keys
from attest.services.log.prepared import Stale, ToSign
from attest.services.views.review_sets import AnswerSet, answer_sets, chosen_files, evidence_of
from attest.services.views.situation import key_to_confirm, reviews_left
from attest.web.errors import look_again_at
from attest.web.review import ruling
from attest.web.review.forms import ReviewForm
from attest.web.session import ctx, current_account
from attest.web.signing_page import read_envelopes, signed, signing_page
from attest.web.unsent import Typed, typed_at

pages = Blueprint("review", __name__)

Answer = str | Response | tuple[str, int]


@pages.route("/demands/<reference>/review", methods=["GET", "POST"])
def show(reference: str) -> Answer:
    """What waits, by its sets of answers; a decision leads to the page that signs."""
    seat = _reviewer(reference)
    look_again_at(f"/demands/{reference}/review")
    sets = answer_sets(ctx(), seat)
    if request.method == "POST" and not sets:
        raise Stale("No attestation waits for your review any more. Nothing was signed.")
    asked = ruling.of_sets(seat, sets)
    typed = _typed(seat)
    form = ReviewForm(**typed.filled)
    ticked, whole = request.form.getlist("attestation"), request.form.getlist("set")
    if typed.shown:
        ticked, whole = typed.shown.all_of("attestation"), typed.shown.all_of("set")
    act = request.form.get("act", "")
    if act:
        of = ruling.chosen_set(act, asked, sets)
        form = ruling.filled_in(act, asked, of, form.reason.data or "")
        hashes = [member.hash for member in of.members]
        whole = [of.id] if of.id in whole else []
        ticked = [found for found in ticked if found in hashes] or ([] if whole else hashes)
    elif form.validate_on_submit():
        try:
            to_sign = _prepare(seat, sets, form, ticked, whole)
        except (Stale, NotAllowed, NotFound):
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            return _signing_page(seat, to_sign, form.decision.data or "")
    ids = [member.file_id for each in sets for member in each.members]
    # Where the lead's review alone counts, nobody else's is missing.
    stands = concurrence.of_files(ctx(), seat.demand, ids) if _others_count(seat) else {}
    page = render_template(
        "pages/review/review.html",
        stands={
            each.id: concurrence.sentences(stands, [member.file_id for member in each.members])
            for each in sets
        },
        left=reviews_left(ctx(), seat.demand) if _others_count(seat) else [],
        form=form,
        seat=seat,
        sets=sets,
        typed=typed,
        evidence=evidence_of(ctx(), seat, sets),
        settled={name for name, outcome in OUTCOMES.items() if outcome.settled},
        total=sum(len(each.members) for each in sets),
        ticked=ticked,
        whole=whole,
        rulings=asked,
        own_key=keys.current_key(ctx(), seat.person, "signatory"),
        to_confirm=key_to_confirm(ctx(), seat),
        in_doubt=compromised.files_in_doubt(ctx(), seat.demand),
    )
    return page, 400 if form.errors or form.form_errors else 200


@pages.post("/demands/<reference>/review/envelopes")
def envelopes(reference: str) -> Answer:
    """Keeps the signed review."""
    seat = _reviewer(reference)
    look_again_at(f"/demands/{reference}/review")
    results: list[tuple[str, str | None]] = []
    for sent in read_envelopes(seat.demand.id):
        reviewing.review_attestations(ctx(), seat, sent.envelope)
        results.append((sent.id, None))
    _typed(seat).forget()
    left = len(reviewing.reviewable(ctx(), seat))
    return signed(
        results,
        f"/demands/{reference}/review" if left else f"/demands/{reference}",
        notice="Your review is signed, and the contractor is told.",
    )


def _reviewer(reference: str) -> Seat:
    seat = demand_for(ctx(), current_account(), reference, side=CONTROLLER, duty="signatory")
    try:
        reviewing.may_review(seat)
    except Refused as refused:
        raise NotAllowed(refused.sentence) from refused
    return seat


def _typed(seat: Seat) -> Typed:
    return typed_at("review", seat, f"/demands/{seat.demand.reference}/review")


def _others_count(seat: Seat) -> bool:
    return len(concurrence.counting(seat.demand)) > 1


def _prepare(
    seat: Seat, sets: list[AnswerSet], form: ReviewForm, ticked: list[str], whole: list[str]
) -> ToSign:
    chosen = chosen_files(sets, ticked, whole)
    if chosen is None:
        raise Stale(
            "Since you opened the page, one of the files that you ticked has been reviewed, "
            "opened again, or attested anew. Nothing was signed."
        )
    if not chosen:
        raise Refused("Tick at least one file, or a whole set.")
    decision = form.decision.data or ""
    return reviewing.prepare_review(ctx(), seat, chosen, decision, form.reason.data)


def _signing_page(seat: Seat, to_sign: ToSign, decision: str) -> Answer:
    number = len(to_sign.reviewed["review"])
    verb = {"accepted": "Accept", "rejected": "Reject"}[decision]
    return signing_page(
        "pages/review/sign.html",
        to_sign,
        f"/demands/{seat.demand.reference}/review/envelopes",
        seat=seat,
        number=number,
        decided=DECISIONS[decision],
        action=f"{verb} {count(number, 'attestation')}",
    )

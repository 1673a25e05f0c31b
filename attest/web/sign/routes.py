"""The officer signs: the files that are ready, one passphrase, and a receipt."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from attest.domain.refusal import Refused
from attest.domain.scalars import FormatError, format_time, parse_time
from attest.services.access import Seat, demand_for
from attest.services.acts import acknowledging, answers, attesting
from attest.services.acts.attesting import Result
from attest.services.acts.signed_now import receipt
from attest.services.facts import demand_keys, keys
from attest.services.views import opened_again, waiting
from attest.services.views.desk import desk
from attest.services.views.next_step import party_name
from attest.web.errors import look_again_at
from attest.web.session import ctx, current_account
from attest.web.signing_page import read_envelopes, signed, signing_page

pages = Blueprint("sign", __name__)

Answer = str | Response | tuple[str, int]
# Declarations on one page. What is more comes after them.
AT_ONCE = 500
# A page makes statements of one time. Only an upload that was put together by hand has more.
MOST_TIMES = 20


@pages.get("/demands/<reference>/sign")
def sign(reference: str) -> Answer:
    """The declarations of the files that are ready, or of those that `?file=` names.

    Files that came back and were not answered otherwise since are proposed last, with a warning.
    """
    seat = _officer(reference)
    acknowledging.live(seat)
    if keys.current_key(ctx(), seat.person, "officer") is None:
        return render_template("pages/sign/no_key.html", seat=seat, lead=_lead(seat))
    order = set(attesting.ready_files(ctx(), seat))
    ready = [file for file in answers.open_files(ctx(), seat) if file.id in order]
    untouched = waiting.untouched_files(ctx(), seat.demand.id)
    as_signed = waiting.unchanged_files(ctx(), seat.demand.id)
    asked = set(request.args.getlist("file"))
    proposed = [file for file in ready if file.id not in untouched] or ready
    chosen = [file for file in ready if str(file.position) in asked] if asked else proposed
    chosen = chosen[:AT_ONCE]
    if not chosen:
        return render_template("pages/sign/not_yet.html", seat=seat, desk=desk(ctx(), seat))
    try:
        to_sign = attesting.prepare_attestations(ctx(), seat, [file.id for file in chosen])
    except Refused as refused:
        page = render_template("pages/sign/refused.html", seat=seat, sentence=refused.sentence)
        return page, 400
    return signing_page(
        "pages/sign/sign.html",
        to_sign,
        f"/demands/{reference}/sign/envelopes",
        seat=seat,
        ready=ready,
        chosen={file.id for file in chosen},
        same=[file.name for file in chosen if file.id in untouched],
        opened_again=opened_again.opened_again(ctx(), seat.demand, {file.id for file in chosen}),
        unchanged=[file.name for file in chosen if file.id in as_signed],
        lead=_lead(seat),
        confirmed=to_sign.keyid in demand_keys.confirmed_keyids(ctx(), seat.demand),
    )


@pages.post("/demands/<reference>/sign/envelopes")
def envelopes(reference: str) -> Response:
    """Keeps signed attestations, each by itself."""
    seat = _officer(reference)
    look_again_at(f"/demands/{reference}/sign")
    results = attesting.sign_attestations(
        ctx(), seat, [(sent.id, sent.envelope) for sent in read_envelopes(seat.demand.id)]
    )
    return signed(
        [(result.id, result.sentence) for result in results],
        f"/demands/{reference}/signed{_together(results)}",
    )


@pages.get("/demands/<reference>/signed")
def done(reference: str) -> Answer:
    """The receipt: what `?stated=` was signed, when, who checks it, and what is left."""
    seat = _officer(reference)
    return render_template(
        "pages/sign/signed.html",
        seat=seat,
        receipt=receipt(ctx(), seat, _stated(request.args.getlist("stated"))),
        lead=_lead(seat),
    )


def _together(results: Sequence[Result]) -> str:
    """The query that names what was kept, by the times that its statements give."""
    times = {each.stated_at for each in results if each.sentence is None and each.stated_at}
    newest = sorted(times)[-MOST_TIMES:]
    return "?" + urlencode([("stated", format_time(at)) for at in newest]) if newest else ""


def _stated(written: Sequence[str]) -> list[datetime]:
    """The times of an address; what is none is left out."""
    found = []
    for each in written[:MOST_TIMES]:
        with suppress(FormatError):
            found.append(parse_time(each))
    return found


def _officer(reference: str) -> Seat:
    return demand_for(ctx(), current_account(), reference, side="contractor", duty="officer")


def _lead(seat: Seat) -> str:
    return party_name(seat.demand, "lead")

"""Revoking a key: who and why, then the page that signs it."""

import re
from datetime import datetime, time
from zoneinfo import ZoneInfo

from flask import render_template, request
from werkzeug.wrappers import Response

from attest.database.tables import SigningKey
from attest.domain.refusal import NotAllowed, Refused
from attest.services.acts import revoking
from attest.services.facts import revocations, revokers
from attest.services.facts.revokers import Standing
from attest.services.log.prepared import Prepared, ToSign
from attest.web.errors import look_again_at
from attest.web.keys.blueprint import pages
from attest.web.keys.forms import YES, RevokeForm
from attest.web.session import ctx, current_account
from attest.web.signing_page import read_envelopes, signed, signing_page

Answer = str | Response | tuple[str, int]


@pages.route("/keys/<keyid>/revoke", methods=["GET", "POST"])
def revoke(keyid: str) -> Answer:
    """Why, and since when; a good form leads to the page that signs."""
    standing = revokers.find(ctx(), current_account(), keyid)
    if not standing.signers:
        raise NotAllowed(revokers.WHO_MAY)
    form = RevokeForm(data={"key": standing.signers[0].keyid})
    form.key.choices = [(key.keyid, _named(key, standing)) for key in standing.signers]
    chosen = form.key
    if len(standing.signers) == 1:
        chosen.data = standing.signers[0].keyid
        del form.key
    if form.validate_on_submit():
        try:
            made = revoking.prepare_revocation(
                ctx(),
                current_account(),
                keyid,
                chosen.data,
                form.reason.data or "",
                _since(form) if form.lost.data == YES else None,
            )
        except NotAllowed:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            to_sign = ToSign(
                made.key.keyid,
                made.key.key_file,
                [Prepared("revocation", "revocation", made.payload)],
            )
            return signing_page(
                "pages/keys/sign_revocation.html",
                to_sign,
                f"/keys/{keyid}/envelopes{_query()}",
                name=f"revocation-{keyid[:8]}",
                key=made.subject,
                back=f"/keys/{keyid}/revoke{_query()}",
            )
    told = revocations.revocations_of(ctx(), [keyid])
    page = render_template(
        "pages/keys/revoke.html",
        form=form,
        standing=standing,
        key=standing.key,
        told=told,
        back=_back(),
    )
    return page, 400 if form.errors or form.form_errors else 200


@pages.post("/keys/<keyid>/envelopes")
def revocation_envelopes(keyid: str) -> Response:
    """Keeps the signed revocation."""
    look_again_at(f"/keys/{keyid}/revoke{_query()}")
    results: list[tuple[str, str | None]] = []
    for sent in read_envelopes():
        revoking.revoke_key(ctx(), current_account(), sent.envelope)
        results.append((sent.id, None))
    return signed(
        results,
        _back(),
        notice="The key is revoked. Everybody in whose demands it signs is told.",
    )


def _named(key: SigningKey, standing: Standing) -> str:
    """A choice of the form: with which of the reader's keys."""
    made = key.enrolled_at.astimezone(_zone()).date()
    when = f"{made.day} {made:%B %Y}"
    if key.keyid == standing.key.keyid:
        return f"this key itself, made {when}"
    return f"your key as {key.holder['role']} of {key.holder['organisation']}, made {when}"


def _since(form: RevokeForm) -> datetime | None:
    if form.since_on.data is None:
        return None
    clock = form.since_time.clock or time(0, 0)
    return datetime.combine(form.since_on.data, clock, _zone())


def _zone() -> ZoneInfo:
    return ZoneInfo(ctx().settings.time_zone)


def _reference() -> str | None:
    """The demand from whose page the reader came; only the way back depends on it."""
    found = request.args.get("demand", "")
    return found if re.fullmatch(r"[A-Z0-9]{2,12}(-[0-9]{1,6}){2}", found) else None


def _query() -> str:
    reference = _reference()
    return f"?demand={reference}" if reference else ""


def _back() -> str:
    reference = _reference()
    return f"/demands/{reference}/keys" if reference else "/keys"

"""A page that signs: what it hands to static/signing.js, and how what comes back is read.

Each such page offers the browser's way and that of another computer. It takes three calls:

1. The route that shows it ends with `signing_page(template, to_sign, post_to, …)`. It renders the
   template with `data`, `texts` and `offline`, which go to the macro:
   `{{ signing(data, "Sign 5 attestations", texts, offline) }}` (templates/components/signing.html).
   Asked for the file to be signed elsewhere, it answers with that instead. A form that led to the
   page needs no more: its fields are sent again.
2. The route at `post_to` says `look_again_at(address)`, then takes `read_envelopes(demand_id)`, one
   act an envelope. They come from the script as JSON or in an uploaded `signed.jsonl`.
3. It ends with `signed(results, next_page, notice=…)`: JSON for the script, a page for an upload.
   A `Refused` or `Stale` that leaves the route is said on such a page too (web/errors.py).

For a rotation, `ToSign.also_keyid` names the old key: the program for another computer then asks
for both keys, and the envelope has both signatures, the new key's first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, jsonify, render_template, request

from attest.domain.refusal import Refused
from attest.services.log.prepared import ToSign, texts
from attest.signing import b64
from attest.web.offline import (
    asks_for_file,
    offline_ways,
    read_upload,
    to_sign_file,
    upload_page,
)

RENEW_TO = "/session/token"
# static/signing.js sends this many at once, and none larger than a statement may be.
MOST = 25


@dataclass(frozen=True)
class Sent:
    """One envelope as it came: the page's name for it, and its bytes."""

    id: str
    envelope: bytes


def signing_page(
    template: str,
    to_sign: ToSign,
    post_to: str,
    *,
    typed: str | None = None,
    name: str | None = None,
    again: str | None = None,
    **more: Any,
) -> Response | str:
    """The page, or the file to be signed elsewhere.

    `typed`: a key confirmation's eight groups. `name`: the file's, without the demand's reference
    as its address has it. `again`: a GET that prepares the same, where this request does more than
    that. `more` goes to the template.
    """
    named = name or str((request.view_args or {})["reference"])
    if asks_for_file():
        return to_sign_file(to_sign, named)
    return render_template(
        template,
        data=signing_data(to_sign, post_to, typed=typed),
        texts=texts(to_sign.items),
        offline=offline_ways(to_sign, post_to, name=named, address=again),
        **more,
    )


def signing_data(to_sign: ToSign, post_to: str, *, typed: str | None = None) -> dict[str, Any]:
    """The JSON that the page carries in `#to-sign`. `typed`: a key confirmation's eight groups."""
    data: dict[str, Any] = {
        "keyid": to_sign.keyid,
        "items": [
            {
                "id": item.id,
                "payload": b64(item.payload),
                **(
                    {"reviewed": [b64(payload) for payload in to_sign.reviewed[item.id]]}
                    if item.id in to_sign.reviewed
                    else {}
                ),
            }
            for item in to_sign.items
        ],
        "bodies": [b64(body) for body in to_sign.bodies],
        "postTo": post_to,
        "renewTo": RENEW_TO,
    }
    optional: Mapping[str, Any] = {
        "keyFile": to_sign.key_file,
        "listing": to_sign.listing,
        "reference": to_sign.reference,
        "typed": typed,
    }
    return data | {name: value for name, value in optional.items() if value is not None}


def json_body() -> Mapping[str, Any]:
    """The JSON object that a script sent. Raises Refused for anything else."""
    try:
        body = request.get_json(silent=True)
    except RecursionError:  # nested so deeply that the parser gave up
        body = None
    if not isinstance(body, dict):
        raise Refused("The page sent something that can't be read. Load it again.")
    return body


def read_envelopes(demand_id: str | None = None) -> list[Sent]:
    """The envelopes of this request: 1 to 25 from a script, or an uploaded file's. Raises Refused.

    `demand_id`: the demand that an uploaded file must be about.
    """
    if not request.is_json:
        return [Sent(item.id, item.envelope) for item in read_upload(demand_id).items]
    listed = json_body().get("envelopes")
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST:
        raise Refused("The page sent something that can't be read. Load it again.")
    sent = []
    for item in listed:
        if not isinstance(item, dict):
            raise Refused("The page sent something that can't be read. Load it again.")
        sent.append(Sent(text_member(item, "id"), envelope_member(item)))
    return sent


def envelope_member(item: Mapping[str, Any]) -> bytes:
    """The bytes of `envelope`, which is a text. Raises Refused."""
    return text_member(item, "envelope").encode("utf-8", "replace")


def text_member(item: Mapping[str, Any], name: str) -> str:
    """A member that must be a text. Raises Refused."""
    value = item.get(name)
    if not isinstance(value, str):
        raise Refused("The page sent something that can't be read. Load it again.")
    return value


def signed(
    results: Sequence[tuple[str, str | None]], next_page: str, *, notice: str | None = None
) -> Response:
    """The answer: (id, None) where it was kept, (id, sentence) where refused.

    `notice` says on the next page what was done, if all of it was.
    """
    well = notice if all(sentence is None for _, sentence in results) else None
    if not request.is_json:
        return upload_page(results, next_page, notice=well)
    if well:
        flash(well)
    return jsonify(
        results=[
            {"id": name, "ok": True}
            if sentence is None
            else {"id": name, "ok": False, "sentence": sentence}
            for name, sentence in results
        ],
        next=next_page,
    )

"""What a signing page hands to static/signing.js, and how the envelopes that come back are read.

A route that takes envelopes is: `read_envelopes()`, one act an envelope, `signed(results, next)`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify, request

from attest.domain.refusal import Refused
from attest.services.prepared import ToSign
from attest.signing import b64

RENEW_TO = "/session/token"
# static/signing.js sends this many at once, and none larger than a statement may be.
MOST = 25


@dataclass(frozen=True)
class Sent:
    """One envelope as it came: the page's name for it, and its bytes."""

    id: str
    envelope: bytes


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


def read_envelopes() -> list[Sent]:
    """The envelopes of this request, 1 to 25. Raises Refused."""
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


def signed(results: Sequence[tuple[str, str | None]], next_page: str) -> Response:
    """The answer to the script: (id, None) where it was kept, (id, sentence) where refused."""
    return jsonify(
        results=[
            {"id": name, "ok": True}
            if sentence is None
            else {"id": name, "ok": False, "sentence": sentence}
            for name, sentence in results
        ],
        next=next_page,
    )

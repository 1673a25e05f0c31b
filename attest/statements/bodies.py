"""The closed schemas of the log's plain bodies (docs/formats.md §4), and what types there are.

A plain body is nobody's signature: the report calls it the operator's word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attest.domain.outcomes import OUTCOMES
from attest.statements.schema import (
    Check,
    FormatError,
    array,
    base64_of,
    choice,
    date,
    exactly,
    integer,
    line,
    obj,
    prose,
    sha256,
    uuid,
)

# The leaf types whose bodies are envelopes, with the predicate that each must hold.
KEY_TYPES: dict[str, str] = {
    "key.enrolled": "key-enrolment",
    "key.confirmed": "key-confirmation",
    "key.revoked": "key-revocation",
}
SIGNED_TYPES: dict[str, str] = {
    **KEY_TYPES,
    "demand.issued": "deletion-demand",
    "demand.amended": "deletion-demand",
    "attestation.signed": "deletion-attestation",
    "attestation.reviewed": "attestation-review",
    "demand.closed": "demand-closure",
}

MAX_NAME = 1_000
MAX_LABEL = 200
MAX_LINE = 2_000
MAX_PROSE = 10_000
MAX_FILE_IDS = 1_000

MEDIUMS = ("electronic", "hard_copy")

# What a copy can be on its way: nothing known yet, found, acted on, or one of the outcomes.
COPY_STATES: tuple[str, ...] = ("to_be_answered", "located", "action_recorded", *OUTCOMES)

# Who did it, in the operator's word: a person of an organisation, in a role.
PERSON = obj({"name": line(MAX_LABEL), "role": line(MAX_LABEL), "organisation": line(MAX_LABEL)})

_BY: dict[str, Check] = {"by": PERSON}
_LETTER: dict[str, Check] = {
    "letter": line(MAX_LABEL),
    "to": line(320),
    "messageId": line(998),
    "checkpointSize": integer(),
}


def _body(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    common: dict[str, Check] = {"v": exactly(1), "demandId": uuid, "nonce": base64_of(16)}
    return obj({**common, **required}, optional)


PLAIN_TYPES: dict[str, Check] = {
    "file.named": _body(
        {"fileId": uuid, "name": line(MAX_NAME), "kind": choice(*MEDIUMS)},
        {
            "description": line(MAX_LINE),
            "size": integer(),
            "sha256": sha256,
            "sentOn": date,
            "channel": line(500),
            "dataCategories": array(line(MAX_LABEL), least=1, most=50),
            "subjects": integer(),
        },
    ),
    "store.named": _body(
        {
            "storeId": uuid,
            "label": line(MAX_LABEL),
            "medium": choice(*MEDIUMS),
            "kind": line(MAX_LABEL),
            "namedBy": PERSON,
        },
        {"location": line(500), "custodian": line(MAX_LABEL)},
    ),
    "store.withdrawn": _body({"storeId": uuid, "reason": prose(MAX_PROSE), **_BY}),
    "demand.acknowledged": _body(_BY, {"note": prose(MAX_PROSE)}),
    "copy.recorded": _body(
        {"fileId": uuid, "storeId": uuid, "state": choice(*COPY_STATES), **_BY},
        {"note": prose(MAX_PROSE)},
    ),
    "evidence.added": _body(
        {
            "name": line(MAX_NAME),
            "sha256": sha256,
            "size": integer(),
            "mediaType": line(MAX_LABEL),
            **_BY,
        }
    ),
    # Without `fileIds` it is about the whole demand.
    "extension.requested": _body(
        {"until": date, "reason": prose(MAX_PROSE), **_BY},
        {"fileIds": array(uuid, least=1, most=MAX_FILE_IDS)},
    ),
    # `request` is the hash of the extension.requested body that it answers.
    "extension.decided": _body(
        {"decision": choice("granted", "refused"), **_BY},
        {"until": date, "reason": prose(MAX_PROSE), "request": sha256},
    ),
    "letter.sent": _body(_LETTER),
    "letter.failed": _body(_LETTER),
    "file.reopened": _body({"fileId": uuid, "reason": prose(MAX_PROSE), **_BY}),
}

EVENT_TYPES: frozenset[str] = frozenset({*SIGNED_TYPES, *PLAIN_TYPES})


def check_plain(type: str, body: Any) -> None:
    """Hold a plain body against its type's schema; FormatError names what is wrong."""
    check = PLAIN_TYPES.get(type)
    if check is None:
        raise FormatError(f"{type} is not a plain type")
    check(body, "")
    if type == "extension.decided" and (body["decision"] == "granted") != ("until" in body):
        raise FormatError("until: goes with a granted extension, and only with one")
    if type == "extension.requested":
        file_ids = body.get("fileIds", [])
        if len(set(file_ids)) != len(file_ids):
            raise FormatError("fileIds: names a file twice")

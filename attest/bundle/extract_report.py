"""What the report says of an extract: what it shows, and what nobody can know from it."""

from __future__ import annotations

from typing import Any

from attest.bundle.verified import Extracted, Verified

EXTRACT = "extract"
SENTENCE = (
    "This is one file's attestation, taken out of a log. Whether anything that matters was left "
    "out cannot be seen from it, so that it never shows as much as a whole bundle."
)
NOT_COMPARED = (
    "No checkpoint in your trust file could be compared with this extract, so that nothing "
    "outside shows that others were given the same log, or when."
)

_CANNOT_SHOW = (
    "Whether a later attestation superseded this one, in the log or since.",
    "Whether a review, a reopening, an amendment or a closure was left out.",
    "Whether all stores that stood are answered, and whether others were named later.",
    "Whether a key was revoked, or its confirmation void, by a statement that was left out.",
    "What the other files are and how they stand. A review's list names some by identifier and "
    "hash, because that is what was signed.",
    "Whether the lists that the demand and the closure count are as they say.",
    "The files that the attestation names as evidence: they are not in an extract.",
)


def extract_head(verified: Verified, extract: Extracted) -> dict[str, Any]:
    """The part of the report's facts that only an extract has."""
    file = verified.judge.facts.file_by_number(0)
    attestation = next(verified.judge.facts.attestations(0))
    data: dict[str, Any] = {"file": file.file_id, "declaration": extract.declaration}
    if extract.supersedes is not None:
        data["supersedes"] = extract.supersedes
    return data | {
        "notCompared": extract.not_compared,
        "shows": [
            f"The log named this file at leaf {file.leaf}, and held this attestation of it at "
            f"leaf {attestation.leaf}, when it had {verified.checkpoint.size} leaves.",
            "What was signed about it here, by whom, in which words, and after which part of "
            "the log.",
        ],
        "cannotShow": list(_CANNOT_SHOW),
    }

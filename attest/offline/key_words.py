"""What signing a statement about a key says, in a sentence.

Those statements carry no declaration (docs/formats.md §3), so each reader says what their fields
mean. The twin of static/key-statements.js: the same words, held together by a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attest.signing import fingerprint

_DUTIES = {"signatory": "signatory", "officer": "assurance officer"}
_METHODS = {
    "telephone": "over the telephone",
    "in_person": "in person",
    "video": "by video call",
}


def holder_words(holder: Mapping[str, Any]) -> str:
    """`Jo Field, Assurance Manager of Halden plc, assurance officer for the contractor`."""
    return (
        f"{holder['name']}, {holder['role']} of {holder['organisation']}, "
        f"{_DUTIES[holder['duty']]} for the {holder['side']}"
    )


def key_sentence(name: str, predicate: Mapping[str, Any]) -> str:
    """What signing this says, as one paragraph. `predicate` meets its schema."""
    if name == "key-enrolment":
        return (
            f"I, {holder_words(predicate['holder'])}, hold this signing key and nobody else does."
        )
    signer = holder_words(predicate["signer"])
    if name == "key-confirmation":
        # Without the fingerprint: whoever confirms a key types what was heard, not what is shown.
        return (
            f"I, {signer}, have had the fingerprint read out to me "
            f"{_METHODS[predicate['method']]} by {holder_words(predicate['holder'])}. "
            "It is the fingerprint that I have typed, and I confirm that this key is theirs."
        )
    since = predicate.get("compromisedSince")
    return (
        f"I, {signer}, revoke the signing key with the fingerprint "
        f"{fingerprint(predicate['keyid'])}."
        + (f" It may have been in other hands since {since}." if since else "")
        + f" Reason: {predicate['reason']}"
    )

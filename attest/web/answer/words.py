"""What the officer's forms say of each outcome: a hint, what it claims, and its questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from attest.domain.outcomes import OUTCOMES

OUTCOME_HINTS: Mapping[str, str] = {
    "none_found": "A nil return: as good an answer as deletion.",
    "deleted": "The file is gone; what it lay on stays in use.",
    "destroyed": "The paper, drive or disc itself is gone: shredded, degaussed, burnt.",
    "crypto_erased": "The copy was encrypted, and the only key is destroyed.",
    "returned": "Given back.",
    "beyond_use": "It can’t be deleted yet, such as in a backup. It comes back on a date.",
    "legal_hold": "The law or a court has you keep it. It comes back on a date.",
    "cannot_locate": "It was there once, and nobody finds it. The controller decides.",
    "passed_on": "Somebody else has it now.",
}

# Why an outcome claims what it claims and no more, in one sentence for the page.
CLAIMS: Mapping[str, str] = {
    "deleted": (
        "Deleting a file on a live medium claims no Purge or Destroy by NIST SP 800-88r2: it "
        "proves that the file is gone, not every trace of it."
    ),
    "destroyed": (
        "This claims that the whole medium, or the paper, is gone. For a file taken off a "
        "medium that stays in use, choose “Deleted” instead."
    ),
    "crypto_erased": (
        "Everything encrypted with the key becomes unreadable at once "
        "(NIST SP 800-88r2, cryptographic erase)."
    ),
    "beyond_use": (
        "This is an exception, not an end: on the day below the file opens again, and you are "
        "asked what became of the copy."
    ),
    "legal_hold": (
        "This is an exception, not an end: on the day below the file opens again, and you say "
        "whether the hold still stands, or what became of the copy."
    ),
    "cannot_locate": (
        "This is an exception: the controller asks for a wider search, or accepts the risk and "
        "signs for that."
    ),
    "passed_on": (
        "This is an exception: the controller asks whoever has the copy now. Say under “Passed to "
        "anybody else?” too that it went to them."
    ),
}


# What fields that several outcomes share ask, in each one's words; "" for every other outcome.
LABELS: Mapping[str, Mapping[str, str]] = {
    "exception_basis": {
        "beyond_use": "Why can’t it be deleted yet?",
        "legal_hold": "Who has you keep it, and on what legal basis?",
    },
    "exception_until": {
        "beyond_use": "By which day will it be deleted?",
        "legal_hold": "On which day is the hold reviewed?",
    },
    "note": {
        "cannot_locate": "What is known of this copy?",
        "": "Note (optional)",
    },
}
HINTS: Mapping[str, Mapping[str, str]] = {
    "note": {"cannot_locate": "Who had it last, and where it might be."},
}


def shown_for(outcomes: Iterable[str], chosen: str) -> Markup:
    """The attributes of a part of the page that belongs to these outcomes (static/questions.js)."""
    names = list(outcomes)
    return Markup('data-when="outcome" data-is="{}"{}').format(
        " ".join(names), "" if chosen in names else Markup(" hidden")
    )


def worded(words: Mapping[str, str], chosen: str) -> Markup:
    """All these words, of which those for the chosen outcome are shown."""
    rest = [name for name in OUTCOMES if name not in words]
    return Markup("").join(
        Markup("<span {}>{}</span>").format(shown_for([name] if name else rest, chosen), told)
        for name, told in words.items()
    )

"""What became of letters, in words: kinds, rungs, what states mean, and what came back.

They stand on pages and in lists. What a letter itself says is templates/mail's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from attest.domain.wording import capital, count

# Letters that ask for something that is due; the rest tell what somebody did.
CHASING_KINDS = (
    "not_acknowledged",
    "reminder",
    "overdue",
    "escalation",
    "escalation_contact",
    "controller_late",
    "chase_now",
    "review_waits",
    "changes_undecided",
    "extension_undecided",
)

# What each state says, and what it does not (their names: wording.LETTER_STATES).
MEANS: Mapping[str, str] = {
    "queued": "It waits for its turn. A letter that chases waits for its reader's working hours.",
    "sending": "The worker is handing it to the mail server.",
    "sent": (
        "The mail server took it over and answered so. That does not say that anybody read it."
    ),
    "deferred": (
        "It could not be handed over yet. It is tried again by itself, at growing intervals, for "
        "about five days."
    ),
    "bounced": "It could not be delivered, or nobody would take it. It is not sent again.",
    "unknown": (
        "It may or may not have arrived: the connection broke before the mail server answered, or "
        "the worker stopped. It is never sent again by itself, so that nobody gets it twice."
    ),
    "dropped": "When its turn came, it was not needed any more. It was never sent.",
}

WHAT_TO_DO: Mapping[str, str] = {
    "bounced": "Ring its reader, and ask which address works.",
    "unknown": (
        "Ring its reader and ask whether it came, or look for its Message-ID in the mail server's "
        "log. If it did not come, tell them what it says, or let the next rung say it."
    ),
}

_EVENTS: Mapping[str, str] = {
    "sent": "the mail server took it",
    "deferred": "the mail server put it off",
    "bounced": "the mail server refused it, or it was given up",
    "unknown": "nobody knows whether the mail server took it",
    "dropped": "not needed any more: not sent",
    "report_failed": "a report came back: it was not delivered",
    "report_delayed": "a report came back: delivery is delayed",
    "report_delivered": "a report came back: it was delivered",
    "returned": "something came back that is no readable report",
    "auto_replied": "an automatic answer came back",
    "received": "somebody with its link pressed “I have received this”",
}

# Those of them that are an attempt to hand it to a mail server.
ATTEMPTS = frozenset({"sent", "deferred", "bounced", "unknown"})

# What stands for a mail server's answer where there is no mail server (mail/delivery.py).
TO_A_FILE = "written to "
_GIVEN_UP = "given up"
# A mail server's own words: a reply code comes before them (RFC 5321 §4.2).
_REPLY = re.compile(r"[2-5]\d\d(?:[ -]|\Z)")

_KINDS: Mapping[str, str] = {
    "invitation_of_liaison": "the deletion demand, with an invitation",
    "demand_issued": "the deletion demand was issued",
    "joint_controller_told": "the deletion demand was issued, to a joint controller",
    "not_us": "“not us”",
    "together": "reminder",
    "chase_now": "reminder, sent by hand",
    "not_acknowledged": "reminder to acknowledge",
    "escalation": "overdue, urgent",
    "escalation_contact": "overdue, to the escalation contact",
    "controller_late": "overdue, to the controller",
    "review_waits": "a review is waited for",
}

_RUNG = re.compile(
    r"(?:(issued|waits|undecided)_|(decide_)?(?:(before|after)_|(on_day)))(\d{1,4})?"
)
_AFTER: Mapping[str, str] = {
    "issued": "the day of issue",
    "waits": "the oldest attestation that waits for review",
    "undecided": "the oldest question that waits for a decision",
}
DECISION_DAY = "the day on which more time has to be decided"


def kind_words(kind: str) -> str:
    """The kind of a letter, for a reader who was not written to: `reminder`, `overdue`."""
    return _KINDS.get(kind, kind.replace("_", " "))


def meaning(state: str, answer: str | None) -> str:
    """What the state of a letter says, and what it does not."""
    if state == "sent" and (answer or "").startswith(TO_A_FILE):
        return "This installation has no mail server: it was written to a file, and nobody got it."
    return MEANS[state]


def event_words(what: str, answer: str | None = None) -> str:
    """What happened to a letter, as the part of a sentence; `answer` is what was kept with it."""
    if what == "sent" and (answer or "").startswith(TO_A_FILE):
        return "there is no mail server: written to a file"
    if what == "deferred" and answer and not _REPLY.match(answer):
        return "it could not be handed over"
    if what == "bounced" and answer:
        return "it was given up" if answer.startswith(_GIVEN_UP) else "it was refused"
    return _EVENTS.get(what, what.replace("_", " "))


def answer_words(what: str, answer: str | None, *, contractor: bool) -> str:
    """What was kept with that, as a sentence that says whose word it is; empty for nothing.

    `what` is an event or a letter's state. The contractor is not told why a letter was not sent:
    that letters are held back is the lead controller's own.
    """
    if not answer or (what == "dropped" and contractor):
        return ""
    if what == "dropped":
        return f"Why: {answer}"
    return f"It said: {answer}" if _REPLY.match(answer) else capital(answer)


def rung_words(rung: str | None) -> str:
    """A rung's name in words: `after_3` is "3 working days after the due day".

    Empty for none. A name that no ladder gives is shown as it is.
    """
    if not rung:
        return ""
    found = _RUNG.fullmatch(rung)
    if found is None:
        return rung.replace("_", " ")
    after, decide, side, on_day, number = found.groups()
    if on_day:
        return "on the day on which more time has to be decided" if decide else "on the due day"
    if number is None:
        return rung.replace("_", " ")
    days = count(int(number), "working day")
    if after:
        return f"{days} after {_AFTER[after]}"
    return f"{days} {side} {DECISION_DAY if decide else 'the due day'}"


def heading(kind: str, rung: str | None) -> str:
    """One line that tells a letter from the others of its demand."""
    words = rung_words(rung)
    return f"{capital(kind_words(kind))}, {words}" if words else capital(kind_words(kind))

"""Dates, counts and states as a person writes them.

Pages, letters, the certificate and the report take their words from here, so that one state
never has two names. The words are lower case, to stand inside a sentence; `capital` starts one.
Nothing here asks the machine's locale: the same value gives the same words everywhere.
"""

from collections.abc import Container, Mapping
from datetime import date

from attest.domain.calendar import NO_HOLIDAYS, working_days_between
from attest.domain.english import cell_day as cell_day
from attest.domain.english import clock as clock
from attest.domain.english import day as day
from attest.domain.english import listing as listing
from attest.domain.english import moment as moment
from attest.domain.english import moment_utc as moment_utc
from attest.domain.english import moments as moments
from attest.domain.english import number as number
from attest.domain.english import short_day as short_day
from attest.domain.phrases import Phrase, phrase, phrases

# Plurals that no rule below gives. A noun of several words is looked up whole first.
_PLURALS = {
    "person": "people",
    "member of staff": "members of staff",
    "nil return": "nil returns",
    "medium": "media",
    "has": "have",
    "is": "are",
    "was": "were",
}

# --- States (docs/formats.md §3 and §4; "overdue" is derived, never stored) -------------------

OVERDUE = "overdue"

DEMAND_STATES: Mapping[str, str] = {
    "draft": "draft",
    "issued": "issued",
    "acknowledged": "acknowledged",
    "in_progress": "in progress",
    "awaiting_review": "awaiting review",
    "closed": "closed",
    "closed_with_exceptions": "closed with exceptions",
    "withdrawn": "withdrawn",
}

COPY_STATES: Mapping[str, str] = {
    "to_be_answered": "to be answered",
    "located": "located",
    "action_recorded": "action recorded",
    "settled": "settled",
    "excepted": "excepted",
}

FILE_STATES: Mapping[str, str] = {
    "open": "open",
    "attested": "attested",
    "attested_with_exceptions": "attested with exceptions",
    "accepted": "accepted",
    "rejected": "rejected",
}

ATTESTATION_STATES: Mapping[str, str] = {
    "signed": "signed",
    "accepted": "accepted",
    "rejected": "rejected",
    "superseded": "superseded",
}

# What each of them says, and what it does not, is letter_words.py's.
LETTER_STATES: Mapping[str, str] = {
    "queued": "waiting",
    "sending": "being sent",
    "sent": "sent",
    "deferred": "put off",
    "bounced": "bounced",
    "unknown": "not known",
    "dropped": "not sent",
}

KEY_STATES: Mapping[str, str] = {
    "enrolled": "to be confirmed",
    "confirmed": "confirmed",
    "revoked": "revoked",
}

# --- Who and what ------------------------------------------------------------------------------

DUTIES: Mapping[str, str] = {
    "case_handler": "case handler",
    "signatory": "signatory",
    "liaison": "liaison",
    "officer": "assurance officer",
    "administrator": "administrator",
}

CONTROLLER_ROLES: Mapping[str, str] = {
    "lead": "lead controller",
    "joint": "joint controller",
}

CONCURRENCE: Mapping[str, str] = {
    "lead": "the lead controller's review counts",
    "each": "each controller's review counts",
}

# Of one copy, in the word or two that a cell or a line has room for. The full phrase that a person
# chooses and signs stands in `outcomes.OUTCOMES`.
OUTCOMES: Mapping[str, str] = {
    "none_found": "none found",
    "deleted": "deleted",
    "destroyed": "destroyed",
    "crypto_erased": "key destroyed",
    "returned": "returned",
    "beyond_use": "put beyond use",
    "legal_hold": "legal hold",
    "cannot_locate": "cannot be located",
    "passed_on": "passed on",
}

MEDIUMS: Mapping[str, str] = {"electronic": "electronic", "hard_copy": "hard copy"}

ACTIONS: Mapping[str, str] = {
    "delete": "delete every copy",
    "return": "return every copy",
    "delete_or_return": "delete or return every copy",
}

DECISIONS: Mapping[str, str] = {"accepted": "accepted", "rejected": "rejected"}

CONFIRMATION_METHODS: Mapping[str, str] = {
    "telephone": "over the telephone",
    "in_person": "in person",
    "video": "by video call",
}

# Every type of leaf that a log can hold (docs/formats.md §3 and §4).
EVENTS: Mapping[str, str] = {
    "key.enrolled": "signing key made",
    "key.confirmed": "signing key confirmed",
    "key.revoked": "signing key revoked",
    "file.named": "file named",
    "file.reopened": "file reopened",
    "store.named": "store named",
    "store.withdrawn": "store withdrawn",
    "demand.issued": "deletion demand issued",
    "demand.amended": "deletion demand amended",
    "demand.acknowledged": "deletion demand acknowledged",
    "demand.closed": "deletion demand closed",
    "copy.recorded": "progress of a copy recorded",
    "evidence.added": "evidence added",
    "attestation.signed": "attestation signed",
    "attestation.reviewed": "attestation reviewed",
    "extension.requested": "more time asked for",
    "extension.decided": "more time decided on",
    "letter.sent": "letter sent",
    "letter.failed": "letter not delivered",
}

# --- Dates -------------------------------------------------------------------------------------


def in_working_days(today: date, due: date, holidays: Container[date] = NO_HOLIDAYS) -> Phrase:
    """How far off `due` is: "in 3 working days", "today" or "2 working days late".

    Where no working day lies between the two (Friday and the Saturday after it), plain days are
    counted instead, so that a date that is not today never reads as "today".
    """
    if due == today:
        return phrase("today")
    working = abs(working_days_between(today, due, holidays))
    plain = abs((due - today).days)
    if due > today and working:
        return phrases("in %(num)s working day", "in %(num)s working days", working)
    if due > today:
        return phrases("in %(num)s day", "in %(num)s days", plain)
    if working:
        return phrases("%(num)s working day late", "%(num)s working days late", working)
    return phrases("%(num)s day late", "%(num)s days late", plain)


def in_days(today: date, other: date) -> str:
    """Gives "in 3 days", "tomorrow", "today", "yesterday", "2 days ago": weekends count."""
    off = (other - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if off in near:
        return near[off]
    return f"in {count(off, 'day')}" if off > 0 else f"{count(-off, 'day')} ago"


# --- Counts and lists --------------------------------------------------------------------------


def count(n: int, noun: str) -> str:
    """Gives "1 file", "5 files", "2 copies", "1,000 files": the number and its noun."""
    return f"{number(n)} {noun if n == 1 else plural(noun)}"


def in_doubt(files: int) -> str:
    """That files were attested with a key that somebody has called lost; no full stop.

    in_doubt(1) -> 1 file was signed for with a key that may have been in other hands by then
    """
    were = "was" if files == 1 else "were"
    return (
        f"{count(files, 'file')} {were} signed for with a key that may have been in other hands "
        "by then"
    )


def plural(noun: str) -> str:
    """Gives "files" for "file". The last word of several is the one that changes."""
    if noun in _PLURALS:
        return _PLURALS[noun]
    head, space, last = noun.rpartition(" ")
    if space:
        return f"{head} {plural(last)}"
    if last.endswith("y") and last[-2:-1] not in "aeiou":
        return f"{last[:-1]}ies"
    if last.endswith(("s", "x", "z", "ch", "sh")):
        return f"{last}es"
    return f"{last}s"


def size(octets: int) -> str:
    """Gives "512 bytes", "63 kB", "1.4 MB": a file's size in powers of a thousand, for people."""
    if octets < 1000:
        return count(octets, "byte")
    value = float(octets)
    for unit in ("kB", "MB", "GB", "TB", "PB"):
        value /= 1000
        # 999,950 would otherwise read "1000 kB".
        if value < 999.5 or unit == "PB":
            digits = 1 if value < 9.95 else 0
            return f"{value:.{digits}f} {unit}"
    raise AssertionError("unreachable")


def capital(words: str) -> str:
    """The words with their first letter in upper case, to start a sentence or a heading."""
    return words[:1].upper() + words[1:]

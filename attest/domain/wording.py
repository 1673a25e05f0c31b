"""Dates, counts and states as a person writes them.

Pages, letters, the certificate and the report take their words from here, so that one state
never has two names. The words are lower case, to stand inside a sentence; `capital` starts one.
Nothing here asks the machine's locale: the same value gives the same words everywhere.
"""

from collections.abc import Container, Iterable, Mapping
from datetime import UTC, date, datetime, tzinfo

from attest.domain.calendar import NO_HOLIDAYS, working_days_between

_WEEKDAYS = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

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

EXTENSION_STATES: Mapping[str, str] = {
    "requested": "requested",
    "granted": "granted",
    "refused": "refused",
}

LETTER_STATES: Mapping[str, str] = {
    "queued": "waiting to be sent",
    "sending": "being sent",
    "sent": "sent",
    "deferred": "put off by the mail server, will be tried again",
    "bounced": "bounced: the address does not work",
    "unknown": "may or may not have arrived",
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

SIDES: Mapping[str, str] = {"controller": "controller", "contractor": "contractor"}

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


def day(value: date) -> str:
    """Gives "Monday 18 February 2013"."""
    return f"{_WEEKDAYS[value.weekday()]} {short_day(value)}"


def short_day(value: date) -> str:
    """Gives "18 February 2013"."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year:04d}"


def cell_day(value: date) -> str:
    """Gives "18 Feb 2013", for the narrow cells of a table only."""
    return f"{value.day} {_MONTHS[value.month - 1][:3]} {value.year:04d}"


def clock(value: datetime, zone: tzinfo) -> str:
    """Gives "08:15", in `zone`. `value` is aware."""
    local = _aware(value).astimezone(zone)
    return f"{local.hour:02d}:{local.minute:02d}"


def moment(value: datetime, zone: tzinfo) -> str:
    """Gives "4 February 2013, 08:15", in `zone`. `value` is aware."""
    return f"{short_day(_aware(value).astimezone(zone))}, {clock(value, zone)}"


def moment_utc(value: datetime) -> str:
    """Gives "4 February 2013, 08:15 UTC", for papers that travel. `value` is aware."""
    return f"{moment(value, UTC)} UTC"


def in_working_days(today: date, due: date, holidays: Container[date] = NO_HOLIDAYS) -> str:
    """How far off `due` is: "in 3 working days", "today" or "2 working days late".

    Where no working day lies between the two (Friday and the Saturday after it), plain days are
    counted instead, so that a date that is not today never reads as "today".
    """
    if due == today:
        return "today"
    working = working_days_between(today, due, holidays)
    off = count(abs(working), "working day") if working else count(abs((due - today).days), "day")
    return f"in {off}" if due > today else f"{off} late"


def in_days(today: date, other: date) -> str:
    """Gives "in 3 days", "tomorrow", "today", "yesterday", "2 days ago": weekends count."""
    off = (other - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if off in near:
        return near[off]
    return f"in {count(off, 'day')}" if off > 0 else f"{count(-off, 'day')} ago"


# --- Counts and lists --------------------------------------------------------------------------


def number(n: int) -> str:
    """Gives "994", "10,413"."""
    return f"{n:,}"


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


def listing(items: Iterable[str], last: str = "and") -> str:
    """Gives "a", "a and b", "a, b and c"; `last` may be "or". An empty list is ""."""
    words = list(items)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


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


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return value

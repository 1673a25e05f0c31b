"""Samples of what a controller is told: the daily digest, and letters that did not arrive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attest.domain import need_words
from attest.mail import letters
from attest.mail.controller_letters import Failure
from attest.mail.digest_letters import Digest, Line
from attest.mail.letter import Letter
from attest.mail.samples.case import ABOUT, ADEYEMI, ASKED, HOME, OTHER

FAILURES = [
    Failure(
        "Tom Beck",
        "tom.beck@halden.example",
        "ND-2013-004: 5 files are overdue",
        True,
        "550 5.1.1 No such user",
    ),
    Failure(
        "Ruth Adeyemi",
        "ruth.adeyemi@halden.example",
        "ND-2013-004: 5 files are overdue",
        False,
        "the connection broke while the letter was sent",
    ),
]
_PAGE = f"{ABOUT.link}/letters"
_LATE = [Line(need_words.contractor_late(ABOUT.contractor, ABOUT.reference, 5), ABOUT.link)]
_WAITS = [
    Line(need_words.to_review(ABOUT.reference, 5), f"{ABOUT.link}/review"),
    Line(
        need_words.more_time_to_decide(ABOUT.contractor, OTHER.reference, ASKED),
        f"{OTHER.link}/extension/1",
    ),
]
_FAILING = [
    Line(need_words.failing_address("tom.beck@halden.example", ABOUT.reference), _PAGE),
]
_UNKNOWN = [Line(need_words.letter_of_unknown_fate(ADEYEMI.name, ABOUT.reference), _PAGE)]
# The subject of the letter that came along, as its reader gets it.
_CAME = [
    Line("ND-2013-006: Halden Support Services plc has acknowledged the demand", OTHER.link),
]
_MANY = [
    Line(need_words.to_review(f"ND-2013-{n:03}", n), f"{HOME}/demands/ND-2013-{n:03}/review")
    for n in range(1, 15)
]


def _digest(
    late: Sequence[Line] = (),
    waits: Sequence[Line] = (),
    failing: Sequence[Line] = (),
    unknown: Sequence[Line] = (),
    came: Sequence[Line] = (),
) -> Letter:
    digest = Digest(late, waits, failing, unknown, came)
    return letters.daily_digest(digest, organisation=ABOUT.controller, home=HOME)


def samples() -> Mapping[str, Letter]:
    """Each of them by a name that begins with its kind."""
    return {
        "daily_digest": _digest(_LATE, _WAITS, _FAILING, _UNKNOWN, _CAME),
        "daily_digest of much": _digest(waits=_MANY),
        "daily_digest of what came": _digest(came=_CAME),
        "daily_digest of an unknown fate": _digest(unknown=_UNKNOWN),
        "delivery_problem bounced": letters.delivery_problem(ABOUT, FAILURES[:1], 1),
        "delivery_problem unknown": letters.delivery_problem(ABOUT, FAILURES[1:], 1),
        "delivery_problem, several": letters.delivery_problem(ABOUT, FAILURES, 7),
    }

"""Samples of what a controller is told: the daily digest, and letters that did not arrive."""

from __future__ import annotations

from collections.abc import Mapping

from attest.mail import letters
from attest.mail.controller_letters import Failure
from attest.mail.digest_letters import Digest, Line
from attest.mail.letter import Letter
from attest.mail.samples.case import ABOUT, HOME

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
DIGEST = Digest(
    late=[Line("ND-2013-004 is 3 working days late", ABOUT.link)],
    waits=[Line("5 attestations wait for a review", f"{ABOUT.link}/review")],
    failing=[Line("tom.beck@halden.example", f"{ABOUT.link}/letters")],
    unknown=[Line("To Ruth Adeyemi", f"{ABOUT.link}/letters")],
    came=[Line("ND-2013-006: acknowledged", f"{HOME}/demands/ND-2013-006")],
)


def samples() -> Mapping[str, Letter]:
    """Each of them by a name that begins with its kind."""
    return {
        "daily_digest": letters.daily_digest(
            DIGEST, organisation="Northshire Constabulary", home=f"{HOME}/dashboard"
        ),
        "delivery_problem bounced": letters.delivery_problem(ABOUT, FAILURES[:1], 1),
        "delivery_problem unknown": letters.delivery_problem(ABOUT, FAILURES[1:], 1),
        "delivery_problem, several": letters.delivery_problem(ABOUT, FAILURES, 7),
    }

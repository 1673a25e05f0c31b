"""What is recorded around a breach: reports, decisions, and people who were told.

GDPR, Articles 33 and 34. The 72 hours have a module of their own (domain/breach_clock.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attest.domain.refusal import Refused

# The authority that is offered first; another one is typed.
AUTHORITY = "Information Commissioner’s Office"

REPORT_CHANNELS: Mapping[str, str] = {
    "online": "online form",
    "telephone": "telephone",
    "email": "email",
    "post": "letter",
}

TELL_CHANNELS: Mapping[str, str] = {
    "post": "letter",
    "email": "email",
    "telephone": "telephone",
    "in_person": "in person",
    "text": "text message",
    "public": "public notice",
}

# Why people affected need not be told one by one (Article 34(1) and (3)).
GROUNDS: Mapping[str, str] = {
    "no_high_risk": "no high risk to them is likely (Article 34(1))",
    "protected": "nobody could read the data, for example encrypted (Article 34(3)(a))",
    "averted": "measures since then make a high risk unlikely (Article 34(3)(b))",
    "public": "telling each is out of proportion, and the public was told (Article 34(3)(c))",
}

REPORT, TELL = "report", "tell"
SUBJECTS = (REPORT, TELL)


def check_decision(
    subject: str,
    needed: bool,
    *,
    ground: str | None,
    decided_on: date | None,
    today: date,
    reported: bool,
    stands: bool | None,
) -> None:
    """Whether a decision may be recorded. Raises Refused with the field.

    `stands`: what the newest decision on the subject says is needed, None where there is none.
    """
    if subject not in SUBJECTS:
        raise Refused("Choose what was decided.")
    if needed and stands is not False:
        raise Refused("Nobody has decided otherwise: there is nothing to take back.")
    if not needed and stands is False:
        raise Refused("It is decided already. Take that decision back first, with the reasons.")
    if subject == REPORT and not needed and reported:
        raise Refused("A report is recorded already. Strike it out first, with the reason.")
    if subject == TELL and not needed and ground not in GROUNDS:
        raise Refused("Choose the ground.", field="ground")
    if decided_on is None:
        raise Refused("Say on which day it was decided.", field="decided_on")
    if decided_on > today:
        raise Refused("This day lies in the future. Check it.", field="decided_on")


def check_telling(
    people: int | None, told_on: date | None, noticed_on: date | None, today: date
) -> tuple[int, date]:
    """How many were told and when, if it may be recorded so. Raises Refused with the field."""
    if people is None or not 0 < people < 2**31:
        raise Refused("Say how many people were told, as a number.", field="people")
    if told_on is None:
        raise Refused("Say on which day they were told.", field="told_on")
    if told_on > today:
        raise Refused("This day lies in the future. Check it.", field="told_on")
    if noticed_on is not None and told_on < noticed_on:
        raise Refused("This is before the incident was noticed. Check both days.", field="told_on")
    return people, told_on

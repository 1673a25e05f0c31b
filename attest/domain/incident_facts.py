"""What is asked about an incident, in the order in which the authority asks for it.

The order, and where it helps the words, follow the form of the Information Commissioner's Office
for reporting a personal data breach; what GDPR, Article 33(3), asks for is all in it. Pages, the
history, the register and the regulator's pack take their questions from here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from attest.domain import wording
from attest.domain.drafting import MAX_TEXT, check_text
from attest.domain.refusal import Refused

YES_NO: Mapping[str, str] = {"yes": "yes", "no": "no", "unknown": "not known yet"}

LIKELIHOODS: Mapping[str, str] = {
    "very_likely": "very likely",
    "likely": "likely",
    "neutral": "neither likely nor unlikely",
    "unlikely": "unlikely",
    "very_unlikely": "very unlikely",
    "unknown": "not known yet",
}

DATA_CATEGORIES: Mapping[str, str] = {
    "racial_ethnic": "racial or ethnic origin",
    "political": "political opinions",
    "religious": "religious or philosophical beliefs",
    "union": "trade union membership",
    "sex_life": "sex life",
    "orientation": "sexual orientation",
    "gender": "gender reassignment",
    "health": "health",
    "identifiers": "basic personal identifiers, such as names and contact details",
    "identification": "identification data, such as user names and passwords",
    "financial": "economic and financial data",
    "documents": "official documents, such as driving licences",
    "location": "location data",
    "genetic": "genetic or biometric data",
    "criminal": "criminal convictions and offences",
    "other": "other data",
    "unknown": "not known yet",
}

PEOPLE_CATEGORIES: Mapping[str, str] = {
    "employees": "employees",
    "users": "users",
    "subscribers": "subscribers",
    "students": "students",
    "customers": "customers or prospective customers",
    "patients": "patients",
    "children": "children",
    "vulnerable": "vulnerable adults",
    "other": "others",
    "unknown": "not known yet",
}

LINE, TEXT, DAY, MOMENT, NUMBER, CHOICE, CHOICES = (
    "line", "text", "day", "moment", "number", "choice", "choices",
)  # fmt: skip

MOST = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Fact:
    """One question. `section` is the page on which it is answered, `part` the part of the form.

    `needed`: a sentence, where an empty answer will not do.
    """

    name: str
    question: str
    kind: str
    section: str
    part: str
    hint: str = ""
    choices: Mapping[str, str] | None = None
    needed: str | None = None
    most: int = 0  # the longest text, or the largest number


SECTIONS: Mapping[str, str] = {
    "happened": "What happened",
    "affected": "The data and the people",
    "effects": "What may follow from it",
    "action": "What was done",
    "contact": "Who reports it",
}

ABOUT_BREACH, TAKING_ACTION, ABOUT_YOU = "About the breach", "Taking action", "About you"

NO_NAMES = "Do not name people affected."

FACTS: tuple[Fact, ...] = (
    Fact("title", "Title", LINE, "happened", ABOUT_BREACH,
         needed="Give the incident a short title.", most=200),
    Fact("what_happened", "What happened", TEXT, "happened", ABOUT_BREACH,
         f"Which data went to whom, and why it should not have. {NO_NAMES}",
         needed="Say what happened."),
    Fact("how_occurred", "How it came to happen", TEXT, "happened", ABOUT_BREACH,
         "What went wrong, and how."),
    Fact("cyber", "Was it a cyber incident?", CHOICE, "happened", ABOUT_BREACH, choices=YES_NO),
    Fact("discovered_how", "How it was discovered", TEXT, "happened", ABOUT_BREACH),
    Fact("noticed_at", "When it was noticed", MOMENT, "happened", ABOUT_BREACH,
         "The 72 hours run from here.", needed="Say when it was noticed."),
    Fact("occurred_on", "When it happened", DAY, "happened", ABOUT_BREACH,
         "Leave it empty if you do not know yet."),
    Fact("data_categories", "Categories of personal data", CHOICES, "affected", ABOUT_BREACH,
         choices=DATA_CATEGORIES),
    Fact("data_affected", "The data, in your words", TEXT, "affected", ABOUT_BREACH,
         "For example, pay, health, trade union membership."),
    Fact("records_affected", "How many records of personal data", NUMBER, "affected",
         ABOUT_BREACH, "Approximately. Leave it empty if you do not know yet.", most=MOST),
    Fact("people_affected", "How many people are affected", NUMBER, "affected", ABOUT_BREACH,
         "Approximately. Leave it empty if you do not know yet.", most=2**31 - 1),
    Fact("people_categories", "Categories of people affected", CHOICES, "affected", ABOUT_BREACH,
         choices=PEOPLE_CATEGORIES),
    Fact("consequences", "Likely consequences for them", TEXT, "effects", ABOUT_BREACH,
         f"What may happen to them, and any harm that has happened. {NO_NAMES}"),
    Fact("likelihood", "How likely is it that they suffer significantly?", CHOICE, "effects",
         ABOUT_BREACH, choices=LIKELIHOODS),
    Fact("prevention", "What was in place to prevent it", TEXT, "action", TAKING_ACTION),
    Fact("agreements", "Agreements with whoever received the data", TEXT, "happened",
         TAKING_ACTION, "For example, a contract or a non-disclosure agreement."),
    Fact("training", "Were the staff involved trained in data protection in the last two years?",
         CHOICE, "action", TAKING_ACTION, choices=YES_NO),
    Fact("training_details", "What training there is", TEXT, "action", TAKING_ACTION),
    Fact("measures_taken", "What was done about it", TEXT, "action", TAKING_ACTION,
         "To put it right, and to lessen what may follow."),
    Fact("measures_planned", "What will be done, and by when", TEXT, "action", TAKING_ACTION,
         "To put it right, and so that it does not happen again."),
    Fact("other_bodies", "Other bodies told of it", TEXT, "action", TAKING_ACTION,
         "For example, the police or other authorities, each with its day."),
    Fact("registration", "Registration number with the authority", LINE, "contact", ABOUT_YOU,
         most=40),
    Fact("address", "Postal address", TEXT, "contact", ABOUT_YOU, most=500),
    Fact("contact_name", "Contact point: name", LINE, "contact", ABOUT_YOU,
         "The data protection officer, or whoever else knows more.", most=200),
    Fact("contact_role", "Contact point: title", LINE, "contact", ABOUT_YOU,
         "For example, Data Protection Officer.", most=200),
    Fact("contact_email", "Contact point: email address", LINE, "contact", ABOUT_YOU, most=254),
    Fact("contact_telephone", "Contact point: telephone", LINE, "contact", ABOUT_YOU, most=60),
)  # fmt: skip

BY_NAME: Mapping[str, Fact] = {fact.name: fact for fact in FACTS}

# What GDPR, Article 33(3), asks for at the least; until it is there, pages say so.
ASKED_BY_LAW = (
    "what_happened", "data_categories", "records_affected", "people_affected",
    "people_categories", "contact_name", "consequences", "measures_taken",
)  # fmt: skip


def of_section(section: str) -> list[Fact]:
    """The questions of one page, in order."""
    return [fact for fact in FACTS if fact.section == section]


def of_part(part: str) -> list[Fact]:
    """The questions of one part of the authority's form, in its order."""
    return [fact for fact in FACTS if fact.part == part]


def missing(values: Mapping[str, Any]) -> list[Fact]:
    """What Article 33(3) asks for and nobody has answered."""
    return [BY_NAME[name] for name in ASKED_BY_LAW if values.get(name) in (None, "", [])]


def check(fact: Fact, typed: Any, now: datetime, today: date) -> Any:
    """The answer as it is kept, None for none. Raises Refused with the fact's name as field."""
    if fact.kind in (LINE, TEXT):
        kept: Any = check_text(
            typed, fact.name, multiline=fact.kind == TEXT, limit=fact.most or MAX_TEXT
        )
    elif fact.kind == CHOICES:
        kept = ";".join(_chosen(fact, typed or [])) or None
    elif fact.kind == CHOICE:
        kept = _chosen(fact, [typed])[0] if typed else None
    elif fact.kind == NUMBER:
        if typed is not None and not 0 <= typed <= fact.most:
            raise Refused("Type how many, as a number.", field=fact.name)
        kept = typed
    else:
        kept = typed
        late = kept > now if isinstance(kept, datetime) else kept is not None and kept > today
        if late:
            words = "time" if fact.kind == MOMENT else "day"
            raise Refused(f"This {words} lies in the future. Check it.", field=fact.name)
    if kept is None and fact.needed:
        raise Refused(fact.needed, field=fact.name)
    return kept


def _chosen(fact: Fact, typed: Sequence[str]) -> list[str]:
    allowed = fact.choices or {}
    if any(value not in allowed for value in typed):
        raise Refused("Choose from these only.", field=fact.name)
    return [name for name in allowed if name in typed]


def in_words(fact: Fact, value: Any, zone: tzinfo) -> str:
    """An answer as people read it, "" where there is none."""
    if value is None or value == "":
        return ""
    if fact.kind == CHOICES:
        words = fact.choices or {}
        return "; ".join(words[name] for name in str(value).split(";") if name in words)
    if fact.kind == CHOICE:
        return (fact.choices or {}).get(str(value), "")
    if fact.kind == NUMBER:
        return wording.number(int(value))
    if fact.kind == MOMENT:
        return wording.moment(value, zone)
    if fact.kind == DAY:
        return wording.short_day(value)
    return str(value)

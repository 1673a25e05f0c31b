"""The forms around an incident. Those of its facts are made from the list of questions."""

from collections.abc import Mapping
from typing import Any

from attest.domain import incident_facts
from attest.domain.breach import AUTHORITY, GROUNDS, REPORT_CHANNELS, TELL_CHANNELS
from attest.domain.incident_facts import Fact
from attest.domain.letter_merge import MAX_ROWS
from attest.domain.wording import capital, number
from attest.services.acts.incident_letter import LONGEST
from attest.web.forms import (
    CheckboxesField,
    ClockField,
    DateField,
    FileField,
    Form,
    NumberField,
    RadioField,
    SelectField,
    TextArea,
    TextField,
    TickField,
)

STATES: Mapping[str, str] = {
    "asks": "To be reported",
    "late": "The 72 hours are over",
    "reported": "Reported",
    "not_needed": "No report needed",
    "open": "With open demands",
}
SORTS: Mapping[str, str] = {
    "noticed": "Noticed last",
    "oldest": "Noticed first",
    "reference": "Reference",
    "people": "Most people affected",
}
TIME = "_time"  # what follows a fact's name for the time of day


def _choices(of: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((value, capital(words)) for value, words in of.items())


def _fields(fact: Fact) -> dict[str, Any]:
    said: dict[str, Any] = {"hint": fact.hint} if fact.hint else {}
    if fact.needed:
        said["needed"] = fact.needed
    longest = fact.most or 10_000
    if fact.kind == incident_facts.LINE:
        field: Any = TextField(fact.question, longest=longest, **said)
    elif fact.kind == incident_facts.TEXT:
        field = TextArea(fact.question, longest=longest, rows=4, **said)
    elif fact.kind == incident_facts.NUMBER:
        field = NumberField(fact.question, most=fact.most, classes="govuk-input--width-10", **said)
    elif fact.kind == incident_facts.CHOICES:
        field = CheckboxesField(fact.question, _choices(fact.choices or {}), **said)
    elif fact.kind == incident_facts.CHOICE:
        field = RadioField(fact.question, _choices(fact.choices or {}), **said)
    else:
        field = DateField(fact.question, **said)
    found = {fact.name: field}
    if fact.kind == incident_facts.MOMENT:
        found[f"{fact.name}{TIME}"] = ClockField(
            "At what time",
            needed="Enter the time when it was noticed.",
            hint="For example, 09:40",
            classes="govuk-input--width-5",
        )
    return found


# One form a page of facts, by the section's name.
SECTION_FORMS: Mapping[str, type[Form]] = {
    section: type(
        f"{capital(section)}Form",
        (Form,),
        {
            name: field
            for fact in incident_facts.of_section(section)
            for name, field in _fields(fact).items()
        },
    )
    for section in incident_facts.SECTIONS
}


class FilterForm(Form):
    """Search, state and order of the list. Whatever else an address says is left out."""

    search = TextField("Reference or title", classes="govuk-input--width-20")
    state = SelectField("State", tuple(STATES.items()), blank="All")
    sort = SelectField("Sorted by", tuple(SORTS.items()), blank=None)


class OrganisationForm(Form):
    """For whom an incident is recorded, for who keeps those of several organisations."""

    organisation = SelectField("For which organisation", needed="Choose for whom you record it.")


class ReportForm(Form):
    """One phase of a report to an authority."""

    reported_on = DateField("Day on which it was reported", needed="Say when it was reported.")
    reported_time = ClockField(
        "At what time",
        needed="Enter the time at which it was reported.",
        hint="For example, 08:15",
        classes="govuk-input--width-5",
    )
    authority = TextField(
        "To which authority", needed="Name the authority that was told.", default=AUTHORITY
    )
    channel = RadioField("How", _choices(REPORT_CHANNELS), needed="Choose how it was reported.")
    reference = TextField(
        "Their reference",
        hint="Leave it empty if you have none yet.",
        longest=100,
        classes="govuk-input--width-20",
    )
    told = TextArea(
        "What was reported",
        needed="Say what was reported.",
        hint="In short, for example which facts. Do not name people affected.",
        longest=10_000,
    )
    late_reasons = TextArea(
        "Why it was later than 72 hours",
        hint="A must where the first report was later (Article 33(1)).",
        rows=3,
        longest=10_000,
    )
    more_to_follow = TickField("More will follow", hint="A report may come in phases.")


class DecisionForm(Form):
    """That nobody has to be told, or somebody has to after all: who decided, when, why."""

    decided_by = TextField(
        "Who decided", needed="Say who decided it.", hint="Name and title of the person."
    )
    decided_on = DateField("On which day", needed="Say on which day it was decided.")
    reason = TextArea("Reasons", needed="Give the reasons.", longest=10_000)


class NotToldForm(DecisionForm):
    """The same for the people affected, with the ground that the law knows."""

    ground = RadioField("Ground", _choices(GROUNDS), needed="Choose the ground.")


class ToldForm(Form):
    """A batch of people affected who were told."""

    batch = TextField(
        "Who",
        needed="Say who was told, without names of people.",
        hint="For example, all staff of the northern division. No names of people.",
    )
    people = NumberField(
        "How many people",
        needed="Say how many people were told.",
        least=1,
        most=2**31 - 1,
        classes="govuk-input--width-10",
    )
    channel = RadioField("How", _choices(TELL_CHANNELS), needed="Choose how they were told.")
    told_on = DateField("On which day", needed="Say on which day they were told.")


class StrikeForm(Form):
    """Why something that was recorded does not count."""

    reason = TextArea("Reason", needed="Say why it is struck out.", rows=3)


class LetterForm(Form):
    """The letter to people affected, part by part (Article 34(2))."""

    subject = TextField("Subject", needed="Give the letter a subject.")
    opening = TextArea(
        "Opening",
        needed="Begin the letter.",
        hint="A name in braces is filled in from your list: {name}. It works in every part.",
        rows=4,
        longest=LONGEST,
    )
    nature = TextArea(
        "What happened",
        needed="Say what happened (Article 34(2) with 33(3)(a)).",
        longest=LONGEST,
    )
    consequences = TextArea(
        "What this may mean for you",
        needed="Say what may follow from it (Article 33(3)(c)).",
        longest=LONGEST,
    )
    measures = TextArea(
        "What has been done, and what you can do",
        needed="Say what was done about it (Article 33(3)(d)).",
        longest=LONGEST,
    )
    contact = TextArea(
        "Whom to ask", needed="Name a contact point (Article 33(3)(b)).", rows=3, longest=LONGEST
    )
    closing = TextArea("Closing", needed="End the letter.", rows=4, longest=LONGEST)


class MergeForm(Form):
    """The list, and in what shape the letters come back."""

    recipients = FileField(
        "List of recipients",
        needed="Choose a list first.",
        hint="CSV in UTF-8 whose first line names its columns. Up to "
        f"{number(MAX_ROWS)} lines and 5 MB.",
        accept=".csv,text/csv",
    )
    shape = RadioField(
        "As",
        (("zip", "A zip with a text file for each letter"), ("text", "One text, a page a letter")),
        needed="Choose a shape.",
        default="zip",
    )

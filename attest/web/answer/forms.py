"""Two of the officer's forms: which copies and outcome, and whether a copy was passed on."""

from __future__ import annotations

from attest.domain.outcomes import OFFERED, OUTCOMES
from attest.web.answer.words import OUTCOME_HINTS
from attest.web.forms import CheckboxesField, Form, RadioField, TextArea

ALL, SOME = "all", "some"
YES, NO = "yes", "no"


class ChooseForm(Form):
    """The first step: the outcome of the copies that are ticked in the table."""

    outcome = RadioField(
        "What became of the selected copies?",
        [(name, OUTCOMES[name].words) for name in OFFERED],
        hints=OUTCOME_HINTS,
    )


class OnwardForm(Form):
    """Whether a copy left the parties, for all open files or for some."""

    disclosed = RadioField(
        "Was any copy passed to anybody else?",
        [(NO, "No"), (YES, "Yes")],
        needed="Say whether any copy was passed to anybody else.",
        hint="To anybody outside your organisation and the controllers: by email, on paper, "
        "or by letting them look.",
    )
    recipients = TextArea(
        "To whom?",
        hint="One a line: name; what they were given; the day as 2013-02-06, if known. "
        "Organisations rather than people, where you can.",
        longest=20_000,
        rows=3,
    )
    which = RadioField("For which files?", needed="Choose the files that this is about.")
    files = CheckboxesField("Files")

"""Asking for more time, and deciding on it."""

from attest.domain.extensions import MOST_REASON
from attest.services.acts.extension_deciding import AS_ASKED, LESS, NO
from attest.web.forms import CheckboxesField, DateField, Form, RadioField, TextArea

WHOLE, SOME = "whole", "some"
_LOGGED = "It goes into the log and is permanent. Do not name people affected."


class AskForm(Form):
    """A day and a reason, for the demand or for some of its open files."""

    until = DateField(
        "By when will you be done?", needed="Enter the day by which you will be done."
    )
    reason = TextArea(
        "Why do you need more time?",
        needed="Say why you need more time.",
        hint=f"What stands in the way, and what you do about it. {_LOGGED}",
        rows=4,
        longest=MOST_REASON,
    )
    scope = RadioField(
        "For what?",
        [(WHOLE, "The whole demand"), (SOME, "Some files only")],
        needed="Choose whether it is for the whole demand.",
    )
    file = CheckboxesField("Which files?")


class DecideForm(Form):
    """The answer to a request. Day and files count for granting less only."""

    answer = RadioField(
        "What is your answer?",
        [(AS_ASKED, "Grant it as asked"), (LESS, "Grant less"), (NO, "Refuse it")],
        needed="Choose whether you grant it.",
        hints={
            LESS: "An earlier day, or fewer files.",
            NO: "The day stands.",
        },
    )
    until = DateField("Until when?")
    file = CheckboxesField("For which files?")
    reason = TextArea(
        "Reason",
        hint=f"Needed to refuse, or to grant less. The contractor reads it. {_LOGGED}",
        rows=4,
        longest=MOST_REASON,
    )

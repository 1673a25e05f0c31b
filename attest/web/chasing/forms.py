"""The forms of the chasing: the ladder, a pause, a letter at once, the contacts of both sides."""

from attest.domain.drafting import MAX_NAME
from attest.domain.pausing import MOST_REASON
from attest.services.acts.chase_now import MOST_LINE
from attest.services.acts.escalation import ContactAnswers
from attest.web.chasing.rungs_field import RungsField
from attest.web.forms import (
    CheckboxesField,
    DateField,
    EmailField,
    Form,
    HiddenField,
    SelectField,
    TextArea,
    TextField,
    TickField,
)


class LadderForm(Form):
    """The rungs, a row each."""

    rungs = RungsField("Letters")


class PauseForm(Form):
    """Until when, and why."""

    until = DateField(
        "Letters go out again on", needed="Enter the day on which letters go out again."
    )
    reason = TextArea(
        "Why",
        needed="Say why. Your own side reads it later.",
        hint="Only your organisation reads this. The contractor is not told that letters wait.",
        longest=MOST_REASON,
        rows=3,
    )


class NowForm(Form):
    """To whom, and what is added. `once` keeps a second click from writing a second letter."""

    to = CheckboxesField("To whom", needed="Choose at least one reader.")
    line = TextArea(
        "A line of your own (optional)",
        hint=f"It is quoted in the letter, in your name. At most {MOST_LINE} characters.",
        longest=MOST_LINE,
        rows=3,
    )
    again = TickField("Write again all the same")
    once = HiddenField()


class ContactsForm(Form):
    """Whom both sides have above those who act, and whether letters ask for a receipt."""

    contractor_name = TextField("Name", longest=MAX_NAME)
    contractor_role = TextField("Title", longest=MAX_NAME, classes="govuk-input--width-20")
    contractor_email = EmailField("Email address", autocomplete="off")
    contractor_time_zone = SelectField("Where they work", blank=None)
    contractor_language = SelectField("Language of their letters", blank=None)
    controller_name = TextField("Name", longest=MAX_NAME)
    controller_role = TextField("Title", longest=MAX_NAME, classes="govuk-input--width-20")
    controller_email = EmailField("Email address", autocomplete="off")
    controller_time_zone = SelectField("Where they work", blank=None)
    controller_language = SelectField("Language of their letters", blank=None)
    receipt = TickField(
        "Letters ask their reader to confirm that they received them",
        hint="A link in the letter opens a page with one button. It signs nobody in, and nobody "
        "has to press it.",
    )

    def answers(self, side: str) -> ContactAnswers:
        """What was typed for one side."""
        parts = ("name", "role", "email", "time_zone", "language")
        return ContactAnswers(**{part: self[f"{side}_{part}"].data or "" for part in parts})

"""The liaison's forms."""

from typing import Any

from attest.services.acts.escalation import ContactAnswers
from attest.web.forms import EmailField, Form, RadioField, TextArea, TextField

ME, ANOTHER = "me", "another"


class ContactForm(Form):
    """Who is written to when the demand is late. All three empty: nobody."""

    contact_name = TextField("Name", autocomplete="off")
    contact_role = TextField("Title", hint="Such as Managing Director.", autocomplete="off")
    contact_email = EmailField("Email address", autocomplete="off")

    def answers(self) -> ContactAnswers:
        """What was typed, as the service takes it."""
        return ContactAnswers(
            self.contact_name.data or "",
            self.contact_role.data or "",
            self.contact_email.data or "",
        )


class AcknowledgeForm(ContactForm):
    """A note may go with it, and an escalation contact."""

    note = TextArea(
        "A note to the controller (optional)",
        hint="Such as when you expect to be done. It becomes part of the record and is "
        "permanent: do not name people affected.",
        rows=2,
        longest=2000,
    )


class NotUsForm(Form):
    """Why the demand does not concern the contractor."""

    reason = TextArea(
        "Why does this not concern you?",
        needed="Say why this does not concern you.",
        hint="For example: the files never reached you, or another company of the group has them.",
        rows=4,
        longest=2000,
    )


class OfficerForm(Form):
    """Who it is. Name, title and address are asked for only when it is somebody new."""

    who = RadioField("Who is it?", needed="Choose who the assurance officer is.")
    name = TextField("Name", autocomplete="off")
    role = TextField(
        "Title",
        hint="Such as Head of Information Assurance. They sign under it.",
        autocomplete="off",
    )
    email = EmailField(
        "Email address", hint="The letter with the link goes there.", autocomplete="off"
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Somebody new needs all three; each empty one says so at once."""
        sound: bool = super().validate(extra_validators)
        if self.who.data != ANOTHER:
            return sound
        asked = (
            (self.name, "Type the officer’s name."),
            (self.role, "Type the officer’s title."),
            (self.email, "Type the officer’s email address."),
        )
        for field, sentence in asked:
            if not field.data and not field.errors:
                field.errors = [sentence]
                sound = False
        return sound

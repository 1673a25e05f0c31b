"""The form that invites somebody."""

from attest.web.forms import CheckboxesField, EmailField, Form, RadioField, TextField

LATER = "later"


class InviteForm(Form):
    """Who they are, and what they may do."""

    name = TextField("Name", needed="Type the person's name.", autocomplete="off")
    role = TextField(
        "Title",
        needed="Type the person's title.",
        hint="What they are in the organisation, such as Head of Information Assurance. "
        "Whoever signs, signs under this title.",
        autocomplete="off",
    )
    email = EmailField(
        "Email address",
        needed="Type the person's email address.",
        hint="The letter with the link goes there.",
        autocomplete="off",
    )
    duties = CheckboxesField("What may they do?", needed="Choose at least one duty.")


class EndForm(Form):
    """Who takes over an officer's demands."""

    successor = RadioField(
        "Who takes over as assurance officer?", needed="Choose who takes over, or “Nobody yet”."
    )

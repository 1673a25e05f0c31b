"""Who the liaison is now."""

from attest.web.forms import EmailField, Form, TextField


class LiaisonForm(Form):
    """The same person at another address, or somebody else."""

    name = TextField("Name", needed="Type the liaison’s name.", autocomplete="off")
    role = TextField("Title", needed="Type the liaison’s title.", autocomplete="off")
    email = EmailField(
        "Email address",
        needed="Type the liaison’s email address.",
        hint="The letter with the demand and a new link goes there.",
        autocomplete="off",
    )

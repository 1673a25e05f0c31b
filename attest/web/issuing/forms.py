"""Returning a draft."""

from attest.web.forms import Form, TextArea


class ReturnForm(Form):
    """What has to change; the case handlers read it, nobody else."""

    note = TextArea(
        "What has to change",
        needed="Say what has to change.",
        hint="The case handlers get it in a letter.",
        rows=3,
    )

"""Opening a file again."""

from attest.web.forms import CheckboxesField, Form, TextArea

LOGGED = "It goes into the log and is permanent. Do not name people affected."


class ReopenForm(Form):
    """Why a file is opened again, and where something was found."""

    reason = TextArea(
        "Why must it be answered again?",
        needed="Say why the file is opened again.",
        hint=f"For example, what was found, where and when. {LOGGED}",
        rows=4,
        longest=10_000,
    )
    stores = CheckboxesField(
        "Where was a copy found? (optional)",
        hint="These are to be answered for again. Every other answer stays filled in.",
    )

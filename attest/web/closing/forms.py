"""How a demand ends, and why."""

from attest.web.forms import Form, RadioField, TextArea


class ClosingForm(Form):
    """Closing, where nothing stands in the way; or withdrawing."""

    outcome = RadioField(
        "How does the demand end?", needed="Choose whether to close or to withdraw the demand."
    )
    reason = TextArea("Why is it withdrawn?", hint="Both sides read this.", signed=True, rows=4)

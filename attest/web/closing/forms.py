"""How a demand ends, and why."""

from attest.web.forms import Form, RadioField, TextArea


class ClosingForm(Form):
    """Closing, where nothing stands in the way; or withdrawing."""

    outcome = RadioField(
        "How does the demand end?", needed="Choose whether to close or to withdraw the demand."
    )
    reason = TextArea(
        "Reason", hint="To withdraw: say why. Both sides read it.", signed=True, rows=4
    )

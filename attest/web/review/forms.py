"""Accept or reject, and why."""

from attest.web.forms import Form, RadioField, TextArea


class ReviewForm(Form):
    """The decision. Which attestations it is about are checkboxes that the template writes."""

    decision = RadioField(
        "What is your decision about the files that you ticked?",
        [("accepted", "Accept"), ("rejected", "Reject")],
        needed="Choose accept or reject.",
        hints={
            "accepted": "The answers are complete, and you have no doubt about them.",
            "rejected": "The files go back to the officer, with your reason.",
        },
    )
    reason = TextArea(
        "Reason",
        hint="To reject: say what has to be put right. The officer reads it.",
        signed=True,
        rows=4,
    )

"""The form that says why a key is revoked, and since when it may have been in other hands."""

from typing import Any

from attest.web.forms import ClockField, DateField, Form, RadioField, TextArea

YES, NO = "yes", "no"


class RevokeForm(Form):
    """With which key, why, and since when."""

    key = RadioField("Sign this with", needed="Choose the key that you sign this with.")
    reason = TextArea(
        "Why is it revoked?",
        needed="Say why the key is revoked.",
        hint="For example: “The laptop with the key file was stolen.” It is signed, and everybody "
        "in whose demands the key signed can read it for ever: no names of people affected.",
        rows=3,
        longest=2000,
    )
    lost = RadioField(
        "May somebody else have had it?",
        [(NO, "No"), (YES, "Yes, or I do not know")],
        needed="Say whether somebody else may have had it.",
        hints={
            NO: "For example, its file was destroyed, the passphrase is forgotten, or its holder "
            "has another duty now.",
            YES: "Say since when. What it has signed since then is listed for both sides.",
        },
    )
    since_on = DateField("Since which day")
    since_time = ClockField(
        "At what time (optional)",
        hint="For example, 14:30. Without it, the whole day counts.",
        classes="govuk-input--width-5",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Who says yes says since when."""
        sound: bool = super().validate(extra_validators)
        if self.lost.data == YES and self.since_on.data is None and not self.since_on.errors:
            self.since_on.errors = ["Enter the day since which somebody else may have had it."]
            sound = False
        return sound

"""What somebody heard over the telephone, typed in."""

from attest.domain.wording import CONFIRMATION_METHODS, capital
from attest.web.forms import Form, RadioField, TextField

_GROUPS = "Type what you hear: eight groups of four. There is no 0, 1, 8 or 9 in it."


class CompareForm(Form):
    """Eight groups."""

    typed = TextField(
        "The fingerprint that you hear",
        needed="Type the eight groups that you hear.",
        hint=_GROUPS,
        classes="attest-groups",
        autocomplete="off",
    )


class ConfirmForm(CompareForm):
    """Eight groups, and how they were heard."""

    method = RadioField(
        "How do you hear it?",
        [(name, capital(words)) for name, words in CONFIRMATION_METHODS.items()],
        needed="Say how you hear the fingerprint.",
        hint="It goes into the signed confirmation.",
    )

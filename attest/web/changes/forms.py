"""A file opened again, a store withdrawn or kept, a file never received and the ruling."""

from attest.services.acts import not_received
from attest.web.forms import CheckboxesField, Form, RadioField, TextArea

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


class WithdrawStoreForm(Form):
    """Why a store need not be searched."""

    reason = TextArea(
        "Why need it not be searched?",
        needed="Say why it need not be searched.",
        hint=LOGGED,
        rows=4,
        longest=10_000,
    )


class KeepStoreForm(Form):
    """Why a store stays."""

    reason = TextArea(
        "Why does it have to be searched?",
        needed="Say why it has to be searched.",
        hint="The contractor gets it in a letter.",
        rows=4,
        longest=10_000,
    )


class ClaimForm(Form):
    """How the contractor knows that a file never came."""

    reason = TextArea(
        "How do you know?",
        needed="Say how you know.",
        hint="For example, what you searched, and what you received instead.",
        rows=4,
        longest=10_000,
    )


class RulingForm(Form):
    """How the lead controller rules."""

    ruling = RadioField(
        "How do you rule?",
        tuple(not_received.RULINGS.items()),
        needed="Choose how you rule.",
        hints={
            "stands": "The contractor searches for it and answers like for any other file.",
            "nil_return": "The contractor still searches each store. Where it finds nothing, its "
            "officer signs “searched, and no copy was found”, and you accept that.",
        },
    )
    reason = TextArea(
        "Why?",
        needed="Say why you rule so.",
        hint="The contractor gets it in a letter.",
        rows=4,
        longest=10_000,
    )

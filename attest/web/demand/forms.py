"""Naming a further store."""

from attest.domain.stores import KINDS
from attest.domain.wording import MEDIUMS, capital
from attest.web.forms import Form, HiddenField, RadioField, SelectField, TextField


class StoreForm(Form):
    """A place that holds copies. `told`: how many files the page said that this opens."""

    label_ = TextField(
        "What is it called?",
        needed="Give the store a name.",
        hint="So that both sides know which place is meant, like “Mailbox of the bid manager”.",
        signed=True,
    )
    medium = RadioField(
        "Electronic or hard copy?",
        [(name, capital(words)) for name, words in MEDIUMS.items()],
        needed="Choose electronic or hard copy.",
    )
    kind = SelectField(
        "What kind of store is it?",
        [(name, capital(words)) for name, words in KINDS.items()],
        needed="Choose what kind of store it is.",
    )
    location = TextField("Where is it? (optional)", hint="A room, a box, a path, a provider.")
    custodian = TextField(
        "Who keeps it? (optional)", hint="A function or an organisation, not a person affected."
    )
    told = HiddenField()

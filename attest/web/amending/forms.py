"""The forms of an amendment."""

from attest.domain import wording
from attest.web.forms import DateField, FileField, Form, RadioField, TextArea, TextField

KEEP, RELEASE = "keep", "release"


class TermsForm(Form):
    """What is demanded, as it will stand; filled in as it stands now."""

    due_on = DateField("Due date", needed="Set a due date.")
    action = RadioField(
        "What the contractor must do",
        tuple((name, wording.capital(words)) for name, words in wording.ACTIONS.items()),
        needed="Choose what is demanded.",
    )
    concurrence = RadioField(
        "Whose review of an attestation counts?",
        (("lead", "The lead controller's"), ("each", "Each controller's")),
        needed="Choose whose review counts.",
        hints={"each": "What the lead has accepted then waits for the others too."},
    )
    basis = TextArea(
        "On what basis",
        needed="Say on what basis you may demand this.",
        longest=1000,
        rows=3,
        signed=True,
    )
    instruction = TextArea(
        "Instruction", needed="Write the instruction.", longest=10_000, rows=5, signed=True
    )


class FileForm(Form):
    """One file to add, with the columns of a CSV list. The service reads them by its rules."""

    name = TextField(
        "Name of the file",
        needed="Type the file's name.",
        hint="As it was sent, with its ending.",
        longest=1000,
        signed=True,
    )
    kind = RadioField(
        "Kind",
        tuple((name, wording.capital(words)) for name, words in wording.MEDIUMS.items()),
        needed="Choose electronic or hard copy.",
    )
    description = TextField("Description", longest=2000)
    sent_on = DateField("Sent on")
    channel = TextField("Sent by", hint="For example, email, or a file transfer.")
    data_categories = TextField("Categories of data", hint="Set apart by semicolons.", longest=5000)
    subjects = TextField("People in it", hint="How many.", classes="govuk-input--width-10")
    size = TextField("Size in bytes", classes="govuk-input--width-10")
    sha256 = TextField(
        "SHA-256 hash", hint="64 digits, as sha256sum prints it. It tells versions apart."
    )


class ListForm(Form):
    """A list of files, chosen on the reader's own machine."""

    manifest = FileField(
        "List of files",
        needed="Choose a list first.",
        hint="The same lists as for a draft. Files that are named already are passed over.",
        accept=".csv,.txt,.sha256,.tsv,.xlsx,text/csv,text/plain",
    )


class StoreForm(Form):
    """What becomes of one store that was withdrawn; one form a store, under its own prefix."""

    keep = RadioField(
        "What becomes of it?",
        ((RELEASE, "Agree: it is not searched any more"), (KEEP, "Search on: name it again")),
        needed="Say what becomes of it.",
    )


class ReturnForm(Form):
    """What has to change; the case handlers read it, nobody else."""

    note = TextArea(
        "What has to change",
        needed="Say what has to change.",
        hint="The case handlers get it in a letter.",
        rows=3,
    )

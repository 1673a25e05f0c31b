"""The forms of a draft. Hints say what will be signed: that text is permanent."""

from attest.domain.drafting import MAX_NAME
from attest.domain.stores import ELECTRONIC, HARD_COPY, KINDS
from attest.domain.wording import capital
from attest.web.forms import (
    CheckboxesField,
    ClockField,
    DateField,
    EmailField,
    FileField,
    Form,
    NumberField,
    RadioField,
    SelectField,
    TextArea,
    TextField,
    TickField,
)

INSTRUCTION = (
    "Delete every copy of the files named, wherever it is held, on paper and electronically.\n"
    "Search every store that is named, name any further one, and answer for each file."
)
MEDIA = ((ELECTRONIC, "Electronic"), (HARD_COPY, "Hard copy"))


class NewForm(Form):
    """A draft begins with the incident's title."""

    title = TextField(
        "What is this about?",
        needed="Give the incident a short title.",
        hint="A short title for your own side. For example, “Staff files sent to a bidder”.",
    )
    organisation = RadioField("For which organisation", needed="Choose for whom you draft.")


class IncidentForm(Form):
    """What happened. None of it is signed or sent to the contractor."""

    title = TextField("Title", needed="Give the incident a short title.")
    what_happened = TextArea(
        "What happened",
        needed="Say what happened.",
        hint="Which data went to whom, how, and why it should not have.",
        longest=10_000,
    )
    occurred_on = DateField("When it happened", hint="Leave it empty if you do not know yet.")
    noticed_at = DateField("Day when it was noticed", needed="Say when it was noticed.")
    noticed_time = ClockField(
        "Time when it was noticed",
        needed="Enter the time when it was noticed.",
        hint="For example, 09:40",
        classes="govuk-input--width-5",
    )
    people_affected = NumberField(
        "How many people are affected", hint="Leave it empty if you do not know yet."
    )
    data_affected = TextArea(
        "What data about them", hint="For example, pay, health, trade union membership.", rows=3
    )
    agreements = TextArea(
        "Agreements with the contractor",
        hint="For example, a contract, a processing agreement or a non-disclosure agreement.",
        rows=3,
    )


class ContractorForm(Form):
    """The contractor and its liaison, and whose review counts."""

    name = TextField(
        "Organisation",
        needed="Type the contractor's name.",
        hint="The full legal name of whoever holds the data.",
        longest=MAX_NAME,
    )
    contact = TextField("Name of the liaison", hint="Who receives the demand.", longest=MAX_NAME)
    role = TextField("Title", longest=MAX_NAME, classes="govuk-input--width-20")
    email = EmailField(
        "Email address", hint="The demand goes there. Check it with a call.", autocomplete="off"
    )


class EscalationForm(Form):
    """Whom the contractor has above its liaison; all three may stay empty."""

    name = TextField("Name", longest=MAX_NAME)
    role = TextField("Title", longest=MAX_NAME, classes="govuk-input--width-20")
    email = EmailField("Email address", autocomplete="off")


class ConcurrenceForm(Form):
    """Whose review counts."""

    concurrence = RadioField(
        "Whose review of an attestation counts?",
        (("lead", "The lead controller's"), ("each", "Each controller's")),
        needed="Choose whose review counts.",
        hints={"each": "A file is accepted once every controller has signed for it."},
    )


class JointForm(Form):
    """One joint controller; without an address nobody there is told."""

    name = TextField("Organisation", needed="Type the organisation's name.", longest=MAX_NAME)
    contact = TextField("Name of a contact", longest=MAX_NAME)
    role = TextField("Title", longest=MAX_NAME, classes="govuk-input--width-20")
    email = EmailField(
        "Email address", hint="Without one, nobody there is told.", autocomplete="off"
    )
    point = TickField("Contact point for the people affected, instead of the lead controller")


class CarrierForm(Form):
    """One carrier: it passed the data on and is not asked to sign."""

    name = TextField("Organisation", needed="Type the organisation's name.", longest=MAX_NAME)


class FileForm(Form):
    """One file, with the columns of a CSV list. The service reads them by the list's rules.

    All of it is signed: the page says so once, above the form, as for stores.
    """

    name = TextField(
        "Name of the file",
        needed="Type the file's name.",
        hint="As it was sent, with its ending.",
        longest=1000,
    )
    kind = RadioField("Kind", MEDIA, needed="Choose electronic or hard copy.")
    sha256 = TextField(
        "SHA-256 hash", hint="64 digits, as sha256sum prints it. It tells versions apart."
    )
    size = TextField("Size in bytes", classes="govuk-input--width-10")
    description = TextField("Description", longest=2000)
    sent_on = DateField("Sent on")
    channel = TextField("Sent by", hint="For example, email, or a file transfer.")
    data_categories = TextField("Categories of data", hint="Set apart by semicolons.", longest=5000)
    subjects = TextField("People in it", hint="How many.", classes="govuk-input--width-10")


class ImportForm(Form):
    """A list of files, chosen on the reader's own machine."""

    manifest = FileField(
        "List of files",
        needed="Choose a list first.",
        hint="CSV or XLSX whose first line names its columns, or what sha256sum printed. Up to "
        "10 MB.",
        accept=".csv,.xlsx,.txt,.sha256,.tsv,text/csv,text/plain",
    )


class ProposedStoresForm(Form):
    """Stores to tick, by medium. The choices are what the draft does not hold yet."""

    electronic = CheckboxesField("Electronic")
    hard_copy = CheckboxesField("Hard copy")


class StoreForm(Form):
    """A store of one's own."""

    label = TextField("Name", needed="Give the store a name.")
    medium = RadioField("Medium", MEDIA, needed="Choose electronic or hard copy.")
    kind = SelectField(
        "Kind",
        tuple((name, capital(words)) for name, words in KINDS.items()),
        needed="Choose what kind of store it is.",
    )
    location = TextField("Where it is")
    custodian = TextField("Who looks after it", hint="An organisation or a team.")


class TermsForm(Form):
    """What is demanded, why, and by when."""

    basis = TextArea(
        "On what basis",
        needed="Say on what basis you may demand this.",
        hint="The law, the contract or the agreement, with its number.",
        longest=1000,
        rows=3,
        signed=True,
    )
    action = RadioField(
        "What the contractor must do",
        (
            ("delete", "Delete every copy"),
            ("return", "Return every copy"),
            ("delete_or_return", "Delete or return every copy"),
        ),
        needed="Choose what is demanded.",
    )
    instruction = TextArea(
        "Instruction",
        needed="Write the instruction.",
        longest=10_000,
        rows=5,
        signed=True,
    )
    due_on = DateField("Due date", needed="Set a due date.")
    calendar = SelectField(
        "Whose working days count",
        needed="Choose a calendar.",
        hint="Reminders go out on working days of this calendar.",
        blank=None,
    )

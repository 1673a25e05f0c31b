"""The officer's forms: which outcome, what it asks, and whether a copy was passed on.

The fields of `CopyForm` are named as domain/answers.py names them. None of them insists: what an
outcome needs is the domain's rule, which answers for every field at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from attest.domain.answers import FIELDS, Refusals
from attest.domain.levels import offered
from attest.domain.outcomes import ALL_LEVELS, METHODS, OFFERED, OUTCOMES, SAFEGUARDS, STANDARDS
from attest.domain.refusal import Refused
from attest.domain.wording import capital, listing
from attest.web.forms import (
    CheckboxesField,
    DateField,
    Form,
    NumberField,
    RadioField,
    SelectField,
    TextArea,
    TextField,
)

ALL, SOME = "all", "some"
YES, NO = "yes", "no"

OUTCOME_HINTS: Mapping[str, str] = {
    "none_found": "A nil return: as good an answer as deletion.",
    "deleted": "The file is gone; what it lay on stays in use.",
    "destroyed": "The paper, drive or disc itself is gone: shredded, degaussed, burnt.",
    "crypto_erased": "The copy was encrypted, and the only key is destroyed.",
    "returned": "Given back.",
    "beyond_use": "It can’t be deleted yet, such as in a backup. It comes back on a date.",
    "legal_hold": "The law or a court has you keep it. It comes back on a date.",
    "cannot_locate": "It was there once, and nobody finds it. The controller decides.",
    "passed_on": "Somebody else has it now.",
}

# Why an outcome claims what it claims and no more, in one sentence for the page.
CLAIMS: Mapping[str, str] = {
    "deleted": (
        "Deleting a file on a live medium claims no Purge or Destroy by NIST SP 800-88r2: it "
        "proves that the file is gone, not every trace of it."
    ),
    "destroyed": (
        "This claims that the whole medium, or the paper, is gone. For a file taken off a "
        "medium that stays in use, choose “Deleted” instead."
    ),
    "crypto_erased": (
        "Everything encrypted with the key becomes unreadable at once "
        "(NIST SP 800-88r2, cryptographic erase)."
    ),
    "beyond_use": (
        "This is an exception, not an end: on the day below the file opens again, and you are "
        "asked what became of the copy."
    ),
    "legal_hold": (
        "This is an exception, not an end: on the day below the file opens again, and you say "
        "whether the hold still stands, or what became of the copy."
    ),
    "cannot_locate": (
        "This is an exception: the controller asks for a wider search, or accepts the risk and "
        "signs for that."
    ),
    "passed_on": (
        "This is an exception: the controller asks whoever has the copy now. Say under “Passed to "
        "anybody else?” too that it went to them."
    ),
}


# What an exception is asked, in the words of its outcome: why, until when, and a hint.
EXCEPTIONS: Mapping[str, tuple[str, str, str]] = {
    "beyond_use": (
        "Why can’t it be deleted yet?",
        "By which day will it be deleted?",
        "For example, 12 3 2013. On that day the file opens again.",
    ),
    "legal_hold": (
        "Who has you keep it, and on what legal basis?",
        "On which day is the hold reviewed?",
        "For example, 12 3 2013. On that day the file opens again.",
    ),
}


class ChooseForm(Form):
    """The first step: the outcome of the copies that are ticked in the table."""

    outcome = RadioField(
        "What became of the selected copies?",
        [(name, OUTCOMES[name].words) for name in OFFERED],
        hints=OUTCOME_HINTS,
    )


class CopyForm(Form):
    """All that can be said of a copy. A page shows the fields of one outcome."""

    method = RadioField("How?")
    level = SelectField(
        "Size of the pieces",
        hint="Levels of ISO/IEC 21964, for shredding and disintegration.",
    )
    performed_on = DateField("On which day was it done?")
    performed_by = TextField("Who did it?", hint="A role is enough.", longest=500, signed=True)
    witnessed_by = TextField("Who witnessed it? (optional)", longest=500)
    returned_to = TextField("To whom was it returned?", longest=500)
    search_scope = TextField(
        "What was searched?",
        hint="Such as: inbox, sent and deleted items, archive.",
        longest=2000,
        signed=True,
    )
    search_on = DateField("On which day was it searched?")
    search_by = TextField("Who searched?", hint="A role is enough.", longest=500)
    exception_basis = TextField("Why can’t it be deleted yet?", longest=2000, signed=True)
    exception_until = DateField("On which day does that end?", hint="For example, 12 3 2013")
    safeguards = CheckboxesField(
        "Until then, you undertake that",
        list(SAFEGUARDS.items()),
        hint="All four are needed.",
    )
    passed_to = TextField(
        "Who has it now?",
        hint="The full name of the organisation.",
        longest=500,
        signed=True,
    )
    passed_to_demand = TextField(
        "Reference of the demand raised against them (optional)",
        hint="As the controller gave it to you. Leave it empty if there is none.",
        longest=200,
    )
    media = TextArea(
        "Media (optional)",
        hint="One a line: manufacturer; model; serial number; asset tag. Leave out what you "
        "don’t know, and keep the semicolons before the rest.",
        longest=50_000,
        rows=3,
    )
    on_word_of = TextField(
        "On whose word?", hint="Where you were told and did not see it yourself.", longest=500
    )
    count = NumberField("How many copies?", hint="Such as the number of printouts.")
    technique = TextField("Technique", longest=500)
    standard = SelectField(
        "Standard followed", [(name, capital(name)) for name in STANDARDS], blank="None stated"
    )
    tool = TextField("Tool", hint="With its version.", longest=500)
    verification_method = TextField("How was it verified?", longest=500)
    verification_result = TextField("What did that show?", longest=2000)
    verification_by = TextField("Who verified it?", longest=500)
    note = TextArea("Note", longest=10_000, rows=3, signed=True)

    def offer(self, outcome: str, mediums: frozenset[str]) -> None:
        """Offers the methods that this outcome may claim, and the levels for these mediums.

        Fields that several outcomes share ask in this one's words.
        """
        if outcome in EXCEPTIONS:
            basis, until, hint = EXCEPTIONS[outcome]
            self.exception_basis.label.text = basis
            self.exception_until.label.text = until
            self.exception_until.description = hint
        if outcome == "cannot_locate":
            self.note.label.text = "What is known of this copy?"
            self.note.description = "Who had it last, and where it might be."
        self.method.choices = [
            (method.name, capital(method.words))
            for method in METHODS.values()
            if outcome in method.outcomes
        ]
        known = offered(mediums)
        # A page of another outcome has no such field, and sends nothing for it.
        self.level.data = self.level.data if self.level.data in ALL_LEVELS else ""
        if self.level.data and self.level.data not in dict(known):
            known = offered(frozenset({"electronic", "hard_copy"}))
        self.level.choices = self.level.with_blank(known)

    def tell_demands(self, raised: Sequence[tuple[str, str]]) -> None:
        """Says which demands were raised against recipients whom the officer named."""
        if raised:
            told = listing(f"{reference} against {name}" for name, reference in raised)
            self.passed_to_demand.description = f"The controller raised {told}."

    def typed(self, outcome: str) -> dict[str, Any]:
        """What was typed, as domain/answers.py reads it."""
        names = [*FIELDS, "safeguards", "count", "media"]
        typed = {name: self._fields[name].data for name in names} | {"outcome": outcome}
        known = [method.name for method in METHODS.values() if outcome in method.outcomes]
        if len(known) == 1:  # then the page does not ask
            typed["method"] = known[0]
        return typed

    def refuse_all(self, refused: Refused) -> None:
        """Each sentence next to its field; a field that has one of its own keeps it."""
        if not isinstance(refused, Refusals):
            self.refuse(refused)
            return
        for name, sentence in refused.sentences.items():
            field = self._fields.get(name)
            if field is None or not field.errors:
                self.refuse(Refused(sentence, field=name))


class OnwardForm(Form):
    """Whether a copy left the parties, for all open files or for some."""

    disclosed = RadioField(
        "Was any copy passed to anybody else?",
        [(NO, "No"), (YES, "Yes")],
        needed="Say whether any copy was passed to anybody else.",
        hint="To anybody outside your organisation and the controllers: by email, on paper, "
        "or by letting them look.",
    )
    recipients = TextArea(
        "To whom?",
        hint="One a line: name; what they were given; the day as 2013-02-06, if known. "
        "Organisations rather than people, where you can.",
        longest=20_000,
        rows=3,
    )
    which = RadioField("For which files?", needed="Choose the files that this is about.")
    files = CheckboxesField("Files")


def as_form_data(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Typed fields (domain/answers.py: typed_of) as CopyForm takes them."""
    data = dict(typed)
    for name in ("performed_on", "search_on", "exception_until"):
        if data.get(name):
            data[name] = date.fromisoformat(data[name])
    if data.get("count"):
        data["count"] = int(data["count"])
    return data

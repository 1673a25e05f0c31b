"""The officer's form for one answer: everything that can be said of a copy.

Its fields are named as domain/answers.py names them. None of them insists: what an outcome needs is
the domain's rule, which answers for every field at once. A page holds the questions of all
outcomes and shows those of the chosen one; what is hidden is sent back, and not read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from attest.domain.answers import FIELDS, Refusals, asking
from attest.domain.levels import offered
from attest.domain.outcomes import (
    ALL_LEVELS,
    METHODS,
    OFFERED,
    OUTCOMES,
    SAFEGUARDS,
    STANDARDS,
    methods_of,
)
from attest.domain.refusal import Refused
from attest.domain.wording import capital, listing
from attest.services.acts.selection import Keepers
from attest.web.answer.media import MediaField
from attest.web.answer.words import HINTS, LABELS, worded
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

# A search is asked how it was done with its other questions; elsewhere that is a detail.
HOW, TECHNIQUE = "search_how", "technique"
SEARCHED = asking("search_scope")


class CopyForm(Form):
    """All that can be said of a copy."""

    outcome = RadioField("Outcome", [(name, OUTCOMES[name].words) for name in OFFERED])
    search_scope = TextField(
        "What was searched?",
        hint="Such as: inbox, sent and deleted items, archive.",
        longest=2000,
        signed=True,
    )
    search_on = DateField("On which day was it searched?")
    search_by = TextField("Who searched?", hint="A role is enough.", longest=500)
    search_how = TextField(
        "How was it searched? (optional)",
        hint="Such as: by file name and by checksum; by hand, folder by folder.",
        longest=500,
    )
    method = RadioField(
        "How?", [(method.name, capital(method.words)) for method in METHODS.values()]
    )
    level = SelectField(
        "Size of the pieces",
        hint="Levels of ISO/IEC 21964: the higher, the smaller the pieces.",
    )
    exception_basis = TextField("Why is it still there?", longest=2000, signed=True)
    exception_until = DateField(
        "Until which day?", hint="For example, 12 3 2013. On that day the file opens again."
    )
    safeguards = CheckboxesField(
        "Until then, you undertake that",
        list(SAFEGUARDS.items()),
        hint="All four are needed.",
    )
    performed_on = DateField("On which day was it done?")
    performed_by = TextField("Who did it?", hint="A role is enough.", longest=500, signed=True)
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
    returned_to = TextField("To whom was it returned?", longest=500)
    on_word_of = TextField(
        "On whose word? (optional)",
        hint="Where you were told and did not see it yourself.",
        longest=500,
    )
    witnessed_by = TextField("Who witnessed it? (optional)", longest=500)
    media = MediaField("Media")
    note = TextArea("Note (optional)", longest=10_000, rows=3, signed=True)
    count = NumberField("How many copies?", hint="Such as the number of printouts.")
    technique = TextField("Technique", longest=500)
    standard = SelectField(
        "Standard followed", [(name, capital(name)) for name in STANDARDS], blank="None stated"
    )
    tool = TextField("Tool", hint="With its version.", longest=500)
    verification_method = TextField("How was it verified?", longest=500)
    verification_result = TextField("What did that show?", longest=2000)
    verification_by = TextField("Who verified it?", longest=500)

    def offer(self, outcome: str, mediums: frozenset[str], keepers: Keepers) -> None:
        """Asks in the words of this outcome, of copies on these mediums.

        Where somebody else keeps a store, it is asked first on whose word the answer is.
        """
        self.outcome.data = outcome
        for name, labels in LABELS.items():
            self._fields[name].label.text = worded(labels, outcome)
        for name, hints in HINTS.items():
            field = self._fields[name]
            said = worded({hint: f"{words} " for hint, words in hints.items()}, outcome)
            field.description = said + str(field.description)
        if keepers.told:
            self.on_word_of.label.text = "On whose word is this?"
            self.on_word_of.description = (
                f"{keepers.told} Empty this where you looked for yourself."
            )
        known = offered(mediums)
        # A page of another outcome may send a level that is none.
        self.level.data = self.level.data if self.level.data in ALL_LEVELS else ""
        if self.level.data and self.level.data not in dict(known):
            known = offered(frozenset({"electronic", "hard_copy"}))
        self.level.choices = self.level.with_blank(known)

    def tell_demands(self, raised: Sequence[tuple[str, str]]) -> None:
        """Says which demands were raised against recipients whom the officer named."""
        if raised:
            told = listing(f"{reference} against {name}" for name, reference in raised)
            self.passed_to_demand.description = f"The controller raised {told}."

    def sound_for(self, outcome: str) -> bool:
        """Whether what this outcome asks for was typed as it can be kept."""
        self.validate()
        for name, field in self._fields.items():
            if not _asks(outcome, name):
                field.errors = []
        return not self.errors

    def typed(self, outcome: str) -> dict[str, Any]:
        """What was typed, as domain/answers.py reads it."""
        names = [*FIELDS, "safeguards", "count", "media"]
        typed = {name: self._fields[name].data for name in names} | {"outcome": outcome}
        if outcome in SEARCHED:
            typed[TECHNIQUE] = self.search_how.data
        known = [method.name for method in methods_of(outcome)]
        if len(known) == 1:  # then the page does not ask
            typed["method"] = known[0]
        elif typed["method"] not in known:  # it was chosen for another outcome, and is hidden
            typed["method"] = ""
        return typed

    def refuse_all(self, refused: Refused) -> None:
        """Each sentence next to its field; a field that has one of its own keeps it."""
        if not isinstance(refused, Refusals):
            self.refuse(refused)
            return
        for where, sentence in refused.sentences.items():
            name, _, row = where.partition(".")
            if name == TECHNIQUE and self.outcome.data in SEARCHED:
                name = HOW
            field = self._fields.get(name)
            if row and isinstance(field, MediaField):
                field.refuse(where, sentence)
            elif field is None or not field.errors:
                self.refuse(Refused(sentence, field=name))


def _asks(outcome: str, name: str) -> bool:
    if name == "outcome":
        return True
    if name in (HOW, TECHNIQUE):
        return (outcome in SEARCHED) is (name == HOW)
    return outcome in asking(name)


def as_form_data(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Typed fields (domain/answers.py: typed_of) as CopyForm takes them."""
    data = dict(typed)
    for name in ("performed_on", "search_on", "exception_until"):
        if data.get(name):
            data[name] = date.fromisoformat(data[name])
    if data.get("count"):
        data["count"] = int(data["count"])
    if data.get("outcome") in SEARCHED:
        data[HOW] = data.pop(TECHNIQUE, "")
    return data

"""The field for a ladder: a row of inputs for each rung, with one more or one less on request."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import wtforms

from attest.domain import ladder, ladder_rules
from attest.domain.ladder import DUE, ISSUE, Rung
from attest.domain.refusal import Refused
from attest.web.forms.base import Mistake
from attest.web.forms.widgets import pictured

BEFORE, ON_DAY, AFTER = "before", "on", "after"
WHEN: Mapping[str, str] = {
    BEFORE: "working days before the due day",
    ON_DAY: "on the due day",
    AFTER: "working days after the due day",
    ISSUE: "working days after issue, while not acknowledged",
}
PARTS = ("days", "when", "every", "to", "letter")
_NAME = re.compile(rf"rung-(\d{{1,5}})-({'|'.join(PARTS)})")
# A number that no rule takes, for digits that are none or too many.
_NEVER = 10**6
MOST_ROWS = ladder_rules.MOST_RUNGS

Row = dict[str, Any]  # days, when, every, letter: str; to: list[str]


class RungsField(wtforms.Field):
    """Rows, sent as `rung-0-days` and so on; numbers may be missing, and their order counts.

    `data` is a list of what was typed. `wrong` holds a sentence by the number of the row (from 0)
    and the part.
    """

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, **more)
        self.data: list[Row] = []
        self.wrong: dict[tuple[int, str], str] = {}

    def process(
        self, formdata: Any, data: Any = wtforms.utils.unset_value, extra_filters: Any = None
    ) -> None:
        """Reads the rows that were sent, else those that the form was made with."""
        super().process(None, data, extra_filters)
        if formdata is None:
            self.data = list(self.data or [])
            return
        rows: dict[int, Row] = {}
        for name in formdata:
            if found := _NAME.fullmatch(name):
                row = rows.setdefault(int(found[1]), blank())
                many = [str(value) for value in formdata.getlist(name)]
                row[found[2]] = many if found[2] == "to" else many[0].strip()
        # One more than may be kept, so that the rule says it is too much.
        self.data = [rows[number] for number in sorted(rows)][: MOST_ROWS + 1]

    def pre_validate(self, form: Any) -> None:
        """Every row says from when it is counted, and numbers are numbers."""
        self.wrong = {}
        for number, row in enumerate(self.data):
            if row["when"] not in WHEN:
                self._mark(number, "when", "Choose from which day it is counted.")
            elif row["when"] != ON_DAY and not _number(row["days"]):
                self._mark(number, "days", "Enter how many working days, in digits.")
            if row["every"] and not _number(row["every"]):
                self._mark(number, "every", "Enter working days in digits, or nothing.")

    def rungs(self) -> list[Rung]:
        """The rows as the domain has them. To be asked of rows that hold numbers only."""
        return [_rung(row) for row in self.data]

    def refuse(self, refused: Refused) -> None:
        """Puts a sentence at its row and input: `rungs.2.days`."""
        _, number, part = (*(refused.field or "").split("."), "", "")[:3]
        if number.isdigit():
            self._mark(int(number), part or "days", refused.sentence)
        else:
            self.errors = [*self.errors, refused.sentence]

    def change(self, act: str) -> int | None:
        """One row more ("add") or less ("remove-2"); gives the row to go to, from 0."""
        if act == "add":
            if len(self.data) < MOST_ROWS:
                self.data = [*self.data, blank()]
            return len(self.data) - 1
        number = act.removeprefix("remove-")
        if number.isascii() and number.isdigit() and int(number) < len(self.data):
            del self.data[int(number)]
            return max(0, min(int(number), len(self.data) - 1))
        return None

    @property
    def rows(self) -> list[Row]:
        """The rows that a page shows."""
        return [
            {
                part: pictured(value) if isinstance(value, str) else value
                for part, value in row.items()
            }
            for row in self.data
        ]

    @property
    def mistakes(self) -> list[Mistake]:
        """A line for each input that is wrong, and one for the ladder where it is too much."""
        own = [
            Mistake(f"Row {number + 1}: {sentence}", f"#rung-{number}-{part}")
            for (number, part), sentence in sorted(self.wrong.items())
        ]
        return own or [Mistake(str(sentence), "#rungs") for sentence in self.errors]

    def _mark(self, number: int, part: str, sentence: str) -> None:
        # What stands on the due day has no number of days to go to.
        if part == "days" and number < len(self.data) and self.data[number]["when"] == ON_DAY:
            part = "when"
        self.wrong.setdefault((number, part), sentence)
        self.errors = [*self.errors, sentence]


def blank() -> Row:
    """A row in which nothing was typed yet."""
    return {"days": "", "when": "", "every": "", "to": [], "letter": ""}


def row_of(rung: Rung) -> Row:
    """A rung as its row shows it; the usual letter is not chosen anew."""
    when = ISSUE if rung.anchor == ISSUE else AFTER
    if rung.anchor == DUE and rung.offset <= 0:
        when = BEFORE if rung.offset else ON_DAY
    usual = ladder_rules.usual_letter(rung.anchor, rung.offset, rung.audience)
    return {
        "days": "" if when == ON_DAY else str(abs(rung.offset)),
        "when": when,
        "every": str(rung.every or ""),
        "to": list(rung.audience),
        "letter": "" if rung.letter == usual else rung.letter,
    }


def _rung(row: Row) -> Rung:
    when = row["when"]
    days = 0 if when == ON_DAY else _number(row["days"]) or 0
    anchor = ISSUE if when == ISSUE else DUE
    offset = -days if when == BEFORE else days
    chosen: Sequence[str] = row["to"]
    # In one order; what the page did not offer stays, for the rule to refuse.
    audience = (
        *(name for name in ladder.AUDIENCES if name in chosen),
        *sorted(set(chosen) - set(ladder.AUDIENCES)),
    )
    letter = row["letter"] or ladder_rules.usual_letter(anchor, offset, audience)
    return Rung(anchor, offset, audience, letter, _number(row["every"]))


def _number(text: str) -> int | None:
    """A whole number from 1; None for anything else."""
    if not (text.isascii() and text.isdigit()):
        return None
    return min(int(text), _NEVER) or None if len(text) < 9 else _NEVER

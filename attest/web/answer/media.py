"""The field for media: a row of inputs for each, with one more or one less on request."""

from __future__ import annotations

import re
from typing import Any

import wtforms

from attest.domain.media import PARTS, field_of, tidied, told
from attest.web.forms.base import Mistake
from attest.web.forms.widgets import PICTURES, pictured

_NAME = re.compile(rf"media-(\d{{1,5}})-({'|'.join(PARTS)})")
_PICTURE = "It still shows a control character: take the mark out."


class MediaField(wtforms.Field):
    """Rows, sent as `media-0-serial` and so on; numbers may be missing, and their order counts.

    `data` is a list of what was typed by member, a row that holds nothing among them. `wrong` holds
    a sentence by the number of the row (from 0) and the member.
    """

    def __init__(self, label: str, *, hint: str = "", **more: Any) -> None:
        super().__init__(label, description=hint, **more)
        self.data: list[dict[str, str]] = []
        self.wrong: dict[tuple[int, str], str] = {}

    def process(
        self, formdata: Any, data: Any = wtforms.utils.unset_value, extra_filters: Any = None
    ) -> None:
        """Reads the rows that were sent, else those that the form was made with."""
        super().process(None, data, extra_filters)
        if formdata is None:
            self.data = [row for row in tidied(self.data or []) if row]
            return
        rows: dict[int, dict[str, str]] = {}
        for name in formdata:
            found = _NAME.fullmatch(name)
            if found:
                rows.setdefault(int(found[1]), {})[found[2]] = str(formdata.get(name))
        self.data = [rows[number] for number in sorted(rows)]

    def pre_validate(self, form: Any) -> None:
        """Rows hold what the domain takes; but a picture of what can't be shown is not taken."""
        self.wrong = {}
        for number, row in enumerate(self.data):
            for part, value in row.items():
                if PICTURES.search(value):
                    self.refuse(field_of(number, part), _PICTURE)

    def refuse(self, where: str, sentence: str) -> None:
        """Puts a sentence at its row and input. `where` is such as `media.2.serial`."""
        _, number, part = (*where.split("."), "", "")[:3]
        self.wrong.setdefault((int(number), part or next(iter(PARTS))), sentence)
        self.errors = [*self.errors, told(where, sentence)]

    def change(self, act: str) -> int | None:
        """One row more ("add") or less ("remove-2"); gives the row to go to, from 0."""
        if act == "add":
            self.data = [*(self.data or [{}]), {}]
            return len(self.data) - 1
        number = act.removeprefix("remove-")
        if number.isascii() and number.isdigit() and int(number) < len(self.data):
            del self.data[int(number)]
            return max(0, min(int(number), len(self.data) - 1))
        return None

    @property
    def rows(self) -> list[dict[str, str]]:
        """The rows that a page shows, one of them at least."""
        return [{part: pictured(value) for part, value in row.items()} for row in self.data or [{}]]

    @property
    def filled(self) -> bool:
        """Whether any row holds anything."""
        return any(any(row.values()) for row in self.data)

    @property
    def mistakes(self) -> list[Mistake]:
        """A line for each input that is wrong, and one for the field where it is too much."""
        own = [
            Mistake(told(field_of(number, part), sentence), f"#media-{number}-{part}")
            for (number, part), sentence in self.wrong.items()
        ]
        first = f"#media-0-{next(iter(PARTS))}"
        return own or [Mistake(str(sentence), first) for sentence in self.errors]

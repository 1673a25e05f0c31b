"""A date in three inputs, which survives a request that lacks any of them."""

from datetime import date
from typing import Any

import wtforms
from wtforms.validators import StopValidation

from attest.web.forms import widgets

_PARTS = ("day", "month", "year")


class DateField(wtforms.Field):
    """Day, month and year, sent as `name-day`, `name-month` and `name-year`.

    `data` is a date, or None. An incomplete or impossible one is refused with a sentence, and
    what was typed stays.
    """

    def __init__(
        self,
        label: str,
        *,
        needed: str | None = None,
        hint: str = "For example, 18 2 2013",
        **more: Any,
    ) -> None:
        self.needed = needed
        self.parts: tuple[str, ...] = ("", "", "")
        super().__init__(label, description=hint, widget=widgets.DateInput(), **more)

    @property
    def focus_id(self) -> str:
        """The first of the three inputs."""
        return f"{self.id}-day"

    def process(
        self, formdata: Any, data: Any = wtforms.utils.unset_value, extra_filters: Any = None
    ) -> None:
        """Reads the parts where a form was sent, else the date that the form was made with."""
        super().process(None, data, extra_filters)
        given = self.data
        self.parts = (
            (str(given.day), str(given.month), f"{given.year:04d}")
            if isinstance(given, date)
            else ("", "", "")
        )
        if formdata is not None:
            self.parts = tuple(
                str(formdata.get(f"{self.name}-{part}") or "").strip()[:20] for part in _PARTS
            )
            self.raw_data = list(self.parts)
            self.data = self._date()

    def pre_validate(self, form: Any) -> None:
        if not any(self.parts):
            if self.needed:
                raise StopValidation(self.needed)
            return
        missing = [f"a {name}" for name, part in zip(_PARTS, self.parts, strict=True) if not part]
        if missing:
            raise StopValidation(f"The date still needs {' and '.join(missing)}.")
        if self.data is None:
            raise StopValidation(
                f"{' '.join(self.parts)} is not a date. Enter day, month and year in digits, "
                "like 18 2 2013."
            )

    def _date(self) -> date | None:
        if not all(part.isascii() and part.isdigit() for part in self.parts):
            return None
        day, month, year = (int(part) for part in self.parts)
        if not 1900 <= year <= 2200:
            return None
        try:
            return date(year, month, day)
        except ValueError:
            return None

"""A time of day in one input."""

import re
from datetime import time
from typing import Any

from wtforms.validators import ValidationError

from attest.web.forms.fields import TextField


class ClockField(TextField):
    """A time of day like 09:40. `clock` is a time, or None."""

    @property
    def clock(self) -> time | None:
        """The time that was typed."""
        found = re.fullmatch(r"(\d{1,2})[:.](\d{2})", self.data or "")
        if not found or int(found[1]) > 23 or int(found[2]) > 59:
            return None
        return time(int(found[1]), int(found[2]))

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if self.data and self.clock is None:
            raise ValidationError(f"“{self.data}” is not a time. Enter hours and minutes: 09:40.")

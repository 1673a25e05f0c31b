"""The form that every page's form is: its errors as sentences, and a refusal beside its field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Flask-WTF ships no types: everything else imports it from here.
from flask_wtf import FlaskForm
from wtforms import Field

from attest.domain.refusal import Refused
from attest.web.session import doom


@dataclass(frozen=True)
class Mistake:
    """One line of the error summary: what is wrong, and the input to go to."""

    sentence: str
    href: str | None


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A form with a token. In templates it is called `form`, so that the layout finds it."""

    form_errors: list[str]

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # as above
        """Tokens are written by the `form` macro, once a form and without an id."""

        csrf = False  # the application checks every request itself (web/security.py)

    def refuse(self, refused: Refused) -> None:
        """Shows a refusal next to its field, else above the form; keeps nothing of this request."""
        doom()
        field = self._fields.get(refused.field or "")
        if isinstance(field, Field):
            field.errors = [*field.errors, refused.sentence]
        else:
            self.form_errors = [*self.form_errors, refused.sentence]

    @property
    def mistakes(self) -> list[Mistake]:
        """The error summary, in the order of the page. Each line leads to the first input."""
        found = [Mistake(str(sentence), None) for sentence in self.form_errors]
        for field in self:
            if field.errors and hasattr(field, "mistakes"):
                found += field.mistakes  # it has several inputs, and knows which one is wrong
            elif field.errors:
                found.append(Mistake(_first_sentence(field.errors), f"#{focus_id(field)}"))
        return found

    @property
    def multipart(self) -> bool:
        """Whether the form sends a file."""
        return any(getattr(field, "sends_file", False) for field in self)


def focus_id(field: Field) -> str:
    """The id of the first input of a field that can take the focus."""
    return str(getattr(field, "focus_id", field.id))


def _first_sentence(errors: Any) -> str:
    if isinstance(errors, Mapping):
        return _first_sentence(next(iter(errors.values())))
    first = errors[0]
    return first if isinstance(first, str) else _first_sentence(first)

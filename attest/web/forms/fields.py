"""The fields. Each tidies what was typed, refuses what can't be kept, and says so in a sentence.

`needed` is the sentence for an empty field; without it the field may stay empty.
`signed=True` adds to the hint that the text becomes permanent.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import wtforms
from werkzeug.datastructures import FileStorage
from wtforms.validators import InputRequired, Optional, StopValidation, ValidationError

from attest.domain.email_address import is_email_address
from attest.domain.text import problem, typed
from attest.web.forms import widgets

PERMANENT = "This will be signed and is permanent. Do not name people affected."

Choices = Sequence[tuple[str, str]]


def with_permanence(hint: str, signed: bool) -> str:
    """The hint, and where the text will be signed, that it is permanent."""
    return " ".join(part for part in (hint, PERMANENT if signed else "") if part)


def _presence(needed: str | None) -> list[Any]:
    return [_Present(needed)] if needed else [Optional()]


class _Present:
    """Refuses an empty field with its own sentence. It looks at what came after tidying."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def __call__(self, form: Any, field: wtforms.Field) -> None:
        if not field.data:
            raise StopValidation(self.sentence)


class _Kept:
    """Refuses what a document can't hold (docs/formats.md §1), and what is too long."""

    def __init__(self, longest: int, multiline: bool) -> None:
        self.longest = longest
        self.multiline = multiline

    def __call__(self, form: Any, field: wtforms.Field) -> None:
        value = field.data or ""
        wrong = problem(value, multiline=self.multiline)
        if wrong:
            raise ValidationError(wrong)
        if widgets.PICTURES.search(value):
            raise ValidationError("It still shows a control character: take the mark out.")
        if len(value) > self.longest:
            raise ValidationError(
                f"This is {len(value):,} characters long. Use {self.longest:,} or fewer."
            )


def _tidy(value: str | None) -> str:
    return typed(value) if value else ""


class TextField(wtforms.StringField):
    """One line. `longest` is in characters."""

    def __init__(
        self,
        label: str,
        *,
        needed: str | None = None,
        hint: str = "",
        longest: int = 200,
        signed: bool = False,
        classes: str = "",
        autocomplete: str = "",
        **more: Any,
    ) -> None:
        super().__init__(
            label,
            [*_presence(needed), _Kept(longest, multiline=False)],
            filters=(_tidy,),
            description=with_permanence(hint, signed),
            widget=widgets.TextInput(classes=classes, autocomplete=autocomplete),
            **more,
        )


class TextArea(wtforms.TextAreaField):
    """Several lines. `longest` is in characters."""

    def __init__(
        self,
        label: str,
        *,
        needed: str | None = None,
        hint: str = "",
        longest: int = 4000,
        signed: bool = False,
        rows: int = 5,
        **more: Any,
    ) -> None:
        super().__init__(
            label,
            [*_presence(needed), _Kept(longest, multiline=True)],
            filters=(_tidy,),
            description=with_permanence(hint, signed),
            widget=widgets.TextAreaInput(rows),
            **more,
        )


class EmailField(wtforms.StringField):
    """An email address, kept in lower case."""

    def __init__(
        self, label: str, *, needed: str | None = None, hint: str = "", **more: Any
    ) -> None:
        super().__init__(
            label,
            [*_presence(needed), _Kept(254, multiline=False), _looks_like_an_address],
            filters=(_tidy, str.lower),
            description=hint,
            widget=widgets.TextInput(kind="email", autocomplete=more.pop("autocomplete", "email")),
            **more,
        )


def _looks_like_an_address(form: Any, field: wtforms.Field) -> None:
    if not is_email_address(field.data):
        raise ValidationError("Enter an email address like name@example.org.")


class PasswordField(wtforms.PasswordField):
    """A password; never tidied, never shown again. `new` for one that is being chosen."""

    def __init__(
        self, label: str, *, needed: str, hint: str = "", new: bool = False, **more: Any
    ) -> None:
        super().__init__(
            label,
            [InputRequired(needed), _not_a_book],
            description=hint,
            widget=widgets.PasswordInput("new-password" if new else "current-password"),
            **more,
        )


def _not_a_book(form: Any, field: wtforms.Field) -> None:
    if len(field.data) > 1000:
        raise ValidationError("Use 1,000 characters or fewer.")


class NumberField(wtforms.Field):
    """A whole number, `least` or more. `data` is an int, or None."""

    data: int | None

    def __init__(
        self,
        label: str,
        *,
        needed: str | None = None,
        hint: str = "",
        least: int = 0,
        most: int = 2**53 - 1,
        classes: str = "govuk-input--width-5",
        **more: Any,
    ) -> None:
        super().__init__(
            label,
            description=hint,
            widget=widgets.TextInput(classes=classes, inputmode="numeric"),
            **more,
        )
        self.needed = needed
        self.least = least
        self.most = most

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = _tidy(valuelist[0]) if valuelist else ""
        plain = text.replace(",", "").replace(" ", "")
        self.data = int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 17 else None

    def pre_validate(self, form: Any) -> None:
        raw = _tidy(str(self.raw_data[0])) if self.raw_data else ""
        if not raw:
            if self.needed:
                raise StopValidation(self.needed)
            return
        if self.data is None:
            raise StopValidation("Enter a whole number in digits, like 994.")
        if not self.least <= self.data <= self.most:
            raise StopValidation(f"Enter a number from {self.least:,} to {self.most:,}.")

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)


class _Choice:
    def pre_validate(self, form: Any) -> None:
        """A value that the page did not offer comes from a forged or an old form."""
        try:
            super().pre_validate(form)  # type: ignore[misc]  # the WTForms field it is mixed into
        except ValidationError as error:
            raise StopValidation(self._sentence) from error

    _sentence = "Choose one of these."


class SelectField(_Choice, wtforms.SelectField):
    """A list to choose one from; an empty choice stands first unless `blank` is None."""

    def __init__(
        self,
        label: str,
        choices: Choices = (),
        *,
        needed: str | None = None,
        hint: str = "",
        blank: str | None = "Choose",
        **more: Any,
    ) -> None:
        self.blank = blank
        super().__init__(
            label,
            _presence(needed),
            description=hint,
            widget=widgets.SelectInput(),
            **more,
        )
        self.choices = self.with_blank(choices)

    def pre_validate(self, form: Any) -> None:
        # A form that leaves the field out chose nothing; whether that will do, `needed` says.
        if not self.data:
            self.data = ""
            return
        super().pre_validate(form)

    def with_blank(self, choices: Choices) -> list[tuple[str, str]]:
        """The choices with the empty one before them, to set `choices` later."""
        return [*([("", self.blank)] if self.blank is not None else []), *choices]


class RadioField(_Choice, wtforms.RadioField):
    """Choose one. `hints` stand under the choices, by value."""

    def __init__(
        self,
        label: str,
        choices: Choices = (),
        *,
        needed: str | None = None,
        hint: str = "",
        hints: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        self.hints = dict(hints or {})
        self.needed = needed
        super().__init__(
            label,
            description=hint,
            widget=widgets.ChoiceInput("govukRadios"),
            **more,
        )
        self.choices = list(choices)

    def pre_validate(self, form: Any) -> None:
        if not self.raw_data or not self.data or self.data == "None":
            self.data = ""
            if self.needed:
                raise StopValidation(self.needed)
            return
        super().pre_validate(form)


class CheckboxesField(_Choice, wtforms.SelectMultipleField):
    """Choose any. `data` is a list of values."""

    _sentence = "Choose from these only."

    def __init__(
        self,
        label: str,
        choices: Choices = (),
        *,
        needed: str | None = None,
        hint: str = "",
        hints: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        self.hints = dict(hints or {})
        super().__init__(
            label,
            _presence(needed),
            description=hint,
            widget=widgets.ChoiceInput("govukCheckboxes"),
            **more,
        )
        self.choices = list(choices)


class TickField(wtforms.BooleanField):
    """One box to tick."""

    def __init__(
        self, label: str, *, needed: str | None = None, hint: str = "", **more: Any
    ) -> None:
        super().__init__(
            label, _presence(needed), description=hint, widget=widgets.TickInput(), **more
        )


class FileField(wtforms.FileField):
    """One file. `data` is a FileStorage, or None where nothing was chosen."""

    sends_file = True

    def __init__(
        self,
        label: str,
        *,
        needed: str | None = None,
        hint: str = "",
        accept: str = "",
        **more: Any,
    ) -> None:
        self.accept = accept
        super().__init__(
            label, _presence(needed), description=hint, widget=widgets.FileInput(), **more
        )

    def process_formdata(self, valuelist: list[Any]) -> None:
        chosen = [item for item in valuelist if isinstance(item, FileStorage) and item.filename]
        self.data = chosen[0] if chosen else None


class HiddenField(wtforms.HiddenField):
    """A value that the page carries along. It is input like any other: check it."""

"""How fields look: WTForms' fields through GOV.UK Frontend's components.

A field is rendered by calling it: `{{ form.email() }}`. What is passed goes into the component's
parameters: `{{ form.email(classes="govuk-input--width-20", label_size="m") }}`.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup, escape
from wtforms import Field

from attest.web.macros import render

Params = dict[str, Any]

# A page can't hold control characters (HTML, 13.2.3.5), and nobody could see them there: what was
# typed comes back with the picture of each (␇), which the fields refuse until it is taken out.
_AS_PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n\r"}
_AS_PICTURES[0x7F] = 0x2421
PICTURES = re.compile("[\u2400-\u2421]")


class Widget:
    """One component. Subclasses say which macro, and add what theirs needs."""

    macro = "govukInput"
    grouped = False  # several inputs under a legend, rather than one under a label

    def __call__(self, field: Field, **given: Any) -> Markup:
        """The field as HTML; `given` wins over what the field says."""
        label = _words(given.pop("label", field.label.text))
        size = given.pop("label_size", None)
        hint = given.pop("hint", field.description)
        params: Params = {"id": field.id, "name": field.name}
        if self.grouped:
            label["classes"] = f"govuk-fieldset__legend--{size or 's'}"
            params["fieldset"] = {"legend": label}
        else:
            label["classes"] = f"govuk-label--{size or 's'}"
            params["label"] = label
        if hint:
            params["hint"] = _words(hint)
        if field.errors:
            params["errorMessage"] = {"text": str(field.errors[0])}
        params.update(self.own(field))
        for name, value in given.items():
            params[name] = value
        return render(self.macro, params)

    def own(self, field: Field) -> Params:
        """What this component needs beside the label, the hint and the error."""
        return {"value": _value(field)}


class TextInput(Widget):
    """One line of text."""

    def __init__(
        self, *, classes: str = "", kind: str = "text", inputmode: str = "", autocomplete: str = ""
    ) -> None:
        self.classes = classes
        self.kind = kind
        self.inputmode = inputmode
        self.autocomplete = autocomplete

    def own(self, field: Field) -> Params:
        params: Params = {"value": _value(field), "type": self.kind, "classes": self.classes}
        if self.inputmode:
            params["inputmode"] = self.inputmode
        if self.autocomplete:
            params["autocomplete"] = self.autocomplete
        if self.kind == "email":
            params["spellcheck"] = False
        return params


class PasswordInput(Widget):
    """A password. What was typed never comes back in a page."""

    macro = "govukPasswordInput"

    def __init__(self, autocomplete: str) -> None:
        self.autocomplete = autocomplete

    def own(self, field: Field) -> Params:
        return {"autocomplete": self.autocomplete}


class TextAreaInput(Widget):
    """Several lines of text."""

    macro = "govukTextarea"

    def __init__(self, rows: int) -> None:
        self.rows = rows

    def own(self, field: Field) -> Params:
        # The components indent what they nest; a line break written as a reference stays as it is.
        value = Markup(str(escape(_value(field))).replace("\n", "&#10;"))  # noqa: S704
        return {"value": value, "rows": str(self.rows)}


class FileInput(Widget):
    """A file to be sent."""

    macro = "govukFileUpload"

    def own(self, field: Field) -> Params:
        accept = getattr(field, "accept", "")
        return {"attributes": {"accept": accept}} if accept else {}


class SelectInput(Widget):
    """A list to choose one from."""

    macro = "govukSelect"

    def own(self, field: Any) -> Params:
        return {
            "items": [
                {"value": value, "text": text, "selected": selected}
                for value, text, selected, *_ in field.iter_choices()
            ]
        }


class ChoiceInput(Widget):
    """Radio buttons or checkboxes. The first one has the field's id, for the error summary."""

    grouped = True

    def __init__(self, macro: str) -> None:
        self.macro = macro

    def __call__(self, field: Any, **given: Any) -> Markup:
        """`conditional={value: html}` shows more under a choice, `hints={value: text}` a hint."""
        items = _items(
            field.iter_choices(),
            hints={**getattr(field, "hints", {}), **given.pop("hints", {})},
            conditional=given.pop("conditional", {}),
        )
        if given.pop("inline", False):
            given["classes"] = f"{given.get('classes', '')} govuk-radios--inline".strip()
        return super().__call__(field, items=items, **given)

    def own(self, field: Field) -> Params:
        return {"idPrefix": field.id}


class TickInput(Widget):
    """One checkbox of its own."""

    macro = "govukCheckboxes"

    def __call__(self, field: Field, **given: Any) -> Markup:
        item: Params = {
            "value": "yes",
            "text": given.pop("label", str(field.label.text)),
            "checked": bool(field.data),
        }
        hint = given.pop("hint", field.description)
        if hint:
            item["hint"] = {"text": hint}
        params: Params = {"idPrefix": field.id, "name": field.name, "items": [item], **given}
        if field.errors:
            params["errorMessage"] = {"text": str(field.errors[0])}
        return render(self.macro, params)


class DateInput(Widget):
    """Day, month and year, each with an id, of which the first is what an error links to."""

    macro = "govukDateInput"
    grouped = True

    def own(self, field: Field) -> Params:
        parts = getattr(field, "parts", ("", "", ""))
        wrong = " govuk-input--error" if field.errors else ""
        return {
            "items": [
                {
                    "label": label,
                    "id": f"{field.id}-{label.lower()}",
                    "name": f"{field.name}-{label.lower()}",
                    "classes": f"govuk-input--width-{width}{wrong}",
                    "value": part,
                }
                for label, width, part in zip(
                    ("Day", "Month", "Year"), (2, 2, 4), parts, strict=True
                )
            ]
        }


def _words(words: str) -> Params:
    """A label or a hint; markup only where our own code made it."""
    return {"html": words} if isinstance(words, Markup) else {"text": str(words)}


def _value(field: Field) -> str:
    value = field._value() if hasattr(field, "_value") else field.data
    return "" if value is None else pictured(str(value))


def pictured(value: str) -> str:
    """The value with a picture for each character that a page can't hold."""
    return value.translate(_AS_PICTURES)


def _items(
    choices: Iterable[tuple[Any, ...]],
    *,
    hints: Mapping[str, str],
    conditional: Mapping[str, Markup],
) -> list[Params]:
    items = []
    for value, text, checked, *_ in choices:
        item: Params = {"value": value, "text": text, "checked": bool(checked)}
        if value in hints:
            item["hint"] = {"text": hints[value]}
        if value in conditional:
            item["conditional"] = {"html": conditional[value]}
        items.append(item)
    return items

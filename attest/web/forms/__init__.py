"""Forms: the base form, its fields and their look. Every page's forms are made of these."""

from attest.web.forms.base import Form
from attest.web.forms.clock import ClockField
from attest.web.forms.dates import DateField
from attest.web.forms.fields import (
    CheckboxesField,
    EmailField,
    FileField,
    HiddenField,
    NumberField,
    PasswordField,
    RadioField,
    SelectField,
    TextArea,
    TextField,
    TickField,
)

__all__ = [
    "CheckboxesField",
    "ClockField",
    "DateField",
    "EmailField",
    "FileField",
    "Form",
    "HiddenField",
    "NumberField",
    "PasswordField",
    "RadioField",
    "SelectField",
    "TextArea",
    "TextField",
    "TickField",
]

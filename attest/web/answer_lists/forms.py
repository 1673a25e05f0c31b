"""The forms of pages about many answers."""

from __future__ import annotations

from attest.web.forms import CheckboxesField, Form, RadioField

ALL, SOME = "all", "some"


class SameForm(Form):
    """To which files the answers are copied."""

    which = RadioField("Copy them to which files?", needed="Choose the files to copy to.")
    files = CheckboxesField("Files")

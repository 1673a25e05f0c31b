"""The forms of pages about many answers."""

from __future__ import annotations

from attest.web.forms import CheckboxesField, FileField, Form, RadioField

ALL, SOME = "all", "some"


class SameForm(Form):
    """To which files the answers are copied."""

    which = RadioField("Copy them to which files?", needed="Choose the files to copy to.")
    files = CheckboxesField("Files")


class AnswersFileForm(Form):
    """A list of answers that was taken out, and filled in elsewhere."""

    answers = FileField(
        "List of answers",
        needed="Choose a list first.",
        hint="CSV or XLSX with the columns of the list that you can take out here. Up to 10 MB.",
        accept=".csv,.xlsx,.tsv,text/csv",
    )

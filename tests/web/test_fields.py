"""The fields: what survives a request, what is refused, and where an error leads."""

from datetime import date

import pytest
from flask import render_template_string
from werkzeug.datastructures import MultiDict

from attest.app import create_app
from attest.domain.refusal import Refused
from attest.services.instance import create_instance
from attest.web.forms import (
    CheckboxesField,
    DateField,
    EmailField,
    FileField,
    Form,
    NumberField,
    RadioField,
    SelectField,
    TextArea,
    TextField,
    TickField,
)
from tests.cast import LOG_KEY
from tests.html import check_page

PAGE = """<!DOCTYPE html><html lang="en"><head><title>x</title></head><body><h1>x</h1>
{% from "components/forms.html" import form_for %}
{% call form_for(form, action="/x") %}{% for field in form %}{{ field() }}{% endfor %}{% endcall %}
</body></html>"""


class Everything(Form):
    title = TextField("Title", needed="Type a title.", signed=True)
    text = TextArea("What happened", hint="A few lines")
    email = EmailField("Address")
    number = NumberField("How many", least=1, most=1000)
    due_on = DateField("Due date", needed="Enter the due date.")
    action = RadioField("What", [("delete", "Delete"), ("return", "Return")], needed="Choose one.")
    stores = CheckboxesField("Stores", [("a", "A"), ("b", "B")], hints={"a": "The first"})
    kind = SelectField("Kind", [("x", "X")])
    agree = TickField("I agree", needed="Tick this.")
    file = FileField("List", accept=".csv")


GOOD = {
    "title": "Five files",
    "due_on-day": "18",
    "due_on-month": "2",
    "due_on-year": "2013",
    "action": "delete",
    "agree": "yes",
}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    settings = create_instance(
        tmp_path_factory.mktemp("fields") / "instance",
        instance_name="attest.example",
        base_url="http://localhost",
        mail_from="attest@attest.example",
    )
    return create_app(settings, log_key=LOG_KEY)


@pytest.fixture(autouse=True)
def request_of_the_app(app):
    with app.test_request_context("/x"):
        yield


def filled(**more):
    return Everything(formdata=MultiDict({**GOOD, **more}))


def errors(form):
    form.validate()
    return {name: field.errors[0] for name, field in form._fields.items() if field.errors}


def shown(form):
    html = render_template_string(PAGE, form=form)
    check_page(html, "/x")
    return html


def test_a_good_form():
    form = filled(number="1,000", text="  one\r\ntwo ", email="Jo@Mail.Example", stores="b")
    assert form.validate(), form.errors
    assert form.due_on.data == date(2013, 2, 18)
    assert form.number.data == 1000
    assert form.text.data == "one\ntwo"
    assert form.email.data == "jo@mail.example"
    assert form.stores.data == ["b"]
    assert form.file.data is None
    shown(form)


def test_nothing_at_all_is_answered_with_sentences():
    form = Everything(formdata=MultiDict())
    assert errors(form) == {
        "title": "Type a title.",
        "due_on": "Enter the due date.",
        "action": "Choose one.",
        "agree": "Tick this.",
    }
    html = shown(form)
    for mistake in form.mistakes:
        assert f'id="{str(mistake.href)[1:]}"' in html, mistake
    assert [m.href for m in form.mistakes] == ["#title", "#due_on-day", "#action", "#agree"]


@pytest.mark.parametrize(
    ("day", "month", "year", "words"),
    [
        ("", "2", "2013", "still needs a day"),
        ("18", "", "", "still needs a month and a year"),
        ("31", "2", "2013", "31 2 2013 is not a date"),
        ("18", "Feb", "2013", "18 Feb 2013 is not a date"),
        ("18", "2", "13", "18 2 13 is not a date"),
        ("٣", "2", "2013", "is not a date"),
    ],
)
def test_a_date_that_is_none_stays_and_is_explained(day, month, year, words):
    form = filled(**{"due_on-day": day, "due_on-month": month, "due_on-year": year})
    assert words in errors(form)["due_on"]
    html = shown(form)
    assert f'value="{day}"' in html or not day


@pytest.mark.parametrize("missing", ["due_on-day", "due_on-month", "due_on-year"])
def test_a_date_survives_a_request_without_its_parts(missing):
    form = filled()
    parts = MultiDict({key: value for key, value in GOOD.items() if key != missing})
    form = Everything(formdata=parts)
    assert "still needs" in errors(form)["due_on"]
    shown(form)


def test_a_date_from_the_database_fills_the_inputs():
    form = Everything(formdata=None, data={"due_on": date(2013, 2, 18)})
    assert form.due_on.parts == ("18", "2", "2013")
    assert 'value="2013"' in shown(form)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("title", "x" * 201, "201 characters long"),
        ("title", "with\x07bell", "U+0007"),
        ("title", "two\nlines", "one line"),
        ("text", "mark\u200e", "U+200E"),
        ("email", "nobody", "like name@example.org"),
        ("email", "a@b@c.example", "like name@example.org"),
        ("number", "many", "whole number in digits"),
        ("number", "1.5", "whole number in digits"),
        ("number", "0", "from 1 to 1,000"),
        ("number", "9" * 30, "whole number in digits"),
        ("action", "forged", "Choose one of these."),
        ("stores", "forged", "Choose from these only."),
        ("kind", "forged", "Choose one of these."),
    ],
)
def test_what_is_refused_is_refused_in_a_sentence(name, value, words):
    form = filled(**{name: value})
    assert words in errors(form)[name]
    shown(form)


def test_what_was_typed_is_escaped():
    html = shown(filled(title='<b>"x"', text="</textarea><script>x</script>"))
    assert "<b>" not in html
    assert "<script>x" not in html
    assert "&lt;/textarea&gt;" in html


def test_a_control_character_comes_back_as_its_picture_and_is_still_refused():
    assert 'value="with␇bell"' in shown(filled(title="with\x07bell"))
    assert "control character" in errors(filled(title="with␇bell"))["title"]


def test_line_breaks_survive_a_round_trip():
    html = shown(filled(text="one\n  two\n\nthree"))
    assert ">one&#10;  two&#10;&#10;three</textarea>" in html


def test_a_refusal_stands_next_to_its_field_or_on_top():
    form = filled()
    form.refuse(Refused("The due date has passed.", field="due_on"))
    form.refuse(Refused("Somebody else was faster."))
    assert [(m.sentence, m.href) for m in form.mistakes] == [
        ("Somebody else was faster.", None),
        ("The due date has passed.", "#due_on-day"),
    ]
    assert "The due date has passed." in shown(form)


def test_a_signed_field_says_that_it_is_permanent():
    assert "This will be signed and is permanent." in shown(filled())


def test_a_form_with_a_file_is_sent_as_one():
    assert 'enctype="multipart/form-data"' in shown(filled())

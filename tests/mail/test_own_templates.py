"""An administrator's own templates: used, checked, and never a letter's end."""

import pytest
from click.testing import CliRunner

from attest.cli.letters import letters as command
from attest.mail import catalogues, own_templates
from attest.mail.languages import language
from attest.mail.letter import LINK
from tests.mail.examples import ALL
from tests.mail_server import settings_for

GOOD = """{% block subject %}{{ about.reference }}: still open{% endblock %}

Please answer for {{ number_of_files }} files:

    {{ link }}

{% include "_witness.txt" %}
"""


def put(folder, **files: str):
    for name, text in files.items():
        (folder / f"{name.replace('__', '.')}.txt").write_text(text, encoding="utf-8")
    return folder


def test_theirs_comes_before_ours_and_so_do_their_includes(tmp_path):
    own = put(tmp_path, reminder=GOOD, _foot="--\nThe Constabulary.\n")
    words = own_templates.words(ALL["reminder"], "en", own)
    assert words.subject == "ND-2013-004: still open"
    assert "Please answer for 5 files:" in words.text
    assert words.text.endswith("--\nThe Constabulary.\n")
    assert own_templates.problems(own) == []


@pytest.mark.parametrize("before", ["\ufeff", "\n", "{# ours #}\n\n"])
def test_what_editors_put_before_the_subject_is_none_of_the_letter(tmp_path, before):
    own = put(tmp_path, reminder=before + GOOD, _foot="\ufeff--\nThe Constabulary.\n")
    words = own_templates.words(ALL["reminder"], "en", own)
    assert words.subject == "ND-2013-004: still open"
    assert words.text.startswith("Please answer for 5 files:")
    assert words.text.endswith("\n--\nThe Constabulary.\n")
    assert own_templates.problems(own) == []


@pytest.mark.parametrize("forms", ["plural=9**9**9", "plural=(n"])
def test_a_catalogue_with_plural_forms_that_are_none_is_named_and_no_language(tmp_path, forms):
    (tmp_path / "languages").mkdir()
    head = f'"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; {forms};\\n"'
    catalogue = f'msgid ""\nmsgstr ""\n{head}\n\nmsgid "Dear %(name)s,"\nmsgstr "Cher %(name)s,"\n'
    (tmp_path / "languages" / "fr.po").write_text(catalogue, encoding="utf-8")
    assert language("fr", tmp_path).english
    assert [line for line in own_templates.problems(tmp_path) if "fr.po: " in line]


def test_one_language_alone(tmp_path):
    own = put(tmp_path, reminder__cy=GOOD)
    assert own_templates.words(ALL["reminder"], "cy", own).subject == "ND-2013-004: still open"
    assert own_templates.words(ALL["reminder"], "en", own) == ALL["reminder"].words("en")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("{{ number_of_files }}", "{{ numbr }}"), "numbr is not known here"),
        (("{{ number_of_files }}", "{{ about.day }}"), "reminder.txt: about.day is not known here"),
        (("{{ number_of_files }}", "{{ about.day }}"), "reminder, en: a fact has no part 'day'"),
        (("{{ number_of_files }}", "{{ files | cuont }}"), "No filter named 'cuont'"),
        (("{{ link }}", "here"), "it lacks the link, {{ link }}"),
        (("{{ about.reference }}: s", "S"), "its subject lacks the reference"),
        (('{% include "_witness.txt" %}', ""), 'it lacks {% include "_witness.txt" %}'),
        (("{% block subject", "{% blok subject"), "unknown tag 'blok'"),
        (("{{ number_of_files }}", "{{ ''.__class__.__mro__ }}"), "unsafe"),
        (("{{ number_of_files }}", "{{ 1 // 0 }}"), "division"),
        (("still open{", "still\nopen{"), "the subject of reminder"),
        (("{% block", "Good morning.\n{% block"), "it is not the first line"),
    ],
)
def test_what_is_wrong_is_named_and_ours_is_used(tmp_path, change, named):
    assert change[0] in GOOD
    own = put(tmp_path, reminder=GOOD.replace(*change))
    found = own_templates.problems(own)
    assert any(named in line for line in found), found
    assert all("reminder" in line for line in found)
    assert own_templates.words(ALL["reminder"], "en", own) == ALL["reminder"].words("en")


def test_copies_of_ours_can_be_used_with_every_filter(tmp_path):
    for path in catalogues.template_folder().glob("*.txt"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    put(tmp_path, reminder=GOOD.replace("{{ number_of_files }}", "{{ number_of_files | number }}"))
    assert own_templates.problems(tmp_path) == []


def test_the_place_of_the_one_use_link_is_never_lost(tmp_path):
    own = put(tmp_path, password_reset="{% block subject %}Hello{% endblock %}\n\nNo link.\n")
    assert LINK in own_templates.words(ALL["password_reset"], "en", own).text
    assert any("one-use link" in line for line in own_templates.problems(own))


def test_files_that_belong_to_no_letter(tmp_path):
    own = put(tmp_path, reminders=GOOD, reminder__xx=GOOD)
    (tmp_path / "overdue.txt").write_bytes(b"\xff\xfe")
    found = "\n".join(own_templates.problems(own))
    assert "reminders.txt: Attest has no letter of this name" in found
    assert "reminder.xx.txt: no language xx is known" in found
    assert "overdue.txt: it cannot be read as UTF-8" in found


def test_a_broken_include_of_what_is_filled_in_last(tmp_path):
    own = put(tmp_path, _witness_words="{{ nothing }}")
    said = own_templates.rendered("_witness_words", "en", own, receipt=None, checkpoints=[])
    assert said.strip() == ""
    assert any("nothing is not known" in line for line in own_templates.problems(own))


def test_on_the_command_line(tmp_path):
    settings = settings_for(tmp_path)
    folder = tmp_path / "letters"
    folder.mkdir()
    path = str(settings.instance_path)

    def run(*arguments: str):
        return CliRunner(env={"ATTEST_LETTERS_PATH": str(folder)}).invoke(command, arguments)

    listed = run("--list")
    assert listed.exit_code == 0
    assert "reminder.txt: about, files, link, number_of_files, ring, telephone" in listed.output
    assert run("--check", "--instance", path).exit_code == 0
    put(folder, nothing="x")
    checked = run("--check", "--instance", path)
    assert checked.exit_code == 1
    assert "1 problem" in checked.output
    assert run().exit_code == 2

"""The catalogues hold every sentence of every letter, and a language is a file."""

import re
import shutil

import pytest

from attest.domain import wording
from attest.mail import catalogues, languages, marked
from attest.mail.catalogues import CatalogueRefused, template_folder, wrong
from tests.mail.examples import ALL
from tools.update_catalogues import head, merged, sentences, written

SENTENCES = {each.id for each in sentences() if each.id}
OURS = catalogues.files()
EACH = pytest.mark.parametrize("code", OURS)

SHOUTED = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Dear %(name)s,"
msgstr "HELLO %(name)s,"

msgid "They write:"
msgstr "THEY SAY:"

msgid "It is due on %(due)s."
msgstr "BY %(dew)s."

msgid "%(num)s file"
msgid_plural "%(num)s files"
msgstr[0] "%(num)s FILE"
msgstr[1] "%(num)s FILES"
"""


@pytest.fixture
def own(tmp_path):
    """An administrator's folder with a third language in it."""
    (tmp_path / "languages").mkdir()
    (tmp_path / "languages" / "fr.po").write_text(SHOUTED, encoding="utf-8")
    return tmp_path


def test_welsh_is_one_of_them():
    assert "cy" in OURS
    assert languages.choices()["cy"] == "Cymraeg"
    assert next(iter(languages.choices())) == "en"


@EACH
def test_every_sentence_is_translated_and_none_is_left_over(code):
    """`make catalogues` brings new sentences in; somebody then translates them."""
    catalogue = catalogues.read(OURS[code])
    assert {each.id for each in catalogue if each.id} == SENTENCES
    empty = [each.id for each in catalogue if each.id and not _full(each.string)]
    assert empty == []


def _full(string):
    return bool(string) and (isinstance(string, str) or all(string))


@EACH
def test_what_a_translation_names_is_what_english_names(code):
    assert [(each.id, wrong(each)) for each in catalogues.read(OURS[code]) if wrong(each)] == []


@EACH
def test_each_plural_has_every_form_of_the_language(code):
    catalogue = catalogues.read(OURS[code])
    if code == "cy":
        assert catalogue.num_plurals == 6  # CLDR
    for each in catalogue:
        if isinstance(each.id, tuple):
            assert len(each.string or ()) == catalogue.num_plurals, each.id


@EACH
def test_nothing_is_left_in_english(code):
    for each in catalogues.read(OURS[code]):
        words = re.sub(r"%\(\w+\)s", "", each.id) if isinstance(each.id, str) else ""
        if re.search(r"[A-Za-z]", words) and " " in each.id and "MMMM" not in each.id:
            assert each.string != each.id


@EACH
def test_the_tool_finds_nothing_to_do(code):
    path = OURS[code]
    assert written(merged(catalogues.read(path), code), head(path)) == path.read_bytes()


def test_the_tool_keeps_what_was_said_and_drops_what_is_gone(tmp_path):
    path = tmp_path / "fr.po"
    path.write_text(
        "# By hand.\n" + SHOUTED.lstrip() + '\nmsgid "Gone"\nmsgstr "Parti"\n', encoding="utf-8"
    )
    text = written(merged(catalogues.read(path), "fr"), head(path)).decode("utf-8")
    assert text.startswith("# By hand.\n")
    assert 'msgstr "THEY SAY:"' in text
    assert "Parti" not in text
    assert 'msgid "Go on here:"\nmsgstr ""' in text


def test_a_new_language_begins_with_the_plurals_of_the_cldr():
    assert merged(None, "cy").num_plurals == 6
    assert merged(None, "de").num_plurals == 2
    assert merged(None, "pl").num_plurals == 4


def test_a_third_language_is_a_file(own):
    assert "fr" in languages.choices(own)
    assert "fr" not in languages.choices()
    letter = ALL["acknowledged with a note"]
    words = letter.words("fr", own)
    assert words.language == "fr"
    assert words.dear("Tom Beck") == "HELLO Tom Beck,"
    assert "THEY SAY:" in words.text
    assert letter.words("fr").language == "en"


def test_days_and_numbers_of_a_third_language_come_from_the_cldr(own):
    french = languages.language("fr", own)
    assert french.number(10_413) == "10\u202f413"
    assert french.count(2, "file") == "2 FILES"


def test_a_translation_that_names_something_else_leaves_english_standing(own):
    assert "It was due on" in " ".join(ALL["controller_late"].words("fr", own).text.split())
    due = languages.language("fr", own).gettext("It is due on %(due)s.", due="X")
    assert due == "It is due on X."


def test_a_file_that_is_no_catalogue_leaves_english_standing(own):
    path = own / "languages" / "fr.po"
    path.write_bytes(b"msgid \xff\xfe nonsense")
    with pytest.raises(CatalogueRefused):
        catalogues.read(path)
    assert languages.language("fr", own).english
    assert ALL["acknowledged"].words("fr", own).text == ALL["acknowledged"].text


def test_a_corrected_catalogue_is_read_again(own):
    path = own / "languages" / "fr.po"
    assert languages.language("fr", own).gettext("They write:") == "THEY SAY:"
    path.write_text(SHOUTED.replace("THEY SAY", "ILS DISENT"), encoding="utf-8")
    assert languages.language("fr", own).gettext("They write:") == "ILS DISENT:"


@pytest.mark.parametrize("name", ["../cy.po", "nonsense language.po", "zzzz.po", "en.po", "CY.po"])
def test_a_file_named_after_no_language_is_left_out(tmp_path, name):
    folder = tmp_path / "languages"
    folder.mkdir()
    (folder / name).write_text(SHOUTED, encoding="utf-8")
    assert catalogues.files(tmp_path).keys() == OURS.keys()


def test_the_marked_words_are_those_of_the_product():
    for ours, product in (
        (marked.DEMAND_STATES, wording.DEMAND_STATES),
        (marked.DUTIES, wording.DUTIES),
        (marked.ACTIONS, wording.ACTIONS),
        (marked.CONFIRMATION_METHODS, wording.CONFIRMATION_METHODS),
        (marked.OUTCOMES, wording.OUTCOMES),
    ):
        assert ours == product
    for noun, words in marked.NOUNS.items():
        assert words.pattern == f"%(num)s {noun}"
        assert words.many == f"%(num)s {wording.plural(noun)}"


def test_every_noun_that_a_template_counts_can_be_translated():
    for path in template_folder().glob("*.txt"):
        for noun in re.findall(r'count\("([^"]+)"\)', path.read_text(encoding="utf-8")):
            assert noun in marked.NOUNS, (path.name, noun)


def test_no_template_holds_a_sentence_outside_of_gettext():
    """What is left without its tags and sentences is marks, never words."""
    for path in template_folder().glob("*.txt"):
        text = re.sub(r"\{% trans.*?endtrans %\}", "", path.read_text(encoding="utf-8"), flags=re.S)
        left = re.sub(r"\{[{%#].*?[}%#]\}", "", text, flags=re.S)
        assert set(re.findall(r"[A-Za-z]{2,}", left)) <= _ADDRESSES | {"Attest"}, path.name


# Parts of addresses: …/exceptions, …/close, …/review, …/letters.
_ADDRESSES = {"exceptions", "close", "review", "letters"}


def test_a_wheel_carries_the_catalogues(tmp_path):
    """They lie among the templates, all of which go in (pyproject.toml)."""
    assert OURS["cy"].is_relative_to(template_folder())
    shutil.copytree(template_folder(), tmp_path / "mail")
    assert (tmp_path / "mail" / "languages" / "cy.po").is_file()

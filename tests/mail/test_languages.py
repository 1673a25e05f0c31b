"""Letters in another language: the same facts, in that language alone, whatever people typed."""

import dataclasses
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest

from attest.domain.phrases import Phrase, ShortDay, phrase, phrases
from attest.mail import letters
from attest.mail.languages import language
from attest.mail.letter import compose
from attest.mail.places import LINK, WITNESS, Place
from attest.mail.wrapping import COLUMNS
from tests.mail.examples import ABOUT, ALL, BECK, FILES, LATE

WELSH = language("cy")
EACH = pytest.mark.parametrize("letter", ALL.values(), ids=ALL.keys())
# Breaks out of gettext's patterns, of jinja2, of format strings and of the letter's own places.
HOSTILE = "%(name)s %s %% 100% {{ about }} {% raw %} {0} {link} {witness} <b>&amp;’"
FLAT = HOSTILE.replace("{link}", "{ link }").replace("{witness}", "{ witness }")


def flat(text):
    return " ".join(text.split())


@EACH
def test_in_welsh_it_is_a_letter_like_the_english_one(letter):
    words = letter.words("cy")
    assert words.language == "cy"
    assert words.text != letter.text
    assert words.subject.isprintable()
    assert words.subject != letter.subject
    assert "\n\n\n" not in words.text
    for line in words.text.split("\n"):
        assert line == line.rstrip()
        assert len(line) <= COLUMNS or "https://" in line
    for place in (LINK, WITNESS):
        assert words.text.count(place) == letter.text.count(place)
    assert re.findall(r"https://\S+", words.text) == re.findall(r"https://\S+", letter.text)


@EACH
def test_in_welsh_nothing_of_ours_stays_english(letter):
    """Names, files and reasons do; the sentences around them do not."""
    text = f" {flat(letter.words('cy').text)} "
    for word in (" the ", " has ", " is ", " are ", " and ", " you ", " Monday ", " February "):
        if word not in f" {flat(_typed(letter.values))} ":
            assert word not in text, word


def _typed(value):
    """Everything that people typed, out of a letter's values."""
    if isinstance(value, Phrase):
        return _typed(value.values)
    if isinstance(value, dict):
        return " ".join(_typed(each) for each in value.values())
    if isinstance(value, list | tuple):
        return " ".join(_typed(each) for each in value)
    if dataclasses.is_dataclass(value):
        return " ".join(_typed(getattr(value, each.name)) for each in dataclasses.fields(value))
    return str(value)


def _hostile(value):
    if isinstance(value, Phrase | Place):
        return value
    if isinstance(value, str):
        return f"{value} {HOSTILE}"
    if isinstance(value, list):
        return [_hostile(each) for each in value]
    if isinstance(value, tuple):
        return tuple(_hostile(each) for each in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.replace(
            value,
            **{
                each.name: _hostile(getattr(value, each.name))
                for each in dataclasses.fields(value)
                if each.name != "holidays"
            },
        )
    return value


@pytest.mark.parametrize("code", ["en", "cy"])
@EACH
def test_whatever_people_typed_stays_what_it_is(letter, code):
    odd = compose(letter.kind, **{name: _hostile(each) for name, each in letter.values.items()})
    words = odd.words(code)
    for place in (LINK, WITNESS):
        assert words.text.count(place) == letter.text.count(place)
        assert place not in words.subject
    assert FLAT in words.subject or letter.kind in _PLAIN_SUBJECTS
    assert flat(words.text).count(FLAT) >= 1
    assert words.dear(HOSTILE).endswith(f"{HOSTILE},")


# Nothing that is typed stands in these, or a phrase that was made before.
_PLAIN_SUBJECTS = {"password_reset", "key_revoked", "together"}


def test_two_threads_write_in_two_languages_at_once():
    expected = {code: [each.words(code) for each in ALL.values()] for code in ("en", "cy")}

    def write(code):
        return code, [each.words(code) for each in ALL.values()]

    with ThreadPoolExecutor(8) as threads:
        for code, found in threads.map(write, ["en", "cy"] * 8):
            assert found == expected[code]


def test_an_unknown_language_is_english():
    letter = ALL["acknowledged"]
    for code in (None, "", "en", "xx", "../cy", "cy\0", "CY"):
        words = letter.words(code)
        assert (words.language, words.text) == ("en", letter.text)


def test_days_numbers_and_lists_in_welsh():
    assert WELSH.day(date(2013, 2, 18)) == "dydd Llun 18 Chwefror 2013"
    assert WELSH.short_day(date(2013, 2, 18)) == "18 Chwefror 2013"
    assert WELSH.moment(datetime(2013, 2, 4, 9, 5, tzinfo=UTC)) == "4 Chwefror 2013, 09:05 UTC"
    assert WELSH.number(10_413) == "10,413"
    assert WELSH.listing(["Tom", "Ruth", "Helen"]) == "Tom, Ruth a Helen"
    assert WELSH.listing(["Tom", "Ann"]) == "Tom ac Ann"
    assert WELSH.listing(["ND-2013-004", "ND-2013-005"]) == "ND-2013-004 ac ND-2013-005"
    assert WELSH.listing(["A"]) == "A"
    assert WELSH.listing([]) == ""


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "0 copi"),
        (1, "1 copi"),
        (2, "2 gopi"),
        (3, "3 chopi"),
        (6, "6 chopi"),
        (12, "12 copi"),
        (1000, "1,000 copi"),
    ],
)
def test_welsh_counts(number, expected):
    assert WELSH.count(number, "copy") == expected


def test_lateness_in_welsh():
    assert WELSH.say(ABOUT.due) == "dydd Llun 18 Chwefror 2013 (ymhen 2 ddiwrnod gwaith)"
    assert WELSH.say(LATE.late) == "3 diwrnod gwaith yn hwyr"
    extended = dataclasses.replace(ABOUT, extended=(date(2013, 2, 11), ABOUT.due_on))
    assert WELSH.say(extended.due) == (
        "dydd Llun 18 Chwefror 2013 (ymhen 2 ddiwrnod gwaith; cyn estyn: dydd Llun 11 "
        "Chwefror 2013)"
    )


def test_a_phrase_is_english_and_can_be_said_otherwise():
    asked = phrase(
        "%(more)s, until %(day)s",
        more=phrases("%(num)s more working day", "%(num)s more working days", 2),
        day=date(2013, 2, 20),
    )
    assert asked == "2 more working days, until Wednesday 20 February 2013"
    assert WELSH.say(asked) == (
        "2 ddiwrnod gwaith ychwanegol, dyddiad cau newydd dydd Mercher 20 Chwefror 2013"
    )
    assert f"{asked}!" == "2 more working days, until Wednesday 20 February 2013!"
    assert WELSH.say(ShortDay(date(2013, 2, 20))) == "20 Chwefror 2013"
    with pytest.raises(KeyError):
        phrase("until %(day)s", days=2)


@EACH
def test_a_welsh_day_has_a_capital_only_where_a_sentence_begins(letter):
    words = letter.words("cy")
    blocks = re.split(r"\n\n|\n(?=- |> )", f"{words.subject}\n\n{words.text}")
    for block in blocks:
        said = " ".join(block.split())
        assert not re.search(r"(^|[.?!] )(- )?dydd [A-Z]", said), said
        assert not re.search(r"[^.?! ] Dydd [A-Z]", said), said


def test_a_sentence_that_begins_with_a_day():
    day = date(2013, 2, 18)
    assert WELSH.gettext("%(day)s: hwyr.", day=day) == "Dydd Llun 18 Chwefror 2013: hwyr."
    assert WELSH.gettext("%(day)s (hwyr)", day=day) == "dydd Llun 18 Chwefror 2013 (hwyr)"
    assert WELSH.gettext("%(due)s: hwyr.", due=ABOUT.due).startswith("Dydd Llun 18 Chwefror")
    # A name is never changed.
    assert WELSH.gettext("%(name)s: hwyr.", name="dydd") == "dydd: hwyr."


def test_reasons_and_names_are_never_translated():
    """`withdrawn`, `closed` and `to` are words of the catalogue, and somebody may type them."""
    letter = letters.attestations_rejected(ABOUT, BECK, ["withdrawn", "closed"], "to")
    text = letter.words("cy").text
    assert "- withdrawn\n- closed\n" in text
    assert "\n> to\n" in text


def test_how_many_more_is_said_in_welsh():
    letter = letters.attestations_to_review(ABOUT, BECK, [f"{n}.csv" for n in range(20)], 0)
    assert "- 8.csv\n- hefyd 11 arall\n" in letter.words("cy").text


def test_an_administrators_own_template_for_one_language(tmp_path):
    (tmp_path / "overdue.cy.txt").write_text(
        "{% block subject %}{{ about.reference }}: HWYR{% endblock %}\n\n"
        "HWYR {{ number_of_files }}\n"
    )
    letter = letters.overdue(LATE, FILES, 5)
    assert letter.words("cy", tmp_path).text == "HWYR 5\n"
    assert letter.words("en", tmp_path).text == letter.text

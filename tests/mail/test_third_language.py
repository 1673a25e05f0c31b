"""A third language is a file: where every sentence of it is strange, nothing of ours stays English.

The file says each sentence of the catalogue in letters that English does not have. Whatever is then
left in English was typed by somebody, or has no way through the catalogue.
"""

import ast
import dataclasses
import inspect
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from attest.domain import need_words
from attest.domain.phrases import Phrase, phrase
from attest.log.checkpoint import origin, sign_checkpoint
from attest.mail import samples
from attest.mail.calendar_entry import Entry, calendar
from attest.mail.finishing import Carried, finish
from attest.mail.html import to_html
from attest.mail.languages import language
from attest.mail.places import LINK, WITNESS
from tests.cast import LOG_KEY
from tests.mail.examples import ABOUT, ALL, HOME
from tools.update_catalogues import PATTERNS, merged, written

# Its days and months are Cyrillic in the CLDR, and it has other plurals than English.
CODE = "uk"
STRANGE = "ж"
EACH = pytest.mark.parametrize("letter", ALL.values(), ids=ALL.keys())
_PLACE = re.compile(r"(%\(\w+\)s)")
_WORD = re.compile(r"[A-Za-z]{2,}")
NOW = datetime(2013, 2, 14, 9, tzinfo=UTC)


def strange(sentence: str) -> str:
    return "".join(
        part if _PLACE.fullmatch(part) else re.sub(r"[A-Za-z]", STRANGE, part)
        for part in _PLACE.split(sentence)
    )


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """An administrator's folder that holds the language."""
    catalogue = merged(None, CODE)
    for message in catalogue:
        if isinstance(message.id, str):
            message.string = message.id if message.id in PATTERNS else strange(message.id)
        else:
            one, many = message.id
            message.string = (strange(one), *[strange(many)] * (catalogue.num_plurals - 1))
    folder = tmp_path_factory.mktemp("letters")
    (folder / "languages").mkdir()
    (folder / "languages" / f"{CODE}.po").write_bytes(written(catalogue))
    return folder


def typed() -> set[str]:
    """What people typed in the samples: texts of their source, and no word of the product's."""
    found = set()
    for path in Path(inspect.getfile(samples)).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(flat(node.value))
    return {each for each in found if not re.fullmatch(r"[a-z_]*", each)}


def flat(text: str) -> str:
    return " ".join(re.sub(r"(?m)^>", " ", text).split())


def leaves(value):
    """Each text in a letter's values that is no phrase, with those that a phrase holds."""
    if isinstance(value, Phrase):
        yield from leaves(value.values)
    elif isinstance(value, str):
        yield flat(value).strip("“”")
    elif isinstance(value, dict):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from leaves(each)
    elif dataclasses.is_dataclass(value):
        for each in dataclasses.fields(value):
            yield from leaves(getattr(value, each.name))


TYPED = typed()


def english(text: str, letter) -> list[str]:
    """Words of the text that nobody typed."""
    left = flat(re.sub(r"https://\S+", " ", text))
    known = {each for each in leaves(letter.values) if each in TYPED}
    for each in sorted(known, key=len, reverse=True):
        left = left.replace(each, " ")
    left = re.sub(r"ND-2013-\d{3}", " ", left)
    # The last is the name under which an operator works.
    return [word for word in _WORD.findall(left) if word not in {"Attest", "UTC", "root"}]


@EACH
def test_no_letter_keeps_an_english_sentence(letter, own):
    words = letter.words(CODE, own)
    assert words.language == CODE
    text = words.text.replace(LINK, "").replace(WITNESS, "")
    assert english(f"{words.subject}\n\n{text}", letter) == []
    assert STRANGE in words.subject
    assert STRANGE in text
    assert words.dear("Tom Beck").endswith(" Tom Beck,")
    assert "Dear" not in words.dear("Tom Beck")


@EACH
def test_nor_does_its_html(letter, own):
    words = letter.words(CODE, own)
    document = to_html(words.text, title=words.subject, language=CODE, home=HOME)
    said = re.sub(r"<[^>]*>", " ", document.partition("<body")[2].partition(">")[2])
    said = said.replace("&amp;", "&").replace("&#x27;", "'").replace("&quot;", '"')
    assert english(said.replace(LINK, "").replace(WITNESS, ""), letter) == []


DEMAND = "11111111-2222-4333-8444-555555555555"
ENTRY = Entry(
    demand_id=DEMAND,
    reference=ABOUT.reference,
    controller=ABOUT.controller,
    contractor=ABOUT.contractor,
    link=ABOUT.link,
    due_on=ABOUT.due_on,
    remind_on=date(2013, 2, 15),
    sequence=41,
)


@pytest.mark.parametrize("references", [["ND-1"], ["ND-1", "ND-2"]])
def test_nor_do_the_words_that_are_filled_in_when_it_leaves(own, references):
    note = sign_checkpoint(origin("attest.example", DEMAND), 41, b"\0" * 32, LOG_KEY)
    text = finish(
        f"{WITNESS}\n",
        language=CODE,
        receipt=f"{HOME}/received/1",
        carried=[Carried(DEMAND, reference, note) for reference in references],
        sender="attest@example.org",
        now=NOW,
        own=own,
    ).text
    # The attachments' names, and how the root of zeros begins.
    left = re.sub(r"https://\S+|checkpoint(-ND-\d)?\.txt|A{12}|ND-\d", " ", text)
    assert STRANGE in left
    assert _WORD.findall(left) == []


@pytest.mark.parametrize("ended", [False, True])
def test_nor_does_the_due_day_in_a_calendar(own, ended):
    entry = dataclasses.replace(ENTRY, ended=ended)
    data = calendar(entry, sender="attest@example.org", now=NOW, code=CODE, own=own)
    said = Calendar.from_ical(data)
    for part in (*said.walk("VEVENT"), *said.walk("VALARM")):
        for name in ("SUMMARY", "DESCRIPTION"):
            left = str(part.get(name, STRANGE))
            for each in (ABOUT.link, ABOUT.reference, ABOUT.controller, ABOUT.contractor):
                left = left.replace(each, " ")
            assert STRANGE in left
            assert _WORD.findall(left) == []


NEEDS = [
    each
    for _, each in inspect.getmembers(need_words, inspect.isfunction)
    if each.__module__ == need_words.__name__
]


@pytest.mark.parametrize("make", NEEDS, ids=[each.__name__ for each in NEEDS])
@pytest.mark.parametrize("number", [1, 2])
def test_whatever_a_digest_says_can_be_said_in_it(make, number, own):
    values = {
        "str": "ND-2013-004",
        "int": number,
        "bool": number == 1,
        "date": date(2013, 2, 4),
        "timedelta": timedelta(hours=70, minutes=number),
        "Phrase": phrase("draft"),
        "Sequence[str]": ["ND-2013-004", "ND-2013-004"],
    }
    asked = inspect.signature(make).parameters.values()
    positional = [values[each.annotation] for each in asked if each.kind != each.KEYWORD_ONLY]
    named = {each.name: values[each.annotation] for each in asked if each.kind == each.KEYWORD_ONLY}
    sentence = make(*positional, **named)
    assert isinstance(sentence, Phrase)
    said = language(CODE, own).say(sentence)
    assert STRANGE in said
    assert _WORD.findall(said.replace("ND-2013-004", "")) == []

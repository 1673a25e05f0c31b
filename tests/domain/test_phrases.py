"""Words that know how they were made."""

import copy
import pickle
from datetime import date

import pytest

from attest.domain.phrases import Phrase, ShortDay, phrase, phrases

DAY = date(2013, 2, 18)


def test_in_english_a_phrase_is_a_string():
    said = phrase("until %(day)s", day=DAY)
    assert isinstance(said, str)
    assert said == "until Monday 18 February 2013"
    assert hash(said) == hash("until Monday 18 February 2013")
    assert said.capitalize() == "Until monday 18 february 2013"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (10_413, "10,413"),
        (DAY, "Monday 18 February 2013"),
        (ShortDay(DAY), "18 February 2013"),
        (["a", "b", "c"], "a, b and c"),
        ((), ""),
        (phrase("today"), "today"),
        ("100% of %(this)s", "100% of %(this)s"),
    ],
)
def test_values_are_put_into_words(value, expected):
    assert phrase("%(value)s", value=value) == expected


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "0 files"), (1, "1 file"), (2, "2 files"), (1000, "1,000 files")]
)
def test_plurals(number, expected):
    assert phrases("%(num)s file", "%(num)s files", number) == expected


def test_how_it_was_made_can_be_read():
    said = phrases("%(num)s file of %(who)s", "%(num)s files of %(who)s", 3, who="Halden")
    assert (said.pattern, said.many) == ("%(num)s file of %(who)s", "%(num)s files of %(who)s")
    assert (said.number, said.values) == (3, {"num": 3, "who": "Halden"})
    assert phrase("today").many is None


def test_a_value_that_the_pattern_names_must_be_there():
    with pytest.raises(KeyError):
        phrase("until %(day)s", days=DAY)


def test_a_copy_still_knows():
    said = phrase("until %(day)s", day=DAY)
    for again in (copy.copy(said), copy.deepcopy(said), pickle.loads(pickle.dumps(said))):  # noqa: S301
        assert isinstance(again, Phrase)
        assert (again, again.pattern, dict(again.values)) == (said, said.pattern, {"day": DAY})

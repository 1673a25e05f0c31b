"""Words that know how they were made, so that a letter can say them in another language.

A `Phrase` is an ordinary English string for pages and papers. It carries its pattern (gettext's
msgid) and the values in it, from which attest/mail/languages.py makes the same in the reader's
language. Joined with other text it is a plain string again, and English.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from attest.domain import english


@dataclass(frozen=True)
class ShortDay:
    """A day without its weekday, as a value of a phrase."""

    day: date

    def __str__(self) -> str:
        return english.short_day(self.day)


class Phrase(str):
    """`pattern` with `values`, in English. `many` and `number`: of a pattern with a plural."""

    __slots__ = ("many", "number", "pattern", "values")

    pattern: str
    many: str | None
    number: int
    values: Mapping[str, Any]


def phrase(pattern: str, /, **values: Any) -> Phrase:
    """`pattern` as for gettext: `phrase("until %(day)s", day=until)`.

    A value may be text, a number, a date (with its weekday), a `ShortDay`, a list of texts, or a
    phrase.
    Raises `KeyError` where the pattern names a value that is not given.
    """
    return _made(pattern, None, 1, values)


def phrases(one: str, many: str, number: int, /, **values: Any) -> Phrase:
    """The same with a plural, as for ngettext; `number` is also the value `num`."""
    return _made(one, many, number, {"num": number, **values})


def _made(pattern: str, many: str | None, number: int, values: Mapping[str, Any]) -> Phrase:
    chosen = pattern if many is None or number == 1 else many
    made = Phrase(chosen % {name: _english(value) for name, value in values.items()})
    made.pattern, made.many, made.number, made.values = pattern, many, number, dict(values)
    return made


def _english(value: Any) -> str:
    if isinstance(value, int):
        return english.number(value)
    if isinstance(value, date):
        return english.day(value)
    if isinstance(value, list | tuple):
        return english.listing(value)
    return str(value)

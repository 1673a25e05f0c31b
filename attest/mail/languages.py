"""Languages that letters are written in: English, and each that has a catalogue.

A `Language` puts into words what a letter holds: sentences by gettext, days, numbers and lists by
the CLDR as babel has it. English is what attest/domain says. Nothing here asks the machine's locale
and nothing is set: two letters may be written in two languages at the same moment.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from attest.domain import english, wording
from attest.domain.phrases import Phrase, ShortDay
from attest.mail import catalogues

ENGLISH = "en"

# Patterns of the CLDR (UTS 35, Date Format Patterns), for a translator to put in order.
_DAY = "EEEE d MMMM y"
_SHORT_DAY = "d MMMM y"

# Where the CLDR begins a day of the week with a capital that the language writes only at the start
# of a sentence ("dydd Llun").
_SMALL_DAYS = {"cy"}
# Before these Welsh joins with "ac", else with "a". Capitals are read letter by letter, and the
# names of these begin with a vowel ("ac ND-2013-005").
_VOWEL = re.compile(r"[AEFHILMNORSX](?=[A-Z])|[AEIOUYÂÊÎÔÛŴŶaeiouyâêîôûŵŷ](?![A-Z])")
_FIRST = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Language:
    """One language: `code` as in `<html lang>`, `name` as its speakers call it."""

    code: str
    name: str
    words: gettext.NullTranslations

    @property
    def english(self) -> bool:
        """Whether it is English, which needs no catalogue."""
        return self.code == ENGLISH

    def gettext(self, pattern: str, /, **values: Any) -> str:
        """The sentence with its values, each put into words; hostile ones stay what they are."""
        return self._put(self.words.gettext(pattern), values)

    def ngettext(self, one: str, many: str, number: int, /, **values: Any) -> str:
        """The same with a plural. `num` is the number."""
        values.setdefault("num", number)
        return self._put(self.words.ngettext(one, many, number), values)

    def say(self, value: Any) -> Any:
        """A phrase, number, day, moment or list in words; anything else as it is."""
        if isinstance(value, Phrase):
            if value.many is None:
                return self.gettext(value.pattern, **value.values)
            return self.ngettext(value.pattern, value.many, value.number, **value.values)
        if isinstance(value, bool):
            return value
        if isinstance(value, int):
            return self.number(value)
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, ShortDay):
            return self.short_day(value.day)
        if isinstance(value, list | tuple):
            return self.listing(value)
        return value

    def day(self, value: date) -> str:
        """Gives "Monday 18 February 2013", as it stands inside a sentence."""
        if self.english:
            return english.day(value)
        said = format_date(value, self.words.gettext(_DAY), locale=self._locale)
        if self._locale.language in _SMALL_DAYS:
            name = self._locale.days["format"]["wide"][value.weekday()]
            said = said.replace(name, name[:1].lower() + name[1:])
        return said

    def short_day(self, value: date) -> str:
        """Gives "18 February 2013"."""
        if self.english:
            return english.short_day(value)
        return format_date(value, self.words.gettext(_SHORT_DAY), locale=self._locale)

    def moment(self, value: datetime) -> str:
        """Gives "4 February 2013, 08:15 UTC". `value` is aware."""
        if self.english:
            return english.moment_utc(value)
        return f"{self.short_day(value.astimezone(UTC))}, {english.clock(value, UTC)} UTC"

    def number(self, value: int) -> str:
        """Gives "10,413"."""
        if self.english:
            return english.number(value)
        return format_decimal(value, locale=self._locale)

    def count(self, value: int, noun: str) -> str:
        """Gives "5 files". The noun is one of attest/mail/marked.py's."""
        return self.ngettext(f"%(num)s {noun}", f"%(num)s {wording.plural(noun)}", value)

    def listing(self, items: Iterable[Any]) -> str:
        """Gives "a, b and c"."""
        said = [str(self.say(item)) for item in items]
        if self.english:
            return english.listing(said)
        if self._locale.language == "cy" and len(said) > 1:
            # The CLDR has "A, B, a(c) C", which is for machines.
            joined = "ac" if _VOWEL.match(said[-1]) else "a"
            return f"{', '.join(said[:-1])} {joined} {said[-1]}"
        return format_list(said, locale=self._locale)

    @property
    def _locale(self) -> Locale:
        return Locale.parse(self.code, sep="-")

    def _put(self, pattern: str, values: dict[str, Any]) -> str:
        """The pattern with its values; a sentence that begins with a day has its capital."""
        said = pattern % self._said(values)
        if pattern.rstrip().endswith((".", ":")) and self._begins_with_day(pattern, values):
            return wording.capital(said)
        return said

    def _begins_with_day(self, pattern: str, values: dict[str, Any]) -> bool:
        first = _FIRST.match(pattern)
        value = None if first is None else values.get(first[1])
        if isinstance(value, Phrase) and value.many is None:
            return self._begins_with_day(self.words.gettext(value.pattern), dict(value.values))
        return isinstance(value, date) and not isinstance(value, datetime)

    def _said(self, values: dict[str, Any]) -> dict[str, Any]:
        return {name: self.say(value) for name, value in values.items()}


def choices(own: Path | None = None) -> dict[str, str]:
    """The languages' names by code, English first. `own`: the administrator's folder of letters."""
    return {ENGLISH: "English"} | {code: _name(code) for code in catalogues.files(own)}


def language(code: str | None, own: Path | None = None) -> Language:
    """The language of this code; English where it has no catalogue that can be read."""
    if code is None or code == ENGLISH:
        return _english()
    path = catalogues.files(own).get(code)
    if path is None:
        return _english()
    try:
        return _read(code, path, path.stat().st_mtime_ns)
    except (OSError, catalogues.CatalogueRefused):
        return _english()


@lru_cache(maxsize=64)
def _read(code: str, path: Path, _changed: int) -> Language:
    return Language(code, _name(code), catalogues.translations(path))


@lru_cache(maxsize=1)
def _english() -> Language:
    return Language(ENGLISH, "English", gettext.NullTranslations())


def _name(code: str) -> str:
    own = Locale.parse(code, sep="-").get_display_name()
    return wording.capital(own) if own else code

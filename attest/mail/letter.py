"""A letter before it has a reader: kind and facts, put into words from a template.

`templates/mail/<kind>.txt` says everything, the subject too: it is the block `subject`, the first
line. Sentences stand in `{% trans %}`, so that a catalogue (catalogues.py) has them in another
language. A template of one's own for one language is `<kind>.<code>.txt`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.ext import Extension
from jinja2.sandbox import ImmutableSandboxedEnvironment

from attest.domain.text import problem
from attest.domain.wording import capital
from attest.mail.catalogues import template_folder
from attest.mail.languages import ENGLISH, Language, language
from attest.mail.places import LINK as LINK
from attest.mail.places import WITNESS, printed
from attest.mail.wrapping import quoted, wrap

# Of templates: some editors put a mark before the first letter.
ENCODING = "utf-8-sig"
# Characters. Names of people and organisations may have 200 each, and a row of the outbox holds
# 300: no act fails for the subject of its letter.
_LONGEST_SUBJECT = 280


@dataclass(frozen=True)
class Words:
    """A letter in one language. `language` is the one that it is really in."""

    language: str
    subject: str
    text: str
    opening: str = "Dear %(name)s,"

    def dear(self, name: str) -> str:
        """How it begins: "Dear Tom Beck,"."""
        return self.opening % {"name": name}


@dataclass(frozen=True)
class Letter:
    """What a letter says; `subject` and `text` in English. To whom and when is post.py's."""

    kind: str
    subject: str
    text: str
    # What `compose` was given; None for a text that was written as it is.
    values: Mapping[str, Any] | None = field(default=None, compare=False, repr=False)

    def words(self, code: str | None = None, own: Path | None = None) -> Words:
        """The letter in a language, English where it isn't known.

        `own` is the administrator's folder of templates, which come before ours. Raises as
        `compose`.
        """
        spoken = language(code, own)
        if self.values is None or (spoken.english and own is None):
            return Words(ENGLISH, self.subject, self.text)
        return _render(self.kind, self.values, spoken, own)


def compose(kind: str, /, subject: str | None = None, **values: Any) -> Letter:
    """A letter of these facts. Raises `ValueError` where the subject could break a header, and
    jinja2's `UndefinedError` where the template names a value that is not given.

    `subject`: of a template that has none yet.
    """
    if subject is not None:
        values["_subject"] = subject
    words = _render(kind, values, language(ENGLISH), None)
    return Letter(kind, words.subject, words.text, values)


def render(name: str, code: str | None = None, own: Path | None = None, /, **values: Any) -> str:
    """`templates/mail/<name>.txt` in a language, as it is: not wrapped, and of no subject."""
    return _template(name, language(code, own), own).render(values)


def _render(kind: str, values: Mapping[str, Any], spoken: Language, own: Path | None) -> Words:
    template = _template(kind, spoken, own)
    # A block of its own, not the first line of what comes out: a value may hold a line's end.
    block = template.blocks.get("subject")
    subject = "" if block is None else "".join(block(template.new_context(dict(values))))
    text = template.render(values)
    if subject:
        before, _, text = text.partition(subject)
        if before.strip():
            raise ValueError(f"the subject of {kind}: it is not the first line")
    subject = subject or str(values.get("_subject", ""))
    if len(subject) > _LONGEST_SUBJECT:
        subject = f"{subject[: _LONGEST_SUBJECT - 2]} …"
    if trouble := problem(subject) or ("it is empty" if not subject else None):
        raise ValueError(f"the subject of {kind}: {trouble}")
    return Words(spoken.code, subject, wrap(text), spoken.words.gettext("Dear %(name)s,"))


def _template(kind: str, spoken: Language, own: Path | None) -> Template:
    names = [f"{kind}.{spoken.code}.txt", f"{kind}.txt"]
    return environment(spoken, own).select_template(names)


class _WholeLines(Extension):
    """A line that ends with `{% endtrans %}` or `{% endblock %}` ends there.

    `trim_blocks` would take its end away, and two paragraphs would become one.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _SENTENCE_END.sub(r"{% \1 +%}", source)


_SENTENCE_END = re.compile(r"\{%-?\s*(endtrans|endblock)\s*%\}")


@lru_cache(maxsize=64)
def environment(spoken: Language, own: Path | None) -> Environment:
    """Templates that speak one language. It is never changed once made: threads share it."""

    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([*([own] if own else []), template_folder()], encoding=ENCODING),
        extensions=["jinja2.ext.i18n", _WholeLines],
        finalize=lambda value: printed(spoken.say(value)),
        undefined=StrictUndefined,
        # Plain text has no markup that a value could break out of.
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    # jinja2 then passes what a sentence names as arguments, which Language puts into words.
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.globals.update(
        gettext=spoken.gettext, ngettext=spoken.ngettext, language=spoken.code, witness=WITNESS
    )
    environment.globals["_"] = spoken.gettext
    environment.filters.update(
        day=spoken.day,
        short_day=spoken.short_day,
        count=spoken.count,
        number=spoken.number,
        listing=spoken.listing,
        capital=lambda words: capital(str(spoken.say(words))),
        quoted=lambda words: quoted(str(spoken.say(words))),
    )
    return environment

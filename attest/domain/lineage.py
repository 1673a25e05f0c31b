"""Demands against whom copies were passed on to: who may be asked, and what they must not learn.

A demand is raised from its parent, against a recipient whom the parent's contractor named; that
one may have passed copies on in turn, and so down. No organisation is asked twice on one way down:
that would be a circle. And a recipient never learns who passed the copies on: the names of the
contractors above stand nowhere in its demand.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

# What stands for a name that is left out.
LEFT_OUT = "(name left out)"

# Legal forms: a name is still told without them.
_FORMS = frozenset(
    {"ag", "bv", "co", "company", "corp", "corporation", "gmbh", "inc", "incorporated", "kg"}
    | {"limited", "llc", "llp", "lp", "ltd", "nv", "plc", "pty", "sa", "sarl", "se", "spa", "srl"}
)

_SHORT = {"limited": "ltd", "company": "co", "corporation": "corp", "incorporated": "inc"}


def same(one: str, other: str) -> bool:
    """Whether two spellings mean the same organisation: letters and spacing may differ."""
    return key(one) == key(other)


def alike(one: str, other: str) -> bool:
    """Whether two names may mean the same organisation: as `same`, and one may leave out the
    legal form. Two that state different forms do not."""
    if key(_bare(one)) != key(_bare(other)):
        return False
    first, second = _forms(one), _forms(other)
    return not first or not second or first == second


def plain(name: str | None) -> str | None:
    """A name with one space between its words, as rows keep it."""
    return " ".join(name.split()) if name else None


def key(name: str) -> str:
    """Equal for spellings of one name."""
    return " ".join(name.split()).casefold()


def why_not_answered(name: str, contractor: str, controllers: Iterable[str]) -> str | None:
    """Why an officer cannot say that a copy was passed on to `name`; None where they can.

    Only what the officer knows is said: the parties of the officer's own demand.
    """
    if alike(name, contractor):
        return (
            f"“{name}” is you, the contractor of this demand. Say what became of the copy with "
            "you; if it lies elsewhere in your organisation, name that store."
        )
    if any(alike(name, controller) for controller in controllers):
        return f"“{name}” is a controller in this demand: choose “Returned” for what went to them."
    return None


def why_not_raised(
    name: str, contractors: Sequence[tuple[str, str]], controllers: Iterable[str]
) -> str | None:
    """Why no demand is raised against `name`; None where one can be.

    `contractors`: reference and contractor of the demand and of each one above it.
    """
    for reference, contractor in contractors:
        if alike(name, contractor):
            return (
                f"“{name}” is the contractor of {reference}, and demands do not go round in "
                f"circles. If copies came back to them, name a store in {reference} for those."
            )
    if any(alike(name, controller) for controller in controllers):
        return f"“{name}” is a controller here: no demand is raised against a controller."
    return None


def disagreements(
    passed_to: Iterable[str], recipients: Collection[str] | None, parties: Iterable[str]
) -> list[str]:
    """To whom copies were passed on and whom the onward disclosure leaves out, in order.

    `recipients` are those that the disclosure names, None where it says that nothing left the
    parties. A party is no recipient.
    """
    told = {key(name) for name in (*parties, *(recipients or ()))}
    missing = {key(name): name for name in passed_to if key(name) not in told}
    return list(missing.values())


def named_in(text: str | None, names: Iterable[str]) -> list[str]:
    """Which of these names stand in a text, as whole words, with or without their legal form."""
    return [name for name in names if text and _pattern(name).search(text)]


def without(text: str, names: Iterable[str]) -> str:
    """The text with `LEFT_OUT` in place of each name that stands in it."""
    for name in names:
        text = _pattern(name).sub(LEFT_OUT, text)
    return text


def hints(
    organisations: Iterable[str], people: Iterable[str], emails: Iterable[str], known: Iterable[str]
) -> list[str]:
    """Words that may tell who somebody is without naming them in full: an organisation's first
    word, a person's last, the domain of an address. Not those in `known`, names to be told."""
    words = [_bare(name).split()[0] for name in organisations if name.split()]
    words += [name.split()[-1] for name in people if name.split()]
    words = [word.strip(".,()") for word in words]
    told = {key(word) for name in known for word in name.split()}
    found = [word for word in words if len(word) >= _TELLING and key(word) not in told]
    found += [email.rpartition("@")[2] for email in emails if "@" in email]
    return list({key(word): word for word in found}.values())


_TELLING = 3  # letters: shorter words stand everywhere


def hinted(text: str | None, words: Iterable[str]) -> list[str]:
    """Which of these words stand in a text, whatever their capitals."""
    return [
        word
        for word in words
        if text and re.search(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", text, re.IGNORECASE)
    ]


def rarest_word(name: str) -> str | None:
    """A word, or a part of one, in plain letters that stands wherever the name does, to search
    for first: "rale" of "Générale". In lower case.

    None where the name has none.
    """
    words: list[str] = re.findall(r"[A-Za-z0-9]+", _bare(name))
    return max(words, key=len).lower() if words else None


def _bare(name: str) -> str:
    words = name.split()
    while len(words) > 1 and words[-1].strip(".,()").casefold() in _FORMS:
        words.pop()
    return " ".join(words).rstrip(",")


def _forms(name: str) -> list[str]:
    words = name.split()[len(_bare(name).split()) :]
    forms = [word.strip(".,()").casefold() for word in words]
    return [_SHORT.get(form, form) for form in forms]


@lru_cache(maxsize=4096)
def _pattern(name: str) -> re.Pattern[str]:
    # What comes between the words in a file's name is often no space.
    words = r"[\s_.\-]+".join(re.escape(word) for word in _bare(name).split())
    # A letter or digit beside it makes it another word. A legal form goes with the name.
    form = rf"[\s_.,\-]+(?:{'|'.join(sorted(_FORMS))})(?![^\W_])"
    bare = _bare(name)
    if len(bare.split()) == 1:  # it may be an ordinary word: "records", "will"
        words = f"(?-i:{re.escape(bare)}|{re.escape(bare.upper())})"
    return re.compile(rf"(?<![^\W_]){words}(?![^\W_])(?:{form})?", re.IGNORECASE)

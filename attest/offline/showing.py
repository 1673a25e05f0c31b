"""What is about to be signed, laid out for a terminal.

Attestations that give the same answers are shown once in full, with the files that share them, as
the page does (static/declarations-view.js). Nothing in a name or an answer can steer the terminal:
whatever is no visible character is written as its number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from attest.offline.inspect import Bodies, Declared
from attest.statements.canonical import encode

WIDTH = 88

# Other than these, control and format characters are shown by number. Both joiners are part of how
# Persian, Bengali and many emoji are spelt, and no terminal obeys them.
_JOINERS = "\u200c\u200d"
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_WORD = re.compile(r"[^ ]+ *| +")
_MEDIUM = {"electronic": "electronic", "hard_copy": "hard copy"}


def visible(text: str) -> str:
    """The text with `\\u{…}` for each character that a terminal could obey or hide.

    A line break is such a character: a caller splits lines before.
    """
    return "".join(
        f"\\u{{{ord(character):04x}}}"
        if unicodedata.category(character) in _HIDDEN and character not in _JOINERS
        else character
        for character in text
    )


def wrapped(text: str, indent: str = "", width: int = WIDTH, hang: str = "    ") -> list[str]:
    """Lines of at most `width` columns, where words allow it, under `indent`.

    What continues a line stands further in: nothing that somebody typed can pass for a line of
    the declaration.
    """
    found = []
    for line in text.split("\n"):
        current, room = indent, width
        for word in _WORD.findall(visible(line)):
            if current.strip() and _columns(current + word.rstrip(" ")) > room:
                found.append(current.rstrip(" "))
                current = f"{indent}{hang}"
            current += word
        found.append(current.rstrip(" "))
    return found


def by_answers(items: Iterable[Declared]) -> list[list[Declared]]:
    """Attestations by their distinct answers, in the order of their first."""
    sets: dict[bytes, list[Declared]] = {}
    for item in items:
        said = item.predicate
        # Whether it replaces an earlier one is part of what is said; which one differs by file.
        answers = {"copies": said["copies"], "onward": said["onward"]}
        sets.setdefault(encode(answers | {"again": "supersedes" in said}), []).append(item)
    return list(sets.values())


def lay_out(
    items: Sequence[Declared], bodies: Bodies, *, full: bool = False, width: int = WIDTH
) -> list[str]:
    """Every declaration, as lines. `full`: each one in full, not one for each set of answers."""
    if items[0].name == "deletion-attestation":
        return _attestations(items, full, width)
    lines: list[str] = []
    for item in items:
        lines += [*_title(_heading(item), width), *wrapped(item.text, "  ", width), ""]
        if item.name == "deletion-demand":
            lines += _covered(bodies, width)
        if item.reviewed:
            count = len(item.reviewed)
            about = "The attestation" if count == 1 else f"The {count} attestations"
            lines += [*_title(f"{about} that this is about", width)]
            lines += _attestations(item.reviewed, full, width)
    return lines


def _heading(item: Declared) -> str:
    return {
        "key-enrolment": "The enrolment of a key",
        "key-confirmation": "The confirmation of a key",
        "key-revocation": "The revocation of a key",
        "attestation-review": "The review",
    }.get(item.name, item.label[:1].upper() + item.label[1:])


def _attestations(items: Sequence[Declared], full: bool, width: int) -> list[str]:
    lines: list[str] = []
    for members in by_answers(items):
        first, *others = members
        if not others:
            lines += [*_title(first.label, width), *wrapped(first.text, "  ", width), ""]
            continue
        lines += _title(f"The same answers for {len(members)} files", width)
        if full:
            for item in members:
                lines += [*wrapped(f"For {item.label}:", "", width), ""]
                lines += [*wrapped(item.text, "  ", width), ""]
            continue
        lines += [*wrapped(f"In full for {first.label}:", "", width), ""]
        lines += [*wrapped(first.text, "  ", width), ""]
        these = "this file" if len(others) == 1 else f"these {len(others)} files"
        lines += [f"The same, each in a declaration of its own, for {these}:", ""]
        for item in others:
            lines += wrapped(item.label, "  ", width)
        lines.append("")
    return lines


def _covered(bodies: Bodies, width: int) -> list[str]:
    """What a demand's counts and hashes stand for."""
    lines: list[str] = []
    lists: Mapping[str, list[str]] = {
        "Files": [
            f"{body.members['name']} ({_MEDIUM[body.members['kind']]})"
            for body in bodies.files.values()
        ],
        "Stores": [
            f"{body.members['label']} ({_MEDIUM[body.members['medium']]})"
            for body in bodies.stores.values()
        ],
        "Stores withdrawn": [
            f"{bodies.stores[store].members['label'] if store in bodies.stores else store}"
            for store in bodies.withdrawn
        ],
    }
    for title, names in lists.items():
        if names:
            lines += [f"{title} that it covers: {len(names)}", ""]
            for name in names:
                lines += wrapped(name, "  ", width)
            lines.append("")
    return lines


def _title(text: str, width: int) -> list[str]:
    return [*wrapped(text, "", width), "-" * width, ""]


def _columns(text: str) -> int:
    """How wide a terminal shows it, about: ideographs take two columns, marks none."""
    return sum(
        0
        if unicodedata.category(character) in ("Mn", "Me")
        else 2
        if unicodedata.east_asian_width(character) in ("W", "F")
        else 1
        for character in text
    )

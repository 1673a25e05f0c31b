"""Folds a subject so that it begins on the line that says "Subject:" (RFC 5322 §2.2.3).

The library puts a subject that would fit a line of its own below an empty first one; filters that
look for the reference then do not see it, and its own parser gives a space too many.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from email import base64mime, quoprimime
from email.headerregistry import UniqueUnstructuredHeader
from email.policy import Policy
from typing import Any

_LINE = 78  # characters without the line's end (RFC 5322 §2.1.1)
_ENCODED_LINE = 76  # of a line that holds an encoded word (RFC 2047 §2)
_AROUND = len("=?utf-8?q?") + len("?=")
_NAME = "Subject:"
_TOKEN = re.compile(r" *[^ ]+")
_PLAIN = re.compile(r"[!-~]+")


class SubjectLine(UniqueUnstructuredHeader):
    """A subject: words of ASCII as they are, others and too long ones as encoded words."""

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        """Keeps the subject as it is: what looks like an encoded word was typed that way."""
        kwds["parse_tree"] = cls.value_parser("")
        kwds["decoded"] = value

    def fold(self, *, policy: Policy) -> str:
        """The header's lines, each ended as the policy says."""
        return policy.linesep.join([*folded(str(self)), ""])


def folded(subject: str) -> list[str]:
    """The lines of "Subject: …", without their ends. `subject` holds no line's end."""
    lines = [_NAME]
    for space, text, plain in _runs(f" {subject.strip()}"):
        if not plain:
            _encode(lines, space, text)
        elif len(lines[-1]) + len(space) + len(text) <= _room(lines[-1]) or lines == [_NAME]:
            lines[-1] += space + text
        else:
            lines.append(space + text)
    return lines


def _room(line: str) -> int:
    return _ENCODED_LINE if "=?" in line else _LINE


def _runs(subject: str) -> list[tuple[str, str, bool]]:
    """Spaces, what follows them, and whether it may stand as it is.

    Words beside each other that are to be encoded are one run, since a reader drops the space
    between two encoded words (RFC 2047 §6.2).
    """
    runs: list[tuple[str, str, bool]] = []
    for token in _TOKEN.findall(subject):
        text = token.lstrip(" ")
        space = token[: len(token) - len(text)]
        fits = len(space) + len(text) + (0 if runs else len(_NAME)) <= _LINE
        plain = fits and bool(_PLAIN.fullmatch(text)) and "=?" not in text
        if runs and not plain and not runs[-1][2]:
            before, already, _ = runs.pop()
            runs.append((before, f"{already}{token}", False))
        else:
            runs.append((space, text, plain))
    return runs


def _encode(lines: list[str], space: str, text: str) -> None:
    """Adds encoded words that each hold whole characters (RFC 2047 §5)."""
    data = text.encode("utf-8", "replace")
    short = quoprimime.header_length(data) <= base64mime.header_length(data)
    module = quoprimime if short else base64mime
    # An endless row of spaces is no line: it goes into the word.
    if len(space) > 1:
        text, space = space[1:] + text, " "
    while text:
        room = _ENCODED_LINE - len(lines[-1]) - len(space) - _AROUND
        taken = _fitting(text, room, module.header_length)
        if taken:
            chunk = text[:taken].encode("utf-8", "replace")
            lines[-1] += space + module.header_encode(chunk, "utf-8")
            text = text[taken:]
        if text:
            lines.append("")
            space = " "


def _fitting(text: str, room: int, length: Callable[[bytes], int]) -> int:
    """How many of the first characters have room."""
    taken = 0
    while taken < len(text):
        if length(text[: taken + 1].encode("utf-8", "replace")) > room:
            break
        taken += 1
    return taken

"""How a rule says no: always with a sentence for the person who asked."""

from __future__ import annotations


class Refused(Exception):
    """A rule said no.

    `sentence` tells a person what is wrong and what to do about it; `field` names the form field
    or the member that it belongs to, where there is one.
    """

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class NotFound(Exception):
    """Unknown, or somebody else's: one answer for both, so that nobody learns what exists."""


class NotAllowed(Refused):
    """The person belongs to a party, but lacks the duty that the act asks for."""

"""Patience that is short for one answer alone: all others may take as long as they need."""

from __future__ import annotations

import pytest

from attest.mail import connecting

# The answers of a conversation about one letter, in their order.
ANSWERS = ("greeting", "EHLO", "MAIL", "RCPT", "DATA", "dot")
SHORT = 1  # seconds


def short_for(monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """In the next conversation, the answer at this step is waited for no longer than `SHORT`."""
    begin = connecting._Answers.begin
    to_come = iter(ANSWERS)

    def begins(answers: connecting._Answers) -> None:
        usual = answers._patience
        if next(to_come, None) == step:
            answers._patience = SHORT
        begin(answers)
        answers._patience = usual

    monkeypatch.setattr(connecting._Answers, "begin", begins)

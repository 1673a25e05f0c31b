"""The officer's answers: what became of each copy, and whether one was passed on."""

from attest.web.answer.routes import pages

__all__ = ["pages"]

"""The officer's answers: what became of each copy, and whether one was passed on."""

from attest.web.answer import onward, routes
from attest.web.answer.blueprint import pages

__all__ = ["onward", "pages", "routes"]

"""Many answers at once: copied from another file, or out as a list and back in."""

from attest.web.answer_lists import same, sheets
from attest.web.answer_lists.blueprint import pages

__all__ = ["pages", "same", "sheets"]

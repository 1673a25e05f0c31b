"""Drafting a demand: a task list, a page for each of its sections, and the hand-over."""

from attest.web.drafts import files, routes, sections, stores
from attest.web.drafts.blueprint import pages

__all__ = ["files", "pages", "routes", "sections", "stores"]

"""Incidents: the page of each, what the authority and people affected are told, the register."""

from attest.web.incidents import facts, letter, people, reporting, routes
from attest.web.incidents.blueprint import pages

__all__ = ["facts", "letter", "pages", "people", "reporting", "routes"]

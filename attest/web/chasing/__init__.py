"""How a demand is chased: what will go out, the ladder, pauses, a letter at once, contacts."""

from attest.web.chasing import at_once, contacts, ladder, pauses, routes
from attest.web.chasing.blueprint import pages

__all__ = ["at_once", "contacts", "ladder", "pages", "pauses", "routes"]

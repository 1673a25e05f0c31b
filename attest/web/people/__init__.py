"""Who acts for an organisation."""

from attest.web.people.routes import pages

__all__ = ["pages"]

"""What needs whoever signed in, and the list of demands."""

from attest.web.home.routes import pages

__all__ = ["pages"]

"""The signatory reads a demand, and signs it or returns it."""

from attest.web.issuing.routes import pages

__all__ = ["pages"]

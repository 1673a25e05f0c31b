"""The page behind a letter's link "I have received this"."""

from attest.web.received.routes import pages

__all__ = ["pages"]

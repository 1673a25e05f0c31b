"""Closing a demand, or withdrawing it."""

from attest.web.closing.routes import pages

__all__ = ["pages"]

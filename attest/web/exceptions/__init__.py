"""Copies that are not settled, and raising demands against whom copies were passed on to."""

from attest.web.exceptions.routes import pages

__all__ = ["pages"]

"""The letters of a demand, and each of them as proof of service."""

from attest.web.letters.routes import pages

__all__ = ["pages"]

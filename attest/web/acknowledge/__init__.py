"""The liaison's first answers: acknowledge, "not us", and who the officer is."""

from attest.web.acknowledge.routes import pages

__all__ = ["pages"]

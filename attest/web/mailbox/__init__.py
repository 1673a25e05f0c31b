"""The letters of a demonstration, as their readers would get them."""

from attest.web.mailbox.routes import pages

__all__ = ["pages"]

"""Addresses at which letters do not arrive: what can be done about them."""

from attest.web.failing.routes import pages

__all__ = ["pages"]

"""One's own signing keys."""

from attest.web.keys.routes import pages

__all__ = ["pages"]

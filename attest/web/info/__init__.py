"""Pages that explain: how to verify a bundle, and help."""

from attest.web.info.routes import pages

__all__ = ["pages"]

"""What is saved while somebody types."""

from attest.web.keeping.routes import pages

__all__ = ["pages"]

"""What both sides take home, as files."""

from attest.web.downloads.routes import pages

__all__ = ["pages"]

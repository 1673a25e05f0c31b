"""More time: asking for it, deciding on it, and what became of each request."""

from attest.web.more_time.routes import pages

__all__ = ["pages"]

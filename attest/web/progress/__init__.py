"""How a demand's copies became fewer, day by day: a figure and a table."""

from attest.web.progress.routes import pages

__all__ = ["pages"]

"""Where one works, in which language one's letters are, and how often they come."""

from attest.web.preferences.routes import pages

__all__ = ["pages"]

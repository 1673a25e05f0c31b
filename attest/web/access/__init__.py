"""Coming in: signing in and out, invitations, forgotten passwords."""

from attest.web.access.routes import pages

__all__ = ["pages"]

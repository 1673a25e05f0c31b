"""All demands at a glance."""

from attest.web.dashboard.routes import pages

__all__ = ["pages"]

"""For machines that watch over this one."""

from attest.web.health.routes import pages

__all__ = ["pages"]

"""A demand as its parties see it: overview, files, timeline, stores."""

from attest.web.demand.routes import pages

__all__ = ["pages"]

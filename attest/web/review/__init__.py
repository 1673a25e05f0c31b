"""The signatory's review of attestations."""

from attest.web.review.routes import pages

__all__ = ["pages"]
